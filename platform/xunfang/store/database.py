"""The database: a connection for each thread, readers, and the one way to write."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import groupby
from typing import Any, TypeVar

import peewee

from xunfang.errors import Refused
from xunfang.store import composing, statements
from xunfang.store.dialects import dialect_of
from xunfang.store.failures import ReadOnly, Unreachable, telling
from xunfang.store.handle import Database as Database
from xunfang.store.rows import Table, table_of

R = TypeVar("R")

MOST_ROWS = 1000
"""No read takes more rows than this into memory; whoever may need more asks page by page, with `every`."""


class TooManyRows(Refused):
    """A reading would have stopped before its end without saying so; what rests on it must not happen."""

    status = 500
    code = "TOO_MANY_ROWS"

    def __init__(self, table: str) -> None:
        super().__init__(f"记录过多（{table} 超过 {MOST_ROWS} 条），本次操作没有执行。请把这句话告诉系统管理员。")


class Duplicate(Exception):
    """A row with this key, or with these values in a unique index, exists already."""


def open_database(url: str, *, reading: bool = False, owning: bool = False) -> Database:
    """Return a handle on the database at an address, connected and checked; for `reading` it can write nothing.

    With `owning` it is for making and changing tables, on behalf of their owner. Raises AddressUnusable, PromiseBroken
    when the database cannot keep its promises, and what `connection` raises.
    """
    database = Database(url, reading=reading, owning=owning)
    with connection(database):
        database.anchor()
    return database


def is_empty(url: str) -> bool:
    """Return whether nothing was ever kept at an address; raises AddressUnusable, and OSError."""
    return dialect_of(url).is_empty()


class Reader:
    """Reads plain typed rows. It applies no scope: faces use a `ScopedReader`; actions and the machinery use this."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, row: type[R], *key: Any) -> R | None:
        """Return the row with this primary key, or None."""
        table = table_of(row)
        return self.first(row, **dict(zip(table.key, key, strict=True)))

    def first(self, row: type[R], **where: Any) -> R | None:
        """Return the first row, in the order of keys, whose columns equal these values (None: are empty), or None."""
        found = self.select(row, limit=1, **where)
        return found[0] if found else None

    def select(self, row: type[R], *, limit: int | None = None, **where: Any) -> list[R]:
        """Return the rows whose columns equal these values (None: are empty), in the order of their keys.

        With a `limit` only the first so many, because the caller wants no more; raises TooManyRows when there are
        more than MOST_ROWS and none was given.
        """
        found = self._rows(row, where, MOST_ROWS + 1 if limit is None else min(limit, MOST_ROWS))
        if len(found) > MOST_ROWS:
            raise TooManyRows(table_of(row).name)
        return found

    def every(self, row: type[R], **where: Any) -> Iterator[R]:
        """Yield all rows whose columns equal these values, however many, in the order of their keys, page by page."""
        table = table_of(row)
        after: tuple[Any, ...] = ()
        while page := self._rows(row, where, MOST_ROWS, after):
            yield from page
            if len(page) < MOST_ROWS:
                return
            after = tuple(table.store(name, getattr(page[-1], name)) for name in table.key)

    def _rows(self, row: type[R], where: Mapping[str, Any], most: int, after: tuple[Any, ...] = ()) -> list[R]:
        table = table_of(row)
        filled, nulls = _split(where)
        mark, names, of, beyond = self.database.dialect.mark, tuple(filled), table.name, bool(after)
        if beyond and (names, nulls) == (("jurisdiction",), ()):  # of which there are many
            test = self.database.dialect.of_jurisdiction
            sql = statements.walk(of, table.names, test, table.key, mark, beyond=True)
        else:
            sql = statements.select(of, table.names, names, nulls, table.key, mark, beyond=beyond)
        values = (*_stored(table, filled), *after, most)
        return [table.read(found, self.database.keys) for found in self.database.often(sql, values)]

    def opened(self, row: type[R], found: Mapping[str, Any], *key: Any) -> dict[str, Any]:
        """Return what a composed query found of one row with its sealed columns opened; the key is in it or given."""
        return table_of(row).opened(found, self.database.keys, *key)

    def fetch(self, query: Any) -> list[dict[str, Any]]:
        """Return the rows of a composed query as dictionaries. Only for the store itself: it speaks peewee."""
        return list(query.dicts().execute(self.database.peewee))

    def among(
        self, table: str, names: tuple[str, ...], where: Mapping[str, str], column: str, values: Collection[str]
    ) -> list[tuple[Any, ...]]:
        """Return plain columns of the rows that have one of these values in a column, and these in others.

        Only for the store itself: composing a query of a thousand values takes longer than running it.
        """
        if not values:
            return []
        asked = composing.in_few_shapes(values)
        sql = statements.among_those(table, names, tuple(where), column, len(asked), self.database.dialect.mark)
        return list(self.database.rows(sql, (*where.values(), *asked)))

    def of_keys(
        self, row: type[R], column: str, keys: Collection[str], since: tuple[str, str] | None = None, **where: Any
    ) -> list[R]:
        """Return the rows that have one of some keys in a column, and these values in others (None: they are empty).

        With `since`, only those that have a value in another column, or one after it.
        """
        table, (filled, nulls) = table_of(row), _split(where)
        test, values = self.database.dialect.one_of(column, composing.in_few_shapes(keys))
        mark, later = self.database.dialect.mark, since[:1] if since else ()
        sql = statements.of_keys(table.name, table.names, test, tuple(filled), nulls, later, mark)
        asked = (*values, *_stored(table, filled), *(since[1:] if since else ()))
        return [table.read(found, self.database.keys) for found in self.database.often(sql, asked)]

    def by_keys(self) -> AbstractContextManager[None]:
        """Find by its keys, for the length of the block, whatever is asked of tables that may grow by it."""
        return self.database.dialect.by_keys(self.database.peewee)

    def ask(self, compose: Callable[..., Any], *asked: Any) -> list[dict[str, Any]]:
        """Return the rows of the query that `compose` makes of what is asked, composed once for each shape of it."""
        return composing.run(self.database.peewee, compose, *asked)

    def ask_rows(self, row: type[R], compose: Callable[..., Any], *asked: Any) -> list[R]:
        """Return the rows of such a query that selects whole rows of a table."""
        table, keys = table_of(row), self.database.keys
        return [table.read(found, keys) for found in composing.run_plain(self.database.peewee, compose, *asked)]


class Transaction(Reader):
    """The right to write. Whoever holds one writes alone until it ends; all of it comes to be, or nothing.

    `chain_ends` are the newest events of jurisdictions once known: nobody else can add one meanwhile.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.chain_ends: dict[str, Any] = {}

    @contextmanager
    def part(self) -> Iterator[None]:
        """Undo what is written within the block when it raises, and that only."""
        ends = dict(self.chain_ends)
        try:
            with telling(), _telling_duplicates(), self.database.peewee.savepoint(), self._sent_or_not():
                yield
        except BaseException:
            self.chain_ends = ends
            raise

    @contextmanager
    def _sent_or_not(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.database.peewee.forget_waiting()
            raise

    def insert(self, row: Any) -> None:
        """Write a new row, see `insert_all`."""
        self.insert_all((row,))

    def insert_all(self, rows: Sequence[Any]) -> None:
        """Write new rows in their order, those of one table that follow one another at once.

        A server is told with whatever is asked of it next, at the latest with the end: only then it raises Duplicate
        where a key or a unique value is taken, and undoes everything.
        """
        for row, together in groupby(rows, type):
            self._later(table_of(row), list(together))

    def insert_unless(self, row: Any, *unique: str) -> bool:
        """Write a new row unless one has the same values in these unique columns; returns whether it was written."""
        return self.insert_all_unless((row,), *unique) == 1

    def insert_all_unless(self, rows: Sequence[Any], *unique: str) -> int:
        """Write new rows of one table, but those whose values in these unique columns exist; returns how many."""
        if not rows:
            return 0
        table = table_of(type(rows[0]))
        sql = statements.insert(table.name, table.names, self.database.dialect.mark, unique)
        return self.database.run_many(sql, [table.values(row, self.database.keys) for row in rows])

    def insert_later_unless(self, rows: Sequence[Any], *unique: str) -> None:
        """Write such rows where nobody asks how many there were, see `insert_all`."""
        if rows:
            self._later(table_of(type(rows[0])), rows, unique)

    def _later(self, table: Table[Any], rows: Sequence[Any], unless: tuple[str, ...] = ()) -> None:
        sql = statements.insert(table.name, table.names, self.database.dialect.mark, unless)
        with _telling_duplicates():
            self.database.run_later(sql, [table.values(row, self.database.keys) for row in rows])

    def compare_and_set(
        self, row: type[Any], key: str, version: int, expect: Mapping[str, Any], change: Mapping[str, Any]
    ) -> bool:
        """Change a row if it still has this version and these values; returns False when somebody was faster.

        The version is counted up by the change.
        """
        return self._update(row, {"id": key, "version": version, **expect}, change, versioned=True) == 1

    def update(self, row: type[Any], where: Mapping[str, Any], change: Mapping[str, Any]) -> int:
        """Change every row with these values (None: empty) whatever its version; returns how many there were."""
        return self._update(row, where, change, versioned="version" in table_of(row).columns)

    def update_later(self, row: type[Any], where: Mapping[str, Any], change: Mapping[str, Any]) -> None:
        """Change such rows where nobody asks how many there were, see `insert_all`."""
        sql, values = self._change(row, where, change, versioned="version" in table_of(row).columns)
        self.database.run_later(sql, [values])

    def delete(self, row: type[Any], **where: Any) -> int:
        """Remove every row with these values, and return how many there were."""
        table = table_of(row)
        sql = statements.delete(table.name, tuple(where), self.database.dialect.mark)
        return self.database.peewee.changed(sql, _stored(table, where))

    def _update(self, row: type[Any], where: Mapping[str, Any], change: Mapping[str, Any], *, versioned: bool) -> int:
        return self.database.peewee.changed(*self._change(row, where, change, versioned=versioned))

    def _change(
        self, row: type[Any], where: Mapping[str, Any], change: Mapping[str, Any], *, versioned: bool
    ) -> tuple[str, tuple[Any, ...]]:
        table = table_of(row)
        filled, nulls = _split(where)
        mark = self.database.dialect.mark
        sql = statements.update(table.name, tuple(change), tuple(filled), nulls, mark, versioned=versioned)
        key = tuple(where[part] for part in table.key if part in where)
        changed = tuple([table.store(name, value, self.database.keys, key) for name, value in change.items()])
        return sql, (*changed, *_stored(table, filled))


@contextmanager
def _telling_duplicates() -> Iterator[None]:
    """Raise Duplicate where the database says that what is unique is there already."""
    try:
        yield
    except peewee.IntegrityError as error:
        if "UNIQUE" in str(error).upper():
            raise Duplicate(str(error)) from error
        raise


def _split(where: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    if None not in where.values():
        return dict(where), ()
    filled = {name: value for name, value in where.items() if value is not None}
    return filled, tuple(name for name in where if name not in filled)


def _stored(table: Table[Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple([table.store(name, value) for name, value in values.items()])


@contextmanager
def connection(database: Database, of: str | None = None) -> Iterator[Reader]:
    """Give this thread a connection for the length of the block; inside another such block, the same one.

    With `of`, nothing is read that is not of this jurisdiction, where the database has a wall; nothing can be written
    meanwhile. Without, whoever reads crosses jurisdictions, which is for the machinery itself. What begins as one
    jurisdiction's stays that within. Raises Busy, NoRoom, Damaged, ReadOnly or Unreachable where the database fails.
    """
    try:
        with telling():
            opened = database.open_connection()
            try:
                with _kept_to(database, of):
                    yield Reader(database)
            except BaseException as error:
                if opened and _is_decided(error):
                    database.peewee.give_back()
                elif opened:  # whatever state the failure left it in, nobody else meets it
                    database.peewee.close()
                raise
            if opened:
                database.peewee.give_back()
    except (ReadOnly, Unreachable):
        database.peewee.forget()
        raise


def _is_decided(error: BaseException) -> bool:
    """Return whether somebody was refused by the rules, which every day happens often and leaves all well behind it."""
    return isinstance(error, Refused) and error.status < 500


@contextmanager
def _kept_to(database: Database, of: str | None) -> Iterator[None]:
    if of is None or of == database.of:
        yield
    elif database.of:
        raise RuntimeError(f"{of} is asked for within what is of {database.of} only")
    elif database.peewee.in_transaction():  # of the machinery, which crosses
        yield
    else:
        with database.dialect.reading(database.peewee, of), database.kept_to(of):
            yield


@contextmanager
def transaction(database: Database, of: str | None, patience: float | None = None) -> Iterator[Transaction]:
    """Hold the right to write for the length of the block; commits at its end, undoes all when it raises.

    `of` is the jurisdiction whose rows are written, "" for what belongs to none: nobody else writes there meanwhile.
    With None nobody is kept out but from the very rows that are written, each by compare-and-set.

    Raises Busy when another writer holds on too long (longer than `patience`, in seconds, where that is given), NoRoom
    when the disk is full, RuntimeError inside another transaction: one act is one transaction.
    """
    with connection(database):
        if database.of or database.peewee.in_transaction():
            raise RuntimeError("a transaction, or a reading of one jurisdiction, is already open in this thread")
        writing = database.dialect.writing(database.peewee, of, patience)
        with _telling_duplicates(), writing, database.kept_to(of), _keys_looked_for(database, of):
            yield Transaction(database)


def _keys_looked_for(database: Database, of: str | None) -> AbstractContextManager[None]:
    return nullcontext() if of is None or database.keys is None else database.keys.looked_for()


@contextmanager
def snapshot(database: Database) -> Iterator[Reader]:
    """Give this thread a connection on which all is read as it is at one moment; whoever writes goes on meanwhile."""
    with connection(database) as reader, database.peewee.atomic(*database.dialect.begin_reading()):
        yield reader
