"""A small year of a county in the suite; `make year` lives a whole one."""

from collections import Counter

import pytest

from year.recount import OneTask, Recount, Rules, Told
from year.run import Ended, compare, lived

PEOPLE = 40
"""Households helped: a hundred-and-fiftieth of the year that `make year` lives."""
DAYS = 253
"""To the tenth of September: past the merger, a half-year, and the rules to which open cases are moved."""


@pytest.mark.slow
def test_a_year_agrees_with_what_its_events_come_to() -> None:
    ended = lived("370304-boshan", PEOPLE, seed=3, days=DAYS)
    assert ended.differ == []
    assert ended.broken == []
    assert ended.agree > 200
    assert min(ended.rows[what] for what in ("cases", "duties", "visits", "papers", "lists")) > 0


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


def test_while_it_stands_still_nothing_falls_due() -> None:
    assert _recounted(OPENED, _told("2026-03-04T09:00:00", "task.suspended")).breach == ""
