"""Draws in the database: once a period, on record, made anew by anybody; done as visits; who is gone is replaced."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.town import FILES, TOLD, TOWNSHIP, VILLAGE, Town
from merged import HEAD, NEW, TABLE, Line, merging
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.drawing import begin_draws
from xunfang.actions.following import follow_divisions
from xunfang.actions.handling import do_to_case
from xunfang.actions.jobs import handlers
from xunfang.actions.submitting import submit
from xunfang.actions.visits import begin_visits
from xunfang.casework import Amendment, Asked, Drawing, Holding, OwedThing, Visit
from xunfang.casework.drawing import drawn_again
from xunfang.clock import local_date, parse
from xunfang.division import DivisionTree
from xunfang.rulebook.conditions import Operator, Test
from xunfang.rulebook.model import Duty, Rulebook, Sample, Stratum
from xunfang.store import Case, DutyPeriod, Job, Person, Task, new_id, transaction
from xunfang.worker import Worker
from xunfang.worktime import Every

CHECK = {"visited_on": "2026-04-09", "way": "phone", "satisfaction": "satisfied"}
CENTRE = "service-centre"


def _town(folder: Path, rulebook: Rulebook, *changed: Duty) -> Town:
    return Town(folder, replace(rulebook, duties={duty.id: duty for duty in changed}))


def spot_check(rulebook: Rulebook) -> Duty:
    """Each quarter, of those disabled three of ten and all orphans, by the township."""
    patrol = rulebook.duties["patrol"]
    orphans = Stratum(Test("person.category", Operator.ANY, ("orphan",)), "all", 0, patrol.basis)
    return replace(
        patrol, id="spot-check", label="低保抽查", of="township", to=(CENTRE,), every=Every.QUARTER, due=None,
        satisfied_by="", form="return-visit", for_=Test("person.category", Operator.ANY, ("disabled", "orphan")),
        sample=Sample("0.3", "quarter", 2, (orphans,)),
    )  # fmt: skip


@pytest.fixture
def checking(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    town = _town(tmp_path, rulebook, spot_check(rulebook))
    town.at = parse("2026-04-01T00:00:20")
    yield town
    town.database.close()


def people(town: Town, *held: str) -> list[str]:
    return [_person(town, f"周{nth}", category) for nth, category in enumerate(held)]


def _person(town: Town, name: str, category: str) -> str:
    key, base = new_id(), {"jurisdiction": town.rulebook.id, "residence": VILLAGE}
    with transaction(town.database, town.rulebook.id) as tx:
        tx.insert(Person(id=key, registration=VILLAGE, name=name, created_at=town.at, **base))
        row = {"since": town.at.date() - timedelta(days=90), "noted_at": town.at, "source": "list"}
        tx.insert(Holding(id=new_id(), person=key, category=category, **row, **base))
    return key


def draw(town: Town, at: str = "") -> None:
    town.at = parse(at) if at else town.at
    begin_draws(town.deployment, town.at)
    town.work_until()


def plan(town: Town, at: str) -> None:
    town.at = parse(at)
    begin_visits(town.deployment, town.at)
    town.work_until()


def check(town: Town, thing: OwedThing, by: str = "township", form: str = "return-visit", **told: Any) -> str:
    """Fill the form for something that was drawn; returns the key of the submission."""
    key, town.at = new_id(), max(town.at, parse("2026-04-09T15:00:00"))
    submit(town.deployment, town.actor(by), form, {**CHECK, **told}, key, town.at, thing=thing.id)
    return key


def test_a_draw_is_made_once_and_anybody_can_make_it_anew(checking: Town) -> None:
    keys = people(checking, *["disabled"] * 10, "orphan", "orphan", "severely-ill")
    draw(checking)
    draw(checking, "2026-04-02T00:00:20")
    (drawing,) = checking.rows(Drawing)
    things = checking.rows(OwedThing)
    assert (drawing.population, drawing.unit, len(drawing.drawn)) == (12, f"township:{TOWNSHIP}", 5)
    assert [(row["had"], row["wanted"]) for row in drawing.strata] == [(2, 2), (10, 3)]
    assert set(drawing.drawn) >= set(keys[10:12])
    assert keys[12] not in drawing.drawn
    assert {thing.about for thing in things} == set(drawing.drawn)
    assert {(thing.subject, thing.ends_on, thing.period) for thing in things} == {
        ("drawn", date(2026, 6, 30), drawing.period)
    }
    assert drawn_again(checking.rulebook, drawing) == drawing.drawn
    assert drawn_again(checking.rulebook, replace(drawing, seed="an-other")) != drawing.drawn
    (event,) = checking.events("duty.drawn")
    assert (event.told["population"], event.told["drawn"], event.told["seed"]) == (12, 5, drawing.seed)
    assert any("从12件中抽出5件" in message.body for message in checking.inbox(f"township:{TOWNSHIP}", "task"))


def test_each_is_done_by_its_own_form_and_the_last_ends_the_whole(checking: Town) -> None:
    people(checking, *["disabled"] * 3)
    draw(checking)
    first, second = checking.rows(OwedThing)
    key = check(checking, first)
    done = checking.first(OwedThing, id=first.id)
    assert (done.status, done.submission, done.made) == ("done", key, 1)
    assert checking.first(Visit, submission=key).person == first.person
    assert checking.first(OwedThing, id=second.id).status == "owed"
    check(checking, second)
    owed = checking.first(DutyPeriod, id=first.period)
    assert (owed.status, checking.first(Task, about=owed.id).completed_in_time) == ("visited", True)


def test_who_died_or_moved_is_stood_in_for_while_there_is_anybody_left(checking: Town) -> None:
    people(checking, *["disabled"] * 3)
    draw(checking)
    gone, left = checking.rows(OwedThing)
    _died(checking, gone.person)
    plan(checking, "2026-04-10T00:00:20")
    now = checking.rows(OwedThing)
    assert [(one.status, one.because) for one in now] == [("ended", "died"), ("owed", ""), ("owed", "")]
    assert len({one.about for one in now}) == 3
    with transaction(checking.database, checking.rulebook.id) as tx:
        tx.update(Person, {"id": left.person}, {"residence": "370304103200"})
    plan(checking, "2026-04-11T00:00:20")
    assert checking.first(OwedThing, id=left.id).status == "waived"  # nobody was left to stand in
    assert [(event.told["gone"], event.told["instead"]) for event in checking.events("duty.redrawn")] == [
        ("died", "next"), ("moved", "nobody"),
    ]  # fmt: skip
    assert checking.first(DutyPeriod, id=left.period).status == "owed"


def test_who_died_is_stood_in_for_after_the_township_became_another(checking: Town) -> None:
    people(checking, *["disabled"] * 3)
    draw(checking)
    gone, _ = checking.rows(OwedThing)
    lines = [Line(*row) for row in csv.reader(FILES[TABLE].splitlines()[1:])]
    merged = "\n".join([HEAD, *(",".join(line) for line in merging(lines, "2026-04-05", "2026-04-04"))])
    rules = replace(checking.rulebook, divisions=DivisionTree.parse(merged))
    books = Rulebooks(checking.database, {rules.id: rules}, today=lambda: local_date(checking.at))
    checking.deployment = replace(checking.deployment, rulebooks=books)
    checking.worker = Worker(
        checking.database, handlers(checking.deployment, checking.press, checking.now), checking.now
    )
    checking.work_until("2026-04-05T00:00:20")
    follow_divisions(checking.deployment, checking.at)
    checking.work_until()
    _died(checking, gone.person)
    plan(checking, "2026-04-10T00:00:20")
    now = checking.rows(OwedThing)
    assert sorted((one.status, one.because) for one in now) == [("ended", "died"), ("owed", ""), ("owed", "")]
    assert {one.unit for one in now if one.status == "owed"} == {f"township:{NEW}"}


def _died(town: Town, person: str) -> None:
    """Let it be written down that somebody died who belonged to no household."""
    told = {"what": "die", "field": "died", "on": town.at.date(), "made_at": town.at, "by": "account-township"}
    base = {"jurisdiction": town.rulebook.id, "residence": VILLAGE, "unit": f"township:{TOWNSHIP}"}
    with transaction(town.database, town.rulebook.id) as tx:
        tx.insert(Amendment(id=new_id(), person=person, **told, **base))


def test_where_the_rule_waives_who_is_gone_nobody_stands_in(tmp_path: Path, rulebook: Rulebook) -> None:
    duty = spot_check(rulebook)
    assert duty.sample is not None
    town = _town(tmp_path, rulebook, replace(duty, sample=replace(duty.sample, gone="waive")))
    town.at = parse("2026-04-01T00:00:20")
    people(town, *["disabled"] * 3)
    draw(town)
    _died(town, town.rows(OwedThing)[0].person)
    plan(town, "2026-04-10T00:00:20")
    assert [(one.status, one.because) for one in town.rows(OwedThing)] == [("waived", "died"), ("owed", "")]
    town.database.close()


def test_what_was_drawn_and_not_checked_in_its_period_is_missed(checking: Town) -> None:
    people(checking, *["disabled"] * 2)
    draw(checking)
    plan(checking, "2026-07-01T00:00:20")
    assert {thing.status for thing in checking.rows(OwedThing)} == {"missed"}
    assert checking.rows(DutyPeriod, begins_on=date(2026, 4, 1))[0].status == "missed"


def _closed(town: Town, serial: int = 24) -> str:
    """Close a case of the flow with a last task, and return its key."""
    case = town.dispatched()
    town.claim("doctor", town.task(case, "medical-insurance-bureau"))
    town.complete("doctor", town.task(case, "medical-insurance-bureau"))
    town.complete("centre", town.task(case, CENTRE), "done", TOLD)
    assert town.case(case).closed_at
    return case


def test_a_closed_case_is_visited_again_and_opening_it_again_ends_that(tmp_path: Path, rulebook: Rulebook) -> None:
    town = _town(tmp_path, rulebook, rulebook.duties["return-visits"])
    case = _closed(town)
    town.work_until()
    (thing,) = town.rows(OwedThing)
    owed, task = town.first(DutyPeriod, id=thing.period), town.first(Task, about=thing.period)
    assert (thing.subject, thing.about, thing.unit, thing.person) == ("event", case, CENTRE, town.case(case).person)
    assert (owed.begins_on, task.due_at) == (town.at.date(), parse("2026-04-09T23:59:59"))
    assert thing.due_at == task.due_at
    assert len(town.rows(Job, kind="remind", task=task.id)) >= 2
    town.later(minutes=10)
    reopen = Asked(
        verb="reopen", actor=town.actor("leader"), case=case, version=town.case(case).version, reason="群众反映"
    )
    do_to_case(town.deployment, reopen, town.at)
    town.work_until()
    ended = town.first(OwedThing, id=thing.id)
    assert (ended.status, ended.because) == ("ended", "reopened")
    assert town.first(DutyPeriod, id=thing.period).status == "withdrawn"
    town.later(minutes=10)
    town.complete("centre", town.task(case, CENTRE), "done", TOLD)
    town.work_until()
    (again,) = town.rows(OwedThing)  # the same day: the same visit is owed again
    assert (again.status, town.first(DutyPeriod, id=again.period).status) == ("owed", "owed")
    check(town, again, "centre")
    assert town.first(DutyPeriod, id=again.period).status == "visited"
    town.database.close()


def test_cases_are_drawn_from_those_of_the_month_before(tmp_path: Path, rulebook: Rulebook) -> None:
    duty = replace(rulebook.duties["return-visits"], sample=Sample("0.5", "month", 0))
    town = _town(tmp_path, rulebook, duty)
    case = _closed(town)
    town.work_until()
    assert town.rows(OwedThing) == []
    draw(town, "2026-04-01T00:00:20")
    (drawing,), (thing,) = town.rows(Drawing), town.rows(OwedThing)
    assert (drawing.begins_on, drawing.first, drawing.last) == (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 31))
    assert (thing.about, thing.due_at) == (case, parse("2026-05-06T23:59:59"))
    assert town.first(Case, id=case).person == thing.person
    town.database.close()
