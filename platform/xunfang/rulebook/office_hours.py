"""Office hours as rules write them: `hours` of every day, and `seasons` that go before them."""

from datetime import date, timedelta
from itertools import combinations

from xunfang.rulebook.basis import NO_BASIS, Basis
from xunfang.rulebook.entry import Entry
from xunfang.worktime import Office, Season, parse_office, parse_season

USUAL_HOURS = ("08:30-12:00", "13:30-17:30")
_HINT = '如 hours = ["08:30-12:00", "13:30-17:30"]'
_A_LEAP_YEAR = date(2000, 1, 1)
EVERY_DAY = tuple(_A_LEAP_YEAR + timedelta(days=day) for day in range(366))
"""The days of a year, 29 February among them."""


def office_in(whole: Entry, rest: Office | None = None) -> Office | None:
    """Return the office hours under `office` of an entry, None where it has none; what cannot be read is noted.

    One that tells no hours of every day differs in its seasons alone, and keeps those of the `rest` on other days.
    """
    if "office" not in whole.data:
        return None
    entry = whole.sub("office")
    seasons = tuple(filter(None, (_season(item) for item in entry.items("seasons"))))
    _note_overlaps(entry, seasons)
    if rest and "hours" not in entry.data:
        if not entry.data.get("seasons"):
            message, hint = "没有写办公时间", "请写 hours，或者只写不同的 seasons；与辖区一样的，不用写 office"
            entry.error("", "OFFICE_EMPTY", message, hint)
        return Office(rest.hours, (*seasons, *rest.seasons))
    try:
        return parse_office(entry.data.get("hours", USUAL_HOURS), seasons)
    except ValueError as error:
        entry.error("hours", "OFFICE_HOURS", str(error).rstrip("。"), _HINT)
        return parse_office(USUAL_HOURS, seasons)


def office_basis(whole: Entry) -> Basis:
    """Return what the office hours of an entry rest on; nothing where it has none or says nothing."""
    return whole.sub("office").basis() if "office" in whole.data else NO_BASIS


def _season(item: Entry) -> Season | None:
    try:
        return parse_season(item.text("from"), item.text("to"), item.data["hours"], item.text("label"))
    except ValueError as error:
        item.error("", "OFFICE_HOURS", str(error).rstrip("。"), _HINT)
        return None


def _note_overlaps(entry: Entry, seasons: tuple[Season, ...]) -> None:
    for one, other in combinations(seasons, 2):
        day = next((day for day in EVERY_DAY if one.holds(day) and other.holds(day)), None)
        if day:
            message = f"“{one.name}”与“{other.name}”都包含{day.month}月{day.day}日，不知道按哪一个办公时间"
            entry.error("seasons", "SEASONS_OVERLAP", message, "请改 from、to，各季节不要重叠")
