"""Office time 办公时间 piece by piece: what limits in half days and in office hours are counted in."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile

from xunfang.clock import SHANGHAI
from xunfang.worktime.calendar import WorkCalendar
from xunfang.worktime.office import Hours, Office

Span = tuple[datetime, datetime]
"""A piece of office time, from its first moment to its end, in Chinese civil time."""


def half_days_after(begun: datetime, amount: int, calendar: WorkCalendar, office: Office) -> tuple[Span, ...]:
    """Return the next `amount` mornings or afternoons of workdays; the one in which it begins is not counted."""
    found: list[Span] = []
    halves = _pieces(begun.date(), calendar, office, halves=True)
    while len(found) < amount:
        half = next(halves)
        if half[0] > begun:
            found.append(half)
    return tuple(found)


def office_time_after(begun: datetime, length: timedelta, calendar: WorkCalendar, office: Office) -> tuple[Span, ...]:
    """Return the office time of a length that follows a moment: exact to the second, outside office hours none runs."""
    found: list[Span] = []
    pieces = _pieces(begun.date(), calendar, office)
    while length > timedelta():
        opens, closes = next(pieces)
        begins = max(opens, begun)
        if begins < closes:
            ends = min(closes, begins + length)
            found.append((begins, ends))
            length -= ends - begins
    return tuple(found)


def between(
    first: datetime, last: datetime, calendar: WorkCalendar, office: Office, *, halves: bool = False
) -> tuple[Span, ...]:
    """Return the office time between two moments, cut off at both."""
    pieces = takewhile(lambda span: span[0] < last, _pieces(first.date(), calendar, office, halves=halves))
    return tuple((max(opens, first), min(closes, last)) for opens, closes in pieces if closes > first)


def _pieces(day: date, calendar: WorkCalendar, office: Office, *, halves: bool = False) -> Iterator[Span]:
    """Yield the office hours of every workday from a day on, without end."""
    while True:
        if calendar.day(day).is_workday:
            hours: Hours = office.halves_on(day) if halves else office.on(day)
            for opens, closes in hours:
                yield datetime.combine(day, opens, SHANGHAI), datetime.combine(day, closes, SHANGHAI)
        day += timedelta(days=1)
