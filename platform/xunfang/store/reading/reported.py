"""What reports 报表 are filled in with: figures as they were counted, and the returns that one collects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.store.database import Reader
from xunfang.store.reading.case_file import submission_views
from xunfang.store.reading.sight import DUTY
from xunfang.store.tables import DutyPeriod, Figure, ReportedFigure
from xunfang.worktime import Period

MOST_RETURNS = 2_000
"""So many returns, at most, go into one summary."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What a unit owes, or handed in, of what a summary collects; `answers` is None where no form was handed in."""

    owed: DutyPeriod
    answers: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReportSource:
    """What the reports of a jurisdiction are filled in with: of a report that the caller found to be in sight."""

    reader: Reader
    jurisdiction: str

    def counted(self, figure: str, period: Period) -> dict[str, Figure]:
        """Return what a figure came to in a period, by owner; nothing where it was not counted yet."""
        where = {"indicator": figure, "every": period.every.value, "begins_on": period.first}
        return {row.owner: row for row in self.reader.every(Figure, jurisdiction=self.jurisdiction, **where)}

    def sealed(self, period: str) -> dict[str, ReportedFigure]:
        """Return the figures of what was handed in, by field."""
        return {row.field: row for row in self.reader.every(ReportedFigure, period=period)}

    def returned(self, duty: str, every: str, first: date, last: date) -> list[Returned]:
        """Return what units owe and handed in under a duty for the periods that begin within two days."""
        begun = (DUTY.begins_on >= first) & (DUTY.begins_on <= last) & (DUTY.every == every)
        theirs = (DUTY.jurisdiction == self.jurisdiction) & (DUTY.duty == duty) & (DUTY.alert == "")
        query = DUTY.select(DUTY.id).where(theirs & begun).order_by(DUTY.begins_on, DUTY.unit).limit(MOST_RETURNS)
        keys = [row["id"] for row in self.reader.fetch(query)]
        rows = [row for row in (self.reader.find(DutyPeriod, key) for key in keys) if row]
        told = submission_views(self.reader, [row.answers for row in rows if row.answers])
        return [Returned(row, _answers(told, row)) for row in rows]


def _answers(told: Mapping[str, Any], row: DutyPeriod) -> Mapping[str, Any] | None:
    view = told.get(row.answers)
    return view.answers if view else None


def returns_in(rows: Sequence[Returned], unit: str, first: date) -> Returned | None:
    """Return what a unit owes for the period that begins on a day, None where nothing was asked of it."""
    return next((row for row in rows if row.owed.unit == unit and row.owed.begins_on == first), None)
