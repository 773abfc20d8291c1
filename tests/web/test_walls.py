"""With every condition of the query layer switched off, the database itself shows nothing of another county."""

import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from math import inf
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from argon2 import PasswordHasher
from conftest import JURISDICTION
from counties import OTHER_COUNTY, open_counties
from matrix import Cell, Matrix, Table

from databases import kept_in
from xunfang.actions import passwords
from xunfang.store import ScopedReader, composing
from xunfang.store.rows import all_tables
from xunfang.web.views import photos

READINGS = ("administration", "alerts", "duties", "inbox", "lists", "questions", "queue", "record", "staff")
SIGHTS = {
    "sight": ("cases", "tasks", "duties", "people", "submissions", "attachments"),
    "alerts": ("alerts",),
    "inbox": ("messages",),
}
ENOUGH = 20
"""So many words of another county tell that the scope is off where nothing else holds."""
FEWEST_ANSWERS = 200
OF_ONE = re.compile(r"(\w+\.jurisdiction) == (?:scope\.)?jurisdiction")
BY_NAME = re.compile(r", jurisdiction=scope\.jurisdiction")


def _everything(scope: Any) -> Any:
    import peewee

    return peewee.SQL("1 = 1")


def _switched_off() -> Iterator[tuple[FunctionType, Any]]:
    """Yield every function of the query layer that keeps to a jurisdiction, and the code of one that does not."""
    for module, names in SIGHTS.items():
        for name in names:
            yield getattr(import_module(f"xunfang.store.reading.{module}"), f"{name}_in_sight"), _everything.__code__
    for module in READINGS:
        found = import_module(f"xunfang.store.reading.{module}")
        for function in vars(found).values():
            if isinstance(function, FunctionType) and function.__module__ == found.__name__:
                source = textwrap.dedent(inspect.getsource(function))
                without = BY_NAME.sub("", OF_ONE.sub(r'\1 != ""', source))
                if without != source and not function.__name__.endswith("_in_sight"):
                    made: dict[str, Any] = {}
                    exec(without, vars(found), made)
                    yield function, made[function.__name__].__code__


@contextmanager
def no_scope() -> Iterator[int]:
    """Let whoever reads see all there is, as far as the query layer is concerned; returns how much was switched off."""
    kept = [(function, function.__code__, code) for function, code in _switched_off()]
    for function, _, code in kept:
        function.__code__ = code
    composing.forget()
    try:
        yield len(kept)
    finally:
        for function, code, _ in kept:
            function.__code__ = code
        composing.forget()


@contextmanager
def _matrix(kind: str, folder: Path) -> Iterator[Matrix]:
    """A site of two counties on one database, and who of the one comes to all addresses."""
    table = Table()
    people = [visitor.person for visitor in table.visitors if visitor.person]
    with pytest.MonkeyPatch.context() as patch, kept_in(kind):
        patch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=1024))
        patch.setattr(photos, "reencode", lambda data: data)
        counties = open_counties(folder, people)
        matrix = Matrix(counties, table)
        yield matrix
        matrix.close()
        counties.town.deployment.database.close()


def _strangers(matrix: Matrix, method: str) -> Iterator[Cell]:
    for cell in matrix.cells(thorough=False):
        person = cell.visitor.person
        if cell.method == method and person is not None and person.jurisdiction == OTHER_COUNTY:
            yield cell


def _foreign(matrix: Matrix) -> set[str]:
    """Return every word that stands only in what belongs to the other county than the strangers'."""
    own = ("there.", f"{OTHER_COUNTY}.")
    return {word for word, parts in matrix.canaries.items() if not any(part.startswith(own) for part in parts)}


def _told(matrix: Matrix, enough: float = inf) -> set[str]:
    """Return all that the strangers are told of the other county by any page, list, paper, photo or count.

    Where more than `enough` is, as much as has been told by then.
    """
    foreign, answers = _foreign(matrix), 0
    told: set[str] = set()
    for cell in _strangers(matrix, "GET"):
        text, answers = matrix._told(matrix.send(cell)), answers + 1
        told |= {word for word in foreign if word in text}
        if len(told) > enough and answers > FEWEST_ANSWERS:
            break
    assert answers > FEWEST_ANSWERS
    return told


@pytest.mark.slow
def test_without_its_scope_the_query_layer_tells_everything_and_behind_walls_nothing(tmp_path: Path) -> None:
    told, done = {}, {}
    for kind in ("sqlite", "walled"):
        (folder := tmp_path / kind).mkdir()
        with _matrix(kind, folder) as matrix, no_scope() as functions, pytest.MonkeyPatch.context() as patch:
            patch.setattr(ScopedReader, "_need", lambda reader, act: None)
            assert functions > 20
            told[kind] = _told(matrix, ENOUGH if kind == "sqlite" else inf)
            done[kind] = _done(matrix)
    assert len(told["sqlite"]) > ENOUGH, "the scope was not switched off"
    assert told["walled"] == set()
    assert done["sqlite"] == {JURISDICTION, OTHER_COUNTY}, "the scope was not switched off"
    assert done["walled"] == {OTHER_COUNTY}


def _done(matrix: Matrix) -> set[str]:
    """Return in which county rows change when strangers do every act there is to what is the first county's.

    Some acts sign off whoever does them: all is undone then, before whoever is signed off goes on.
    """
    before = {county: _rows_of(matrix, county) for county in (JURISDICTION, OTHER_COUNTY)}
    done: set[str] = set()
    for cell in _strangers(matrix, "POST"):
        if matrix.send(cell).status_code == 401:
            done |= _changed(matrix, before)
            matrix._undo()
            assert matrix.send(cell).status_code != 401
    return done | _changed(matrix, before)


def _changed(matrix: Matrix, before: Mapping[str, Mapping[str, list[tuple[Any, ...]]]]) -> set[str]:
    return {county for county, rows in before.items() if _rows_of(matrix, county) != rows}


def _rows_of(matrix: Matrix, jurisdiction: str) -> Mapping[str, list[tuple[Any, ...]]]:
    named = [table for table in all_tables() if "jurisdiction" in table.columns]
    places = {table.name: table.names.index("jurisdiction") for table in named}
    return {
        name: [row for row in matrix._pristine.rows(name) if row[place] == jurisdiction]
        for name, place in places.items()
    }
