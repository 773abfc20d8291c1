"""Duties that a lower layer asks for less often, later, of fewer or no more: each needs a clause of its own."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from xunfang.rulebook.conditions import ALWAYS, Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.implication import implies
from xunfang.rulebook.lint.below import Change, changes
from xunfang.rulebook.lint.lengths import is_longer, length_of
from xunfang.rulebook.lint.promises import Loosened, note
from xunfang.rulebook.lint.rhythms import per_day
from xunfang.rulebook.model import Duty
from xunfang.worktime import Every, Period, due_in_period, parse_limit, periods_between

_HINT = "下级只能更勤、更早；确需放宽的，写明本级 cites"
_DAY_ENDS = time(23, 59, 59)
_MOVED = ("previous", "keep", "next")
"""What becomes of a due day on a holiday, the earliest first."""
_WHOLE = (1, 1)


def lint(draft: Draft) -> None:
    """Note every duty that a lower layer made rarer, later or narrower without citing anything."""
    for change in changes(draft, "duties"):
        note(change, _gone(change) if change.after is None else _of_duty(change))
    for duty in draft.rules.duties.values():
        _instead_of_what_is_above(draft, duty)


def _instead_of_what_is_above(draft: Draft, duty: Duty) -> None:
    """Note a duty by which a layer excuses its units from one of the layers above, with no clause for that."""
    origins = draft.parts["duties"].origins
    own, other = origins.get((duty.id, "instead_of")), origins.get((duty.instead_of, "of"))
    if own and other and own.layer != other.layer and not duty.basis.cites:
        named = draft.rules.duties[duty.instead_of].label
        message = f"本级以“{duty.label}”代替上级的“{named}”，却没有引用自己的条款"
        draft.error("duties", (duty.id, "instead_of"), "PROMISE_SLOWER", message, _HINT)


def _gone(change: Change) -> Iterator[Loosened]:
    named = change.before.get("label", change.path[0])
    yield change.path, 1, f"本级去掉了上级的定期任务“{named}”", _HINT


def _of_duty(change: Change) -> Iterator[Loosened]:
    before, after, path = change.before, change.after, change.path
    if "every" in before and (was := _often(before)) > (now := _often(after)):
        key = "every" if before["every"] != after.get("every") else "at_least"
        told = after.get(key, "不定期") if now else "不定期"
        yield (*path, key), 1, f"本级把上级的频次“{before.get(key, 1)}”放宽为“{told}”", _HINT
    elif "every" in before and was == now and _falls_later(change):
        what = f"“{before.get('due', '期末')}”推迟到“{after.get('due', '期末')}”"
        yield (*path, "due"), 1, f"本级把上级的到期日{what}", _HINT
    if (later := _by(after)) > _by(before):
        yield (*path, "by"), 1, f"本级把上级到期的{_by(before)}推迟到{later}", _HINT
    if before.get("or_else", "") not in ("", after.get("or_else")):
        yield (*path, "or_else"), 1, f"本级让没有该单位的地方不再由“{before['or_else']}”承担", _HINT
    if _MOVED.index(after.get("on_holiday", "keep")) > _MOVED.index(before.get("on_holiday", "keep")):
        yield (*path, "on_holiday"), 1, "本级让到期日逢节假日时比上级更晚", _HINT
    if "limit" in before:
        yield from _of_limit(change)
    if not implies(_condition(change, before), _condition(change, after)):
        yield (*path, "for"), 1, "本级缩小了上级定期任务的对象范围", _HINT
    for key, said in (("while", "只在应急响应期间才做"), ("from_level", "改变了从哪一级起才做")):
        if key in after and after[key] != before.get(key):
            yield (*path, key), 1, f"本级把上级的定期任务{said}", _HINT
    yield from _of_rhythms(change)
    yield from _of_ways(change)
    yield from _of_quota(change)


def _by(duty: Mapping[str, Any]) -> str:
    return str(duty.get("by", "24:00")).zfill(5)


def _often(duty: Mapping[str, Any]) -> float:
    return per_day(Every(duty["every"]), int(duty.get("at_least", 1))) if "every" in duty else 0


def _of_limit(change: Change) -> Iterator[Loosened]:
    path, was, now = (*change.path, "limit"), change.before["limit"], change.after.get("limit")
    old = length_of(change.draft, str(was), change.layer, above=True)
    new = length_of(change.draft, str(now), change.layer, above=False) if now else None
    if not now and "every" not in change.after:
        yield path, 1, f"本级去掉了上级的期限“{was}”", _HINT
    elif old and new and is_longer(change.draft, new, old):
        yield path, 1, f"本级把上级的期限“{was}”放宽为“{now}”", _HINT


def _falls_later(change: Change) -> bool:
    """Return whether a duty is due later than before in some period of the last published year."""
    year = change.draft.rules.calendar.last_published
    periods = periods_between(Every(change.before["every"]), date(year, 1, 1), date(year, 12, 31))
    return any(_due_in(change, period, change.after) > _due_in(change, period, change.before) for period in periods)


def _due_in(change: Change, period: Period, duty: Mapping[str, Any]) -> datetime:
    """Return when the day of a duty ends in a period, before it is moved off a holiday."""
    try:
        limit = parse_limit(f"by {duty['due']}") if "due" in duty else None
    except ValueError:
        limit = None
    return due_in_period(limit, None, "keep", period, change.draft.rules.calendar).due_at


def _condition(change: Change, told: Mapping[str, Any]) -> Condition:
    part = change.draft.parts[change.part]
    return Entry(part, change.path, dict(told), Findings()).condition("for") or ALWAYS


def _of_rhythms(change: Change) -> Iterator[Loosened]:
    """Yield the rhythms of the layers above for which nothing as frequent stands any more."""
    path = (*change.path, "rhythms")
    now = [
        *change.after.get("rhythms", ()),
        {key: change.after[key] for key in ("every", "at_least") if key in change.after},
    ]
    cited = any(change.cites((*path, place), len(path) + 1) for place in range(len(now)))
    for rhythm in change.before.get("rhythms", ()):
        if not cited and not any(_often(each) >= _often(rhythm) and _reaches(change, each, rhythm) for each in now):
            yield path, 1, f"上级的分类频次（{rhythm['every']}）在本级没有了，或者更少、范围更小", _HINT


def _reaches(change: Change, rhythm: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether a rhythm binds wherever another one does."""
    places = rhythm.get("places", ())
    there = not places or (
        "places" in other and all(any(code.startswith(place) for place in places) for code in other["places"])
    )
    alike = all(key not in rhythm or rhythm[key] == other.get(key) for key in ("while", "from_level"))
    spans = [
        {key: span[key] for key in ("from", "to")} if (span := each.get("season")) else None for each in (rhythm, other)
    ]
    return (
        there
        and alike
        and spans[0] in (None, spans[1])
        and implies(_condition(change, other), _condition(change, rhythm))
    )


def _of_quota(change: Change) -> Iterator[Loosened]:
    """Yield in which ways less is to be done than above: in a period, in all, or over a longer time."""
    before, after, path = change.before.get("quota"), change.after.get("quota"), (*change.path, "quota")
    if before and (not after or before.get("out_of") != after.get("out_of") or before["counts"] != after["counts"]):
        yield path, 1, "本级去掉了上级的任务量，或者改为按别的数计算", _HINT
        return
    for key in ("at_least", "in_all") if before and after else ():
        was, now = _share(before[key]), _share(after[key])
        if was and now and now < was:
            yield (*path, key), 1, f"本级把上级的任务量“{before[key]}”减为“{after[key]}”", _HINT
    if before and after and per_day(Every(after["within"]), 1) < per_day(Every(before["within"]), 1):
        yield (*path, "within"), 1, f"本级把上级合计任务量的时间“{before['within']}”放宽为“{after['within']}”", _HINT


def _share(told: Any) -> Fraction | None:
    try:
        return Fraction(1) if told == "all" else Fraction(str(told))
    except (ValueError, ZeroDivisionError):
        return None


def _of_ways(change: Change) -> Iterator[Loosened]:
    """Yield the ways of visiting that count for more than above."""
    before, after = _ways(change.before), _ways(change.after)
    path = (*change.path, "equivalents")
    count = len(change.after.get("equivalents", ()))
    cited = any(change.cites((*path, place), len(path) + 1) for place in range(count))
    for way in after if before and not cited else ():
        if after[way][0] * before.get(way, (0, 1))[1] > before.get(way, (0, 1))[0] * after[way][1]:
            yield path, 1, f"本级让走访方式“{way}”比上级折抵得更多", _HINT


def _ways(duty: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return which share of the visits that count each way may have, as a fraction."""
    found = dict.fromkeys(duty.get("in_full", ()), _WHOLE)
    for each in duty.get("equivalents", ()):
        most, _, of = str(each.get("at_most", "1 of 1")).partition(" of ")
        found |= dict.fromkeys(each["by"], (int(most), int(of)) if of.isdigit() and most.isdigit() else _WHOLE)
    return found
