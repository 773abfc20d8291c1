"""Feeds 部门数据报送, the lists that departments hand in: feeds.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind


@dataclass(frozen=True, slots=True)
class Feed:
    """A list a department hands in 部门数据报送: accepted head words of each column, threshold, what a row opens."""

    id: str
    label: str
    columns: Mapping[str, tuple[str, ...]]
    row_form: str
    keep_when: Condition | None
    match: str
    opens: str
    unless: Condition | None
    basis: Basis


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
    check_condition(draft, "feeds", (*path, "keep_when"), feed.keep_when, form)
    check_condition(draft, "feeds", (*path, "unless"), feed.unless)
    draft.check_basis("feeds", path, feed.basis)


FEEDS = Kind("feeds", build, link, label="数据报送", heading="部门数据报送", cites=True, serves="feed")
