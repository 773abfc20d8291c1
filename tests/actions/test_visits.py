"""Visits owed in the database: planned by the worker, done by whoever visits, adjusted when people change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.town import SIBLING, VILLAGE, Town, report
from cold import COLD
from xunfang.actions import known
from xunfang.actions.acting import acting
from xunfang.actions.alerts import close, declare
from xunfang.actions.deployment import Rulebooks, machinery
from xunfang.actions.duties import begin_duties
from xunfang.actions.filling import whole_answers
from xunfang.actions.following import follow_divisions
from xunfang.actions.handling import do_to_task
from xunfang.actions.jobs import handlers
from xunfang.actions.submitting import submit
from xunfang.actions.visits import begin_visits, settle_now
from xunfang.casework import Asked, Holding, OwedThing, Visit
from xunfang.clock import local_date, parse
from xunfang.division import Division, DivisionTree, Level
from xunfang.rulebook.conditions import Operator, Test
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rulebook.softness import fixed, settled
from xunfang.store import Alert, DutyPeriod, Person, Question, Task, new_id, transaction
from xunfang.worker import Worker
from xunfang.worktime import Every, parse_limit

NEXT_DOOR = "370304102201"
OURS = f"village:{VILLAGE}"
SOON = parse_limit("3 workdays")
IS = Operator.IS
MOST_ASKED = 27
"""So often at most the database is asked for the first piece of a plan, claimed, found out and written."""


@pytest.fixture
def visiting(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    """A county where disabled people are visited monthly, orphans weekly, minors half-yearly, and by each village
    somebody monthly.
    """
    patrol = rulebook.duties["patrol"]

    def asks(id: str, every: Every, category: str) -> Duty:
        return replace(
            patrol, id=id, label=id, every=every, due=None, for_=Test("person.category", Operator.ANY, (category,))
        )

    duties = {"monthly": asks("monthly", Every.MONTH, "disabled"), "weekly": asks("weekly", Every.WEEK, "orphan")}
    duties["half-yearly"] = asks("half-yearly", Every.HALF_YEAR, "minor")
    at_once = replace(
        asks("at-once", Every.DAY, "destitute"), every=None, on="person.category_added", limit=settled(SOON, {})
    )
    town = Town(tmp_path, replace(rulebook, duties={**duties, "at-once": at_once, "patrol": patrol}))
    town.at = parse("2026-04-01T00:00:20")
    yield town
    town.database.close()


def person(town: Town, name: str = "周福", *held: str, residence: str = VILLAGE) -> str:
    key = new_id()
    base = {"jurisdiction": town.rulebook.id, "residence": residence}
    with transaction(town.database, town.rulebook.id) as tx:
        tx.insert(Person(id=key, registration=residence, name=name, created_at=town.at, **base))
        for category in held or ("disabled",):
            since = town.at.date() - timedelta(days=90)
            row = {"since": since, "noted_at": town.at, "source": "list"}
            tx.insert(Holding(id=new_id(), person=key, category=category, **row, **base))
    return key


def plan(town: Town, at: str = "") -> None:
    town.at = parse(at) if at else town.at
    begin_visits(town.deployment, town.at)
    town.work_until()


def visit(
    town: Town, name: str = "周福", on: str = "2026-04-09", by: str = "village", residence: str = VILLAGE
) -> Visit:
    town.at = max(town.at, parse(f"{on}T15:00:00"))
    key = new_id()
    answers = {"visited_on": on, "name": name, "residence": residence, "found_difficulty": False}
    submit(town.deployment, town.actor(by), "visit", answers, key, town.at)
    return town.first(Visit, submission=key)


def whole(town: Town, duty: str = "monthly", unit: str = OURS) -> tuple[DutyPeriod, Task]:
    owed = town.rows(DutyPeriod, duty=duty, unit=unit)[-1]
    return owed, town.first(Task, about=owed.id)


def test_everybody_is_owed_once_and_the_unit_has_one_task(visiting: Town) -> None:
    for name in ("周福", "周禄", "周寿"):
        person(visiting, name)
    plan(visiting)
    plan(visiting, "2026-04-02T00:00:20")
    things = visiting.rows(OwedThing)
    owed, task = whole(visiting)
    assert {thing.period for thing in things} == {owed.id}
    assert (len(things), owed.every, task.status, task.due_at) == (3, "month", "open", things[0].due_at)
    assert len({thing.planned_at for thing in things}) == 3
    assert len(visiting.rows(DutyPeriod, duty="monthly")) == 1
    assert len(visiting.inbox(OURS, "task")) == 1


def test_a_piece_asks_the_database_seldom_however_many_people_and_units_it_is_for(
    visiting: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    villages = [place.code for place in visiting.rulebook.divisions.answering("village", "370304102")][:7]
    for number, place in enumerate(villages * 3):
        person(visiting, f"周{number}", "disabled", residence=place)
    begin_visits(visiting.deployment, visiting.at)
    database, asked = visiting.database, list[str]()
    for way in ("execute_sql", "rows", "often", "changed", "many"):
        run = getattr(database.peewee, way)
        monkeypatch.setattr(database.peewee, way, lambda *a, run=run, way=way, **k: asked.append(way) or run(*a, **k))
    visiting.worker.run_next()
    assert len(visiting.rows(OwedThing)) == len(villages) * 3
    assert len(asked) <= MOST_ASKED, len(asked)


def test_the_last_visit_ends_the_whole_by_itself(visiting: Town) -> None:
    person(visiting), person(visiting, "周禄")
    plan(visiting)
    first = visit(visiting)
    assert whole(visiting)[0].status == "owed"
    visit(visiting, "周禄", by="township")
    owed, task = whole(visiting)
    assert (owed.status, task.status, task.completed_in_time) == ("visited", "done", True)
    assert visiting.first(OwedThing, person=first.person).submission == first.submission
    assert [event.told["things"] for event in visiting.events("duty.visited")] == [{"done": 2}]


def test_the_strictest_binds_and_one_visit_is_enough(visiting: Town) -> None:
    person(visiting, "周福", "disabled", "orphan")
    plan(visiting)
    (thing,) = visiting.rows(OwedThing)
    assert (thing.duty, thing.every) == ("weekly", "week")
    visit(visiting, on="2026-04-02")
    assert visiting.first(OwedThing, id=thing.id).status == "done"


def test_all_visits_of_a_long_period_count_for_what_comes_to_be_owed_late_in_it(visiting: Town) -> None:
    key = person(visiting, "周福", "elderly")
    visit(visiting, on="2026-04-02")
    row = {"since": date(2026, 6, 19), "noted_at": visiting.at, "source": "hand", "residence": VILLAGE}
    with transaction(visiting.database, visiting.rulebook.id) as tx:
        tx.insert(Holding(id=new_id(), jurisdiction=visiting.rulebook.id, person=key, category="minor", **row))
    plan(visiting, "2026-06-20T00:00:20")
    (thing,) = visiting.rows(OwedThing)
    assert (thing.duty, thing.begins_on, thing.made, thing.status) == ("half-yearly", date(2026, 1, 1), 1, "done")


def test_whoever_moves_is_owed_by_the_village_they_live_in_now(visiting: Town) -> None:
    key = person(visiting)
    plan(visiting)
    with transaction(visiting.database, visiting.rulebook.id) as tx:
        tx.update(Person, {"id": key}, {"residence": NEXT_DOOR})
    plan(visiting, "2026-04-10T00:00:20")
    (thing,) = visiting.rows(OwedThing)
    assert thing.unit == f"village:{NEXT_DOOR}"
    assert whole(visiting)[0].status == "withdrawn"
    assert whole(visiting, unit=f"village:{NEXT_DOOR}")[0].status == "owed"


def test_nobody_is_owed_who_is_of_no_category_any_more(visiting: Town) -> None:
    key = person(visiting)
    plan(visiting)
    with transaction(visiting.database, visiting.rulebook.id) as tx:
        tx.update(Holding, {"person": key}, {"until": date(2026, 4, 3)})
    plan(visiting, "2026-04-10T00:00:20")
    assert [thing.status for thing in visiting.rows(OwedThing)] == ["ended"]
    assert whole(visiting)[0].status == "withdrawn"


def test_a_category_told_by_a_report_brings_a_visit_at_once(visiting: Town) -> None:
    visiting.at = parse("2026-03-10T14:00:00")
    visiting.report(categories=["disabled"])
    visiting.work_until()
    (thing,) = visiting.rows(OwedThing)
    assert (thing.duty, thing.unit, thing.begins_on) == ("monthly", OURS, date(2026, 3, 1))
    assert parse("2026-03-10T00:00:00") <= thing.planned_at


def test_what_was_missed_is_told_up_and_made_good_only_by_a_visit_of_its_days(visiting: Town) -> None:
    person(visiting)
    plan(visiting)
    plan(visiting, "2026-05-01T00:00:30")
    owed, _ = whole(visiting)
    old = next(row for row in visiting.rows(DutyPeriod, duty="monthly") if row.begins_on == date(2026, 4, 1))
    assert (old.status, owed.begins_on, owed.status) == ("missed", date(2026, 5, 1), "owed")
    assert visiting.first(Task, about=old.id).overdue_at is not None
    assert [message.title for message in visiting.inbox(f"township:{VILLAGE[:9]}", "overdue")] == ["定期任务期满未完成"]
    visiting.at = parse("2026-05-02T09:00:00")
    visit(visiting, on="2026-04-29")
    assert [(row.begins_on.month, row.status) for row in visiting.rows(OwedThing)] == [(4, "done"), (5, "owed")]


def test_any_visit_in_the_village_does_what_is_owed_about_nobody_in_particular(visiting: Town) -> None:
    begin_duties(visiting.deployment, visiting.at)
    visiting.work_until()
    assert whole(visiting, "patrol")[0].status == "owed"
    visit(visiting, "路过的人")
    assert whole(visiting, "patrol")[0].status == "visited"
    assert whole(visiting, "patrol", f"village:{NEXT_DOOR}")[0].status == "owed"


def test_whoever_comes_to_be_of_a_category_is_visited_at_once(visiting: Town) -> None:
    visiting.at = parse("2026-03-10T14:00:00")
    case = visiting.report(categories=["destitute"]).case
    (thing,) = visiting.rows(OwedThing)  # in the very act
    owed, task = whole(visiting, "at-once")
    assert (thing.subject, thing.period, thing.due_at) == ("added", owed.id, parse("2026-03-13T17:30:00"))
    assert (owed.every, owed.begins_on, task.due_at) == ("", date(2026, 3, 10), thing.due_at)
    visiting.work_until()
    plan(visiting, "2026-03-16T00:00:20")
    assert visiting.rows(OwedThing) == [thing]  # late, and owed until somebody goes there
    assert whole(visiting, "at-once")[1].overdue_at is not None
    visit(visiting, report()["name"], "2026-03-17")
    assert visiting.first(OwedThing, id=thing.id).status == "done"
    assert whole(visiting, "at-once")[0].status == "visited"
    assert visiting.case(case).person == thing.person


def test_a_category_noted_long_ago_asks_for_no_visit_at_once(visiting: Town) -> None:
    person(visiting, "周福", "destitute")
    visiting.at += timedelta(days=4)
    plan(visiting)
    assert visiting.rows(OwedThing) == []


def test_a_period_waived_asks_for_nobody_any_more(visiting: Town) -> None:
    person(visiting)
    plan(visiting)
    task = whole(visiting)[1]
    asked = Asked(
        verb="waive", actor=visiting.actor("leader"), task=task.id, version=task.version, reason="汛期停止走访"
    )
    do_to_task(visiting.deployment, asked, visiting.at)
    person(visiting, "周禄")
    plan(visiting, "2026-04-03T00:00:20")
    assert {thing.status for thing in visiting.rows(OwedThing)} == {"waived"}


def test_what_the_rules_ask_for_no_more_ends(visiting: Town) -> None:
    key = person(visiting)
    plan(visiting)
    visiting.deployment.rulebooks.current[visiting.rulebook.id] = replace(visiting.rulebook, duties={})
    with acting(visiting.deployment, machinery(visiting.rulebook.id, "试"), visiting.at) as act:
        settle_now(act, [key])
    assert [thing.status for thing in visiting.rows(OwedThing)] == ["ended"]


def test_records_that_are_one_person_by_a_third_are_owed_one_visit(visiting: Town) -> None:
    case = visiting.report().case
    first, second, third = (person(visiting, residence=place) for place in (VILLAGE, NEXT_DOOR, f"{SIBLING}200"))
    with transaction(visiting.database, visiting.rulebook.id) as tx:
        for one, other in ((first, third), (second, third)):
            told = {"jurisdiction": visiting.rulebook.id, "case": case, "asked_at": visiting.at, "verdict": "same"}
            tx.insert(Question(id=new_id(), person=one, other=other, **told))
    for key in (first, second, third):
        with acting(visiting.deployment, machinery(visiting.rulebook.id, "试"), visiting.at) as act:
            settle_now(act, [key])
    assert [thing.person for thing in visiting.rows(OwedThing)] == [first]


def test_a_namesake_elsewhere_is_not_taken_for_whoever_is_owed(visiting: Town) -> None:
    person(visiting)
    plan(visiting)
    assert visit(visiting, by="sibling", residence=f"{SIBLING}200").person == ""
    assert report()["name"] != "周福"
    assert [thing.status for thing in visiting.rows(OwedThing)] == ["owed"]


def test_a_visit_to_somebody_of_two_records_is_about_them_once_these_were_found_to_be_one(visiting: Town) -> None:
    one, other = person(visiting), person(visiting)
    asked = {"jurisdiction": visiting.rulebook.id, "case": visiting.report(found_at="2026-03-31T08:30:00+08:00").case}
    plan(visiting)
    assert visit(visiting).person == ""
    with transaction(visiting.database, visiting.rulebook.id) as tx:
        tx.insert(Question(id=new_id(), person=one, other=other, verdict="same", asked_at=visiting.at, **asked))
    assert visit(visiting, on="2026-04-10").person == min(one, other)


def test_a_form_that_tells_whom_to_visit_is_opened_once_and_a_later_one_is_heard(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly = replace(rulebook.duties["patrol"], every=Every.WEEK, due=None, for_=Test("found_difficulty", IS, True))
    town = Town(tmp_path, replace(rulebook, duties={"weekly": replace(weekly, id="weekly")}))
    town.at, opened = parse("2026-04-06T00:00:20"), list[str]()
    monkeypatch.setattr(known, "whole_answers", lambda look, row: opened.append(row.id) or whole_answers(look, row))
    person(town)
    first = visit(town, on="2026-04-07").submission
    opened.clear()
    for day in (8, 9):
        plan(town, f"2026-04-{day:02}T00:00:20")
    assert (opened, town.rows(OwedThing)) == ([first], [])
    answers = {"visited_on": "2026-04-09", "name": "周福", "residence": VILLAGE, "found_difficulty": True}
    submit(town.deployment, town.actor("village"), "visit", answers, new_id(), town.at)
    plan(town, "2026-04-13T00:00:20")
    assert [thing.begins_on for thing in town.rows(OwedThing, status="owed")] == [date(2026, 4, 13)]
    town.database.close()


def test_visits_do_what_is_owed_while_an_event_is_on(tmp_path: Path, rulebook: Rulebook) -> None:
    patrol = replace(rulebook.duties["patrol"], while_="cold-wave", every=None, due=None)
    daily = replace(patrol, id="cold-visits", every=Every.DAY)
    once = replace(patrol, id="cold-visit", limit=fixed("4 hours"))
    town = Town(tmp_path, replace(rulebook, alerts={COLD.id: COLD}, duties={duty.id: duty for duty in (daily, once)}))
    town.at = parse("2026-04-09T09:00:00")
    told = (COLD.id, "red", (VILLAGE[:9],), "", "气象台发布预警", town.at)
    alert = declare(town.deployment, town.actor("leader"), *told)
    town.work_until()
    assert {row.status for row in town.rows(DutyPeriod, unit=OURS)} == {"owed"}
    visit(town, "路过的人")
    assert {row.duty: row.status for row in town.rows(DutyPeriod, unit=OURS)} == {
        "cold-visits": "visited", "cold-visit": "visited",
    }  # fmt: skip
    assert {row.status for row in town.rows(DutyPeriod, unit=f"village:{NEXT_DOOR}")} == {"owed"}
    town.work_until("2026-04-10T00:00:10")
    plan(town, "2026-04-10T00:00:20")
    missed = {row.duty: row.status for row in town.rows(DutyPeriod, unit=f"village:{NEXT_DOOR}")[:2]}
    assert missed == {"cold-visits": "missed", "cold-visit": "owed"}  # what is owed once stays owed, and late
    assert town.rows(DutyPeriod, unit=OURS)[-1].status == "owed"
    version = town.first(Alert, id=alert).version
    close(town.deployment, town.actor("leader"), alert, version, {}, "寒潮过去", new_id(), town.at)
    town.work_until()
    assert town.rows(DutyPeriod, status="owed") == []
    town.database.close()


def merging(town: Town, day: date) -> str:
    """Let two villages become one from a day on; returns the unit of that."""
    new = Division("370304102900", "域新村", Level.VILLAGE, since=day)
    gone = {"until": day - timedelta(days=1), "successors": (new.code,)}
    divisions = town.rulebook.divisions
    lines = [replace(one, **gone) if one.code in (VILLAGE, NEXT_DOOR) else one for one in divisions.lines()]
    rules = replace(town.rulebook, divisions=DivisionTree([*lines, new]))
    books = Rulebooks(town.database, {rules.id: rules}, today=lambda: local_date(town.at))
    town.deployment = replace(town.deployment, rulebooks=books)
    town.worker = Worker(town.database, handlers(town.deployment, town.press, town.now), town.now)
    return f"village:{new.code}"


@pytest.mark.parametrize("visited", [False, True])
def test_of_villages_that_become_one_everybody_is_owed_by_the_new_one(visiting: Town, visited: bool) -> None:
    here, there = person(visiting), person(visiting, "周禄", residence=NEXT_DOOR)
    plan(visiting)
    unit = merging(visiting, date(2026, 4, 15))
    if visited:
        visit(visiting)
    visiting.work_until("2026-04-15T00:00:20")
    follow_divisions(visiting.deployment, visiting.at)
    visiting.work_until()
    late = person(visiting, "周寿", residence=unit.partition(":")[2])
    plan(visiting, "2026-04-16T00:00:20")
    things = {thing.person: thing for thing in visiting.rows(OwedThing)}
    for who in (late, there) if visited else (late, there, here):
        of, task = visiting.first(DutyPeriod, id=things[who].period), visiting.first(Task, about=things[who].period)
        assert (things[who].status, things[who].unit) == ("owed", unit)
        assert (of.status, of.unit, task.unit, task.ended_at) == ("owed", unit, unit, None)
    assert things[here].status == ("done" if visited else "owed")
    open_ones = visiting.rows(DutyPeriod, duty="monthly", ended_at=None)
    assert [row.unit for row in open_ones] == [unit]
