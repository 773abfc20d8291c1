"""A small year of a county in the suite; `make year` lives a whole one."""

import json
from collections import Counter
from datetime import date

import pytest

from year.aid import Aid, Help
from year.recount import OneTask, Recount, Rules, Told
from year.reports import Reports
from year.rolls import OneRoll, Rolls
from year.run import Ended, compare, lived

PEOPLE = 300
"""Households helped in each county: a tenth of the year that `make year` lives."""
DAYS = 253
"""To the tenth of September: past the merger, a half-year, and the rules to which open cases are moved."""
COUNTIES = {"370304-boshan": ("cases", "duties", "visits", "papers", "lists"), "3705-dongying": ("duties", "visits")}
"""Of what each lives something, however few they are."""


@pytest.mark.slow
@pytest.mark.parametrize("county", COUNTIES)
def test_a_year_agrees_with_what_its_events_come_to(county: str) -> None:
    ended = lived(county, PEOPLE, seed=3, days=DAYS)
    assert ended.differ == []
    assert ended.broken == []
    assert ended.agree > 1500
    assert min(ended.rows[what] for what in COUNTIES[county]) > 0
    assert min(ended.done[what] for what in ("rosters signed", "rosters paid", "hand-in")) > 0


def test_a_figure_that_the_system_has_otherwise_is_told() -> None:
    ended = Ended("somewhere")
    compare(
        Counter({("cases", "clue"): 3, ("visits", "here"): 1}),
        Counter({("cases", "clue"): 2, ("visits", "here"): 1}),
        ended,
    )
    assert (ended.agree, ended.differ) == (1, ["cases / clue: 3 by the events, 2 by the system"])


def _recounted(*told: Told) -> OneTask:
    recount = Recount(Rules({}, (), "37"), {})
    recount.cases["c"] = None  # type: ignore[assignment]
    recount.read(iter(told))
    recount.last = "2026-12-31T23:59:59"
    (task,) = recount.tasks.values()
    if not task.ended:
        recount._pass(task, recount.last)
    return task


def _told(at: str, name: str, **data: object) -> Told:
    return Told(at, name, "c", "t", "township:1", data)


OPENED = _told(
    "2026-03-02T09:00:00", "task.opened", unit="township:1", state="s", role="lead", due_at="2026-03-09T17:30:00+08:00"
)


def test_a_limit_that_passed_before_it_was_extended_is_a_breach() -> None:
    later = _told("2026-03-10T09:00:00", "task.extended", now_due="2026-03-20T17:30:00+08:00")
    assert _recounted(OPENED, later).breach == "2026-03-09T17:30:00"


def test_a_limit_that_was_moved_in_time_is_none() -> None:
    later = _told("2026-03-09T09:00:00", "task.extended", now_due="2027-03-20T17:30:00+08:00")
    assert _recounted(OPENED, later).breach == ""


def test_who_assists_goes_by_the_clock_of_whom_they_assist() -> None:
    recount = Recount(Rules({}, (), "37"), {})
    asked = {"unit": "township:2", "state": "s", "role": "assist", "due_at": "2026-03-09T17:30:00+08:00"}
    later = _told("2026-03-06T09:00:00", "task.extended", now_due="2026-03-20T17:30:00+08:00")
    assisted = Told("2026-03-10T09:00:00", "task.assisted", "c", "a", "township:2", {})
    recount.read(iter([OPENED, Told("2026-03-02T09:00:00", "task.opened", "c", "a", "township:2", asked), later]))
    recount.cases["c"] = None  # type: ignore[assignment]
    recount.read(iter([assisted]))
    assert (recount.tasks["a"].due, recount.tasks["a"].in_time) == ("2026-03-20T17:30:00", True)


def test_who_assists_goes_over_to_whoever_the_task_is_handed_on_to() -> None:
    recount = Recount(Rules({}, (), "37"), {})
    asked = {"unit": "township:2", "state": "s", "role": "assist", "due_at": "2026-03-09T17:30:00+08:00"}
    handed = {"unit": "office", "state": "s", "role": "lead", "due_at": "2026-03-20T17:30:00+08:00"}
    at = "2026-03-12T09:00:00"
    recount.read(iter([OPENED, Told("2026-03-02T09:00:00", "task.opened", "c", "a", "township:2", asked)]))
    recount.cases["c"] = None  # type: ignore[assignment]
    recount.read(iter([_told(at, "task.transferred"), Told(at, "task.opened", "c", "new", "office", handed)]))
    recount.read(iter([Told("2026-03-13T09:00:00", "task.assisted", "c", "a", "township:2", {})]))
    assert (recount.tasks["a"].due, recount.tasks["a"].in_time) == ("2026-03-20T17:30:00", True)


def test_while_it_stands_still_nothing_falls_due() -> None:
    assert _recounted(OPENED, _told("2026-03-04T09:00:00", "task.suspended")).breach == ""


def test_what_stands_still_falls_due_by_no_new_limit_either() -> None:
    still = _told("2026-03-04T09:00:00", "task.suspended")
    shorter = _told("2026-03-05T09:00:00", "task.limit_changed", now_due="2026-03-06T17:30:00+08:00")
    assert _recounted(OPENED, still, shorter).breach == ""
    goes_on = _told("2026-03-10T09:00:00", "task.resumed", now_due="2026-03-12T17:30:00+08:00")
    assert _recounted(OPENED, still, shorter, goes_on).breach == "2026-03-12T17:30:00"


def _paying(*told: Told) -> tuple[Rolls, list[OneRoll]]:
    """Return what the rosters of one person come to who has 500 yuan a month, for two people."""
    aid = Aid(Recount(Rules({}, (), "37"), {}))
    aid.recount.rules.rosters["roll"] = {"programme": "aid"}
    granted = Help("p", "aid", "granted", date(2025, 11, 20), None, 50_000, 2, "2025-11")
    aid.found([("p", "370304102200", granted)])
    rolls = Rolls(aid)
    for event in told:
        aid.hear(event)
        rolls.hear(event)
    return rolls, list(rolls.rolls.values())


def _rolled(at: str, what: str, month: str, **data: object) -> Told:
    told = {"roll": month, "roster": "roll", "month": f"{month}-01", "person": "p", "paid_for": f"{month}-01", **data}
    return Told(at, f"roll.{what}", "", "", "office", told)


BEGUN = (_rolled("2026-01-05T09:00:00", "begun", "2026-01"), _rolled("2026-01-05T09:01:00", "drafted", "2026-01"))
NEXT = (_rolled("2026-02-05T09:00:00", "begun", "2026-02"), _rolled("2026-02-05T09:01:00", "drafted", "2026-02"))


def _pays(roll: OneRoll) -> list[tuple[str, str, int]]:
    return [(f"{month:%m}", pay.kind, pay.cents) for (_, month), pay in roll.pays.items()]


def test_what_was_held_back_is_paid_with_the_next_roster() -> None:
    _, (first, second) = _paying(*BEGUN, _rolled("2026-01-06T09:00:00", "line_held", "2026-01"), *NEXT)
    assert (_pays(first), first.pays["p", date(2026, 1, 1)].held_back) == ([("01", "regular", 50_000)], True)
    assert _pays(second) == [("01", "back", 50_000), ("02", "regular", 50_000)]


def test_a_roster_that_was_given_back_paid_nobody() -> None:
    again = (_rolled("2026-01-07T09:00:00", what, "2026-01", roll="again") for what in ("begun", "drafted"))
    rolls, (first, second) = _paying(*BEGUN, _rolled("2026-01-06T09:00:00", "returned", "2026-01"), *again)
    assert (_pays(first), _pays(second)) == ([("01", "regular", 50_000)],) * 2
    assert rolls.figures()["roster cents", "roll", "office", "2026-01"] == 50_000


def test_who_died_is_paid_no_more() -> None:
    died = Told("2026-01-20T09:00:00", "person.died", "", "", "township:1", {"person": "p", "ended": ["aid"]})
    _, (_, second) = _paying(*BEGUN, died, *NEXT)
    assert _pays(second) == []


def test_what_comes_once_a_summary_is_in_does_not_stand_in_it() -> None:
    recount = Recount(Rules({}, (), "37"), {"early": {"visits": 3}, "late": {"visits": 4}, "sum": {}})
    form = json.dumps({"properties": {"visits": {"type": "integer"}}})
    recount.rules.files, recount.rules.layers = {"forms/here/form.json": form}, ("here",)
    monthly = {"every": "month", "covers": "previous month", "form": "form", "of": "township"}
    recount.rules.duties |= {"report": {**monthly, "fills": {"x": {"tells": "period"}}}}
    recount.rules.duties |= {"summary": {**monthly, "collects": "report"}}
    reports = Reports(recount, Aid(recount))
    for task, duty, unit in (("1", "report", "township:3701"), ("2", "report", "township:3702"), ("s", "summary", "c")):
        data = {"duty": duty, "unit": unit, "due_at": "2026-03-05T17:30:00+08:00"}
        for reading in (recount, reports):
            reading.hear(Told("2026-03-01T00:01:00", "duty.opened", "", task, unit, data))
    for day, task, form in ((3, "1", "early"), (9, "s", "sum"), (11, "2", "late")):
        for reading in (recount, reports):
            reading.hear(Told(f"2026-03-{day:02}T09:00:00", "duty.reported", "", task, "", {"submission": form}))
    found = reports.figures()
    assert found["report summed", "summary", "c", "2026-03", "visits"] == 300
    assert found["summary total", "summary", "c", "2026-03", "visits"] == 300
    assert found["report told", "report", "township:3702", "2026-03", "visits"] == 400
