"""Layers that stand beside a served one below it: what is written there reaches no case of the one above."""

from collections.abc import Collection, Iterator

from xunfang.errors import Problem, Severity
from xunfang.rulebook.model import Rulebook


def standing_aside(rulebook: Rulebook, served: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for a layer that is not served itself, while one above it is, by whose rules all cases go."""
    above = next((layer for layer in reversed(rulebook.chain[:-1]) if layer in served), "")
    if not above or rulebook.id in served:
        return
    message = (
        f"“{rulebook.info.name}”是单独的辖区，本部署没有服务它；{above} 的个案一律按 {above} 的规则办，"
        "居住在这里的也一样，这个文件夹里的时限、分派管不到"
    )
    hint = (
        f"自己设平台、自己立案的，把 {rulebook.id} 写进 config.toml 的 serves；"
        f"只想给这里另定时限的，请写在 {above} 的 deadlines.toml 里，用 when.residence.in 列出各村代码"
    )
    yield Problem(f"workflows/{rulebook.id}", 0, "", "LAYER_ASIDE", message, hint, Severity.WARNING)
