"""Office hours are a promise too: a limit in workdays ends when the office closes, so closing later is slower.

Hours of every day, of a season and of a single unit are held against those that the layers above give, day by day.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.below import Change, change_of
from xunfang.rulebook.merge import Merged
from xunfang.rulebook.office_hours import EVERY_DAY, USUAL_HOURS
from xunfang.rulebook.positions import Path
from xunfang.worktime import Office, parse_office, parse_season

_HINT = "按工作日计的期限到下班时为止，下班越晚到期越晚；确需如此的，写明本级 office.cites"


def lint(draft: Draft) -> None:
    """Note each office that some day closes later than the layers above it allow, without a clause of its own."""
    for step in draft.parts["jurisdiction"].steps:
        change = change_of(draft, "jurisdiction", step, ("office",))
        if change.before != change.after:
            _compare(change, _hours(change.before), _hours(change.after or {}))
    for step in _all_steps(draft, "units"):
        for path in _told_of(step):
            change = change_of(draft, "units", step, path)
            if change.before != change.after:
                _compare(change, _of_unit(change, above=True), _of_unit(change, above=False))


def _all_steps(draft: Draft, part: str) -> Iterator[Merged]:
    """Yield what each layer made of a part, the first one that has any such file among them."""
    if part in draft.parts:
        first = draft.parts[part].merged
        while first.above:
            first = first.above
        yield from (first, *draft.parts[part].steps)


def _told_of(step: Merged) -> Iterator[Path]:
    """Yield where a layer, or one above it, gives units and places hours of their own."""
    for data in (step.above.data if step.above else {}, step.data):
        for unit, entry in data.items():
            if "office" in entry:
                yield (unit, "office")
            for place, instance in entry.get("instances", {}).items():
                if "office" in instance:
                    yield (unit, "instances", place, "office")


def _of_unit(change: Change, *, above: bool) -> Office | None:
    """Return the hours of a unit, or of one of its places, before or after a change: its own, or those it shares."""
    step, path = change.step, change.path
    data: Mapping[str, Any] = (step.above.data if step.above else {}) if above else step.data
    whole = change.draft.parts["jurisdiction"]
    shared = (whole.above(change.layer) if above else whole.down_to(change.layer)).get("office", {})
    unit = data.get(str(path[0]), {}).get("office")
    rest = _hours(shared)
    kind = _hours(unit, rest) or rest
    return _hours(change.before if above else change.after, kind) or kind


def _hours(told: Mapping[str, Any] | None, rest: Office | None = None) -> Office | None:
    """Return the hours that a table tells; None where nothing is told.

    Where it tells seasons alone, the rest is that of what it differs from, or that of everybody.
    """
    if told is None:
        return None
    try:
        seasons = [
            parse_season(each["from"], each["to"], each["hours"], each.get("label", ""))
            for each in told.get("seasons", ())
        ]
        if rest and "hours" not in told:
            return Office(rest.hours, (*seasons, *rest.seasons))
        return parse_office(told.get("hours", USUAL_HOURS), seasons)
    except ValueError:
        return None


def _compare(change: Change, above: Office | None, now: Office | None) -> None:
    if above is None or now is None:
        return
    day = next((day for day in EVERY_DAY if now.closes_on(day) > above.closes_on(day)), None)
    if day is None or change.cites(change.path, len(change.path)):
        return
    message = (
        f"本级{_season(now, day)}下班（{now.closes_on(day):%H:%M}）晚于上级（{above.closes_on(day):%H:%M}），"
        "期限因此更长，却没有引用自己的条款"
    )
    key = ("seasons" if now.season_on(day) else "hours",) if change.after else ()
    change.note((*change.path, *key), "PROMISE_SLOWER", message, _HINT)


def _season(office: Office, day: date) -> str:
    season = office.season_on(day)
    return f"“{season.name}”" if season else ""
