"""What is owed 定期任务, and the events 应急响应 during which more is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPeriod:
    """What one unit owes under a duty 定期任务 for one period.

    `status`: "owed", "reported", "nil" 零报告, "waived" 免报, with the event it was owed for "withdrawn", or "replaced"
    while a duty of an event stands in its place; `ended_at` is set with all but the first. `every` and `begins_on` name
    the period (`every` is "" for what is owed once, from that day on), `to` the units that are reported to, each by the
    same report. `residence` is where the unit works, which decides who sees it. `answers` is the key of the submission
    that was handed in, if its duty has a form. `alert` is the event 应急响应 during which it is owed or replaced, ""
    for none, and `turn` the step of it since which it is. `receivers` is how many `to` are: lists look for one alone.
    """

    id: str
    jurisdiction: str
    duty: str
    unit: str
    to: tuple[str, ...]
    residence: str
    every: str
    begins_on: date
    release: str
    opened_at: datetime
    status: str = "owed"
    answers: str = ""
    ended_at: datetime | None = None
    version: int = 1
    alert: str = ""
    turn: int = 0
    receivers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An event 应急响应, declared for places (divisions) by a unit that works in `residence`.

    `steps` are its levels one after another, each with the moment (`at`, ISO) from which it holds; the first may lie
    ahead. `answers` is the key of the summary it was closed with, if its kind has a form for that.
    """

    id: str
    jurisdiction: str
    kind: str
    places: tuple[str, ...]
    steps: Sequence[Mapping[str, Any]]
    unit: str
    residence: str
    release: str
    declared_at: datetime
    ended_at: datetime | None = None
    answers: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedThing:
    """One thing 一件 that a duty falls on within a period: somebody to be visited, or what was drawn to be checked.

    `subject` is "visit", "added" (a category that was added), "event" (it happened in a case) or "drawn"; `about`
    is the key of the person or case it is about, `person` that of the person. `matter` is what may be owed about them
    only once at a time: the form of a visit, else the duty. `period` is what the unit owes as a whole (a DutyPeriod),
    `asks` what of the duty asks for it (its own period, or one of its rhythms). `planned_at` begins the day it is
    planned for; `needed` of it are due by `due_at`, of which `made` are. `status`: "owed", "done", "missed" when its
    period is over, "waived", or "ended" when nothing asks for it any more; `because`, where that is known: "died",
    "moved", "reopened", "voided". `submission` is the form it was done with.
    """

    id: str
    jurisdiction: str
    residence: str
    duty: str
    asks: str
    subject: str
    matter: str
    about: str
    person: str
    period: str
    unit: str
    every: str
    begins_on: date
    ends_on: date
    planned_at: datetime
    due_at: datetime
    needed: int = 1
    made: int = 0
    status: str = "owed"
    submission: str = ""
    ended_at: datetime | None = None
    version: int = 1
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A draw 抽取: what one unit checks of what there was, drawn once for a period and never again.

    `lots` are what was drawn from, a line each: its key, its stratum and its place. `digest` is theirs and `seed` what
    ranked them, by which anybody draws the same again; `minimum` is how many were drawn at least. `strata` tell in
    words what each was, how many it had and how many of it were wanted. `drawn` are the keys first drawn; who stands in
    for one that is gone is told by the things that are owed. `period` is what the unit owes as a whole, and `first` and
    `last` the days in which what was drawn from came about, of cases.
    """

    id: str
    jurisdiction: str
    residence: str
    duty: str
    unit: str
    every: str
    begins_on: date
    period: str
    release: str
    drawn_at: datetime
    seed: str
    digest: str
    population: int
    minimum: int
    lots: str
    strata: Sequence[Mapping[str, Any]]
    drawn: tuple[str, ...]
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFigure:
    """One figure of a report as it was handed in: what was counted, and what the person made of it.

    `period` is what was owed (a DutyPeriod), `place` its place in the report. `counted` is what stood there before
    anybody filled it in, "" where nothing was counted yet, `things` how many things that counts; `told` is what was
    handed in, and `reason` why that is another number.
    """

    id: str
    jurisdiction: str
    residence: str
    period: str
    field: str
    place: int
    counted: str
    told: str
    reason: str
    things: int
    counted_at: datetime | None
