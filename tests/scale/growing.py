"""Growing 造数: a database filled with as many cases as wanted, each as real acts would have left it.

What acts made once is cast again and again: new keys, numbers in their series, an id number, a name; sealed values are
sealed for their new rows, events chained anew. Nobody else may write meanwhile.
"""

import hmac
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from multiprocessing import Pipe
from typing import Any
from uuid import uuid4

from scale.loading import load
from scale.moulds import CaseMould, Pieces, RowMould
from xunfang.identity import birth_date, make_id
from xunfang.store import Account, Database, Keys, NumberSeries, Place, Transaction, connection, transaction
from xunfang.store.columns import to_json
from xunfang.store.events import _HASHED as HASHED
from xunfang.store.events import chain_head
from xunfang.store.rows import all_tables

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows as they are to be stored, by table."""
Reached = dict[tuple[str, int], int]
"""The last number of each series and year."""
PIECE = 500
"""How many cases are written in one transaction."""
_FIRST = ("person", "case")
"""What tasks are of, though their columns refer to no table."""
_FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红建国文志海波宁贵福生龙元全胜学祥才发武新利清飞"
_NAMES = len(_FAMILIES) * len(_GIVEN) ** 2


@dataclass(frozen=True, slots=True)
class Ground:
    """Where cases grow: a jurisdiction, its release in force, and its accounts by the login they have in the moulds."""

    jurisdiction: str
    release: str
    accounts: Mapping[str, str]


def ground(database: Database, jurisdiction: str, release: str, suffix: str = "") -> Ground:
    """Return the ground of a jurisdiction; its logins are those of the moulds with a `suffix` after them."""
    with connection(database) as reader:
        accounts = {row.login.removesuffix(suffix): row.id for row in reader.every(Account, jurisdiction=jurisdiction)}
    return Ground(jurisdiction, release, accounts)


@dataclass
class Grown:
    """What grew."""

    cases: int = 0
    tasks: int = 0
    open_tasks: int = 0
    seconds: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)


def grow(database: Database, keys: Keys, soil: Ground, made_of: Sequence[CaseMould], cases: int) -> Grown:
    """Add so many cases, of one mould after another, and return what that made.

    Another process casts them while this one writes those before.
    """
    begun, grown = time.perf_counter(), Grown()
    with transaction(database, soil.jurisdiction) as tx:
        series = {row.series: row.n for row in tx.every(NumberSeries, jurisdiction=soil.jurisdiction)}
        caster = _Caster(database, keys, soil, series)
    wanted, reached = list(islice(cycle(made_of), cases)), Reached()
    for rows, counted in _cast(caster, wanted):
        reached |= counted
        with transaction(database, soil.jurisdiction):
            _write(database, rows, grown)
    with transaction(database, soil.jurisdiction) as tx:
        _count_on(tx, soil, reached)
    grown.cases, grown.tasks = len(wanted), sum(mould.tasks for mould in wanted)
    grown.open_tasks = sum(mould.open_tasks for mould in wanted)
    grown.seconds = time.perf_counter() - begun
    return grown


def _cast(caster: "_Caster", wanted: Sequence[CaseMould]) -> Iterator[tuple[Rows, Reached]]:
    """Yield the rows of these cases, some at a time, and the numbers reached, as a child of this process casts them."""
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        try:
            for begin in range(0, len(wanted), PIECE):
                theirs.send((caster.cast(wanted[begin : begin + PIECE]), caster.years))
        finally:
            os._exit(0)  # whatever was open stays the parent's
    theirs.close()
    for _ in range(0, len(wanted), PIECE):
        yield ours.recv()
    os.waitpid(pid, 0)


def _count_on(tx: Transaction, soil: Ground, reached: Reached) -> None:
    for (series, year), n in reached.items():
        row = NumberSeries(jurisdiction=soil.jurisdiction, series=series, year=year, n=n)
        if not tx.insert_unless(row, "jurisdiction", "series", "year"):
            tx.update(NumberSeries, {"jurisdiction": soil.jurisdiction, "series": series, "year": year}, {"n": n})
    if tx.database.dialect.number_on:
        tx.database.run(tx.database.dialect.number_on)


def _write(database: Database, rows: Rows, grown: Grown) -> None:
    for table in sorted(all_tables(), key=lambda each: each.name not in _FIRST):
        if found := rows.get(table.name):
            load(database, table.name, table.names, found)
            grown.rows[table.name] = grown.rows.get(table.name, 0) + len(found)


class _Still:
    """A provider of keys that nobody exchanges meanwhile: others are asked about that with every value sealed."""

    def __init__(self, keys: Keys) -> None:
        provider = keys._provider
        self._stamp, self._secrets = provider.stamp(), provider.secrets()

    def stamp(self) -> Any:
        return self._stamp

    def secrets(self) -> Any:
        return self._secrets


class _Caster:
    """Casts cases; it knows the last number of each series and the end of the chain."""

    def __init__(self, database: Database, keys: Keys, soil: Ground, series: Mapping[str, int]) -> None:
        self.keys, self.soil = Keys(_Still(keys)), soil
        self.series = dict(series)
        self.years = Reached()
        head = chain_head(database, soil.jurisdiction)
        self.place, self.prev = head.n, head.hash
        self.event = int(database.run('SELECT COALESCE(MAX("n"), 0) FROM "event"').fetchone()[0])
        self.person = int(database.run('SELECT COUNT(*) FROM "person"').fetchone()[0])
        self.stamp = time.time_ns() // 1_000_000
        event = table_of_event()
        self._hashed = tuple(event.names.index(name) for name in HASHED)
        self._own = {name: event.names.index(name) for name in ("n", "place", "prev", "hash", "data")}
        self._typed = event.names.index("typed")

    def cast(self, wanted: Sequence[CaseMould]) -> Rows:
        """Return the rows of new cases by table."""
        made: Rows = {}
        for mould in wanted:
            new, numbers = self._new(mould)
            for place, row in enumerate(mould.rows):
                values = self._row(row, new)
                if place in mould.notices:
                    values[row.table.names.index("n")] = numbers[mould.notices[place]]
                made.setdefault(row.table.name, []).append(tuple(values))
        return made

    def _new(self, mould: CaseMould) -> tuple[list[str], list[int]]:
        """Return what takes the places of a mould, and the numbers taken from their series."""
        self.stamp += 1
        self.person += 1
        stamp, random = f"{self.stamp:012x}", os.urandom(8).hex()
        keys = [f"{stamp}7{n:03x}{'89ab'[n & 3]}{random[1:]}" for n in range(mould.keys)]
        filled = [str(uuid4()) for _ in range(mould.submissions)]
        numbers = [self._number(*series) for series in mould.numbers]
        texts = [_written(*series, n) for series, n in zip(mould.numbers, numbers, strict=True)]
        number = _other_number(mould.id_number, self.person) if mould.id_number else ""
        index = self.keys.blind_index(number) if number else ""
        who = [self.soil.accounts[login] for login in mould.accounts]
        of_place = [self.soil.jurisdiction, self.soil.jurisdiction.partition("-")[0], self.soil.release]
        return [*keys, *filled, *texts, number, index, _name(self.person), *of_place, *who], numbers

    def _number(self, series: str, year: int) -> int:
        self.series[series] = self.years[series, year] = self.series.get(series, 0) + 1
        return self.series[series]

    def _row(self, row: RowMould, new: Sequence[str]) -> list[Any]:
        values = list(row.values)
        for place, pieces in row.moving:
            values[place] = _text(pieces, new)
        if row.told:
            self._chain(values, _text(row.told, new))
        if row.sealed:
            key = "|".join(str(values[place]) for place in row.key)
            for place, name, pieces in row.sealed:
                values[place] = self.keys.seal(_text(pieces, new).encode(), Place(row.table.name, name, key))
        return values

    def _chain(self, values: list[Any], told: str) -> None:
        self.event, self.place = self.event + 1, self.place + 1
        own, data = self._own, values[self._own["data"]]
        values[own["n"]], values[own["place"]], values[own["prev"]] = self.event, self.place, self.prev
        values[own["data"]] = told
        hashed = to_json(tuple(values[place] for place in self._hashed))
        values[own["data"]] = data
        self.prev = values[own["hash"]] = hmac.digest(self.keys.chain, hashed.encode(), "sha256").hex()


def table_of_event() -> Any:
    return next(table for table in all_tables() if table.name == "event")


def _text(pieces: Pieces, new: Sequence[str]) -> str:
    return "".join([piece if type(piece) is str else new[piece] for piece in pieces])  # type: ignore[index]


def _written(series: str, year: int, n: int) -> str:
    return series.replace("{year}", str(year)).replace("{n}", str(n))


def _name(n: int) -> str:
    n = n * 7919 % _NAMES
    first, rest = divmod(n, len(_GIVEN) ** 2)
    return _FAMILIES[first] + _GIVEN[rest // len(_GIVEN)] + _GIVEN[rest % len(_GIVEN)]


def _other_number(like: str, n: int) -> str:
    """Return another valid number of the same place, year of birth and sex, as long as there are any."""
    days, serial = divmod(n, 450)
    years, day = divmod(days, 365)
    begin = birth_date(like).replace(month=1, day=1)
    born = begin.replace(year=begin.year - years % 40) + timedelta(days=day)
    return make_id(like[:6], born, 2 * serial + int(like[16]) % 2)
