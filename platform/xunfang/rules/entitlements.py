"""Entitlements 保障: what an outcome decides about a programme, from when, until when, and how much."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.rulebook.model import EntitlementRule, Outcome, Rulebook
from xunfang.worktime import months_away

Facts = Mapping[str, Any]
ANSWER = "$answers."

GRANTED, REFUSED, SUSPENDED, EXITED = "granted", "refused", "suspended", "exited"
STATES = {GRANTED: "已享受", REFUSED: "未予批准", SUSPENDED: "已中止", EXITED: "已退出"}
"""How somebody stands to a programme, as pages and ledgers call it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What an outcome decides: how somebody stands to a programme from now on, and what the form told of it.

    `until` is the last day of what lasts for a fixed time, None of what goes on. `cents` is the amount in 分.
    """

    programme: str
    state: str
    since: date
    until: date | None
    cents: int | None
    members: int
    reason: str


def named_by(programme: str, facts: Facts) -> str:
    """Return the programme that an outcome names, outright or by an answer; "" where it names none."""
    return str(facts.get(programme.removeprefix(ANSWER), "")) if programme.startswith(ANSWER) else programme


def decisions(rulebook: Rulebook, outcome: Outcome, facts: Facts, day: date) -> Iterable[Decided]:
    """Yield what an outcome decides about programmes by what its form told, on the day of deciding."""
    written = ((GRANTED, outcome.grants), (REFUSED, outcome.refuses), (SUSPENDED, outcome.suspends))
    for state, ref in (*written, (EXITED, outcome.stops)):
        programme = named_by(ref, facts)
        if programme in rulebook.programmes:
            yield _decided(rulebook, programme, state, facts, day)


def _decided(rulebook: Rulebook, programme: str, state: str, facts: Facts, day: date) -> Decided:
    held = rulebook.programmes[programme].held
    since = _day(_first(held.since, facts), last=False) or day
    until = lasts_until(held, facts, since) if state == GRANTED else None
    if state == REFUSED:
        since = until = day
    members = _first(held.members, facts)
    return Decided(
        programme=programme,
        state=state,
        since=since,
        until=until,
        cents=cents(_first(held.amount, facts)) if state == GRANTED else None,
        members=members if isinstance(members, int) else 0,
        reason=_words(_first(held.reason, facts)) if state != GRANTED else "",
    )


def lasts_until(held: EntitlementRule, facts: Facts, since: date) -> date | None:
    """Return the last day of what is granted from a day on: as told, else as long as it lasts; None of what goes on."""
    told = _day(_first(held.until, facts), last=True)
    if told or held.lasts is None:
        return told
    return months_away(since, held.lasts) if held.lasts else since


def _first(names: Iterable[str], facts: Facts) -> Any:
    return next((facts[name] for name in names if facts.get(name) not in (None, "", [], ())), None)


def _words(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")


def _day(value: Any, *, last: bool) -> date | None:
    """Return the day that an answer tells: a day, or the first or last one of a month written 2026-07."""
    text = str(value or "")[:10]
    try:
        if len(text) == len("2026-07"):
            month = date.fromisoformat(f"{text}-01")
            return month.replace(day=monthrange(month.year, month.month)[1]) if last else month
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def cents(value: Any) -> int | None:
    """Return an amount of 元 in 分, None for what is no amount."""
    return round(value * 100) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
