"""Routing: the index decides as a plain walk through the rows would, and units are the right ones."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.answers import TOWNSHIP, VILLAGE, clue
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import AllOf, AnyOf, Basis, Condition, Operator, RoutingTable, Row, Rulebook, Test, UnitRef
from xunfang.rules.conditions import holds
from xunfang.rules.routing import RoutingIndex, propose

WORDS = ("a", "b", "c")
PATHS = ("needs", "urgency", "willing", "size", "person.category")


def _tests() -> st.SearchStrategy[Condition]:
    several = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Test, st.sampled_from(PATHS), st.sampled_from([Operator.ANY, Operator.IN, Operator.ALL]), several),
        st.builds(Test, st.sampled_from(PATHS), st.just(Operator.NONE), several),
        st.builds(
            Test, st.sampled_from(PATHS), st.sampled_from([Operator.IS, Operator.IS_NOT]),
            st.sampled_from([*WORDS, True, False, 1, 2]),
        ),
        st.builds(Test, st.just("size"), st.sampled_from([Operator.AT_LEAST, Operator.BELOW]), st.integers(0, 3)),
        st.builds(Test, st.sampled_from(PATHS), st.just(Operator.KNOWN), st.booleans()),
    )  # fmt: skip


_CONDITIONS = st.recursive(
    _tests(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=5,
)


@st.composite
def _tables(draw: st.DrawFn) -> RoutingTable:
    conditions = draw(st.lists(_CONDITIONS, max_size=8))
    rows = tuple(Row(f"r{n}", when, UnitRef("u"), (), "", Basis(("x",))) for n, when in enumerate(conditions))
    return RoutingTable("t", "表", draw(st.sampled_from(["collect", "first"])), "nobody", None, rows, None)


_VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([*WORDS, True, False, 1, 2, 0, None, ""]), st.lists(st.sampled_from(WORDS), max_size=3)
)


@given(_tables(), st.dictionaries(st.sampled_from(PATHS), _VALUES))
def test_the_index_decides_as_a_plain_walk_does(table: RoutingTable, facts: dict[str, Any]) -> None:
    plain = [row.id for row in table.rows if holds(row.when, facts)]
    expected = plain[:1] if table.hit == "first" else plain
    assert [row.id for row in RoutingIndex(table).matching(facts)] == expected


def _propose(rulebook: Rulebook, **changes: Any) -> dict[str, list[str]]:
    table = rulebook.routing["clue"]
    return {proposal.lead: list(proposal.assist) for proposal in propose(rulebook, table, clue(**changes))}


@pytest.mark.parametrize(
    ("need", "lead", "assist"),
    [
        ("medical", "medical-insurance-bureau", TOWNSHIP),
        ("education", "education-sports-bureau", TOWNSHIP),
        ("housing", "housing-bureau", TOWNSHIP),
        ("employment", "human-resources-bureau", TOWNSHIP),
        ("disaster", "emergency-management", TOWNSHIP),
        ("disability", "disabled-federation", TOWNSHIP),
        ("charity", "charity-federation", TOWNSHIP),
        ("counselling", "volunteer-team", TOWNSHIP),
        ("basic-living", TOWNSHIP, VILLAGE),
    ],
)
def test_each_need_has_its_unit(rulebook: Rulebook, need: str, lead: str, assist: str) -> None:
    assert _propose(rulebook, needs=[need]) == {lead: [assist]}


def test_rows_naming_one_unit_become_one_proposal_with_all_their_clauses(rulebook: Rulebook) -> None:
    table = rulebook.routing["clue"]
    facts = clue(needs=["counselling", "basic-living"], categories=["vagrant"])
    found = propose(rulebook, table, facts)
    assert [proposal.routes for proposal in found] == [("basic-living",), ("services",), ("vagrant",)]
    united = propose(rulebook, table, clue(needs=["family-survey", "counselling"]))
    assert [(proposal.lead, proposal.routes) for proposal in united] == [("volunteer-team", ("services",))]


def test_what_no_row_knows_goes_to_the_township(rulebook: Rulebook) -> None:
    found = propose(rulebook, rulebook.routing["clue"], clue(needs=None))
    assert [(proposal.lead, proposal.routes, proposal.cites) for proposal in found] == [
        (TOWNSHIP, ("otherwise",), ("BS-二(二)3-4",))
    ]


def test_a_row_that_asks_nothing_is_carried_out_in_every_case(rulebook: Rulebook) -> None:
    always = Row("always", ALWAYS, UnitRef("civil-affairs"), (), "", Basis(("BS-二(二)3-4",)))
    table = replace(rulebook.routing["clue"], rows=(*rulebook.routing["clue"].rows, always), otherwise=None)
    assert table.always is always
    for needs, leads in ((None, ["civil-affairs"]), (["medical"], ["medical-insurance-bureau", "civil-affairs"])):
        assert [proposal.lead for proposal in propose(rulebook, table, clue(needs=needs))] == leads


def test_a_meeting_is_led_by_whoever_convenes_it(rulebook: Rulebook) -> None:
    (found,) = propose(rulebook, rulebook.routing["clue"], clue(needs=["unclear"]))
    assert (found.lead, found.meeting) == ("service-centre", "joint-meeting")


@pytest.mark.parametrize("residence", ["110101001001", "370304", "", "370304999999", "不是代码"])
def test_a_residence_outside_the_jurisdiction_falls_to_the_superior_never_to_nobody(
    rulebook: Rulebook, residence: str
) -> None:
    (found,) = propose(rulebook, rulebook.routing["clue"], clue(residence=residence))
    assert found.lead == "service-centre"
