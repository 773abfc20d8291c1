"""The registry in the database: what a grant, a report and a visit leave there, and who sees it."""

from datetime import date
from typing import Any

import pytest

from actions.town import GRANTED, MEDICAL, TOLD, VILLAGE, Town, other_id, report
from xunfang.actions import submitting
from xunfang.actions.acting import Look
from xunfang.actions.comparing import answer_question, undo_answer
from xunfang.actions.filling_in import Filled, fill_registry
from xunfang.actions.loading import draft_of
from xunfang.actions.registry import do_to_person
from xunfang.actions.submitting import submit
from xunfang.casework import Amendment, Asked, Entitlement, Holding, Household, Membership, Visit
from xunfang.casework.facts import case_facts
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.rules.intake import decide
from xunfang.store import Person, Question, connection, new_id, transaction
from xunfang.store.reading.case_file import person_secrets
from xunfang.store.reading.people import PeopleFilter
from xunfang.store.scoped import scoped


def _granted(town: Town, **told: object) -> str:
    case = town.dispatched(**told)
    town.complete("doctor", town.task(case, MEDICAL), "granted", {**GRANTED, "amount": 8000})
    return case


def test_a_grant_is_written_down_once_for_the_person(town: Town) -> None:
    case = _granted(town)
    (row,) = town.rows(Entitlement)
    assert (row.programme, row.state, row.cents, row.case) == ("medical-aid", "granted", 800000, case)
    assert row.person == town.case(case).person


def test_what_somebody_holds_is_known_in_their_next_case(town: Town) -> None:
    case = _granted(town)
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    again = _granted(town)
    first, second = town.rows(Entitlement)
    assert again != case
    assert (second.follows, first.withdrawn_at) == ("", None)  # both are given for a fixed time, each for itself


def test_categories_of_a_second_case_are_not_written_twice(town: Town) -> None:
    case = _granted(town, categories=["disabled"])
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    town.report(categories=["disabled"])
    assert [row.category for row in town.rows(Holding)].count("disabled") == 1


def _visit(town: Town, name: str, residence: str = VILLAGE, by: str = "village") -> Visit:
    answers = {"visited_on": "2026-03-10", "name": name, "residence": residence, "found_difficulty": False}
    key = new_id()
    submit(town.deployment, town.actor(by), "visit", answers, key, town.at)
    return town.first(Visit, submission=key)


def test_a_visit_is_of_the_one_person_of_that_name_in_the_village(town: Town) -> None:
    case = town.report().case
    visit = _visit(town, report()["name"], report()["residence"])
    assert (visit.person, visit.visited_on) == (town.case(case).person, date(2026, 3, 10))


def test_a_visit_to_somebody_unknown_makes_no_record(town: Town) -> None:
    assert _visit(town, "周大福").person == ""
    assert not town.rows(Person)


@pytest.mark.parametrize("login", ["village", "township", "leader"])
def test_a_visit_is_seen_by_whoever_made_it_and_above(town: Town, login: str) -> None:
    visit = _visit(town, "周大福")
    with scoped(town.database, town.actor(login).scope) as reader:
        assert reader.submission(visit.submission).id == visit.submission


@pytest.mark.parametrize("login", ["sibling", "doctor"])
def test_a_visit_is_nothing_to_anybody_else(town: Town, login: str) -> None:
    visit = _visit(town, "周大福")
    with scoped(town.database, town.actor(login).scope) as reader, pytest.raises(NotFound):
        reader.submission(visit.submission)


def _by_hand(town: Town, verb: str, login: str = "township", **told: Any) -> None:
    person = town.rows(Person)[0]
    told = {"day": "2026-03-10", "reason": "村里报来并核实", "version": person.version, **told}
    do_to_person(town.deployment, Asked(verb=verb, actor=town.actor(login), person=person.id, **told), town.at)


def test_a_household_has_a_number_of_its_own_and_a_trace(town: Town) -> None:
    town.report()
    _by_hand(town, "found-household")
    (home,) = town.rows(Household)
    assert home.number == "户2026-1"
    assert [row.relation for row in town.rows(Membership)] == ["head"]
    (event,) = town.events("household.founded")
    assert event.told["number"] == home.number


def test_a_corrected_number_is_found_by_and_the_old_one_is_no_more(town: Town) -> None:
    town.report()
    _by_hand(town, "amend", kind="id_number", answers={"after": other_id(25)})
    (person,), (change,) = town.rows(Person), town.rows(Amendment)
    assert person_secrets(person, town.keys)["id_number"] == other_id(25)
    assert (change.before, change.after, change.field) == (other_id(24), other_id(25), "id_number")
    with scoped(town.database, town.actor("township").scope) as reader:
        assert reader.records_with(town.keys.blind_index(other_id(25)))
        assert not reader.records_with(town.keys.blind_index(other_id(24)))
    assert other_id(25) not in repr(town.events("person.amended"))


def test_a_number_that_is_none_is_not_written(town: Town) -> None:
    town.report()
    with pytest.raises(Invalid):
        _by_hand(town, "amend", kind="id_number", answers={"after": "370304195803140001"})


@pytest.mark.parametrize(("login", "error"), [("sibling", NotFound), ("doctor", NotAllowed), ("leader", NotAllowed)])
def test_the_registry_is_kept_where_somebody_lives_by_who_takes_in_applications(
    town: Town, login: str, error: type[Exception]
) -> None:
    town.dispatched()
    with pytest.raises(error):
        _by_hand(town, "found-household", login)


def test_a_death_is_told_to_who_holds_a_case(town: Town) -> None:
    town.dispatched()
    _by_hand(town, "die")
    assert [message.title for message in town.inbox(MEDICAL, "died")] == ["个案对象已去世"]
    with pytest.raises(Conflict):
        _by_hand(town, "categorise", kind="orphan")


def test_a_household_out_of_sight_is_not_joined_by_knowing_its_number(town: Town) -> None:
    town.report()
    _by_hand(town, "found-household")
    number = town.rows(Household)[0].number
    town.report(by="sibling", name="吴大勇", id_number=other_id(31), residence="370304103011")
    other = next(person for person in town.rows(Person) if person.name == "吴大勇")
    told = {"number": number, "kind": "spouse", "day": "2026-03-10", "version": 1}
    with pytest.raises(Invalid):
        do_to_person(
            town.deployment,
            Asked(verb="join-household", actor=town.actor("sibling"), person=other.id, **told),
            town.at,
        )


def _two_records(town: Town) -> tuple[Question, list[str]]:
    town.report(categories=["disabled"])
    town.report(by="sibling", name="孙桂英", residence="370304103011")
    return town.first(Question), [person.id for person in town.rows(Person)]


def _gone(town: Town, login: str) -> dict[str, tuple[date | None, date | None]]:
    with scoped(town.database, town.actor(login).scope) as reader:
        return {line.person.id: (line.gone.died, line.gone.moved) for line in reader.people(PeopleFilter()).items}


def test_the_list_tells_who_died_by_whichever_record_of_theirs_and_who_moved_out(town: Town) -> None:
    question, (first, second) = _two_records(town)
    assert _gone(town, "leader") == {first: (None, None), second: (None, None)}
    _by_hand(town, "found-household")
    _by_hand(town, "leave-household", kind="moved", version=town.rows(Person)[0].version)
    assert _gone(town, "leader")[first] == (None, date(2026, 3, 10))
    _by_hand(town, "die", version=town.rows(Person)[0].version)
    answer_question(town.deployment, town.actor("leader"), question.id, question.version, "same", "电话核实", town.at)
    assert [died for died, _ in _gone(town, "leader").values()] == [date(2026, 3, 10)] * 2
    assert _gone(town, "sibling") == {second: (None, None)}


def _shown(town: Town, login: str, person: str) -> tuple[list[str], list[str]]:
    with scoped(town.database, town.actor(login).scope) as reader:
        file = reader.person_file(person)
    return [record.id for record in file.records], [row.category for row in file.holdings]


def test_records_of_one_person_are_read_together_by_who_sees_both_until_that_is_undone(town: Town) -> None:
    question, (first, second) = _two_records(town)
    leader, why = town.actor("leader"), "电话核实，嫁到外镇后改名"
    answer_question(town.deployment, leader, question.id, question.version, "unsure", why, town.at)
    assert _shown(town, "leader", second) == ([second], [])
    question = town.first(Question)
    answer_question(town.deployment, leader, question.id, question.version, "same", why, town.at)
    assert _shown(town, "leader", second) == ([second, first], ["disabled"])
    assert _shown(town, "sibling", second) == ([second], [])
    undo_answer(town.deployment, leader, question.id, question.version + 1, "看错了人", town.at)
    assert _shown(town, "leader", second) == ([second], [])
    told = [(row.before, row.after, row.person) for row in town.rows(Amendment)]
    assert told == [("", "unsure", ""), ("unsure", "same", ""), ("same", "", "")]


def test_a_verdict_wants_a_reason(town: Town) -> None:
    question, _ = _two_records(town)
    with pytest.raises(Invalid):
        answer_question(town.deployment, town.actor("leader"), question.id, 1, "same", " ", town.at)
    with pytest.raises(Conflict):
        undo_answer(town.deployment, town.actor("leader"), question.id, 1, "看错了人", town.at)


def test_what_one_of_a_household_holds_is_a_fact_of_all_their_cases(town: Town) -> None:
    _granted(town, categories=["disabled"])
    _by_hand(town, "found-household")
    home, village = town.rows(Household)[0], report()["residence"]
    told = town.report(name="孙桂英", id_number=other_id(33))
    wife = next(person for person in town.rows(Person) if person.name == "孙桂英")
    joining = {"number": home.number, "kind": "child", "day": "2026-03-10", "version": 1}
    asked = Asked(verb="join-household", actor=town.actor("township"), person=wife.id, **joining)
    do_to_person(town.deployment, asked, town.at)
    with connection(town.database) as reader:
        look = Look(reader, town.deployment, town.actor("leader"), town.at)
        facts = case_facts(draft_of(look, town.case(told.case)), town.case(told.case))
    assert (facts["household.size"], facts["household.entitled"]) == (2, ["medical-aid"])
    assert "person.entitled" not in facts
    assert facts["residence"] == village


@pytest.mark.parametrize(
    ("login", "residence", "knows"), [("village", VILLAGE, True), ("sibling", "370304103011", False)]
)
def test_a_report_is_decided_by_what_the_registry_knows_of_whom_the_reporter_sees(
    town: Town, monkeypatch: pytest.MonkeyPatch, login: str, residence: str, knows: bool
) -> None:
    case = _granted(town, categories=["disabled"])
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    known: list[Any] = []

    def noting(*given: Any, **named: Any) -> Any:
        known.append(given[4] if len(given) > 4 else named.get("known"))
        return decide(*given, **named)

    monkeypatch.setattr(submitting, "decide", noting)
    town.report(by=login, residence=residence)
    told = next((facts for facts in known if facts), {})
    assert told == ({"person.entitled": ["medical-aid"], "person.categories": ["disabled"]} if knows else {})


def _forgotten(town: Town) -> None:
    """Leave the database as one of before version 16: with cases, and nothing in the registry."""
    with transaction(town.database, "") as tx:
        for row in (*town.rows(Entitlement), *town.rows(Holding)):
            tx.delete(type(row), id=row.id)


def _plain(rows: list[Any]) -> list[tuple[Any, ...]]:
    names = ("programme", "state", "since", "until", "cents", "case", "task", "unit", "cites")
    return [tuple(getattr(row, name) for name in names) for row in rows]


def test_what_was_decided_before_is_filled_in_as_if_it_had_been_kept_and_once(town: Town) -> None:
    case = _granted(town, categories=["disabled"])
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    kept, held = _plain(town.rows(Entitlement)), [row.category for row in town.rows(Holding)]
    assert sum(fill_registry(town.deployment, "370304-boshan", town.at, dry=False), Filled()) == Filled()
    _forgotten(town)
    dry = sum(fill_registry(town.deployment, "370304-boshan", town.at, dry=True), Filled())
    assert (dry.people, dry.entitlements, dry.categories) == (1, len(kept), len(held))
    assert not town.rows(Entitlement)
    assert sum(fill_registry(town.deployment, "370304-boshan", town.at, dry=False), Filled()) == dry
    assert _plain(town.rows(Entitlement)) == kept
    assert [row.category for row in town.rows(Holding)] == held
    assert sum(fill_registry(town.deployment, "370304-boshan", town.at, dry=False), Filled()) == Filled()
    assert len(town.events("registry.filled")) == 1
