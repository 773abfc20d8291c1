"""Sittings 会议 of meetings: the list, everything about one, and which tasks wait for one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, fn

from xunfang.errors import NotFound
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import names_of
from xunfang.store.reading.paging import Listing, Page, ask_through
from xunfang.store.reading.sight import CASE, PERSON, TASK, cases_in_sight, names_unit, of_unit, within
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import AgendaItem, Case, Minutes, Sitting

SITTING, ITEM = model_of(Sitting), model_of(AgendaItem)
MOST_WAITING = 200
"""So many of those that wait are offered for one sitting: the most pressing."""


@dataclass(frozen=True, slots=True)
class SittingItem:
    """One line of the list."""

    id: str
    meeting: str
    unit: str
    year: int
    n: int
    planned_at: datetime
    status: str
    release: str


@dataclass(frozen=True, slots=True)
class OnAgenda:
    """A case on a sitting; `number` and `person` are "" where the case is out of the reader's sight."""

    item: AgendaItem
    flow: str
    state: str
    release: str
    number: str
    person: str
    ended: bool


@dataclass(frozen=True, slots=True)
class SittingFile:
    """A sitting with its agenda in order and its minutes; `names` of the accounts that occur, by key."""

    sitting: Sitting
    agenda: tuple[OnAgenda, ...]
    names: Mapping[str, str]
    minutes: Minutes | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits for a sitting; `postponed`: one has left it to the next."""

    task: str
    case: str
    number: str
    person: str
    flow: str
    state: str
    release: str
    due_at: datetime | None
    postponed: bool


def sittings_in_sight(scope: Scope) -> Any:
    """Return the condition on sittings: called by the unit, or with it, or by a unit within the division."""
    ours = SITTING.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    units = scope.units if scope.formerly else (scope.unit,)
    invited = reduce(or_, (names_unit(SITTING.invited.cast("TEXT"), unit) for unit in units if unit), SQL("0 = 1"))
    return ours & (of_unit(SITTING.unit, scope) | invited | within(SITTING.residence, scope))


def sitting_page(reader: Reader, scope: Scope, after: str) -> Page[SittingItem]:
    """Return a page of the sittings in sight, that planned last first."""
    return ask_through(reader, _item, after, _listed, scope)


def _listed(scope: Scope) -> Listing:
    query = SITTING.select(*(getattr(SITTING, name) for name in SittingItem.__dataclass_fields__))
    through = SITTING.select().where(SITTING.jurisdiction == scope.jurisdiction)
    by = (SITTING.planned_at, SITTING.id)
    return Listing(query.where(sittings_in_sight(scope)), by, newest_first=True, through=through)


def _item(row: Mapping[str, Any]) -> SittingItem:
    return SittingItem(**{name: row[name] for name in SittingItem.__dataclass_fields__})


def read_sitting(reader: Reader, scope: Scope, sitting: Sitting) -> SittingFile:
    """Return everything about a sitting that the caller has found to be in sight."""
    items = sorted(reader.every(AgendaItem, sitting=sitting.id), key=lambda item: item.n)
    rows = {row["id"]: row for row in reader.ask(_of_cases, sitting.id)}
    seen = {row["id"] for row in reader.ask(_seen, sitting.id, scope)}
    agenda = tuple(_on_agenda(item, rows[item.id], item.id in seen) for item in items)
    minutes = reader.first(Minutes, sitting=sitting.id)
    accounts = [sitting.called_by, *([minutes.signed_by] if minutes and minutes.signed_by else [])]
    return SittingFile(sitting, agenda, names_of(reader, accounts), minutes)


def _on_agenda(item: AgendaItem, row: Mapping[str, Any], seen: bool) -> OnAgenda:
    number, person = (row["number"], row["name"]) if seen else ("", "")
    ended = row["ended_at"] is not None
    return OnAgenda(item, row["flow"], row["state"], row["release"], number, person, ended)


def _of_cases(sitting: str) -> Any:
    query = ITEM.select(ITEM.id, CASE.number, CASE.flow, CASE.release, TASK.state, TASK.ended_at, PERSON.name)
    joined = query.join(CASE, on=(CASE.id == ITEM.case)).join(PERSON, on=(PERSON.id == CASE.person))
    return joined.join(TASK, on=(TASK.id == ITEM.task)).where(ITEM.sitting == sitting)


def _seen(sitting: str, scope: Scope) -> Any:
    query = ITEM.select(ITEM.id).join(CASE, on=(CASE.id == ITEM.case))
    return query.where((ITEM.sitting == sitting) & cases_in_sight(scope))


def waiting_for(
    reader: Reader, scope: Scope, units: Collection[str], states: Sequence[tuple[str, str]]
) -> tuple[Waiting, ...]:
    """Return the open tasks of units in these states (of flows) that are on no sitting, the most pressing first."""
    if not states:
        return ()
    rows = reader.ask(_waiting, scope, tuple(units), tuple(states))
    return tuple(_waits(row) for row in rows)


def _waiting(scope: Scope, units: tuple[str, ...], states: tuple[tuple[str, str], ...]) -> Any:
    named = reduce(or_, ((TASK.flow == flow) & (TASK.state == state) for flow, state in states))
    ours = (TASK.jurisdiction == scope.jurisdiction) & TASK.unit.in_(list(units)) & TASK.ended_at.is_null()
    on_one = fn.EXISTS(ITEM.select(SQL("1")).where((ITEM.task == TASK.id) & (ITEM.status == "proposed")))
    left = ITEM.alias("left")
    postponed = fn.EXISTS(left.select(SQL("1")).where((left.task == TASK.id) & (left.status == "postponed")))
    query = TASK.select(
        TASK.id.alias("task"), CASE.id.alias("case"), CASE.number, PERSON.name, TASK.flow, TASK.state, CASE.release,
        TASK.due_at, postponed.alias("postponed"),
    )  # fmt: skip
    joined = query.join(CASE, on=(CASE.id == TASK.case)).join(PERSON, on=(PERSON.id == CASE.person))
    return joined.where(ours & named & ~on_one).order_by(TASK.due_at, TASK.id).limit(MOST_WAITING)


def _waits(row: Mapping[str, Any]) -> Waiting:
    return Waiting(
        task=row["task"],
        case=row["case"],
        number=row["number"],
        person=row["name"],
        flow=row["flow"],
        state=row["state"],
        release=row["release"],
        due_at=row["due_at"],
        postponed=bool(row["postponed"]),
    )


@dataclass(frozen=True, slots=True)
class CaseOnSitting:
    """A sitting that a case is or was on, and what became of the case there."""

    sitting: str
    meeting: str
    year: int
    n: int
    planned_at: datetime
    task: str
    status: str
    decision: str
    seen: bool


def sittings_of(reader: Reader, scope: Scope, case: str) -> tuple[CaseOnSitting, ...]:
    """Return the sittings that a case in sight is or was on, in order; `seen`: the reader can open it."""
    rows = reader.ask(_sittings_of, case)
    seen = {row["id"] for row in reader.ask(_sittings_seen, case, scope)}
    return tuple(
        CaseOnSitting(
            row["sitting"], row["meeting"], row["year"], row["n"], row["planned_at"], row["task"], row["status"],
            row["decision"], row["sitting"] in seen,
        )
        for row in rows
    )  # fmt: skip


def _sittings_of(case: str) -> Any:
    of_sitting = (SITTING.meeting, SITTING.year, SITTING.n, SITTING.planned_at)
    query = ITEM.select(ITEM.sitting, ITEM.task, ITEM.status, ITEM.decision, *of_sitting).join(
        SITTING, on=(SITTING.id == ITEM.sitting)
    )
    return query.where(ITEM.case == case).order_by(ITEM.put_at, ITEM.id)


def _sittings_seen(case: str, scope: Scope) -> Any:
    query = ITEM.select(SITTING.id).join(SITTING, on=(SITTING.id == ITEM.sitting))
    return query.where((ITEM.case == case) & sittings_in_sight(scope))


@dataclass(frozen=True, slots=True)
class MeetingsInSight:
    """What a scope sees of meetings; what is out of it does not exist."""

    reader: Reader
    scope: Scope

    def sitting(self, sitting_id: str) -> Sitting:
        """Return a sitting in sight; raises NotFound for any other."""
        found = self.reader.ask_rows(Sitting, _keyed, sitting_id, self.scope)
        if not found:
            raise NotFound()
        return found[0]

    def file(self, sitting_id: str) -> SittingFile:
        """Return a sitting in sight with its agenda, naming the cases in sight; raises NotFound."""
        return read_sitting(self.reader, self.scope, self.sitting(sitting_id))

    def item(self, item_id: str) -> tuple[AgendaItem, Sitting]:
        """Return a case on a sitting in sight, with the sitting; raises NotFound for any other."""
        found = self.reader.find(AgendaItem, item_id)
        if found is None:
            raise NotFound()
        return found, self.sitting(found.sitting)

    def page(self, after: str = "") -> Page[SittingItem]:
        """Return a page of the sittings in sight, that planned last first."""
        return sitting_page(self.reader, self.scope, after)

    def of_case(self, case: Case) -> tuple[CaseOnSitting, ...]:
        """Return the sittings that a case which the caller sees is or was on."""
        return sittings_of(self.reader, self.scope, case.id)

    def waiting_for(self, units: Collection[str], states: Sequence[tuple[str, str]]) -> tuple[Waiting, ...]:
        """Return the open tasks of the reader's own units in these states that are on no sitting."""
        return waiting_for(self.reader, self.scope, units, states)


def _keyed(sitting: str, scope: Scope) -> Any:
    return SITTING.select().where((SITTING.id == sitting) & sittings_in_sight(scope))
