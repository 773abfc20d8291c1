"""Texts with places to be filled, and soft words: what a rule writes must have a meaning."""

import re

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path
from xunfang.rulebook.softness import Term
from xunfang.worktime import LimitKind

_PLACE = re.compile(r"\{([^{}]*)\}")
_EXAMPLE = '如 "×救转〔{year}〕{n}号"'


def check_number(draft: Draft, part: str, path: Path, pattern: str, also: tuple[str, ...] = ()) -> None:
    """Note a number without its serial, or with a placeholder that nothing fills; an empty pattern is fine."""
    if pattern and "{n}" not in pattern:
        draft.error(part, path, "NUMBER_PATTERN", "编号中缺少序号 {n}，各件会得到同一个号", _EXAMPLE)
    check_places(draft, part, path, pattern, ("year", "n", *also))


def check_places(draft: Draft, part: str, path: Path, text: str, known: tuple[str, ...]) -> None:
    """Note every placeholder of a text that is not among the known ones."""
    for place in _PLACE.findall(text):
        if place not in known:
            hint = did_you_mean(place, known) or "请删去这对花括号"
            draft.error(part, path, "PLACEHOLDER_UNKNOWN", f"没有内容可以填入“{{{place}}}”", hint)


def check_soft(draft: Draft, part: str, path: Path, term: Term) -> None:
    """Note a soft word without a number, and a number that a county which serves has not set yet."""
    if term.soft and term.soft not in draft.rules.info.soft:
        hint = did_you_mean(term.soft, draft.rules.info.soft) or "请在 jurisdiction.toml 的 [soft] 中写明"
        draft.error(part, path, "SOFT_WORD_UNKNOWN", f"没有给软性期限“{term.soft}”定下数字", hint)
    if term.written.kind is LimitKind.LOCAL and draft.rules.info.serves:
        hint = f'请在本级 {part}.toml 中写明，如 limit = "3 workdays"'
        draft.error(part, path, "LOCAL_NUMBER_MISSING", "上级文件要求本地确定期限，本级尚未确定", hint)
