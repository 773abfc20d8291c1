"""What a state tells where it publishes 公示: amounts, counts, days and programmes, and never what ails somebody."""

from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path

PLAIN = frozenset({"integer", "number", "date", "boolean"})
"""Kinds of field in which nobody can write a name, a number of an id, a phone or an illness."""


def link_posts(draft: Draft, part: str, path: Path, state: Any) -> None:
    """Note fields to be published that no form has, that must stay hidden, or where nothing is published."""
    where = (*path, "posts")
    if state.posts and not state.publishes:
        draft.error(
            part, where, "POSTS_NOWHERE", "这个环节不公示（没有 publishes）", "请删去 posts，或者写上 publishes"
        )
    fields: dict[str, list[Any]] = {}
    for form in draft.rules.forms.values() if state.posts else ():
        for name, field in form.fields.items():
            fields.setdefault(name, []).append(field)
    for name in state.posts:
        if name not in fields:
            draft.error(part, where, "NAME_UNKNOWN", f"没有一张表单有字段“{name}”", did_you_mean(name, fields))
        elif not all(_may_hang(draft, field) for field in fields[name]):
            message = (
                f"“{fields[name][0].title}”不能公示：只能是金额、人数、日期、是否和救助事项，加密的、随手填写的都不行"
            )
            draft.error(part, where, "POSTS_HIDDEN", message, "请从 posts 中删去")


def _may_hang(draft: Draft, field: Any) -> bool:
    """Return whether a field can stand on a board: of entries that are chosen, those alone that name programmes."""
    entries = draft.rules.lists.get(field.list)
    names_programmes = entries is not None and entries.entries.keys() <= draft.rules.programmes.keys()
    return not field.sensitive and (field.kind in PLAIN or (field.kind == "choice" and names_programmes))
