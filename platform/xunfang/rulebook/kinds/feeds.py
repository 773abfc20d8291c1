"""Feeds 部门数据报送, the lists that departments hand in: feeds.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind

UNIT = "$unit"
"""In place of a column: the name of the unit that handed the list in."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A list a department hands in 部门数据报送: accepted head words of each column, threshold, what a row opens.

    `place` is the column that tells in words where somebody lives. Of the form a row opens, fields of the same name as
    a column are filled by it; `into` names those that are filled by others ("$unit": who handed it in), `sets` what is
    the same in all.
    """

    id: str
    label: str
    columns: Mapping[str, tuple[str, ...]]
    row_form: str
    keep_when: Condition | None
    match: str
    opens: str
    unless: Condition | None
    basis: Basis
    place: str = ""
    into: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sets: Mapping[str, Any] = field(default_factory=dict)


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the feeds, by id."""
    found = {
        key: Feed(
            id=key,
            label=entry.text("label"),
            columns={name: tuple(heads) for name, heads in entry.data["columns"].items()},
            row_form=entry.text("row_form"),
            keep_when=entry.condition("keep_when"),
            match=entry.text("match"),
            opens=entry.text("opens"),
            unless=entry.condition("unless"),
            basis=entry.basis(),
            place=entry.text("place"),
            into={name: tuple(columns) for name, columns in entry.data.get("into", {}).items()},
            sets=entry.data.get("sets", {}),
        )
        for key, entry in draft.entries("feeds")
    }
    return {"feeds": found}


def link(draft: Draft) -> None:
    """Check the names in every feed."""
    for feed in draft.rules.feeds.values():
        _link_feed(draft, feed)


def _link_feed(draft: Draft, feed: Feed) -> None:
    path = (feed.id,)
    draft.check_name("feeds", (*path, "row_form"), feed.row_form, "forms")
    draft.check_name("feeds", (*path, "opens"), feed.opens, "forms")
    form = draft.rules.forms.get(feed.row_form)
    fields = form.fields if form else {}
    for column in [*feed.columns, feed.match]:
        if form and column and column not in fields:
            hint = did_you_mean(column, fields)
            draft.error("feeds", (*path, "columns", column), "NAME_UNKNOWN", f"行表单中没有字段“{column}”", hint)
    _link_opens(draft, feed, fields)
    check_condition(draft, "feeds", (*path, "keep_when"), feed.keep_when, form)
    check_condition(draft, "feeds", (*path, "unless"), feed.unless)
    draft.check_basis("feeds", path, feed.basis)


def _link_opens(draft: Draft, feed: Feed, columns: Mapping[str, Any]) -> None:
    """Check what is filled of the form that a row opens, and by which columns."""
    if feed.place:
        _check_field(draft, (feed.id, "place"), feed.place, columns, "行表单")
    opens = draft.rules.forms.get(feed.opens)
    for key, filled in (("into", feed.into), ("sets", feed.sets)):
        for name in filled:
            _check_field(draft, (feed.id, key, name), name, opens.fields if opens else {}, "opens 的表单")
    for name, told in feed.into.items():
        for column in told:
            if column != UNIT:
                _check_field(draft, (feed.id, "into", name), column, columns, "行表单")


def _check_field(draft: Draft, path: tuple[str, ...], name: str, fields: Mapping[str, Any], where: str) -> None:
    if name not in fields:
        draft.error("feeds", path, "NAME_UNKNOWN", f"{where}中没有字段“{name}”", did_you_mean(name, fields))


FEEDS = Kind(
    "feeds",
    build,
    link,
    label="数据报送",
    heading="部门数据报送",
    cites=True,
    serves="feed",
    lived="收下名单，核对、比对，成为线索",
)
