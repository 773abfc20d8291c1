"""The registry kept by hand: households, categories, places, data and deaths, each change told and none overwritten."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.county import County
from casework.test_registry import aided
from casework.test_registry import given as given_to
from xunfang.casework import (
    VERBS,
    Actor,
    Amendment,
    Asked,
    Entitlement,
    File,
    Holding,
    Household,
    Membership,
    Person,
    Row,
    advance,
)
from xunfang.casework.holdings import goes_on
from xunfang.errors import Conflict, Invalid, NotAllowed, Refused

DAY = date(2026, 3, 10)
VILLAGE = "370304102200"


class Registry:
    """A county with people of a registry, whom verbs are done to in memory."""

    def __init__(self) -> None:
        self.county = County()
        for key in ("person", "wife", "son"):
            self.put(Person(
                id=key, jurisdiction="370304-boshan", residence=VILLAGE, registration=VILLAGE, name=key,
                created_at=self.county.at,
            ))  # fmt: skip

    def put(self, row: Row) -> None:
        self.county.memory.rows[row.id] = row

    def actor(self, division: str = "370304102") -> Actor:
        return Actor("clerk", "经办", "370304-boshan", f"township:{division}", division, (), frozenset({"accept"}))

    def do(self, verb: str, person: str = "person", by: Actor | None = None, **told: Any) -> None:
        memory = self.county.memory
        told = {"day": self.today.isoformat(), "reason": "村里报来并核实", **told}
        version = memory.rows[person].version  # type: ignore[union-attr]
        asked = Asked(verb=verb, actor=by or self.actor(), person=person, **{"version": version, **told})
        numbers = {series: n for (series, _), n in memory._numbers.items()}
        changes = advance(memory.rulebook, File(tuple(memory.rows.values()), numbers=numbers), asked, self.county.at,
                          memory.new_id)  # fmt: skip
        memory._keep(changes, self.county.at)

    @property
    def today(self) -> date:
        return self.county.at.date()

    def all(self, kind: type[Any], **where: Any) -> list[Any]:
        found = self.county.memory.every(kind)
        return [row for row in found if all(getattr(row, name) == value for name, value in where.items())]


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_every_verb_of_people_has_words_and_can_be_done_by_somebody() -> None:
    verbs = [verb for verb in VERBS.values() if verb.on == "person"]
    assert len(verbs) == 12
    assert all(verb.label and verb.name and verb.done and verb.acts == ("accept",) for verb in verbs)


def test_households_are_numbered_without_a_gap(registry: Registry) -> None:
    registry.do("found-household")
    registry.do("found-household", "wife")
    assert [row.number for row in registry.all(Household)] == ["户2026-1", "户2026-2"]
    assert [(row.person, row.relation) for row in registry.all(Membership)] == [("person", "head"), ("wife", "head")]


def joined(registry: Registry) -> str:
    registry.do("found-household")
    (home,) = registry.all(Household)
    for key, relation in (("wife", "spouse"), ("son", "child")):
        registry.do("join-household", key, number=home.number, kind=relation)
    return str(home.number)


def relations_of(registry: Registry) -> list[str]:
    return [row.relation for row in registry.all(Membership, left_on=None)]


def test_nobody_joins_a_household_that_there_is_not_or_two_at_once(registry: Registry) -> None:
    with pytest.raises(Invalid):
        registry.do("join-household", number="户2026-9", kind="spouse")
    number = joined(registry)
    with pytest.raises(Conflict):
        registry.do("join-household", "wife", number=number, kind="spouse")


def test_who_leaves_left_for_a_reason_and_the_last_one_ends_the_household(registry: Registry) -> None:
    joined(registry)
    registry.county.later(days=3)
    for key in ("wife", "son", "person"):
        registry.do("leave-household", key, kind="moved")
    assert {(row.left_on, row.left_because) for row in registry.all(Membership)} == {(registry.today, "moved")}
    assert registry.all(Household)[0].ended_at is not None


def test_a_split_leaves_the_others_where_they_were(registry: Registry) -> None:
    joined(registry)
    registry.county.later(days=3)
    registry.do("split-household", "wife", answers={"son": "child"})
    old, new = registry.all(Household)
    now = {(row.household, row.person, row.relation) for row in registry.all(Membership, left_on=None)}
    assert now == {(old.id, "person", "head"), (new.id, "wife", "head"), (new.id, "son", "child")}
    assert new.number == "户2026-2"


def test_all_of_a_household_do_not_split_off(registry: Registry) -> None:
    joined(registry)
    with pytest.raises(Invalid):
        registry.do("split-household", "wife", answers={"son": "child", "person": "spouse"})


def test_another_head_is_named_and_the_one_before_has_a_relation(registry: Registry) -> None:
    joined(registry)
    registry.do("name-head", "wife", kind="spouse")
    assert relations_of(registry) == ["spouse", "head", "child"]


def test_a_category_by_hand_has_a_reason_and_a_clause_and_ends_by_hand(registry: Registry) -> None:
    registry.do("categorise", kind="orphan", number="社会救助法§16")
    (held,) = registry.all(Holding)
    assert (held.category, held.since, held.source, held.cites) == ("orphan", DAY, "hand", ("社会救助法§16",))
    with pytest.raises(Invalid):
        registry.do("categorise", kind="orphan")
    registry.county.later(days=30)
    registry.do("uncategorise", kind=held.id)
    assert registry.all(Holding)[0].until == registry.today
    assert [(row.before, row.after) for row in registry.all(Amendment)] == [("", "orphan"), ("orphan", "")]


@pytest.mark.parametrize(
    "told", [{"reason": " "}, {"day": "2026-03-11"}, {"day": ""}, {"kind": "rich"}, {"number": "x§1"}]
)
def test_what_is_not_told_rightly_is_refused(registry: Registry, told: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        registry.do("categorise", **{"kind": "orphan", **told})
    assert not registry.all(Amendment)


def test_a_move_and_a_correction_tell_what_was_and_what_is(registry: Registry) -> None:
    registry.do("move", kind="residence", unit="370304103011")
    person = registry.county.memory.rows["person"]
    assert isinstance(person, Person)
    assert (person.residence, person.registration, person.version) == ("370304103011", VILLAGE, 2)
    registry.do("amend", by=registry.actor("370304103"), kind="name", answers={"before": "person", "after": "孙桂英"})
    told = [(row.field, row.before, row.after) for row in registry.all(Amendment)]
    assert told == [("residence", VILLAGE, "370304103011"), ("name", "person", "孙桂英")]
    assert all("孙桂英" not in str(event.data) for event in registry.county.memory.events)


def test_only_where_somebody_lives_their_registry_is_kept(registry: Registry) -> None:
    with pytest.raises(NotAllowed):
        registry.do("found-household", by=registry.actor("370304103"))


def test_a_record_that_was_changed_meanwhile_is_not_changed_again(registry: Registry) -> None:
    with pytest.raises(Conflict):
        registry.do("found-household", version=7)


def test_what_a_case_decided_is_not_ended_by_hand(registry: Registry) -> None:
    aided(registry.county, programme="subsistence-allowance", amount=500)
    (row,) = given_to(registry.county)
    with pytest.raises(Conflict):
        registry.do("end-entitlement", kind=row.id)


def imported(registry: Registry, key: str = "old", person: str = "person") -> Entitlement:
    row = Entitlement(
        id=key, jurisdiction="370304-boshan", residence=VILLAGE, person=person, programme="subsistence-allowance",
        state="granted", since=DAY - timedelta(days=400), decided_at=registry.county.at, unit="civil-affairs",
        source="import", members=3,
    )  # fmt: skip
    registry.put(row)
    return row


def test_what_was_imported_is_ended_by_hand_as_a_version_of_its_own(registry: Registry) -> None:
    imported(registry)
    registry.do("end-entitlement", kind="old")
    old, new = registry.all(Entitlement)
    assert (old.until, new.state, new.since, new.follows) == (DAY - timedelta(days=1), "exited", DAY, "old")
    assert new.members == 3, "as many left as had it"


def test_a_death_ends_all_that_goes_on_and_tells_who_holds_a_case(registry: Registry) -> None:
    joined(registry)
    case = aided(registry.county, programme="subsistence-allowance", amount=500)
    registry.put(imported(registry))
    open_case = registry.county.report("person")
    registry.do("die")
    assert not [row for row in registry.all(Entitlement) if goes_on(row, registry.today)]
    assert not registry.all(Holding, person="person", until=None)
    (left,) = registry.all(Membership, person="person")
    assert (left.left_on, left.left_because) == (DAY, "died")
    told = [telling for telling in registry.county.memory.tellings if telling.kind == "died"]
    assert {telling.case for telling in told} <= {case.id, open_case.id}
    assert told
    with pytest.raises(Conflict):
        registry.do("categorise", kind="orphan")


STEPS = st.tuples(
    st.sampled_from(
        ["found-household", "join-household", "leave-household", "split-household", "end", "import", "die"]
    ),
    st.sampled_from(["person", "wife", "son"]),
    st.integers(0, 9),
    st.integers(0, 3),
)


def spans(rows: list[Any], begins: str, ends: str) -> Iterator[tuple[date, date]]:
    yield from sorted((getattr(row, begins), getattr(row, ends) or date.max) for row in rows)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_nobody_belongs_to_two_households_at_once_or_holds_a_programme_twice(steps: list[tuple[Any, ...]]) -> None:
    registry = Registry()
    for verb, key, later, back in steps:
        registry.county.later(days=later)
        day = (registry.today - timedelta(days=back)).isoformat()
        held = next((row.id for row in registry.all(Entitlement, person=key) if goes_on(row, registry.today)), "")
        homes = [row for row in registry.all(Household) if row.ended_at is None]
        number = homes[0].number if homes else ""
        along = {row.person: "child" for row in registry.all(Membership, left_on=None)[:1]}
        kind = {"join-household": "spouse", "leave-household": "moved"}.get(verb, held)
        if verb == "import":
            if not held:
                imported(registry, registry.county.memory.new_id(), person=key)
            continue
        verb = "end-entitlement" if verb == "end" else verb
        try:
            registry.do(verb, key, day=day, kind=kind, number=number, answers=along)
        except Refused:
            continue
    for key in ("person", "wife", "son"):
        for (_, ended), (begun, _) in pairwise(spans(registry.all(Membership, person=key), "joined_on", "left_on")):
            assert ended <= begun
        held_ones = [row for row in registry.all(Entitlement, person=key) if row.state == "granted"]
        assert sum(goes_on(row, registry.today) for row in held_ones) <= 1
    for home in registry.all(Household):
        members = registry.all(Membership, household=home.id, left_on=None)
        assert (home.ended_at is None) == bool(members)
