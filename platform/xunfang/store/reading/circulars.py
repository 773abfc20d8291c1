"""Circulars 通报: those in sight, newest first, one of them, and what waits for its signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL

from xunfang.errors import NotFound
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import names_of
from xunfang.store.reading.paging import Listing, Page, ask_through
from xunfang.store.reading.sight import names_unit, of_unit, within
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Circular

CIRCULAR = model_of(Circular)
MOST_WAITING = 50
"""So many of those that wait for a signature are shown at once, that drafted first first."""


@dataclass(frozen=True, slots=True)
class CircularFile:
    """A circular, the number of the one it corrects, those that correct it, and the names of accounts that occur."""

    circular: Circular
    corrected: Circular | None
    corrections: tuple[Circular, ...]
    names: Mapping[str, str]


def circulars_in_sight(scope: Scope) -> Any:
    """Return the condition on circulars: of the unit, or of one within the division; once issued, of those named."""
    ours = CIRCULAR.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    units = scope.units if scope.formerly else (scope.unit,)
    named = reduce(or_, (names_unit(CIRCULAR.units.cast("TEXT"), unit) for unit in units if unit), SQL("0 = 1"))
    issued = (CIRCULAR.status == "issued") & named
    return ours & (of_unit(CIRCULAR.unit, scope) | within(CIRCULAR.residence, scope) | issued)


def _listed(scope: Scope) -> Listing:
    through = CIRCULAR.select().where(CIRCULAR.jurisdiction == scope.jurisdiction)
    query = CIRCULAR.select().where(circulars_in_sight(scope))
    return Listing(query, (CIRCULAR.drafted_at, CIRCULAR.id), newest_first=True, through=through)


def _one(scope: Scope, key: str) -> Any:
    return CIRCULAR.select().where((CIRCULAR.id == key) & circulars_in_sight(scope))


def _waiting(scope: Scope, kinds: tuple[str, ...]) -> Any:
    waiting = (CIRCULAR.status == "draft") & CIRCULAR.kind.in_(kinds) & circulars_in_sight(scope)
    return CIRCULAR.select().where(waiting).order_by(CIRCULAR.drafted_at, CIRCULAR.id).limit(MOST_WAITING)


@dataclass(frozen=True, slots=True)
class CircularsInSight:
    """The readings of circulars within a scope."""

    reader: Reader
    scope: Scope

    def page(self, after: str) -> Page[Circular]:
        """Return a page of the circulars in sight, newest first."""
        return ask_through(self.reader, self._row, after, _listed, self.scope)

    def _row(self, row: Mapping[str, Any]) -> Circular:
        own = {name: row[name] for name in table_of(Circular).columns}
        return table_of(Circular).row(**self.reader.opened(Circular, own))

    def one(self, key: str) -> Circular:
        """Return a circular in sight; raises NotFound for any other."""
        found = self.reader.ask_rows(Circular, _one, self.scope, key)
        if not found:
            raise NotFound()
        return found[0]

    def file(self, key: str) -> CircularFile:
        """Return a circular in sight with what it corrects and what corrects it; raises NotFound for any other."""
        found = self.one(key)
        corrected = self.reader.find(Circular, found.corrects) if found.corrects else None
        corrections = tuple(self.reader.every(Circular, corrects=found.id))
        accounts = [key for key in (found.drafted_by, found.signed_by) if key]
        return CircularFile(found, corrected, corrections, names_of(self.reader, accounts))

    def waiting(self, kinds: Sequence[str]) -> list[Circular]:
        """Return the drafts in sight, of these kinds, that wait for their signature."""
        return self.reader.ask_rows(Circular, _waiting, self.scope, tuple(kinds)) if kinds else []
