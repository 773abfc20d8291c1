"""What is done again and again in a demonstration's year, each month or week, and left undone now and then."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from xunfang.clock import SHANGHAI, local_date
from xunfang.demo.moments import Telling
from xunfang.demo.step import Step, Table

OPEN, VISIT, HAND_IN, NIL, COUNT = "open-duties", "visit-due", "hand-in", "nil", "count"
COUNT_REPORT, _EARLIER = "count-report", timedelta(minutes=15)
_MIDNIGHT = time(0, 5)
COUNTED = 11
"""So many months back indicators are counted."""


def rhythm(year: Table, told: Telling) -> Iterator[Step]:
    """Yield what recurs, what is owed for each period as it begins, and at last what the months came to."""
    months = int(year.get("months", 0))
    for n, routine in enumerate(_single(year.get("routines", ()))):
        for place, (ago, moment) in enumerate(_moments(routine, told, months)):
            if ago not in routine.get("left", ()):
                if routine["act"] == HAND_IN:  # whoever hands a report in lets its figures be counted first
                    first = told.filled(routine, moment)
                    yield Step(moment - _EARLIER, f"routine-{n}", place, COUNT_REPORT, routine["by"], first)
                yield Step(moment, f"routine-{n}", place, routine["act"], routine["by"], told.filled(routine, moment))
    for place, day in enumerate(_openings(told, months, int(year.get("weeks", 0)))):
        yield Step(datetime.combine(day, _MIDNIGHT, SHANGHAI), OPEN, place, OPEN, "", {})
    for place, day in enumerate(_months(told, COUNTED) if months else ()):
        at = told.base - timedelta(minutes=5)
        yield Step(at, COUNT, place, COUNT, year["counted_by"], {"day": day.isoformat()})


def _single(routines: Iterable[Table]) -> Iterator[Table]:
    """Yield each act of what recurs by itself, with what it shares with the others of its routine."""
    for routine in routines:
        yield from ({**routine, **act} for act in routine.get("acts", ({},)))


def _moments(routine: Table, told: Telling, months: int) -> Iterator[tuple[int, datetime]]:
    """Yield how many months, or weeks, ago something was to be done, and when: on a workday, at its hour."""
    if routine.get("every") == "week":
        monday = local_date(told.base) - timedelta(days=local_date(told.base).weekday())
        days = [(ago, monday - timedelta(days=7 * ago - int(routine["day"]) + 1)) for ago in range(routine["weeks"])]
    else:
        firsts = reversed(list(_months(told, int(routine.get("months", months)))))
        days = [(ago, _day_of(first, int(routine["day"]))) for ago, first in enumerate(firsts)]
    for ago, day in sorted(days, reverse=True):
        calendar = told.rulebook.calendar
        worked = day if calendar.day(day).is_workday else calendar.workdays_after(day, 1)[0]
        yield ago, datetime.combine(worked, time.fromisoformat(routine["at"]), SHANGHAI)


def _day_of(first: date, day: int) -> date:
    """Return a day of a month, its last one where it is shorter."""
    following = (first + timedelta(days=32)).replace(day=1)
    return min(first + timedelta(days=day - 1), following - timedelta(days=1))


def _months(told: Telling, months: int) -> Iterator[date]:
    """Yield the first day of each of the last months, that of today last."""
    today = local_date(told.base)
    for ago in reversed(range(months + 1)):
        whole = today.year * 12 + today.month - 1 - ago
        yield date(whole // 12, whole % 12 + 1, 1)


def _openings(told: Telling, months: int, weeks: int) -> list[date]:
    """Return the days on which what is owed is looked at: each month as it begins, each of the last weeks, today."""
    if not months:
        return []
    today = local_date(told.base)
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(days=7 * ago) for ago in range(weeks)]
    return sorted({*_months(told, months), *mondays, today})
