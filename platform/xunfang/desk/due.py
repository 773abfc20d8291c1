"""A stored due moment with its explanation, as a page shows it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from xunfang.clock import parse
from xunfang.desk.faces import DueFace
from xunfang.desk.labels import Labels
from xunfang.desk.moments import moment
from xunfang.desk.releases import Today
from xunfang.desk.wording import Standing, stopped_words, words_by_day, words_by_hour
from xunfang.rules.explain import office_words, span_words, within_words
from xunfang.rules.overdue import is_overdue
from xunfang.rules.set_limits import set_words
from xunfang.store.reading.wanted import Horizon


def due_face(
    labels: Labels,
    due_at: datetime | None,
    due: Mapping[str, Any] | None,
    today: Today,
    *,
    ended: bool = False,
    stopped: datetime | None = None,
    uncounted: str = "",
) -> DueFace:
    """Return a due moment for the page; of something ended or stopped, how it stands is no longer counted.

    `uncounted` is the state in which it was stopped because its time does not count.
    """
    told = due or {}
    return DueFace(
        at=due_at,
        standing=Standing("none", stopped_words(stopped, uncounted))
        if stopped
        else standing(today, None if ended else due_at, due),
        changes=tuple(_changes(labels, told)),
        label=labels.deadline(str(told["deadline"])) if told.get("deadline") else str(told.get("label", "")),
        limit=str(told.get("limit", "")),
        counted=() if told.get("fixed") else tuple(date.fromisoformat(day) for day in told.get("counted", ())),
        skipped=tuple((date.fromisoformat(each["date"]), str(each["reason"])) for each in told.get("skipped", ())),
        provisional=bool(told.get("provisional")),
        spans=tuple(span_words(span) for span in told.get("spans", ())),
        clauses=labels.clauses(told.get("clauses", told.get("cites", ()))),
    )


def _changes(labels: Labels, told: Mapping[str, Any]) -> Iterator[str]:
    """Yield in words what a clock goes by besides its limit, how often it was stopped, and every extension."""
    if words := office_words(told):
        yield words
    if words := set_words(told):
        yield words
    if words := within_words(told):
        within = told["within"]
        yield words + (f"（依据：{labels.in_short(within['cites'])}）" if within.get("cites") else "")
    for span in told.get("paused", ()):
        basis = f"（依据：{labels.in_short(span['cites'])}）" if span.get("cites") else ""
        what = f"为“{span['label']}”期间" if "label" in span else "中止"
        yield f"{moment(parse(span['from']))}至{moment(parse(span['until']))}{what}，不计入期限{basis}"
    for each in told.get("extended", ()):
        was, now = moment(parse(each["was"])), moment(parse(each["now"]))
        basis = f"（依据：{labels.in_short(each['cites'])}）" if each.get("cites") else ""
        yield f"经{each['by']}同意延期{each['workdays']}个工作日，由{was}延至{now}{basis}"


def standing(today: Today, due_at: datetime | None, due: Mapping[str, Any] | None) -> Standing:
    """Return how a deadline stands, parted exactly as the queue counts it."""
    if due_at is None:
        return Standing("none", "无时限")
    by_hour = due is not None and not due.get("counted")  # only a limit in hours counts no days
    words = words_by_hour(due_at, today.now) if by_hour else words_by_day(due_at, today.now, today.calendar)
    return Standing(_bucket(due_at, today.horizon), words)


def _bucket(due_at: datetime, parts: Horizon) -> str:
    if is_overdue(due_at, parts.now):
        return "late"
    if due_at <= parts.today_ends:
        return "today"
    return "soon" if due_at <= parts.soon_ends else "later"
