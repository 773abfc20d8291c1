"""All that is of one jurisdiction, taken into another database under other keys, then compared row by row.

Envelopes are opened with the keys of the one and sealed with those of the other. What is keyed (indexes, hashes) is
made anew by whoever knows of what. Events keep all they tell and their ids; the chain they stand in is the other's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from xunfang.store import statements
from xunfang.store.database import MOST_ROWS, Database, Reader, Transaction
from xunfang.store.dialects.walls import OPEN, PARENTS
from xunfang.store.events import take_event
from xunfang.store.installation import NAMING
from xunfang.store.rows import Table, all_tables, table_of
from xunfang.store.sealing import Keys
from xunfang.store.tables import Event

STAYING = OPEN
"""Tables of an installation itself: nothing of them goes along. Whoever is signed in signs in anew."""

Anew = Callable[[Mapping[str, Any]], Any]
"""Returns a column's value for the other database, of a row with its envelopes opened: bytes, as they lie otherwise."""


def transplant(
    source: Reader, target: Transaction, jurisdiction: str, keys: Keys, anew: Mapping[tuple[str, str], Anew]
) -> dict[str, int]:
    """Write all rows of a jurisdiction into another database, and return how many of each table.

    `keys` are those of the other; each database handle holds its own. `anew` makes single columns, by table and name.
    Raises SealBroken, Duplicate where an id is taken there.
    """
    counted = {}
    for table in _going():
        if table.name == "event":
            taken = [take_event(target, keys.chain, event) for event in _events(source, jurisdiction)]
            counted[table.name] = len(taken)
        else:
            counted[table.name] = sum(_copied(source, target, table, jurisdiction, keys, anew))
    return counted


def _copied(
    source: Reader,
    target: Transaction,
    table: Table[Any],
    jurisdiction: str,
    keys: Keys,
    anew: Mapping[tuple[str, str], Anew],
) -> Iterator[int]:
    """Copy the rows of one table page by page, and yield how many each time."""
    sql = statements.insert(table.name, table.names, target.database.dialect.mark)
    for page in _pages(source.database, table, jurisdiction):
        opened = (_changed(table, row, anew) for row in _opened(source.database, table, page))
        yield target.database.run_many(sql, [_sealed(table, row, keys) for row in opened])


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


def remove_all(tx: Transaction, jurisdiction: str) -> int:
    """Remove every row of a jurisdiction but the record of it, and return how many it was; files are left alone."""
    return sum(_removed(tx, table, jurisdiction) for table in reversed(all_tables()) if table.name != "event")


def _removed(tx: Transaction, table: Table[Any], jurisdiction: str) -> int:
    within = {**PARENTS, "session": ("account", "account")}
    if table.name in within:
        sql = statements.delete_within(table.name, *within[table.name], tx.database.dialect.mark)
        return int(tx.database.run(sql, (jurisdiction,)).rowcount)
    return tx.delete(table.row, jurisdiction=jurisdiction) if table.name not in STAYING else 0


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
    if table.name in PARENTS:
        return statements.select_within(table.name, table.names, *PARENTS[table.name], table.key, mark, beyond=beyond)
    return statements.select(table.name, table.names, ("jurisdiction",), (), table.key, mark, beyond=beyond)


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
