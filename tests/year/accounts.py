"""What the system has of money, rosters and reports, as the same figures that the recount comes to."""

import re
from collections import Counter
from typing import Any

from xunfang.casework.rows import ReportedFigure, Roll, RollLine
from xunfang.clock import local
from xunfang.desk.reported import ReportReadings
from xunfang.rules.reports import numbers_of
from xunfang.store import connection
from xunfang.store.reading.case_file import submission_views
from year.county import County
from year.kept import Tables
from year.recount import Figures

_TOWNSHIP = len("370304102")
_BETWEEN_NAMES = re.compile("、(?![^“]*”)")
_VOID = ("returned", "dropped")


def money(tables: Tables) -> Figures:
    """Return what was decided, for how many and for how much, by programme and month."""
    found: Figures = Counter()
    for held in tables.entitlements:
        if held.withdrawn_at is None:
            which = (held.state, held.programme)
            month = f"{local(held.decided_at):%Y-%m}"
            found["entitlements", *which, month] += 1
            found["entitlements begin", *which, f"{held.since:%Y-%m}"] += 1
            found["entitlements end", *which, f"{held.until:%Y-%m-%d}" if held.until else "never"] += 1
            found["cents decided", *which, month] += held.cents or 0
            found["members decided", *which, month] += held.members
    return found


def rosters(county: County, tables: Tables) -> Figures:
    """Return what was paid, by roster, month, kind and township, and how each roster stands."""
    found: Figures = Counter()
    for roll in tables.every(Roll):
        which = (roll.roster, roll.unit, f"{roll.month:%Y-%m}")
        found["rosters", *which, roll.status] += 1
        if roll.status not in _VOID:
            found.update(_lines(county, which, county.rows(RollLine, roll=roll.id)))
            for name in ("households", "insured", "cents"):
                found[f"roster {name} told", *which] += getattr(roll, name)
    return found


def _lines(county: County, which: tuple[str, str, str], lines: list[RollLine]) -> Figures:
    found: Figures = Counter()
    for line in lines:
        township = county.now().divisions.follow(line.residence)[:_TOWNSHIP]
        how = "held back" if line.held_back else line.kind
        key = (*which, how, f"{line.month:%Y-%m}", township)
        found["roster lines", *key] += 1
        found["roster cents", *key] += line.cents
        if not line.held_back:
            found["roster cents", *which] += line.cents
            found["roster households", *which] += line.kind in ("regular", "resumed")
            found["roster insured", *which] += line.insured if line.kind in ("regular", "resumed") else 0
    return found


def reports(county: County, tables: Tables) -> Figures:
    """Return what reports told, what was counted for them beforehand, and what summaries show."""
    found: Figures = Counter()
    book = county.now()
    wanted = {duty.id: duty for duty in book.duties.values() if duty.fills or duty.collects}
    owed = [one for one in tables.duties if one.duty in wanted and one.every == "month"]
    with connection(county.database, county.jurisdiction) as reader:
        told = submission_views(reader, [one.answers for one in owed if one.answers])
    noted: dict[str, list[ReportedFigure]] = {}
    for row in tables.every(ReportedFigure):
        noted.setdefault(row.period, []).append(row)
    for one in owed:
        which = (one.duty, one.unit, f"{one.begins_on:%Y-%m}")
        answers = told[one.answers].answers if one.answers in told else {}
        for name in numbers_of(book.forms[wanted[one.duty].form]):
            found["report told", *which, name] += hundredths(answers.get(name))
        for fill in wanted[one.duty].fills:
            if fill.tells == "missing" and answers.get(fill.field):
                names = _BETWEEN_NAMES.split(answers[fill.field])
                found.update(("report missing", *which, name) for name in names)
        filled = {fill.field for fill in wanted[one.duty].fills if fill.of}
        for row in noted.get(one.id, ()):
            what = "counted" if row.field in filled else "summed"
            found[f"report {what}", *which, row.field] += hundredths(float(row.counted or 0))
    return found + _summaries(county, [one for one in owed if wanted[one.duty].collects])


def _summaries(county: County, owed: list[Any]) -> Figures:
    """Return the lines and totals of the tables that summaries show."""
    found: Figures = Counter()
    desk, book = ReportReadings(county.deployment), county.now()
    units = {one.id: one.unit for one in Tables(county.database, county.jurisdiction).duties}
    for one in owed:
        reader = county.of(one.unit)
        table = desk.table(reader, one.id)
        form = book.forms[book.duties[book.duties[one.duty].collects].form]
        which = (one.duty, one.unit, f"{one.begins_on:%Y-%m}")
        for name, value in zip(numbers_of(form), table.total.values if table.total else (), strict=False):
            found["summary total", *which, name] += hundredths(value)
        for line in table.lines:
            place = book.divisions.follow(units[line.duty].partition(":")[2]) if line.duty else ""
            for name, value in zip(numbers_of(form), line.values, strict=False):
                found["summary line", *which, place, name] += hundredths(value)
    return found


def hundredths(told: Any) -> int:
    """Return a number in hundredths, nothing for none."""
    return round(told * 100) if isinstance(told, (int, float)) and not isinstance(told, bool) else 0
