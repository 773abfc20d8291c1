"""Conditions by ticking: what the page preselects is the whole condition, or else the condition stays as it is."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.household import with_family
from xunfang.desk.studio.form_conditions import condition_of, picks_before, ticked, ticks_offered
from xunfang.rulebook.model import IntakeForm, Rulebook

FORM = "clue-report"


def ticks(rules: Rulebook, form: IntakeForm, name: str, when: Any) -> set[str] | None:
    return ticks_offered(when, form, picks_before(rules, form, name, ticked(when) or ()))


def retired(rules: Rulebook, list_id: str, *ids: str) -> Rulebook:
    """The rules once these entries of a list are chosen until some day only."""
    found = rules.lists[list_id]
    gone = {id: replace(found.entries[id], retired=date(2099, 1, 1)) for id in ids}
    entries = {**found.entries, **gone}
    return replace(rules, lists={**rules.lists, list_id: replace(found, entries=entries)})


def test_an_entry_that_is_retired_stays_ticked_and_is_offered_to_nobody_else() -> None:
    rules = with_family()
    form = rules.forms[FORM]
    rules = retired(rules, form.fields["needs"].list, "medical")
    when = {"needs": {"any": ["medical", "education"]}}
    found = ticks(rules, form, "remarks", when)
    assert found == {"needs=medical", "needs=education"}
    assert condition_of(form, "when", sorted(found, reverse=True)) == when
    words = {label for each in picks_before(rules, form, "remarks", found) for _, label in each.options}
    assert "医疗救助（停用）" in words
    assert "needs=medical" not in {pick for each in picks_before(rules, form, "remarks") for pick, _ in each.options}


@pytest.mark.parametrize(
    ("when", "found"),
    [
        (None, set()),
        ({"willing": True}, {"willing=true"}),
        ({"needs": {"any": ["education", "medical"]}}, {"needs=medical", "needs=education"}),
        ({"needs": {"any": ["long-gone"]}}, None),
        ({"needs": {"any": ["medical", "long-gone"]}}, None),
        ({"name": "张三"}, None),
        ({"remarks": "后面的"}, None),
        ({"needs": {"none": ["medical"]}}, None),
        ({"needs": {"any": ["medical"], "in": ["education"]}}, None),
        ({"needs": {"any": 1}}, None),
        ({"willing": {"in": [True, False]}}, None),
    ],
)
def test_what_ticks_cannot_say_stays_as_it_is(when: Any, found: set[str] | None) -> None:
    rules = with_family()
    assert ticks(rules, rules.forms[FORM], "remarks", when) == found
    assert ticks_offered(when, None, ()) == (found if when is None else None)


def test_conditions_of_columns_go_the_same_way() -> None:
    rules = with_family()
    row = rules.forms[FORM].fields["family"].row
    assert row
    rules = retired(rules, row.fields["relation"].list, "child")
    assert ticks(rules, row, "school", {"relation": "child"}) == {"relation=child"}
    assert ticks(rules, row, "school", {"relation": {"in": ["child", "long-gone"]}}) is None
    assert ticks(rules, row, "school", {"income": 3}) is None
