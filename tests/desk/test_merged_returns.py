"""What a summary collects once townships are merged: what was handed in before stays with it, nothing comes twice."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from actions.test_following import FILES, JURISDICTION
from merged import NEW, ONE, OTHER, changed, merging
from xunfang.actions.reports import prepared_report
from xunfang.casework import DutyPeriod
from xunfang.clock import parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.store.reading.reported import Returned

RULEBOOK = compile_rulebook(changed(FILES, merging), JURISDICTION).on(date(2026, 12, 1))
CENTRE = "service-centre"
LATER = parse("2026-12-01T09:00")


def owed(duty: str, unit: str, to: str, month: int, **told: Any) -> DutyPeriod:
    return DutyPeriod(
        id=f"{duty} {unit} {month}", jurisdiction=RULEBOOK.id, duty=duty, unit=unit, to=(to,), residence=ONE,
        every="month", begins_on=date(2026, month, 1), release=RULEBOOK.digest, opened_at=LATER, **told,
    )  # fmt: skip


@dataclass
class Source:
    """What was handed in, as it stands in memory."""

    rows: list[Returned] = field(default_factory=list)

    def takes(self, place: str, month: int, visited: int | None, status: str = "reported", to: str = CENTRE) -> None:
        answers = None if visited is None else {"households_visited": visited}
        row = owed("township-monthly", f"township:{place}", to, month, status=status, ended_at=LATER)
        self.rows.append(Returned(row, answers))

    def counted(self, figure: str, period: object) -> dict[str, Any]:
        return {}

    def returned(self, duty: str, every: str, first: date, last: date) -> list[Returned]:
        return [row for row in self.rows if first <= row.owed.begins_on <= last]


@pytest.fixture
def source() -> Source:
    return Source()


def summed(source: Source, month: int) -> tuple[list[str], Any]:
    """Return whose returns a month's summary tells of, of both townships, and how many visits they come to."""
    found = prepared_report(source, RULEBOOK, owed("district-monthly", CENTRE, "leading-group-office", month))  # type: ignore[arg-type]
    assert found is not None
    told = [each.unit.partition(":")[2] for each in found.returns if each.unit.endswith((ONE, OTHER, NEW))]
    return told, next(figure.value for figure in found.figures if figure.field == "households_visited")


def test_what_both_townships_handed_in_before_they_were_one_is_told_of_both(source: Source) -> None:
    source.takes(ONE, 3, 5)
    source.takes(OTHER, 3, 7)
    assert summed(source, 3) == ([ONE, OTHER], 12)


def test_what_one_handed_in_stands_beside_what_came_to_the_new_one(source: Source) -> None:
    source.takes(ONE, 3, 5)
    source.takes(NEW, 3, 7)
    assert summed(source, 3) == ([NEW, ONE], 12)


def test_what_was_let_off_because_the_new_one_owes_it_is_told_once(source: Source) -> None:
    source.takes(NEW, 4, 7)
    source.takes(OTHER, 4, None, "waived")
    assert summed(source, 4) == ([NEW], 7)


def test_what_was_reported_elsewhere_is_neither_told_nor_missing(source: Source) -> None:
    source.takes(ONE, 3, 5, to="another-centre")
    source.takes(OTHER, 3, 7)
    assert summed(source, 3) == ([OTHER], 7)


def test_nobody_handed_in_what_the_new_one_owes_yet(source: Source) -> None:
    assert summed(source, 4) == ([NEW], 0)
