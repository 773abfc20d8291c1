"""Casting 浇铸: the rows of a new case from a mould, each value picked from a pool of what stays and what is new.

A mould is made ready once for each kind of database: from then on what is written is found by its place alone, and a
case costs little more than its envelopes and the hashes of its events. A file takes rows of values, a server the lines
of a copy.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from scale.loading import is_server, written
from scale.moulds import CaseMould, Pieces, RowMould
from xunfang.store import Database, Keys, Place
from xunfang.store.columns import to_json
from xunfang.store.events import _HASHED as HASHED

Take = Callable[[Sequence[Any]], tuple[Any, ...]]
Hashed = Callable[[bytes], str]
_MARK = "\ue000"
_MARKED = re.compile(f"{_MARK}(\\d+){_MARK}")


@dataclass(frozen=True, slots=True)
class _Envelope:
    """An envelope's place, what lies in it, and the column and row it is for."""

    place: int
    plain: int
    table: str
    column: str
    key: Take


@dataclass(frozen=True, slots=True)
class _Link:
    """Where an event's number, its place, the hash before it and its own lie, and what the hash covers.

    A number lies there twice: as it is, and as a text.
    """

    n: tuple[int, int]
    at: tuple[int, int]
    prev: int
    hash: int
    take: Take


@dataclass(slots=True)
class End:
    """The number of the last event, and the end of a chain."""

    n: int
    place: int
    hash: str


@dataclass(slots=True)
class _Pool:
    """All values that rows are picked from: those that stay are in it, for those that come there is room."""

    values: list[Any]
    known: dict[tuple[type[Any], Any], int] = field(default_factory=dict)
    stays: set[int] = field(default_factory=set)

    def staying(self, value: Any) -> int:
        """Return the place of a value that stays."""
        value = bytes(value) if isinstance(value, memoryview) else value
        key = type(value), value
        if key not in self.known:
            self.known[key] = self.room(value)
            self.stays.add(self.known[key])
        return self.known[key]

    def room(self, value: Any = None) -> int:
        """Return a place of its own."""
        self.values.append(value)
        return len(self.values) - 1

    def joined(self, places: Iterable[int]) -> list[int]:
        """Return the places of a text in which what stays and stands side by side is one."""
        found: list[int] = []
        for place in places:
            if found and {place, found[-1]} <= self.stays:
                found[-1] = self.staying(self.values[found[-1]] + self.values[place])
            else:
                found.append(place)
        return found

    def taking(self, places: Sequence[int]) -> Take:
        """Return what takes the values of these places out of a pool."""
        return itemgetter(*places, *[self.staying("")] * (2 - len(places)))  # of one place it would take no tuple


class Form:
    """A mould made ready for a kind of database."""

    def __init__(self, mould: CaseMould, *, lines: bool) -> None:
        self.mould, self._lines = mould, lines
        self._pool = _Pool([None] * mould.texts)
        self._texts: list[tuple[int, Take]] = []
        self._known: dict[Pieces, int] = {}
        self._links: list[_Link] = []
        self._envelopes: list[_Envelope] = []
        self._numbers: list[tuple[int, int]] = []
        self._rows: list[tuple[str, Take]] = []
        copied: dict[str, list[int]] = {}
        for place, row in enumerate(mould.rows):
            cells = self._cells(row, mould.notices.get(place))
            if lines:
                copied.setdefault(row.table.name, []).extend(self._line(cells))
            else:
                self._rows.append((row.table.name, self._pool.taking([self._one(cell) for cell in cells])))
        self._rows += [(table, self._pool.taking(self._pool.joined(places))) for table, places in copied.items()]

    def cast(
        self, new: Sequence[str], numbers: Sequence[int], end: End, hashed: Hashed, keys: Keys
    ) -> Iterator[tuple[str, Any]]:
        """Yield the tables and rows of a case of these new texts and numbers: of a file the values of each row.

        Of a server all lines of a table. `end` becomes the end of the chain.
        """
        pool = self._pool.values.copy()
        pool[: len(new)] = new
        for place, number in self._numbers:
            pool[place] = str(numbers[number]) if self._lines else numbers[number]
        for place, take in self._texts:
            pool[place] = "".join(take(pool))
        for link in self._links:
            _chain(pool, link, end, hashed)
        for each in self._envelopes:
            sealed = keys.seal(pool[each.plain].encode(), Place(each.table, each.column, "".join(each.key(pool))))
            pool[each.place] = written(sealed) if self._lines else sealed
        for table, take in self._rows:
            yield table, "".join(take(pool)) if self._lines else take(pool)

    def _cells(self, row: RowMould, number: int | None) -> list[Pieces]:
        """Return for each column the places of what its value is put together of."""
        names, moving = row.table.names, dict(row.moving)
        cells: list[Pieces] = [(self._stays(value),) for value in row.values]
        for place, pieces in moving.items():
            cells[place] = tuple(piece if isinstance(piece, int) else self._stays(piece) for piece in pieces)
        if number is not None:
            cells[names.index("n")] = (self._pool.room(),)
            self._numbers.append((int(cells[names.index("n")][0]), number))
        key = [moving.get(place, (str(row.values[place]),)) for place in row.key]
        if row.told:
            key = [(self._linked(row, cells),)]
        for place, name, pieces in row.sealed:
            cells[place] = (self._sealed(row.table.name, name, key, pieces),)
        return cells

    def _stays(self, value: Any) -> int:
        return self._pool.staying(written(value) if self._lines else value)

    def _one(self, places: Pieces) -> int:
        """Return where a value lies that may have to be put together."""
        if len(places) == 1:
            return int(places[0])
        if places not in self._known:
            self._known[places] = self._pool.room()
            self._texts.append((self._known[places], self._pool.taking([int(place) for place in places])))
        return self._known[places]

    def _line(self, cells: Sequence[Pieces]) -> list[int]:
        """Return the places of a line of a copy."""
        tab, ended = self._pool.staying("\t"), self._pool.staying("\n")
        places = [int(place) for cell in cells for place in (*cell, tab)]
        return [*places[:-1], ended]

    def _linked(self, row: RowMould, cells: list[Pieces]) -> int:
        """Let an event be chained, and return where its number lies as a text."""
        names, room = row.table.names, self._pool.room
        n, at, prev, own = (room(), room()), (room(), room()), room(), room()
        told: dict[str, Any] = dict(zip(names, row.values, strict=True))
        told |= {names[place]: _marked(pieces) for place, pieces in row.moving}
        told |= {"data": _marked(row.told), "prev": _marked((prev,)), "n": _marked((n[1],)), "place": _marked((at[1],))}
        text = to_json(tuple(told[name] for name in HASHED))
        for number in (told["n"], told["place"]):
            text = text.replace(f'"{number}"', number)
        self._links.append(_Link(n, at, prev, own, self._pool.taking([*self._split(text)])))
        lying = (n[self._lines], at[self._lines], prev, own)
        for name, place in zip(("n", "place", "prev", "hash"), lying, strict=True):
            cells[names.index(name)] = (place,)
        return n[1]

    def _split(self, text: str) -> Iterator[int]:
        for number, piece in enumerate(_MARKED.split(text)):
            if piece:
                yield int(piece) if number % 2 else self._pool.staying(piece)

    def _sealed(self, table: str, column: str, key: Sequence[Pieces], plain: Pieces) -> int:
        """Let a text be sealed for a row of this key, and return where its envelope lies."""
        row = self._placed([piece for each in key for piece in ("|", *each)][1:])
        room = self._pool.room()
        lies = self._one(tuple(self._placed(plain)))
        self._envelopes.append(_Envelope(room, lies, table, column, self._pool.taking(row)))
        return room

    def _placed(self, pieces: Iterable[str | int]) -> list[int]:
        return [piece if isinstance(piece, int) else self._pool.staying(piece) for piece in pieces]


def ready(database: Database, made_of: Iterable[CaseMould]) -> list[Form]:
    """Return moulds made ready for a database."""
    return [Form(mould, lines=is_server(database)) for mould in made_of]


def _marked(pieces: Pieces) -> str:
    return "".join(f"{_MARK}{piece}{_MARK}" if isinstance(piece, int) else piece for piece in pieces)


def _chain(pool: list[Any], link: _Link, end: End, hashed: Hashed) -> None:
    """Put an event at the end of a chain, which it is from now on."""
    end.n, end.place = end.n + 1, end.place + 1
    for (number, text), value in ((link.n, end.n), (link.at, end.place)):
        pool[number], pool[text] = value, str(value)
    pool[link.prev] = end.hash
    pool[link.hash] = end.hash = hashed("".join(link.take(pool)).encode())
