"""Moving open cases to another release 改用规则版本: in bulk, in pieces, each an event of its own; or only for show."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.loading import file_of
from xunfang.actions.storing import store
from xunfang.casework import Asked, Changes, advance
from xunfang.clock import local
from xunfang.errors import Refused
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import unit_label
from xunfang.store import Case, Event, ReleaseLine, Task, Transaction, connection, new_id, open_cases_on

PIECE = 4
"""So many cases are decided and written in one transaction: nobody waits longer than a moment."""

Told = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """What moving brings to one case, each as it was and as it is, in words; or why it stays, in `stays`."""

    number: str
    unit: Told = ("", "")
    due: Told = ("", "")
    papers: Told = ("", "")
    stays: str = ""

    @property
    def changes(self) -> bool:
        """Return whether anything is different by the new rules."""
        return any(before != after for before, after in (self.unit, self.due, self.papers))


@dataclass(frozen=True, slots=True)
class Move:
    """From which release to which, in one jurisdiction; `back`: only what was moved the other way before."""

    jurisdiction: str
    was: ReleaseLine
    to: ReleaseLine
    back: bool = False


def move_cases(deployment: Deployment, move: Move, at: datetime, *, dry: bool) -> Iterator[Moved]:
    """Move every open case of a release whose state the other one knows, and yield what becomes of each.

    With `dry` nothing is written. What a case stands on that the other release lacks makes it stay.
    """
    last = ""
    for release in (move.was, move.to):
        deployment.rulebooks.release(release.id)  # compiled before anybody waits for it
    while True:
        with connection(deployment.database, move.jurisdiction) as reader:
            piece = open_cases_on(reader, move.jurisdiction, move.was.id, last, PIECE)
        if not piece:
            return
        yield from _move_piece(deployment, move, [case.id for case in piece], at, dry=dry)
        last = piece[-1].id


def foreseen(deployment: Deployment, move: Move, at: datetime, after: str, most: int) -> tuple[list[Moved], str]:
    """Return what would become of the first so many open cases after a key, and the key of the last; "" for no more."""
    with connection(deployment.database, move.jurisdiction) as reader:
        piece = open_cases_on(reader, move.jurisdiction, move.was.id, after, most + 1)
    keys = [case.id for case in piece[:most]]
    return _move_piece(deployment, move, keys, at, dry=True), keys[-1] if len(piece) > most else ""


def move_some(act: Act, move: Move, keys: Iterable[str], *, dry: bool) -> list[Moved]:
    """Move those of some cases that are open and stand on the release, and return what became of each."""
    cases = [case for case in map(act.case, keys) if case.release == move.was.id and case.closed_at is None]
    wanted = [case for case in cases if not move.back or _came(act, case, move)]
    return [_move_one(act, move, case, dry=dry) for case in wanted]


def _move_piece(deployment: Deployment, move: Move, keys: Iterable[str], at: datetime, *, dry: bool) -> list[Moved]:
    with _act(deployment, move, at, dry=dry) as act:
        return move_some(act, move, keys, dry=dry)


@contextmanager
def _act(deployment: Deployment, move: Move, at: datetime, *, dry: bool) -> Iterator[Act]:
    actor = machinery(move.jurisdiction, "改用规则版本")
    if dry:  # who only looks keeps nobody from writing
        with connection(deployment.database, move.jurisdiction) as reader:
            yield Act(cast("Transaction", reader), deployment, actor, at)
    else:
        with acting(deployment, actor, at, dated=True) as act:
            yield act


def _came(act: Act, case: Case, move: Move) -> bool:
    """Return whether a case was moved last to where it stands from where it is to go back to."""
    last = [event for event in act.tx.every(Event, case=case.id) if event.name == "case.rules_changed"][-1:]
    return bool(last) and (last[0].told["from"], last[0].told["to"]) == (move.to.id, move.was.id)


def _move_one(act: Act, move: Move, case: Case, *, dry: bool) -> Moved:
    was, to = act.rules(move.was.id), act.rules(move.to.id)
    told = {"edition": move.to.label, "was_edition": move.was.label}
    asked = Asked(verb="move-release", actor=act.actor, case=case.id, payload={"was": was, "told": told})
    before = list(act.tx.every(Task, case=case.id))
    try:
        changes = advance(to, file_of(act, case), asked, act.at, new_id)
    except Refused as error:
        return Moved(case.number, stays=error.message)
    if not dry:
        store(act, changes)
    return _told(case, before, changes, was, to)


def _told(case: Case, before: list[Task], changes: Changes, was: Rulebook, to: Rulebook) -> Moved:
    later = {changed.after.id: changed.after for changed in changes.changed}
    after = [row for row in (*(later.get(task.id, task) for task in before), *changes.new) if isinstance(row, Task)]
    now = later.get(case.id, case)
    assert isinstance(now, Case)
    old, new = _leads(before), _leads(after)
    return Moved(
        case.number,
        (_units(was, old), _units(to, new)),
        (_dues(case, old), _dues(now, new)),
        (_papers(was, case, old), _papers(to, case, new)),
    )


def _leads(tasks: Iterable[Task]) -> list[Task]:
    found = [task for task in tasks if task.role == "lead" and task.ended_at is None]
    return sorted(found, key=lambda task: (task.unit, task.id))


def _units(rulebook: Rulebook, tasks: Iterable[Task]) -> str:
    return "、".join(unit_label(rulebook, task.unit) for task in tasks)


def _dues(case: Case, tasks: Iterable[Task]) -> str:
    """Return when the tasks of a case are due, or, of one without any, the case itself."""
    moments = [task.due_at for task in tasks] or [case.due_at]
    return "、".join(dict.fromkeys(f"{local(moment):%Y-%m-%d %H:%M}" if moment else "无" for moment in moments))


def _papers(rulebook: Rulebook, case: Case, tasks: Iterable[Task]) -> str:
    """Return the papers that the states a case stands in print, on the way in and by their outcomes."""
    states = rulebook.flows[case.flow].states
    kinds: dict[str, None] = {}
    for name in dict.fromkeys((case.state, *(task.state for task in tasks))):
        state = states[name]
        kinds |= dict.fromkeys(state.prints)
        kinds |= dict.fromkeys(kind for outcome in state.outcomes.values() for kind in outcome.prints)
    return "、".join(rulebook.notices[kind].label for kind in kinds)
