"""How things stood at a past moment, as far as their own rows tell: what came later is taken away again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from xunfang.casework import Amendment
from xunfang.clock import SHANGHAI
from xunfang.store import Case, Clue, DutyPeriod, Person, Task
from xunfang.store.reading.lines import Beside

R = TypeVar("R")


def end_of(day: date) -> datetime:
    """Return the last moment of a day."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI) - timedelta(seconds=1)


def as_it_stood(beside: Beside, then: datetime) -> None:
    """Let reports, tasks, papers and endings be those of a past moment; what lines are about was there then."""
    beside.tasks = {
        key: [_task(row, then) for row in rows if row.opened_at <= then] for key, rows in beside.tasks.items()
    }
    beside.told = _until(beside.told, lambda row: row.at <= then)
    beside.notices = _until(beside.notices, lambda row: row.issued_at is not None and row.issued_at <= then)
    entered = _until(beside.clues, lambda row: row.entered_at <= then)
    beside.clues = {key: [_clue(row, then) for row in rows] for key, rows in entered.items()}
    beside.cases = {key: _case(row, beside.tasks.get(key, []), then) for key, row in beside.cases.items()}
    beside.latest = {key: _case(row, [], then) for key, row in beside.latest.items() if row.opened_at <= then}
    beside.owed = {key: _task(row, then) for key, row in beside.owed.items()}
    beside.subjects = {key: beside.cases.get(key) or _subject(row, then) for key, row in beside.subjects.items()}


def where_they_lived(beside: Beside, moves: Mapping[str, Sequence[Amendment]], on: date) -> None:
    """Let people live, and be registered, where they did at the end of a day: who moved later had not yet."""
    beside.people = {key: _settled(person, moves.get(key, ()), on) for key, person in beside.people.items()}


def _settled(person: Person, moves: Sequence[Amendment], on: date) -> Person:
    before: dict[str, str] = {}
    for move in moves:
        if move.on and move.on > on:
            before.setdefault(move.field, move.before)
    return replace(person, **before) if before else person  # type: ignore[arg-type]


def _until(rows: dict[str, list[R]], was: Callable[[R], bool]) -> dict[str, list[R]]:
    return {key: [row for row in found if was(row)] for key, found in rows.items()}


def _task(task: Task, then: datetime) -> Task:
    """Return a task before it was ended, taken in hand or overdue, where that came later."""
    ended = task.ended_at is not None and task.ended_at > then
    claimed = task.claimed_at is not None and task.claimed_at > then
    late = task.overdue_at is not None and task.overdue_at > then
    if ended:
        task = replace(task, ended_at=None, outcome="", answers="", status="claimed", completed_in_time=None)
    if claimed:
        task = replace(task, claimed_at=None, claimed_by="", status="open")
    return replace(task, overdue_at=None) if late else task


def _clue(clue: Clue, then: datetime) -> Clue:
    """Return a clue before it was taken back."""
    return replace(clue, withdrawn_at=None) if clue.withdrawn_at and clue.withdrawn_at > then else clue


def _case(case: Case, tasks: list[Task], then: datetime) -> Case:
    """Return a case before it was closed, in the state of the work that was open then."""
    if case.closed_at is None or case.closed_at <= then:
        return case
    open_ones = [task for task in tasks if task.ended_at is None] or tasks
    state = max(open_ones, key=lambda task: (task.opened_at, task.id)).state if open_ones else case.state
    return replace(case, closed_at=None, outcome="", decided=(), ended_as="", archived_at=None, state=state)


def _owed(owed: DutyPeriod, then: datetime) -> DutyPeriod:
    """Return what a unit owes before it was handed in."""
    later = owed.ended_at is not None and owed.ended_at > then
    return replace(owed, ended_at=None, status="owed", answers="") if later else owed


def _subject(row: R, then: datetime) -> R:
    if isinstance(row, DutyPeriod):
        return _owed(row, then)  # type: ignore[return-value]
    return _task(row, then) if isinstance(row, Task) else row  # type: ignore[return-value]
