"""The working calendar 工作日历: weekends, holidays and make-up workdays 调休补班, year by year."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SATURDAY = 5
_KEYS = frozenset({"year", "published", "source", "holidays", "workdays"})


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `reason` says why it is a rest day, or why people work on a weekend; an ordinary workday has none."""

    is_workday: bool
    reason: str
    published: bool


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday 节日 and every day off it brings within one year, days moved there from weekends included."""

    name: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class YearDays:
    """What the yearly notice of the State Council's office says. `published` is False while it is not yet out."""

    year: int
    published: bool
    source: str = ""
    holidays: Mapping[str, Holiday] = field(default_factory=dict)
    workdays: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Year:
    days: tuple[Day, ...]
    workdays: tuple[date, ...]


class WorkCalendar:
    """Which days are workdays, and why; a year without a published notice is Monday to Friday less its listed holidays.

    Immutable for its users: years are worked out when first asked for, then kept.
    """

    def __init__(self, years: Mapping[int, YearDays]) -> None:
        self._sources = dict(years)
        self._years: dict[int, _Year] = {}

    @property
    def last_published(self) -> int:
        """Return the last year whose notice is out; 0 when there is none."""
        return max((year for year, days in self._sources.items() if days.published), default=0)

    def is_published(self, year: int) -> bool:
        """Return whether the notice for a year is out; before that, every count through the year is provisional."""
        source = self._sources.get(year)
        return source is not None and source.published

    def day(self, day: date) -> Day:
        """Return what kind of day it is."""
        return self._year(day.year).days[_place(day)]

    def workdays_after(self, start: date, n: int) -> tuple[date, ...]:
        """Return the next `n` workdays after a day, that day itself not counted; of any year, never fewer than `n`."""
        found: tuple[date, ...] = ()
        year = start.year
        place = bisect_right(self._year(year).workdays, start)
        while True:
            found += self._year(year).workdays[place : place + n - len(found)]
            if len(found) >= n:
                return found
            year, place = year + 1, 0

    def workdays_between(self, start: date, end: date, most: int = 800) -> int:
        """Return how many workdays lie after `start`, up to and including `end`; counting stops at `most` days."""
        last = min(end, start + timedelta(days=most))
        return sum(self._workdays_in(year, start, last) for year in range(start.year, last.year + 1))

    def _workdays_in(self, year: int, start: date, last: date) -> int:
        found = self._year(year).workdays
        return max(0, bisect_right(found, last) - bisect_right(found, start))

    def workday_before(self, start: date, n: int = 1) -> date:
        """Return the `n`th workday before a day, that day itself not counted; `n` is at least 1."""
        year = start.year
        place = bisect_left(self._year(year).workdays, start) - n
        while place < 0:
            year -= 1
            place += len(self._year(year).workdays)
        return self._year(year).workdays[place]

    def rest_days(self, first: date, last: date) -> Iterator[tuple[date, str]]:
        """Yield every rest day from the first to the last day, both included, with its reason."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            kind = self.day(day)
            if not kind.is_workday:
                yield day, kind.reason

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _spread(self._sources.get(year) or YearDays(year, published=False))
        return known


def _place(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal()


def _spread(source: YearDays) -> _Year:
    first, last = date(source.year, 1, 1), date(source.year, 12, 31)
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    names = _holiday_names(source)
    days = tuple(_kind(day, names.get(day, ""), source) for day in dates)
    return _Year(days, tuple(day for day, kind in zip(dates, days, strict=True) if kind.is_workday))


def _kind(day: date, holiday: str, source: YearDays) -> Day:
    make_up = source.workdays.get(day)
    if make_up is not None:
        return Day(True, make_up, source.published)
    if not holiday and day.weekday() < _SATURDAY:
        return Day(True, "", source.published)
    return Day(False, holiday or WEEKDAYS[day.weekday()], source.published)


def _holiday_names(source: YearDays) -> dict[date, str]:
    names: dict[date, list[str]] = {}
    for holiday in source.holidays.values():
        for day in holiday.days:
            names.setdefault(day, []).append(holiday.name)
    return {day: "、".join(dict.fromkeys(found)) for day, found in names.items()}


def parse_year(data: Mapping[str, Any]) -> YearDays:
    """Return the year that a calendar file describes (`year`, `published`, `source`, `holidays`, `workdays`).

    Raises ValueError with a Chinese sentence when something is missing, of the wrong kind or contradicts itself.
    """
    if unknown := sorted(set(data) - _KEYS):
        raise ValueError(f"年历文件不认识“{'、'.join(unknown)}”，只能有 year、published、source、holidays、workdays。")
    year = data.get("year")
    if not isinstance(year, int) or not 1990 <= year <= 2200:
        raise ValueError("年历文件缺少年份，应写成 year = 2026。")
    if data.get("published") not in (True, False):
        raise ValueError(f"{year}年年历须写明放假安排是否已公布：published = true 或 false。")
    holidays = {key: _holiday(year, key, value) for key, value in dict(data.get("holidays", {})).items()}
    workdays = {_day(year, key): str(reason) for key, reason in dict(data.get("workdays", {})).items()}
    found = YearDays(year, bool(data["published"]), str(data.get("source", "")), holidays, workdays)
    _check(found)
    return found


def _holiday(year: int, key: str, value: Any) -> Holiday:
    if not isinstance(value, Mapping) or set(value) - {"source"} != {"name", "days"}:
        raise ValueError(f"{year}年年历的节日“{key}”应当有 name 和 days 两项，可以有 source，不能有别的。")
    if not isinstance(value["name"], str) or not value["name"].strip():
        raise ValueError(f"{year}年年历的节日“{key}”没有名称。")
    if not isinstance(value["days"], list | tuple):
        raise ValueError(f"{year}年年历的节日“{key}”的 days 应当是日期的列表。")
    return Holiday(str(value["name"]), tuple(sorted(_day(year, day) for day in value["days"])))


def _day(year: int, value: object) -> date:
    """Return the plain date a file names; the key of a make-up workday arrives as text."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{year}年年历中的“{value}”不是日期，应写成 {year}-01-01 的样子。") from None
    if day.year != year:
        raise ValueError(f"{year}年年历中的 {day} 不在{year}年，请写进{day.year}年的年历。")
    return day


def _check(found: YearDays) -> None:
    off = {day for holiday in found.holidays.values() for day in holiday.days}
    for day, reason in found.workdays.items():
        if day in off:
            raise ValueError(f"{found.year}年年历中 {day} 既是放假日又是调休上班日，请删去一处。")
        if day.weekday() < _SATURDAY:
            raise ValueError(f"{found.year}年年历中 {day} 是{WEEKDAYS[day.weekday()]}，不是周末，不能写作调休上班日。")
        if not reason.strip():
            raise ValueError(f"{found.year}年年历中 {day} 没有写为何上班，例如“××节调休上班”。")
