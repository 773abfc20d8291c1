"""Office hours 办公时间: those of every day, and those of a season."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from xunfang.worktime.yearspan import YearSpan, parse_span

Hours = tuple[tuple[time, time], ...]
"""When an office is open on a day, morning first: pairs of opening and closing time, at least one."""

_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Season:
    """Office hours of a part of every year, such as summer."""

    span: YearSpan
    hours: Hours

    @property
    def name(self) -> str:
        """Return the season in Chinese: 夏季（6月1日至9月30日）, or its days alone where it has no name."""
        return self.span.name

    def holds(self, day: date) -> bool:
        """Return whether a day lies in the season."""
        return self.span.holds(day)


@dataclass(frozen=True, slots=True)
class Office:
    """The hours in which an office is open; the first season that holds on a day goes before those of every day."""

    hours: Hours
    seasons: tuple[Season, ...] = ()

    def on(self, day: date) -> Hours:
        """Return the hours of a day, if people work on it at all."""
        season = self.season_on(day)
        return season.hours if season else self.hours

    def season_on(self, day: date) -> Season | None:
        """Return the season that holds on a day, None where the hours of every day do."""
        return next((season for season in self.seasons if season.holds(day)), None)

    def opens_on(self, day: date) -> time:
        """Return the time at which the office opens on the morning of a day."""
        return self.on(day)[0][0]

    def closes_on(self, day: date) -> time:
        """Return the time at which the office closes on a day; a limit in workdays ends then (民法典第二百零三条)."""
        return self.on(day)[-1][1]

    def halves_on(self, day: date) -> Hours:
        """Return the morning and the afternoon of a day 半日; hours without a break are parted at noon."""
        hours = self.on(day)
        morning = [span for span in hours if span[0] < _NOON]
        afternoon = [span for span in hours if span[0] >= _NOON]
        if not afternoon and hours[-1][1] > _NOON:
            return ((hours[0][0], _NOON), (_NOON, hours[-1][1]))
        return tuple((part[0][0], part[-1][1]) for part in (morning, afternoon) if part)


def parse_office(texts: Iterable[str], seasons: Iterable[Season] = ()) -> Office:
    """Return the office whose hours are written as ["08:30-12:00", "13:30-17:30"].

    Raises ValueError with a Chinese sentence when a text is no span of time, or spans overlap or are out of order.
    """
    return Office(_hours(texts), tuple(seasons))


def parse_season(first: str, last: str, texts: Iterable[str], label: str = "") -> Season:
    """Return the season from one day of every year to another, written as "06-01", with its hours and its name.

    Raises ValueError with a Chinese sentence when a day does not exist or the hours can't be read.
    """
    return Season(parse_span(first, last, label), _hours(texts))


def _hours(texts: Iterable[str]) -> Hours:
    hours = tuple(_span(text) for text in texts)
    if not hours:
        raise ValueError("办公时间至少要写一段，例如 08:30-12:00。")
    edges = [edge for span in hours for edge in span]
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise ValueError("办公时间各段须从早到晚排列，不得重叠，结束晚于开始。")
    return hours


def _span(text: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"办公时间“{text}”无法识别，应写成“08:30-12:00”。")
    hour, minute, end_hour, end_minute = map(int, found.groups())
    try:
        return time(hour, minute), time(end_hour, end_minute)
    except ValueError:
        raise ValueError(f"办公时间“{text}”超出一天的时刻，应在 00:00 至 23:59 之间。") from None
