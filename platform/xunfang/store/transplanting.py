"""All that is of one jurisdiction, taken into another database under other keys, then compared row by row.

Envelopes are opened with the keys of the one and sealed with those of the other. What is keyed (indexes, hashes) is
made anew by whoever knows of what. Events keep all they tell and their ids; the chain they stand in is the other's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any, TypeVar

from xunfang.steps import reached
from xunfang.store import statements
from xunfang.store.database import MOST_ROWS, Database, Reader, Transaction, connection, transaction
from xunfang.store.dialects.walls import OPEN, PARENTS
from xunfang.store.events import chain_head, common_until, take_event
from xunfang.store.installation import NAMING
from xunfang.store.rows import Table, all_tables, table_of
from xunfang.store.sealing import Keys
from xunfang.store.tables import Event

R = TypeVar("R")

STAYING = OPEN
"""Tables of an installation itself: nothing of them goes along. Whoever is signed in signs in anew."""

_WITHIN: Mapping[str, tuple[str, str]] = {**PARENTS, "session": ("account", "account")}
"""Tables whose rows belong to a jurisdiction by a row of another table."""

PIECE = 200
"""How many rows are written or removed in one transaction, so that nobody waits for long."""

Anew = Callable[[Mapping[str, Any]], Any]
"""Returns a column's value for the other database, of a row with its envelopes opened: bytes, as they lie otherwise."""


def transplant(
    source: Reader, target: Database, jurisdiction: str, keys: Keys, anew: Mapping[tuple[str, str], Anew]
) -> dict[str, int]:
    """Write all rows of a jurisdiction into another database, piece by piece, and return how many of each table.

    What an earlier run has written is left as it is. `keys` are those of the other; each database handle holds its own.
    `anew` makes single columns, by table and name. Raises SealBroken.
    """
    counted = {}
    for table in _going():
        copied = (
            _taken(source, target, jurisdiction, keys)
            if table.name == "event"
            else _copied(source, target, table, jurisdiction, keys, anew)
        )
        counted[table.name] = sum(copied)
    return counted


def _taken(source: Reader, target: Database, jurisdiction: str, keys: Keys) -> Iterator[int]:
    """Take the events that are not there yet piece by piece, and yield how many each time; first those that are."""
    with connection(target):
        there = chain_head(target, jurisdiction).n - common_until(target)
    yield there
    events = islice(_events(source, jurisdiction), there, None)
    while piece := [*islice(events, PIECE)]:
        with transaction(target, jurisdiction) as tx:
            for event in piece:
                take_event(tx, keys.chain, event)
        reached("rows.carried")
        yield len(piece)


def _copied(
    source: Reader,
    target: Database,
    table: Table[Any],
    jurisdiction: str,
    keys: Keys,
    anew: Mapping[tuple[str, str], Anew],
) -> Iterator[int]:
    """Copy the rows of one table piece by piece, and yield how many each time; they are sealed before others wait."""
    sql = statements.insert(table.name, table.names, target.dialect.mark, table.key)
    for page in _pages(source.database, table, jurisdiction):
        opened = (_changed(table, row, anew) for row in _opened(source.database, table, page))
        rows = [_sealed(table, row, keys) for row in opened]
        for piece in _in_pieces(rows):
            with transaction(target, jurisdiction):
                target.run_many(sql, piece)
            reached("rows.carried")
        yield len(page)


def _in_pieces(rows: list[R]) -> Iterator[list[R]]:
    for begin in range(0, len(rows), PIECE):
        yield rows[begin : begin + PIECE]


def differing(source: Reader, target: Reader, jurisdiction: str, anew: Mapping[tuple[str, str], Anew]) -> list[str]:
    """Return the tables of which not every row of a jurisdiction is in both databases, alike once it is opened."""

    def alike(table: Table[Any]) -> bool:
        both = (_plain(reader, table, jurisdiction, anew) for reader in (source, target))
        return all(one == other for one, other in zip_longest(*both))

    return [table.name for table in _going() if not alike(table)]


def holds(reader: Reader, jurisdiction: str) -> list[str]:
    """Return the tables in which there is anything of a jurisdiction."""
    return [table.name for table in _going() if next(_pages(reader.database, table, jurisdiction), None)]


def files_of(reader: Reader, jurisdiction: str) -> list[str]:
    """Return the SHA-256 of every file that a jurisdiction's rows name."""
    mark = reader.database.dialect.mark
    found = {
        str(sha256)
        for table in NAMING
        for (sha256,) in reader.database.run(statements.files_of(table, mark), (jurisdiction,)).fetchall()
    }
    return sorted(found)


def removing(database: Database, jurisdiction: str, heed: Callable[[Transaction], None]) -> Iterator[int]:
    """Remove every row of a jurisdiction but the record of it piece by piece, and yield how many went in each.

    Files are left alone. `heed` is asked in each transaction and may raise, so that no more is removed.
    """
    for table in reversed(all_tables()):
        if table.name != "event" and (table.name not in STAYING or table.name in _WITHIN):
            sql = statements.delete(table.name, table.key, database.dialect.mark)
            for keys in _keys(database, table, jurisdiction):
                with transaction(database, jurisdiction) as tx:
                    heed(tx)
                    for key in keys:
                        database.run(sql, key)
                reached("rows.removed")
                yield len(keys)


def _keys(database: Database, table: Table[Any], jurisdiction: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the keys of the rows of a jurisdiction as they lie, piece by piece."""
    places = [table.names.index(name) for name in table.key]
    for page in _pages(database, table, jurisdiction):
        yield from _in_pieces([tuple(row[place] for place in places) for row in page])


def _going() -> list[Table[Any]]:
    """Return the tables that go, parents first; a guard lets no task be written before its case."""
    going = {table.name: table for table in all_tables() if table.name not in STAYING}
    task = going.pop("task")
    first = [*going].index("case") + 1
    return [*[*going.values()][:first], task, *[*going.values()][first:]]


def _pages(database: Database, table: Table[Any], jurisdiction: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a jurisdiction as they lie, page by page in the order of their keys."""
    places, found = [table.names.index(name) for name in table.key], list[tuple[Any, ...]]()
    while not found or len(found) == MOST_ROWS:
        after = tuple(found[-1][place] for place in places) if found else ()
        sql = _query(database, table, beyond=bool(after))
        found = [tuple(row) for row in database.run(sql, (jurisdiction, *after, MOST_ROWS)).fetchall()]
        if not found:
            return
        yield found


def _query(database: Database, table: Table[Any], *, beyond: bool) -> str:
    mark = database.dialect.mark
    if table.name in _WITHIN:
        return statements.select_within(table.name, table.names, *_WITHIN[table.name], table.key, mark, beyond=beyond)
    return statements.walk(table.name, table.names, database.dialect.of_jurisdiction, table.key, mark, beyond=beyond)


def _opened(database: Database, table: Table[Any], rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Yield rows with their envelopes opened, flags alike whichever database they lie in."""
    keys = database.keys
    assert keys is not None
    for row in rows:
        found = dict(zip(table.names, row, strict=True))
        key = tuple(found[part] for part in table.key)
        for name in table.envelopes:
            if found[name]:
                found[name] = keys.open(bytes(found[name]), table.place(name, key))
        yield {
            name: bool(value) if table.columns[name].is_flag and value is not None else value
            for name, value in found.items()
        }


def _changed(table: Table[Any], row: dict[str, Any], anew: Mapping[tuple[str, str], Anew]) -> dict[str, Any]:
    return row | {name: made(row) for (of, name), made in anew.items() if of == table.name}


def _sealed(table: Table[Any], row: Mapping[str, Any], keys: Keys) -> tuple[Any, ...]:
    key = tuple(row[part] for part in table.key)
    sealed = {name: keys.seal(row[name], table.place(name, key)) for name in table.envelopes if row[name]}
    return tuple({**row, **sealed}[name] for name in table.names)


_OF_THE_CHAIN = ("n", "place", "prev", "hash")


def _plain(
    reader: Reader, table: Table[Any], jurisdiction: str, anew: Mapping[tuple[str, str], Anew]
) -> Iterator[dict[str, Any]]:
    """Yield what rows tell, without what is another in each installation."""
    left_out = {*_OF_THE_CHAIN} if table.name == "event" else {name for of, name in anew if of == table.name}
    for page in _pages(reader.database, table, jurisdiction):
        for row in _opened(reader.database, table, page):
            told = {name: value for name, value in row.items() if name not in left_out}
            yield {name: bytes(value) if isinstance(value, memoryview) else value for name, value in told.items()}


def _events(reader: Reader, jurisdiction: str) -> Iterator[Event]:
    table = table_of(Event)
    for page in _pages(reader.database, table, jurisdiction):
        yield from (table.read(row, reader.database.keys) for row in page)
