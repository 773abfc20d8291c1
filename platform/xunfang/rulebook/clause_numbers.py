"""The numbers of days and hours that clauses name in words: 五个工作日, 24小时, 每月5日前."""

import re
from collections.abc import Iterator

from xunfang.worktime import Limit, LimitKind, parse_limit

COUNTED = {LimitKind.WORKDAYS: "workday", LimitKind.DAYS: "day", LimitKind.HOURS: "hour"}
"""The kinds of limit that clauses give a number for, as a rule writes them."""
_NUMBER = "[0-9]{1,3}|[一二三四五六七八九十]{1,3}"
_DIGITS = "零一二三四五六七八九"
_SAID = re.compile(rf"(?<![月0-9一二三四五六七八九十])({_NUMBER})\s*(?:个)?(工作日|小时|日|天)")
_MONTHLY = re.compile(rf"每月({_NUMBER})[日号]")
_UNITS = {"工作日": LimitKind.WORKDAYS, "小时": LimitKind.HOURS, "日": LimitKind.DAYS, "天": LimitKind.DAYS}
_LAST_DAY = 31


def lengths_in(text: str) -> Iterator[Limit]:
    """Yield each number of workdays, days or hours that a text names; a day of a month is none."""
    for number, unit in _SAID.findall(text):
        if value := _value(number):
            yield parse_limit(f"{value} {COUNTED[_UNITS[unit]]}{'s' if value > 1 else ''}")


def days_of_month_in(text: str) -> Iterator[Limit]:
    """Yield each day of a month by which a text wants something every month."""
    for number in _MONTHLY.findall(text):
        if 1 <= (value := _value(number)) <= _LAST_DAY:
            yield Limit(LimitKind.MONTH_DAY, value)


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.index(text) if len(text) == 1 else 0
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
