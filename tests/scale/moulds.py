"""Moulds: cases that real acts made, read as they lie, to be cast again with keys, numbers, name and id of their own.

Every text in which one of these occurs, sealed or in clear, is kept as the pieces between them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.store import (
    Account,
    Case,
    Clue,
    Database,
    Dispatch,
    Event,
    Job,
    Keys,
    Message,
    Notice,
    NumberSeries,
    Person,
    Place,
    ReadMark,
    Submission,
    Task,
    Told,
    Wait,
    connection,
)
from xunfang.store.columns import to_json
from xunfang.store.rows import Table, table_of
from xunfang.store.tables import Correction

_OF_CASE = (Clue, Correction, Dispatch, Task, Told, Wait, Notice, Message, Job, Event)
_ENVELOPES = {("person", "sealed"), ("submission", "sealed"), ("notice", "facts")}
"""Columns whose envelopes the acts themselves seal and open."""
_KEY = re.compile(r"[0-9a-f]{32}")
_DIGITS = re.compile(r"\d+")

Pieces = tuple[str | int, ...]
"""A text: what stays as it is, and the places of what is cast anew."""
Stored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowMould:
    """A row: its values, of which those named `moving` and `sealed` are cast anew, and where its key stands.

    `told` is what an event tells, clear and typed together, as its hash covers it.
    """

    table: Table[Any]
    values: tuple[Any, ...]
    moving: tuple[tuple[int, Pieces], ...]
    sealed: tuple[tuple[int, str, Pieces], ...]
    key: tuple[int, ...]
    told: Pieces = ()


@dataclass(frozen=True, slots=True)
class CaseMould:
    """A case with all its rows, and what is cast anew in it, in the order of places.

    First keys, submissions and `numbers`, each of these with the place of its notice among the rows or None; then id
    number and its index, name, jurisdiction, its code, release, and the accounts that acted.
    """

    rows: tuple[RowMould, ...]
    keys: int
    submissions: int
    numbers: tuple[tuple[str, int], ...]
    notices: Mapping[int, int]
    id_number: str
    accounts: tuple[str, ...]
    tasks: int
    open_tasks: int

    @property
    def texts(self) -> int:
        """How many texts are cast anew: six are of every case."""
        return self.keys + self.submissions + len(self.numbers) + 6 + len(self.accounts)


def moulds(database: Database, keys: Keys, jurisdiction: str) -> list[CaseMould]:
    """Return a mould of every case of a jurisdiction that neither started another nor was started by one."""
    with connection(database) as reader:
        cases = list(reader.every(Case, jurisdiction=jurisdiction))
        started = {case.parent for case in cases}
        series = {row.series: row.year for row in reader.every(NumberSeries, jurisdiction=jurisdiction)}
        accounts = {row.id: row.login for row in reader.every(Account, jurisdiction=jurisdiction)}
        alone = [case for case in cases if not case.parent and case.id not in started]
        return [_mould(database, keys, case, series, accounts) for case in alone]


def _mould(
    database: Database, keys: Keys, case: Case, series: Mapping[str, int], accounts: Mapping[str, str]
) -> CaseMould:
    stored = list(_rows_of(database, case))
    found: dict[type[Any], list[Stored]] = {}
    for row, values in stored:
        found.setdefault(row, []).append(values)
    (person,) = found[Person]
    id_number = str(_opened(keys, "person", "sealed", person).get("id_number", ""))
    filled = [values["id"] for values in found.get(Submission, ())]
    own = sorted(_own_keys(stored))
    papers = [values for values in found.get(Notice, ()) if values["number"]]
    numbers = [case.number, *(values["number"] for values in papers)]
    who = [account for account in accounts if account in to_json([str(values) for _, values in stored])]
    place = [case.jurisdiction, case.jurisdiction.partition("-")[0], case.release]
    told = [id_number, person["id_index"] or "", person["name"], *place, *who]
    places = {text: n for n, text in enumerate((*own, *filled, *numbers, *told)) if text}
    moulded = tuple(_row_mould(table_of(row), values, keys, _Finder(places)) for row, values in stored)
    ends = [values["ended_at"] for values in found[Task]]
    return CaseMould(
        rows=moulded,
        keys=len(own),
        submissions=len(filled),
        numbers=tuple(_series_of(text, series) for text in numbers),
        notices={stored.index((Notice, values)): n for n, values in enumerate(papers, start=1)},
        id_number=id_number,
        accounts=tuple(accounts[account] for account in who),
        tasks=len(ends),
        open_tasks=ends.count(None),
    )


def _own_keys(stored: Sequence[tuple[type[Any], Stored]]) -> set[str]:
    """Return the keys of all rows but of forms, whose senders make them, and what names an act that left no row."""
    own = {values["id"] for row, values in stored if row not in (Submission, ReadMark)}
    return own | {key for _, values in stored for key in _KEY.findall(values.get("key", ""))}


def _rows_of(database: Database, case: Case) -> Iterator[tuple[type[Any], Stored]]:
    """Yield every row that belongs to a case as it lies, parents before what refers to them."""
    yield from _stored(database, Person, id=case.person)
    yield from _stored(database, Case, id=case.id)
    of_case = [(row, values) for row in _OF_CASE for row, values in _lasting(database, row, case)]
    named = [str(values.get(name) or "") for _, values in of_case for name in ("submission", "answers", "before")]
    for key in dict.fromkeys(key for key in named if key):
        yield from _stored(database, Submission, id=key)
    yield from of_case
    for row, values in of_case:
        if row is Message:
            yield from _stored(database, ReadMark, message=values["id"])


def _lasting(database: Database, row: type[Any], case: Case) -> Iterator[tuple[type[Any], Stored]]:
    """Yield the rows of a case, but the jobs that were cancelled: those of months ago are forgotten."""
    for each, values in _stored(database, row, case=case.id):
        if values.get("status") != "cancelled" or row is not Job:
            yield each, values


def _stored(database: Database, row: type[Any], **where: str) -> Iterator[tuple[type[Any], Stored]]:
    table, ((name, value),) = table_of(row), where.items()
    mark = database.dialect.mark
    columns, order = ", ".join(f'"{each}"' for each in table.names), ", ".join(f'"{each}"' for each in table.key)
    sql = f'SELECT {columns} FROM "{table.name}" WHERE "{name}" = {mark} ORDER BY {order}'
    for found in database.run(sql, (value,)).fetchall():
        yield row, dict(zip(table.names, found, strict=True))


def _opened(keys: Keys, table: str, column: str, values: Stored) -> dict[str, Any]:
    envelope = values[column]
    return keys.open_values(bytes(envelope), Place(table, column, values["id"])) if envelope else {}


class _Finder:
    """Finds in texts what is cast anew."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._any = re.compile("|".join(map(re.escape, sorted(places, key=len, reverse=True))))

    def pieces(self, text: str) -> Pieces:
        """Return the pieces of a text."""
        found: list[str | int] = []
        last = 0
        for each in self._any.finditer(text):
            found += [text[last : each.start()], self._places[each.group()]]
            last = each.end()
        return tuple(piece for piece in (*found, text[last:]) if piece != "")


def _row_mould(table: Table[Any], values: Stored, keys: Keys, finder: _Finder) -> RowMould:
    key = tuple(table.names.index(name) for name in table.key)
    moving, sealed = [], []
    for place, name in enumerate(table.names):
        value = values[name]
        if name in table.sealed and value:
            sealed.append((place, name, finder.pieces(_text(table, name, values, keys))))
        elif (table.name, name) in _ENVELOPES and value:
            sealed.append((place, name, finder.pieces(to_json(_opened(keys, table.name, name, values)))))
        elif isinstance(value, str) and (pieces := finder.pieces(value)) not in ((), (value,)):
            moving.append((place, pieces))
    stays = tuple(bool(v) if table.columns[n].is_flag and v is not None else v for n, v in values.items())
    told = finder.pieces(_told(table, values, keys)) if table.name == "event" else ()
    return RowMould(table, stays, tuple(moving), tuple(sealed), key, told)


def _text(table: Table[Any], name: str, values: Stored, keys: Keys) -> str:
    row = "|".join(str(values[part]) for part in table.key)
    return keys.open(bytes(values[name]), Place(table.name, name, row)).decode()


def _told(table: Table[Any], values: Stored, keys: Keys) -> str:
    typed = json.loads(_text(table, "typed", values, keys)) if values["typed"] else {}
    return to_json({**json.loads(values["data"]), **typed})


def _series_of(number: str, series: Mapping[str, int]) -> tuple[str, int]:
    """Return the series that a number was taken from, and its year."""
    for pattern, year in series.items():
        begin, _, end = pattern.replace("{year}", str(year)).partition("{n}")
        if number.startswith(begin) and number.endswith(end) and _DIGITS.fullmatch(number[len(begin) : -len(end)]):
            return pattern, year
    raise LookupError(number)
