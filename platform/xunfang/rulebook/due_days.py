"""When a duty is due: the day of its period, the time of that day, and what can never be meant by them."""

import re
from datetime import time
from typing import TYPE_CHECKING

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.worktime import USUAL_START, Every, Limit, LimitKind, parse_limit

if TYPE_CHECKING:  # duties stand on these
    from xunfang.rulebook.kinds.duties import Duty

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")

_WRITTEN = {
    "limit": ("", '如 "3 workdays"、"24 hours"'),
    "due": ("by ", '写作 "day 5"、"Monday"、"first workday"、"last Friday"、"month end" 或 "12-31"'),
}
"""What goes before the text under a key, so that it reads as a limit, and how that text is written."""


def limit_in(entry: Entry, key: str) -> Limit | None:
    """Return the limit under a key, or None when there is none; an unreadable one is noted."""
    text, (begins, hint) = entry.text(key), _WRITTEN[key]
    try:
        return parse_limit(begins + text) if text else None
    except ValueError:
        entry.error(key, "LIMIT_UNREADABLE", f"时限“{text}”无法识别", hint)
        return None


def time_in(entry: Entry, key: str) -> time | None:
    """Return the time of day under a key, or None when there is none; an unreadable one is noted."""
    text = entry.text(key)
    found = _TIME.fullmatch(text)
    if text and not found:
        hint = '写作 "18:00"，从 "00:00" 到 "23:59"；到当日24时为止的，不用写'
        entry.error(key, "TIME_UNREADABLE", f"几点“{text}”无法识别", hint)
    return time(int(found[1]), int(found[2])) if found else None


_SHORT = {Every.DAY: 1, Every.WEEK: 7, Every.TEN_DAYS: 10, Every.TWO_WEEKS: 14, Every.HALF_MONTH: 15}
"""How many days the periods shorter than a month have."""


def check_due(draft: Draft, duty: "Duty") -> None:
    """Note a due day that does not lie in each period of its duty, or names another period than that."""
    day, every, path = duty.due, duty.every, (duty.id, "due")
    if every is not Every.TWO_WEEKS and duty.starting != USUAL_START:
        message, hint = 'starting 只用于 every = "2 weeks"', "请删去 starting，或者改写 every"
        draft.error("duties", (duty.id, "starting"), "DUE_OUTSIDE_PERIOD", message, hint)
    if duty.by and not (every or duty.collects or duty.rhythms):
        message, hint = "不是每期一次的任务，没有“每期那一天的几点”", '请删去 by；几小时以内的，写 limit = "4 hours"'
        draft.error("duties", (duty.id, "by"), "DUE_TIME_UNUSED", message, hint)
    if day is None or every is None:
        return
    if day.nth and day.within not in ("", every):
        message = f"定期任务按“{every}”重复，到期日却写“of the {day.within}”"
        draft.error("duties", path, "DUE_OUTSIDE_PERIOD", message, "请删去 of the …，或者改写 every")
    elif (message := outside_words(day, every)) and not _known_of_old(day, every):
        hint = '写作 "first workday"、"last workday"、"Friday"，或者不写（每期最后一日）'
        draft.error("duties", path, "DUE_OUTSIDE_PERIOD", message, hint)


def _known_of_old(day: Limit, every: Every) -> bool:
    """Return whether releases may say so that must still be read: then only a look at new rules notes it (`times`)."""
    return every in {Every.DAY, Every.WEEK} and not day.nth


def outside_words(day: Limit, every: Every) -> str:
    """Return why a due day lies in no period, or not in each, "" for one that does."""
    if every not in _SHORT or not _lies_outside(day, _SHORT[every]):
        return ""
    return f"每期只有{_SHORT[every]}天左右，没有“{str(day).removeprefix('by ')}”这一天"


def _lies_outside(day: Limit, days: int) -> bool:
    if day.kind is LimitKind.MONTH_DAY:
        return day.amount > days
    if day.kind is LimitKind.NTH_WEEKDAY:
        return day.nth * 7 > days
    return day.kind in {LimitKind.MONTH_END, LimitKind.YEAR_DAY, LimitKind.NEXT_MONTH_DAY}
