"""Clocks that are stopped and moved 中止、延期: what becomes of a stored due moment and of its explanation.

An explanation is what `explain.due_data` made, kept with its task or case. It goes on knowing what was done to it:
`paused` holds every span in which it did not run, `extended` every extension, `planned_at` when either was last.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from xunfang.clock import SHANGHAI, local, parse
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import LimitCase, Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.rules.explain import spans_data
from xunfang.rules.nesting import Whole, within_told
from xunfang.rules.office import ends_on, ends_with_office, office_behind, with_office
from xunfang.rules.overdue import is_overdue
from xunfang.worktime import (
    Due,
    Limit,
    LimitKind,
    Skipped,
    Span,
    between,
    by_office_time,
    cut,
    due,
    half_days_after,
    office_time_after,
)

Told = Mapping[str, Any]
Step = tuple[datetime, Callable[[Told], dict[str, Any]]]
"""Something done to a clock: when it took effect, and how it is done again."""
_DAYS = re.compile(r"[0-9]+[天周]")


def due_of(told: Told) -> datetime:
    """Return the due moment that an explanation explains."""
    return parse(str(told["due_at"]))


def workdays_late(rulebook: Rulebook, due_at: datetime | None, at: datetime) -> int:
    """Return for how many workdays something is overdue at a moment: by the calendar, rest days left out."""
    if due_at is None or not is_overdue(due_at, at):
        return 0
    return rulebook.calendar.workdays_between(local(due_at).date(), local(at).date())


def counts_hours(told: Told | None) -> bool:
    """Return whether a clock runs by hours, office hours or half days; one in days is told by its days alone."""
    return bool(told) and (not (told or {}).get("counted") or "spans" in (told or {}))


def resumed(
    rulebook: Rulebook, told: Told, stopped_at: datetime, at: datetime, because: Told | None = None
) -> dict[str, Any]:
    """Return a clock that stood still from one moment to another, and runs on with what was left of it.

    `because` goes into its explanation: the `label` of the state whose time does not count, and what it `cites`.

    The day on which it runs on is not counted (民法典第二百零一条); less than one day counts as one. Where no day that
    counts went by, nothing moves; nor does a clock that had run out before it was stopped.
    """
    span = {"from": local(stopped_at).isoformat(), "until": local(at).isoformat(), **(because or {})}
    kept = {**told, "paused": [*told.get("paused", ()), span], "planned_at": local(at).isoformat()}
    if due_of(told) <= stopped_at:
        return kept
    if not told.get("counted"):
        due_at = local(due_of(told)) + (at - stopped_at)
        return {**kept, "due_at": due_at.isoformat()}
    if "spans" in told:
        return with_office(rulebook, {**kept, **_office_time_left(rulebook, told, local(stopped_at), local(at))})
    return with_office(rulebook, {**kept, **_days_left(rulebook, told, local(stopped_at).date(), at)})


def replayed(rulebook: Rulebook, told: Told, before: Told) -> dict[str, Any]:
    """Return a clock planned anew, stopped as often and as long as the one of before; an extension is not repeated."""
    now = dict(told)
    for _, again in _pauses_of(rulebook, before):
        now = again(now)
    return {**now, **({"extended": before["extended"]} if "extended" in before else {})}


def redone(rulebook: Rulebook, told: Told, before: Told) -> dict[str, Any]:
    """Return a clock planned anew, to which the same was done as to the one of before: pauses, extensions, in turn."""
    now = dict(told)
    for _, again in sorted((*_extensions_of(rulebook, before), *_pauses_of(rulebook, before)), key=itemgetter(0)):
        now = again(now)
    return now


def _pauses_of(rulebook: Rulebook, told: Told) -> Iterator[Step]:
    for span in told.get("paused", ()):
        since, until = parse(span["from"]), parse(span["until"])
        because = {name: value for name, value in span.items() if name not in ("from", "until")}
        yield until, partial(_resumed_again, rulebook, since, until, because)


def _resumed_again(rulebook: Rulebook, since: datetime, until: datetime, because: Told, told: Told) -> dict[str, Any]:
    return resumed(rulebook, told, since, until, because)


def _extensions_of(rulebook: Rulebook, told: Told) -> Iterator[Step]:
    for note in told.get("extended", ()):
        yield parse(note["at"]), partial(_extended_again, rulebook, note)


def _extended_again(rulebook: Rulebook, note: Told, told: Told) -> dict[str, Any]:
    workdays, cites = int(note["workdays"]), tuple(note.get("cites", ()))
    return extended(rulebook, told, workdays, parse(note["at"]), str(note["by"]), cites)


def recounted(rulebook: Rulebook, told: Told, start: datetime, at: datetime) -> dict[str, Any] | None:
    """Return a clock counted anew by the calendar as it is known now, with its pauses and extensions as they came.

    None for one whose limit the rules do not know any more: it stays as it was told.
    """
    case = limit_case(rulebook, told)
    if case is None or case.limit.counts is None:
        return None
    now = redone(rulebook, _planned_afresh(rulebook, told, case.limit.counts, start), told)
    return {**now, "planned_at": local(at).isoformat()}


def settled(rulebook: Rulebook, told: Told, start: datetime, at: datetime) -> Told | None:
    """Return a provisional clock counted anew once its days off are known, None where there is nothing new to tell."""
    now = recounted(rulebook, told, start, at) if told.get("provisional") else None
    return None if now is None or now["provisional"] else now


def limit_case(rulebook: Rulebook, told: Told) -> LimitCase | None:
    """Return by which limit of its deadline a clock was planned, the one that reads the same, or as it was set."""
    deadline = rulebook.deadlines.get(str(told.get("deadline", "")))
    if deadline and "set" in told:
        return LimitCase(ALWAYS, fixed(str(told["set"]["limit"])), deadline.basis, deadline.limits[-1].extend)
    found = deadline.limits if deadline else ()
    return next((case for case in found if case.limit.counts and case.limit.counts.text == told.get("limit")), None)


def planned_by(rulebook: Rulebook, told: Told, limit: Limit, start: datetime) -> dict[str, Any]:
    """Return a clock as it would be by a limit, with the pauses it has had, and no extension."""
    return replayed(rulebook, _planned_afresh(rulebook, told, limit, start), {"paused": told.get("paused", ())})


def _planned_afresh(rulebook: Rulebook, told: Told, limit: Limit, start: datetime) -> dict[str, Any]:
    fresh = due(limit, start, rulebook.calendar, office_behind(rulebook, told))
    plain = {name: value for name, value in told.items() if name not in ("paused", "extended", "spans")}
    return with_office(rulebook, {**plain, **_counted_in(fresh), "limit": limit.text})


def kept_short(told: Told, whole: Whole | None) -> dict[str, Any]:
    """Return a clock that ends no later than that of the whole case, as it stands now; None is no bound."""
    alone = {name: value for name, value in told.items() if name != "within"}
    if whole is None:
        return alone
    within = within_told(whole, due_of(alone))
    if "was" not in within:
        return {**alone, "within": within}
    return {**alone, **_counted_in(cut(_due_in(alone), whole.due_at)), "within": within}


def _due_in(told: Told) -> Due:
    """Return what an explanation explains, as it was counted."""
    return Due(
        due_at=due_of(told),
        counted=tuple(date.fromisoformat(day) for day in told.get("counted", ())),
        skipped=tuple(Skipped(date.fromisoformat(s["date"]), s["reason"]) for s in told.get("skipped", ())),
        provisional=bool(told.get("provisional")),
        spans=tuple((local(parse(s["from"])), local(parse(s["until"]))) for s in told.get("spans", ())),
    )


def _counted_in(fresh: Due) -> dict[str, Any]:
    return {
        "due_at": local(fresh.due_at).isoformat(),
        "counted": [day.isoformat() for day in fresh.counted],
        "skipped": [{"date": each.date.isoformat(), "reason": each.reason} for each in fresh.skipped],
        "provisional": fresh.provisional,
        **spans_data(fresh.spans),
    }


def extended(
    rulebook: Rulebook, told: Told, workdays: int, at: datetime, by: str, cites: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a clock that ends so many workdays after its old due day, at the same time of day.

    One that ends with the office ends with it still, past the end of a season by the hours of the next.
    `cites` are the clauses that allow it, where the rules name any.
    """
    was = local(due_of(told))
    days = rulebook.calendar.workdays_after(was.date(), workdays)
    now = datetime.combine(days[-1], was.time(), SHANGHAI)
    if ends_with_office(told):
        now = ends_on(office_behind(rulebook, told), was, now)
    note = {
        "was": was.isoformat(),
        "now": now.isoformat(),
        "workdays": workdays,
        "by": by,
        "at": local(at).isoformat(),
        **({"cites": list(cites)} if cites else {}),
    }
    provisional = not rulebook.calendar.is_published(now.year)
    moved = {**told, "due_at": now.isoformat(), "extended": [*told.get("extended", ()), note]}
    longer = _longer_spans(rulebook, told, was, now) if "spans" in told else _longer(rulebook, told, was.date(), days)
    now_told = {**moved, **longer, "provisional": provisional, "planned_at": local(at).isoformat()}
    return with_office(rulebook, now_told)


def _days_left(rulebook: Rulebook, told: Told, stopped_on: date, at: datetime) -> dict[str, Any]:
    resumed_on, kind = local(at).date(), _counts_by(told)
    if not _went_by(rulebook, kind, stopped_on, resumed_on):
        return {}
    counted = [date.fromisoformat(day) for day in told["counted"]]
    left = (counted[-1] - stopped_on).days if kind is LimitKind.MONTHS else sum(day > stopped_on for day in counted)
    gone = [day for day in counted if day < stopped_on or (day == stopped_on and left)]
    fresh = _limit_from(rulebook, told, kind, max(1, left), at)
    days = (*gone, *fresh.counted) if kind is not LimitKind.MONTHS else fresh.counted[-1:]
    skipped = [skip for skip in told.get("skipped", ()) if skip["date"] <= stopped_on.isoformat()]
    return {
        "due_at": fresh.due_at.isoformat(),
        "counted": [day.isoformat() for day in days],
        "skipped": [*skipped, *({"date": each.date.isoformat(), "reason": each.reason} for each in fresh.skipped)],
        "provisional": bool(told.get("provisional")) or fresh.provisional,
    }


def _office_time_left(rulebook: Rulebook, told: Told, stopped_at: datetime, at: datetime) -> dict[str, Any]:
    calendar, office = rulebook.calendar, office_behind(rulebook, told)
    spans = tuple((local(parse(span["from"])), local(parse(span["until"]))) for span in told["spans"])
    if _counts_halves(told):
        if half_days_after(stopped_at, 1, calendar, office)[0][0] > at:
            return {}
        left = sum(opens > stopped_at for opens, _ in spans)
        gone = tuple(span for span in spans if span[0] <= stopped_at) if left else spans[:-1]
        fresh = half_days_after(at, max(1, left), calendar, office)
    else:
        gone = tuple((opens, min(closes, stopped_at)) for opens, closes in spans if opens < stopped_at)
        rest = sum((closes - max(opens, stopped_at) for opens, closes in spans if closes > stopped_at), timedelta())
        fresh = office_time_after(at, rest, calendar, office)
    return _told_spans(rulebook, told, (*gone, *fresh))


def _counts_halves(told: Told) -> bool:
    return "小时" not in str(told.get("limit", ""))


def _told_spans(rulebook: Rulebook, told: Told, spans: tuple[Span, ...]) -> dict[str, Any]:
    """Return what is told of a clock for which this office time counts; a year once provisional stays so."""
    known = _counted_in(by_office_time(spans, spans[0][0], rulebook.calendar))
    return {**known, "provisional": bool(told.get("provisional")) or known["provisional"]}


def _longer_spans(rulebook: Rulebook, told: Told, was: datetime, now: datetime) -> dict[str, Any]:
    more = between(was, now, rulebook.calendar, office_behind(rulebook, told), halves=_counts_halves(told))
    days = (opens.date().isoformat() for opens, _ in more)
    spans = [*told["spans"], *spans_data(more).get("spans", ())]
    return {"spans": spans, "counted": list(dict.fromkeys((*told["counted"], *days)))}


def _counts_by(told: Told) -> LimitKind:
    """Return what a limit in days counts: workdays, days, or (months, fixed days) nothing but its last day."""
    limit = str(told.get("limit", ""))
    if "工作日" in limit:
        return LimitKind.WORKDAYS
    return LimitKind.DAYS if _DAYS.fullmatch(limit) else LimitKind.MONTHS


def _went_by(rulebook: Rulebook, kind: LimitKind, stopped_on: date, resumed_on: date) -> bool:
    if kind is not LimitKind.WORKDAYS:
        return resumed_on > stopped_on
    return rulebook.calendar.workdays_after(stopped_on, 1)[0] <= resumed_on


def _limit_from(rulebook: Rulebook, told: Told, kind: LimitKind, amount: int, at: datetime) -> Due:
    counting = LimitKind.WORKDAYS if kind is LimitKind.WORKDAYS else LimitKind.DAYS
    return due(Limit(counting, amount), at, rulebook.calendar, office_behind(rulebook, told))


def _longer(rulebook: Rulebook, told: Told, was: date, days: tuple[date, ...]) -> dict[str, Any]:
    """Return the days that count in an extended limit; one in hours has none."""
    if not told.get("counted"):
        return {}
    kind, rest = _counts_by(told), rulebook.calendar.rest_days(was, days[-1])
    skipped = [{"date": day.isoformat(), "reason": why} for day, why in rest if day > was]
    if kind is LimitKind.WORKDAYS:
        more = [day.isoformat() for day in days]
        return {"counted": [*told["counted"], *more], "skipped": [*told.get("skipped", ()), *skipped]}
    if kind is LimitKind.MONTHS:
        return {"counted": [days[-1].isoformat()]}
    plain = (date.fromordinal(n).isoformat() for n in range(was.toordinal() + 1, days[-1].toordinal() + 1))
    return {"counted": [*told["counted"], *plain]}
