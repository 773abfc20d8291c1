"""Years 年历 with their holidays and make-up workdays: calendars/*.toml."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from xunfang.rulebook.answers import ACCEPTED
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.merge import Merged, Part
from xunfang.rulebook.positions import Path
from xunfang.worktime import WorkCalendar, YearDays, parse_year

_HINT = "请对照国务院办公厅的放假通知核对"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the calendar of all years whose files can be used; what is wrong with the others is noted."""
    sound = []
    for part in (entry.part for entry in draft.files("calendar")):
        try:
            _year(part.merged)
            sound.append(part.merged)
        except ValueError as error:
            draft.findings.error(part, _day_in(part, str(error)), "CALENDAR_WRONG", str(error).rstrip("。"), _HINT)
    return {"calendar": _calendar(tuple(sound))}


@lru_cache(maxsize=256)
def _year(merged: Merged) -> YearDays:
    return parse_year({key: value for key, value in merged.data.items() if key != ACCEPTED})


@lru_cache(maxsize=64)
def _calendar(years: tuple[Merged, ...]) -> WorkCalendar:
    """Return the calendar of some years: the same one for all who inherit the same, as each works out its days."""
    return WorkCalendar({year.year: year for year in map(_year, years)})


def year_of(merged: Merged | None) -> YearDays | None:
    """Return the year that layers' files come to, None for none, or for one that cannot be used."""
    try:
        return _year(merged) if merged else None
    except ValueError:
        return None


def _day_in(part: Part, message: str) -> Path:
    """Return where the day stands that a message speaks of, so that the administrator is sent to its line."""
    day = _DAY.search(message)
    if not day:
        return ()
    if ("workdays", day.group()) in part.origins:
        return ("workdays", day.group())
    holidays = part.data.get("holidays", {})
    found = (name for name, holiday in holidays.items() if day.group() in map(str, holiday["days"]))
    name = next(found, "")
    return ("holidays", name, "days") if name else ()


def link(draft: Draft) -> None:
    """Note nothing: a year names no rule."""


CALENDAR = Kind(
    "calendar",
    build,
    link,
    label="年历",
    title="年历",
    folder="calendars",
    one="<年份>",
    lived="每个期限按放假安排推算",
)
