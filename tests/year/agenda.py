"""What is to be done in the year, each at its moment: an agenda that grows while it is gone through."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from xunfang.clock import local, local_date
from xunfang.worktime import WorkCalendar

Deed = Callable[..., object]


class Agenda:
    """Deeds by their moments, to the second as the clock tells them. People work on workdays, from half past eight."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._heap: list[tuple[datetime, int, Deed, tuple[Any, ...]]] = []
        self._numbers = count()

    def put(self, moment: datetime, deed: Deed, *about: Any) -> None:
        heapq.heappush(self._heap, (moment, next(self._numbers), deed, about))

    def next_until(self, end: datetime) -> tuple[datetime, Deed, tuple[Any, ...]] | None:
        """Take the next deed before a moment, None when there is none."""
        if not self._heap or self._heap[0][0] >= end:
            return None
        moment, _, deed, about = heapq.heappop(self._heap)
        return moment, deed, about

    def within(self, day: date, first: float = 8.5, last: float = 17.5) -> datetime:
        """Return a moment of a day between two hours."""
        return local(datetime.combine(day, time())) + timedelta(seconds=int(self.chance.uniform(first, last) * 3600))

    def at_work(self, calendar: WorkCalendar, at: datetime, days: float) -> datetime:
        """Return a moment some days after another, on the next day on which people work."""
        moment = (local(at) + timedelta(days=days)).replace(microsecond=0)
        if calendar.day(local_date(moment)).is_workday and 8.5 <= moment.hour + moment.minute / 60 < 17.5:
            return moment
        day = local_date(moment) + timedelta(days=moment.hour >= 17)
        while not calendar.day(day).is_workday:
            day += timedelta(days=1)
        return max(self.within(day), moment + timedelta(seconds=1))
