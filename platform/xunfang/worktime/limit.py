"""Limits 期限 as the rules write them: "5 workdays", "same day", "by day 5 of next month"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

_DAYS_OF_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_DAYS = "一二三四五六日"
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_NTH_SPELLED = {number: word for word, number in _NTH.items()}
_NTH_WORDS = {1: "第一个", 2: "第二个", 3: "第三个", 4: "第四个", -1: "最后一个"}
ACCEPTED = (
    "可写：same day（当日）、30 minutes（30分钟）、24 hours（24小时）、4 office hours（4个工作小时）、"
    "half day（半个工作日）、2 half days（2个半日）、5 workdays（5个工作日）、7 days（7天）、2 weeks（2周）、"
    "2 months（2个月）、by day 5（每月5日前）、by day 5 of next month（次月5日前）、by Monday（周一前）、"
    "by month end（月底前）、by first workday（当月第一个工作日前）、by last Friday（当月最后一个周五前）、"
    "by 12-31（12月31日前）、soft:名称（原文未定天数）、local（由下级规定）"
)
"""Every way to write a limit, with what it means, as people are told."""


class LimitKind(StrEnum):
    """How a limit is counted."""

    SAME_DAY = "same day"
    MINUTES = "minutes"
    HOURS = "hours"
    OFFICE_HOURS = "office hours"
    HALF_DAYS = "half days"
    WORKDAYS = "workdays"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    MONTH_DAY = "by day"
    NEXT_MONTH_DAY = "by day of next month"
    WEEKDAY = "by weekday"
    MONTH_END = "by month end"
    NTH_WORKDAY = "by nth workday"
    NTH_WEEKDAY = "by nth weekday"
    YEAR_DAY = "by date"
    SOFT = "soft"
    LOCAL = "local"


_BY_THE_CLOCK = frozenset({LimitKind.MINUTES, LimitKind.HOURS, LimitKind.OFFICE_HOURS, LimitKind.HALF_DAYS})
LENGTHS = frozenset({*_BY_THE_CLOCK, LimitKind.WORKDAYS, LimitKind.DAYS, LimitKind.WEEKS, LimitKind.MONTHS})
"""The kinds of limit that are so and so long: one more of their amount is a longer limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit. `amount` is so many of what its kind counts, the day of a month, or the weekday (Monday is 0).

    `nth` says which of them, from 1, or -1 for the last, and `within` in what it is counted; `name` is a soft word.
    """

    kind: LimitKind
    amount: int = 0
    month: int = 0
    name: str = ""
    nth: int = 0
    within: str = ""

    @property
    def is_resolved(self) -> bool:
        """Return whether it can be counted; a soft word or "local" first needs the number a county gives it."""
        return self.kind not in (LimitKind.SOFT, LimitKind.LOCAL)

    @property
    def by_the_clock(self) -> bool:
        """Return whether its end depends on the hour at which it begins, not on the day alone."""
        return self.kind in _BY_THE_CLOCK

    @property
    def text(self) -> str:
        """Return the Chinese wording, such as 5个工作日 or 次月5日前."""
        return _WORDING[self.kind](self)

    def __str__(self) -> str:
        return _SPELLING[self.kind](self)


@lru_cache(maxsize=1024)
def parse_limit(text: str) -> Limit:
    """Return the limit that a text names.

    Raises ValueError with a Chinese sentence that lists the accepted forms.
    """
    plain = " ".join(text.split())
    for pattern, make in _FORMS:
        if found := pattern.fullmatch(plain):
            return make(found.groups())
    raise ValueError(f"时限“{text}”无法识别。{ACCEPTED}。")


def _fixed(kind: LimitKind) -> Callable[[tuple[str, ...]], Limit]:
    return lambda _: Limit(kind)


def _counted(kind: LimitKind, most: int, what: str) -> Callable[[tuple[str, ...]], Limit]:
    def make(parts: tuple[str, ...]) -> Limit:
        amount = int(parts[0])
        if not 1 <= amount <= most:
            raise ValueError(f"时限“{parts[0]} {kind}”超出范围，{what}应在 1 至 {most} 之间。")
        return Limit(kind, amount)

    return make


def _half_days(parts: tuple[str | None, ...]) -> Limit:
    return _counted(LimitKind.HALF_DAYS, 100, "半日数")((parts[0] or "1",))


def _weekday(parts: tuple[str, ...]) -> Limit:
    return Limit(LimitKind.WEEKDAY, _DAYS_OF_WEEK.index(parts[0]))


def _nth(parts: tuple[str | None, ...]) -> Limit:
    which, day, within = str(parts[0]), str(parts[1]), parts[2] or ""
    if day == "workday":
        return Limit(LimitKind.NTH_WORKDAY, within=within, nth=_NTH[which])
    return Limit(LimitKind.NTH_WEEKDAY, _DAYS_OF_WEEK.index(day), within=within, nth=_NTH[which])


def _spelled_nth(limit: Limit) -> str:
    day = "workday" if limit.kind is LimitKind.NTH_WORKDAY else _DAYS_OF_WEEK[limit.amount]
    return f"by {_NTH_SPELLED[limit.nth]} {day}" + (f" of the {limit.within}" if limit.within else "")


def _year_day(parts: tuple[str, ...]) -> Limit:
    month, day = int(parts[0]), int(parts[1])
    try:
        date(2000, month, day)
    except ValueError:
        raise ValueError(f"时限“by {parts[0]}-{parts[1]}”中没有这个日期，应写成“by 12-31”（月-日）。") from None
    return Limit(LimitKind.YEAR_DAY, day, month)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[tuple[str, ...]], Limit]], ...] = (
    (re.compile(r"same day"), _fixed(LimitKind.SAME_DAY)),
    (re.compile(r"([0-9]{1,6}) minutes?"), _counted(LimitKind.MINUTES, 10080, "分钟数")),
    (re.compile(r"([0-9]{1,6}) hours?"), _counted(LimitKind.HOURS, 8784, "小时数")),
    (re.compile(r"([0-9]{1,6}) office hours?"), _counted(LimitKind.OFFICE_HOURS, 2000, "工作小时数")),
    (re.compile(r"(?:([0-9]{1,6}) )?half days?"), _half_days),
    (re.compile(r"([0-9]{1,6}) workdays?"), _counted(LimitKind.WORKDAYS, 1000, "工作日数")),
    (re.compile(r"([0-9]{1,6}) days?"), _counted(LimitKind.DAYS, 3660, "天数")),
    (re.compile(r"([0-9]{1,6}) weeks?"), _counted(LimitKind.WEEKS, 520, "周数")),
    (re.compile(r"([0-9]{1,6}) months?"), _counted(LimitKind.MONTHS, 120, "月数")),
    (re.compile(r"by day ([0-9]{1,6})"), _counted(LimitKind.MONTH_DAY, 31, "日期")),
    (re.compile(r"by day ([0-9]{1,6}) of next month"), _counted(LimitKind.NEXT_MONTH_DAY, 31, "日期")),
    (re.compile(rf"by ({'|'.join(_DAYS_OF_WEEK)})"), _weekday),
    (re.compile(r"by month end"), _fixed(LimitKind.MONTH_END)),
    (
        re.compile(rf"by ({'|'.join(_NTH)}) (workday|{'|'.join(_DAYS_OF_WEEK)})(?: of the ([a-z0-9 -]+))?"),
        _nth,
    ),
    (re.compile(r"by ([0-9]{1,2})-([0-9]{1,2})"), _year_day),
    (re.compile(r"soft:([a-z][a-z0-9-]*)"), lambda parts: Limit(LimitKind.SOFT, name=parts[0])),
    (re.compile(r"local"), _fixed(LimitKind.LOCAL)),
)

_WORDING: dict[LimitKind, Callable[[Limit], str]] = {
    LimitKind.SAME_DAY: lambda _: "当日",
    LimitKind.MINUTES: lambda limit: f"{limit.amount}分钟",
    LimitKind.HOURS: lambda limit: f"{limit.amount}小时",
    LimitKind.OFFICE_HOURS: lambda limit: f"{limit.amount}个工作小时",
    LimitKind.HALF_DAYS: lambda limit: "半个工作日" if limit.amount == 1 else f"{limit.amount}个半日",
    LimitKind.WORKDAYS: lambda limit: f"{limit.amount}个工作日",
    LimitKind.DAYS: lambda limit: f"{limit.amount}天",
    LimitKind.WEEKS: lambda limit: f"{limit.amount}周",
    LimitKind.MONTHS: lambda limit: f"{limit.amount}个月",
    LimitKind.MONTH_DAY: lambda limit: f"每月{limit.amount}日前",
    LimitKind.NEXT_MONTH_DAY: lambda limit: f"次月{limit.amount}日前",
    LimitKind.WEEKDAY: lambda limit: f"周{_CHINESE_DAYS[limit.amount]}前",
    LimitKind.MONTH_END: lambda _: "月底前",
    LimitKind.NTH_WORKDAY: lambda limit: f"当月{_NTH_WORDS[limit.nth]}工作日前",
    LimitKind.NTH_WEEKDAY: lambda limit: f"当月{_NTH_WORDS[limit.nth]}周{_CHINESE_DAYS[limit.amount]}前",
    LimitKind.YEAR_DAY: lambda limit: f"{limit.month}月{limit.amount}日前",
    LimitKind.SOFT: lambda limit: f"原文未定天数（{limit.name}）",
    LimitKind.LOCAL: lambda _: "由当地规定",
}

_SPELLING: dict[LimitKind, Callable[[Limit], str]] = {
    LimitKind.SAME_DAY: lambda _: "same day",
    LimitKind.MINUTES: lambda limit: f"{limit.amount} minutes",
    LimitKind.HOURS: lambda limit: f"{limit.amount} hours",
    LimitKind.OFFICE_HOURS: lambda limit: f"{limit.amount} office hours",
    LimitKind.HALF_DAYS: lambda limit: "half day" if limit.amount == 1 else f"{limit.amount} half days",
    LimitKind.WORKDAYS: lambda limit: f"{limit.amount} workdays",
    LimitKind.DAYS: lambda limit: f"{limit.amount} days",
    LimitKind.WEEKS: lambda limit: f"{limit.amount} weeks",
    LimitKind.MONTHS: lambda limit: f"{limit.amount} months",
    LimitKind.MONTH_DAY: lambda limit: f"by day {limit.amount}",
    LimitKind.NEXT_MONTH_DAY: lambda limit: f"by day {limit.amount} of next month",
    LimitKind.WEEKDAY: lambda limit: f"by {_DAYS_OF_WEEK[limit.amount]}",
    LimitKind.MONTH_END: lambda _: "by month end",
    LimitKind.NTH_WORKDAY: _spelled_nth,
    LimitKind.NTH_WEEKDAY: _spelled_nth,
    LimitKind.YEAR_DAY: lambda limit: f"by {limit.month:02}-{limit.amount:02}",
    LimitKind.SOFT: lambda limit: f"soft:{limit.name}",
    LimitKind.LOCAL: lambda _: "local",
}
