"""Feeds in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Feed, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.lines import Line, line

_MATCHES = {"id_number": "身份证号", "name": "姓名"}


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every feed: its columns, which rows are kept, how they are matched, what they open."""
    for feed in rulebook.feeds.values():
        yield line(rulebook, feed.id, _feed(rulebook, feed), feed.basis)


def _feed(rulebook: Rulebook, feed: Feed) -> str:
    columns = "、".join(heads[0] for heads in feed.columns.values())
    parts = [f"“{feed.label}”名单应有{columns}等列", f"按{_MATCHES.get(feed.match, '姓名')}比对"]
    if keep := condition_words(rulebook, feed.keep_when, feed.row_form):
        parts.append(f"只收{keep}的")
    if unless := condition_words(rulebook, feed.unless, feed.row_form):
        parts.append(f"{unless}的不再列入")
    opens = rulebook.forms.get(feed.opens)
    parts.append(f"每人生成一份《{opens.title}》线索" if opens else "只供比对，不生成线索")
    return "，".join(parts)
