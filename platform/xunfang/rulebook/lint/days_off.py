"""Days off lengthen every limit in workdays: a layer that adds some below another one says on what they rest."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.kinds.calendar import year_of
from xunfang.rulebook.layers import depth_of
from xunfang.rulebook.lint.below import Change, change_of
from xunfang.rulebook.merge import Merged, Part
from xunfang.rulebook.positions import Path
from xunfang.worktime import WorkCalendar, YearDays

_MOST_SHOWN = 3
_HINT = "在这一项中写明 source，是哪一级机关的哪一份放假通知；没有这样的通知的，请删去"


def lint(draft: Draft) -> None:
    """Note every workday that a lower layer takes out of a year without naming what it rests on."""
    for name, part in draft.parts.items():
        if part.kind == "calendar":
            for step in _below_the_root(part):
                _compare(change_of(draft, name, step, ()))


def _below_the_root(part: Part) -> Iterator[Merged]:
    """Yield what a year is with each layer's words, but for the root's: a year that no layer above has begins there."""
    here: Merged | None = part.merged
    while here and depth_of(here.layer):
        yield here
        here = here.above


def _compare(change: Change) -> None:
    """Note the days that were worked before a layer's own words and are days off after them, by where they are said."""
    now = year_of(change.step)
    if now is None:
        return
    above = year_of(change.step.above) or YearDays(now.year, published=False)
    said: dict[Path, list[date]] = {}
    for day in _lost(above, now):
        said.setdefault(_where(change, now, day), []).append(day)
    for path, days in said.items():
        if not _rests_on_something(change, path):
            shown = "、".join(f"{day:%-m月%-d日}" for day in days[:_MOST_SHOWN])
            more = f"等{len(days)}天" if len(days) > _MOST_SHOWN else ""
            message = f"{shown}{more}上级是工作日，本级不上班，按工作日计的期限因此更长，却没有写明依据"
            change.note(path, "PROMISE_SLOWER", message, _HINT)


def _lost(above: YearDays, now: YearDays) -> Iterable[date]:
    """Return the days of a year that were workdays and are none any more."""
    was, is_ = (WorkCalendar({each.year: each}) for each in (above, now))
    first = date(now.year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(now.year, 12, 31) - first).days + 1))
    return [day for day in days if was.day(day).is_workday and not is_.day(day).is_workday]


def _where(change: Change, now: YearDays, day: date) -> Path:
    """Return the place of the holiday that a day belongs to, the layer's own first, or of the make-up day it was."""
    keys = [key for key, holiday in now.holidays.items() if day in holiday.days]
    own = [key for key in keys if change.step.own.find(("holidays", key))]
    return ("holidays", (own or keys)[0], "days") if keys else ("workdays", day.isoformat())


def _rests_on_something(change: Change, path: Path) -> bool:
    """Return whether the layer names what its days off rest on, or the clause for a make-up day that it takes away."""
    source: Any = change.step.own.find((*path[:2], "source"))
    return source is not None or change.cites(path)
