"""What a case has been through, as facts: how often its outcomes came about, and for how long something has held."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.rows import Case, Clue, Task, Told
from xunfang.clock import local_date
from xunfang.rulebook.history import MONTHS, TIMES, UNITS, History
from xunfang.rules.conditions import HISTORY, holds
from xunfang.worktime import months_away

Ended = tuple[datetime, str, str]
"""When a state of a case ended or told something, which one, and with which outcome."""


def history_facts(draft: Draft, case: Case, clues: Sequence[Clue]) -> dict[str, Any]:
    """Return the facts `history.<id>` of a case, whose `clues` are given, and what each of them is made of."""
    known = draft.rulebook.flows[case.flow].history
    if not known:
        return {}
    ended = sorted(_ended(draft, case))
    told = {each.id: _told(draft, case, clues, ended, each) for each in known.values()}
    numbers = {f"history.{id}": number for id, (number, _) in told.items()}
    return {**numbers, HISTORY: {id: words for id, (_, words) in told.items()}}


def _ended(draft: Draft, case: Case) -> Iterator[Ended]:
    for told in draft.select(Told, case=case.id):
        yield told.at, told.state, told.outcome
    for task in draft.select(Task, case=case.id, role="lead", status="done"):
        if task.ended_at and task.outcome:
            yield task.ended_at, task.state, task.outcome


def _told(draft: Draft, case: Case, clues: Sequence[Clue], ended: Sequence[Ended], history: History) -> tuple[int, str]:
    today = local_date(draft.at)
    if history.unit == TIMES:
        days = [local_date(at) for at in _counted(history, ended, today)]
        when = f"（{'、'.join(map(str, days))}）" if days else ""
        return len(days), f"{history.label}{len(days)}次{when}"
    since = _since(history, _tellings(draft, case, clues))
    lasted = _lasted(since, today, history.unit) if since else 0
    began = f"（自{since}起）" if since else ""
    return lasted, f"{history.label}{lasted}{UNITS[history.unit]}{began}"


def _counted(history: History, ended: Sequence[Ended], today: date) -> list[datetime]:
    """Return when the outcomes came about that count, oldest first."""
    states = {state for state, _ in history.outcomes}
    found = [each for each in ended if each[1] in states]
    if history.in_a_row:
        row = takewhile(lambda each: (each[1], each[2]) in history.outcomes, reversed(found))
        found = [*row][::-1]
    first = today - timedelta(days=history.days) if history.days else date.min
    return [at for at, *which in found if tuple(which) in history.outcomes and local_date(at) >= first]


def _tellings(draft: Draft, case: Case, clues: Iterable[Clue]) -> list[tuple[datetime, Mapping[str, Any]]]:
    """Return what was told in a case, and when, oldest first."""
    keys = [(clue.entered_at, clue.submission) for clue in clues]
    keys += [(told.at, told.submission) for told in draft.select(Told, case=case.id)]
    keys += [(task.ended_at, task.answers) for task in draft.select(Task, case=case.id) if task.ended_at]
    return [(at, draft.answers[key]) for at, key in sorted(keys) if key]


def _since(history: History, tellings: Iterable[tuple[datetime, Mapping[str, Any]]]) -> date | None:
    """Return the day from which on everything that was told leaves a condition holding, None where it does not."""
    facts: dict[str, Any] = {}
    since: date | None = None
    for at, answers in tellings:
        facts |= answers
        if not holds(history.held, facts):
            since = None
        elif since is None:
            since = local_date(at)
    return since


def _lasted(since: date, today: date, unit: str) -> int:
    if unit != MONTHS:
        return (today - since).days
    months = (today.year - since.year) * 12 + today.month - since.month
    return months if months_away(since, months) <= today else months - 1
