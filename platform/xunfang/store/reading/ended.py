"""What stands on divisions that have ended, or on ones that nobody knows: a page at a time, in the order of keys."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import SQL, fn

from xunfang.store.columns import to_json
from xunfang.store.database import Reader
from xunfang.store.reading.sight import CASE, DISPATCH, DUTY, PERSON, TASK
from xunfang.store.rows import model_of, table_of
from xunfang.store.tables import Account, Alert, Case, DutyPeriod, Notice, Person

_ACCOUNT, _ALERT, _NOTICE = model_of(Account), model_of(Alert), model_of(Notice)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ended:
    """Divisions that have ended, and the units that existed in them."""

    jurisdiction: str
    places: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InUse:
    """How much that is open stands on one division."""

    cases: int = 0
    tasks: int = 0
    accounts: int = 0


def in_use(reader: Reader, jurisdiction: str) -> dict[str, InUse]:
    """Return by division how many open cases, open tasks of its units and accounts in use there are."""
    open_cases = (CASE.jurisdiction == jurisdiction) & CASE.closed_at.is_null()
    open_tasks = (TASK.jurisdiction == jurisdiction) & TASK.ended_at.is_null() & TASK.unit.contains(":")
    active = (_ACCOUNT.jurisdiction == jurisdiction) & (_ACCOUNT.state == "active")
    cases = _counted(reader, CASE.residence, open_cases)
    tasks = _counted(reader, TASK.unit, open_tasks)
    accounts = _counted(reader, _ACCOUNT.unit, active & _ACCOUNT.unit.contains(":"))
    sights = _counted(reader, _ACCOUNT.division, active & (_ACCOUNT.division != "") & ~_ACCOUNT.unit.contains(":"))
    places = sorted({*cases, *tasks, *accounts, *sights})
    return {place: InUse(cases[place], tasks[place], accounts[place] + sights[place]) for place in places}


def _counted(reader: Reader, column: Any, found: Any) -> Counter[str]:
    """Return how many rows there are for each division that a column names, alone or as that of a unit."""
    query = column.model.select(column.alias("place"), fn.COUNT(SQL("1")).alias("many")).where(found)
    counted: Counter[str] = Counter()
    for row in reader.fetch(query.group_by(column)):
        counted[str(row["place"]).rpartition(":")[2]] += int(row["many"])
    return counted


def accounts_on(reader: Reader, ended: Ended, after: str, most: int) -> list[Account]:
    """Return the accounts of units that have ended, or that see what has."""
    found = _ACCOUNT.unit.in_(ended.units) | _ACCOUNT.division.in_(ended.places)
    return _page(reader, Account, ended, found, after, most)


def people_on(reader: Reader, ended: Ended, after: str, most: int) -> list[Person]:
    """Return the persons who live, or are registered, where a division has ended."""
    found = PERSON.residence.in_(ended.places) | PERSON.registration.in_(ended.places)
    return _page(reader, Person, ended, found, after, most)


def cases_on(reader: Reader, ended: Ended, printable: Collection[str], after: str, most: int) -> list[Case]:
    """Return the open cases that stand on what has ended, and closed ones with a paper still to go out from there.

    `printable` says how such a paper stands.
    """
    task = TASK.alias("ended_task")
    tasks = task.select(SQL("1")).where((task.case == CASE.id) & task.ended_at.is_null() & task.unit.in_(ended.units))
    waiting = (DISPATCH.case == CASE.id) & (DISPATCH.status == "proposed") & DISPATCH.unit.in_(ended.units)
    unsent = (_NOTICE.case == CASE.id) & _NOTICE.n.is_null() & _NOTICE.status.in_(list(printable))
    papers = _NOTICE.select(SQL("1")).where(unsent & _NOTICE.unit.in_(ended.units))
    lives = CASE.residence.in_(ended.places) | CASE.registration.in_(ended.places)
    standing = lives | fn.EXISTS(tasks) | fn.EXISTS(DISPATCH.select(SQL("1")).where(waiting))
    return _page(reader, Case, ended, (CASE.closed_at.is_null() & standing) | fn.EXISTS(papers), after, most)


def alerts_of(reader: Reader, ended: Ended, after: str, most: int) -> list[Alert]:
    """Return the events that are on, declared by units that have ended."""
    return _page(reader, Alert, ended, _ALERT.ended_at.is_null() & _ALERT.unit.in_(ended.units), after, most)


def duties_on(reader: Reader, ended: Ended, after: str, most: int) -> list[DutyPeriod]:
    """Return what is still owed by units that have ended, or to them; all of what goes to several: it may be one."""
    to = DUTY.to.cast("TEXT")
    reported = to.in_([to_json((unit,)) for unit in ended.units]) | to.contains(",")
    found = DUTY.ended_at.is_null() & (DUTY.unit.in_(ended.units) | reported)
    return _page(reader, DutyPeriod, ended, found, after, most)


def _page(reader: Reader, row: type[R], ended: Ended, found: Any, after: str, most: int) -> list[R]:
    model, table = model_of(row), table_of(row)
    query = model.select().where((model.jurisdiction == ended.jurisdiction) & (model.id > after) & found)
    return [table.row(**reader.opened(row, values)) for values in reader.fetch(query.order_by(model.id).limit(most))]
