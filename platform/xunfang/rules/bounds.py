"""Bounds of dates: not after today, not before the day on which something else came about."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from xunfang.clock import local_date, parse
from xunfang.rulebook.fields import TODAY, is_day
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.labels import title_of

Facts = Mapping[str, Any]


class _Bound(NamedTuple):
    """What a date is held against: the day, the moment if there is one, and how it is called."""

    day: date
    moment: datetime | None
    called: str


def bound_problem(rulebook: Rulebook, form: IntakeForm, field: Field, facts: Facts, at: datetime) -> str:
    """Return what is wrong with a date beside its bounds, as a Chinese sentence; "" when nothing is.

    A bound that is another field is looked up in the facts: other answers, and what was told before. One that nobody
    has told holds nothing back. Only of two moments the hours count.
    """
    given = _read(facts.get(field.name), field.title)
    if given is None:
        return ""
    earliest = _bound(rulebook, form, field.not_before, facts, at)
    if earliest and _is_before(given, earliest):
        return f"“{field.title}”不能早于{earliest.called}，请核对。"
    latest = _bound(rulebook, form, field.not_after, facts, at)
    return f"“{field.title}”不能晚于{latest.called}，请核对。" if latest and _is_before(latest, given) else ""


def _is_before(one: _Bound, other: _Bound) -> bool:
    if one.moment and other.moment:
        return one.moment < other.moment
    return one.day < other.day


def _bound(rulebook: Rulebook, form: IntakeForm, bound: str, facts: Facts, at: datetime) -> _Bound | None:
    if bound == TODAY:
        return _Bound(local_date(at), None, "今天")
    if is_day(bound):
        return _Bound(date.fromisoformat(bound), None, f" {bound} ")
    found = _read(facts.get(bound), "") if bound else None
    return found._replace(called=f"“{title_of(rulebook, form, bound)}”（{found.day}）") if found else None


def _read(value: Any, called: str) -> _Bound | None:
    """Return a date or a moment as it was answered; None for what is neither, which is told elsewhere."""
    text = str(value or "")
    try:
        if len(text) == len("2026-03-10"):
            return _Bound(date.fromisoformat(text), None, called)
        moment = parse(text)
    except ValueError:
        return None
    return _Bound(local_date(moment), moment, called)
