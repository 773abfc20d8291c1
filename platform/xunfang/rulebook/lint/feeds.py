"""Lists of departments that cannot be taken in: rows that none of their columns fill, forms that start nothing."""

from collections.abc import Iterator

from xunfang.characters import compact
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Feed, Field
from xunfang.rulebook.positions import Path


def lint(draft: Draft) -> None:
    """Note what no list can bring along, what is opened in vain, and heads that name two columns."""
    opening = {form for flow in draft.rules.flows.values() for form in flow.opens_on}
    for feed in draft.rules.feeds.values():
        _columns_missing(draft, feed)
        _heads_twice(draft, feed)
        if feed.opens and feed.opens not in opening and draft.rules.info.serves:
            title = draft.rules.forms[feed.opens].title
            message = f"“{feed.label}”的每一行要填成《{title}》，而没有一个流程由它开始，线索无人办理"
            hint = "请写一张流程 opens_on 中的表单，或者把它写进某个流程的 opens_on"
            draft.error("feeds", (feed.id, "opens"), "FEED_OPENS_NOTHING", message, hint)


def _columns_missing(draft: Draft, feed: Feed) -> None:
    form = draft.rules.forms[feed.row_form]
    why = {name: ("row_form", "必填，一行也收不进来") for name, field in form.fields.items() if _always_asked(field)}
    if feed.match:
        why.setdefault(feed.match, ("match", "用来比对是谁，无从比对"))
    for name, (key, what) in why.items():
        if name not in feed.columns:
            title = form.fields[name].title
            message = f"名单没有“{title}”这一列，而《{form.title}》的这一项{what}"
            hint = f'请补上 columns.{name} = ["{title}"]'
            draft.error("feeds", (feed.id, key), "FEED_COLUMN_MISSING", message, hint)


def _always_asked(field: Field) -> bool:
    return field.required and field.when is None


def _heads_twice(draft: Draft, feed: Feed) -> None:
    first: dict[str, tuple[str, Path]] = {}
    for name, path, head in _heads(feed):
        column, place = first.setdefault(compact(head), (name, path))
        if place != path:
            what = "在同一列里写了两次" if column == name else f"也是 {column} 的列名，不知道填的是哪一项"
            draft.error("feeds", path, "HEAD_TWICE", f"列名“{head}”{what}", "请删去一个，或者改成名单上真正的列名")


def _heads(feed: Feed) -> Iterator[tuple[str, Path, str]]:
    """Yield every head word with the column that it names, and where it stands."""
    for name, heads in feed.columns.items():
        yield from ((name, (feed.id, "columns", name, index), head) for index, head in enumerate(heads))
