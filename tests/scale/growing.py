"""Growing 造数: a database filled with as many cases as wanted, each as real acts would have left it.

What acts made once is cast again and again: new keys, numbers in their series, an id number, a name; sealed values are
sealed for their new rows, events chained anew. Nobody else may write meanwhile.
"""

import marshal
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from multiprocessing import Pipe
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from scale.casting import End, Form
from scale.loading import is_server, load
from scale.moulds import CaseMould
from xunfang.identity import birth_date, make_id
from xunfang.store import Account, Database, Keys, NumberSeries, Transaction, connection, transaction
from xunfang.store.events import chain_head
from xunfang.store.rows import all_tables

Rows = dict[str, bytes | list[tuple[Any, ...]]]
"""Rows as they are to be stored, by table, see `loading.load`."""
PIECE = 500
"""How many cases are written in one transaction."""
_PLAINLY = 2
"""The form of `marshal` that does not look for what occurs twice."""
_KEYS = [f"7{n:03x}{'89ab'[n & 3]}" for n in range(1000)]
"""What tells the keys of one case apart."""
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


def grow(database: Database, keys: Keys, soil: Ground, made_of: Sequence[Form], cases: int) -> Grown:
    """Add so many cases, of one mould after another, and return what that made.

    Another process casts them while this one writes those before.
    """
    begun, grown = time.perf_counter(), Grown()
    with transaction(database, soil.jurisdiction) as tx:
        series = {row.series: row.n for row in tx.every(NumberSeries, jurisdiction=soil.jurisdiction)}
        caster = _Caster(database, keys, soil, series)
    wanted = list(islice(cycle(made_of), cases))
    for rows in _cast(caster, wanted):
        with transaction(database, soil.jurisdiction):
            _write(database, rows)
    for form in wanted:
        _count(grown, form)
    with transaction(database, soil.jurisdiction) as tx:
        _count_on(tx, soil, wanted, series)
    grown.seconds = time.perf_counter() - begun
    return grown


def _count(grown: Grown, form: Form) -> None:
    grown.cases += 1
    grown.tasks += form.mould.tasks
    grown.open_tasks += form.mould.open_tasks
    for row in form.mould.rows:
        grown.rows[row.table.name] = grown.rows.get(row.table.name, 0) + 1


def _cast(caster: "_Caster", wanted: Sequence[Form]) -> Iterator[Rows]:
    """Yield the rows of these cases, some at a time, as a child of this process casts them."""
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        try:
            with caster.keys.looked_for():
                for begin in range(0, len(wanted), PIECE):
                    theirs.send_bytes(marshal.dumps(caster.cast(wanted[begin : begin + PIECE]), _PLAINLY))
        finally:
            os._exit(0)  # whatever was open stays the parent's
    theirs.close()
    for _ in range(0, len(wanted), PIECE):
        yield marshal.loads(ours.recv_bytes())
    os.waitpid(pid, 0)


def _count_on(tx: Transaction, soil: Ground, wanted: Sequence[Form], before: Mapping[str, int]) -> None:
    """Write down the last number of each series and year."""
    taken = Counter(each for form in wanted for each in form.mould.numbers)
    for (series, year), more in taken.items():
        row = NumberSeries(jurisdiction=soil.jurisdiction, series=series, year=year, n=before.get(series, 0) + more)
        if not tx.insert_unless(row, "jurisdiction", "series", "year"):
            tx.update(NumberSeries, {"jurisdiction": soil.jurisdiction, "series": series, "year": year}, {"n": row.n})
    if tx.database.dialect.number_on:
        tx.database.run(tx.database.dialect.number_on)


def _write(database: Database, rows: Rows) -> None:
    for table in sorted(all_tables(), key=lambda each: each.name not in _FIRST):
        if found := rows.get(table.name):
            load(database, table.name, table.names, found)


class _Caster:
    """Casts cases; it knows the last number of each series and the end of the chain."""

    def __init__(self, database: Database, keys: Keys, soil: Ground, series: Mapping[str, int]) -> None:
        self.keys, self.soil = keys, soil
        self.series = dict(series)
        self.lines = is_server(database)
        head = chain_head(database, soil.jurisdiction)
        last = int(database.run('SELECT COALESCE(MAX("n"), 0) FROM "event"').fetchone()[0])
        self.end = End(last, head.n, head.hash)
        self.person = int(database.run('SELECT COUNT(*) FROM "person"').fetchone()[0])
        self.stamp = time.time_ns() // 1_000_000
        self._keyed = HMAC(keys.chain, SHA256())
        self._of_place = [soil.jurisdiction, soil.jurisdiction.partition("-")[0], soil.release]

    def cast(self, wanted: Sequence[Form]) -> Rows:
        """Return the rows of new cases by table."""
        made: dict[str, list[Any]] = {}
        for form in wanted:
            new, numbers = self._new(form.mould)
            for table, rows in form.cast(new, numbers, self.end, self._hashed, self.keys):
                made.setdefault(table, []).append(rows)
        return {table: "".join(rows).encode() if self.lines else rows for table, rows in made.items()}

    def _new(self, mould: CaseMould) -> tuple[list[str], list[int]]:
        """Return what takes the places of a mould, and the numbers taken from their series."""
        self.stamp += 1
        self.person += 1
        stamp, random = f"{self.stamp:012x}", os.urandom(8).hex()
        keys = [f"{stamp}{place}{random[:15]}" for place in _KEYS[: mould.keys]]
        filled = [str(uuid4()) for _ in range(mould.submissions)]
        numbers = [self._number(series) for series, _ in mould.numbers]
        texts = [_written(*series, n) for series, n in zip(mould.numbers, numbers, strict=True)]
        number = _other_number(mould.id_number, self.person) if mould.id_number else ""
        index = self.keys.blind_index(number) if number else ""
        who = [self.soil.accounts[login] for login in mould.accounts]
        return [*keys, *filled, *texts, number, index, _name(self.person), *self._of_place, *who], numbers

    def _number(self, series: str) -> int:
        self.series[series] = self.series.get(series, 0) + 1
        return self.series[series]

    def _hashed(self, told: bytes) -> str:
        keyed = self._keyed.copy()
        keyed.update(told)
        return keyed.finalize().hex()


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
