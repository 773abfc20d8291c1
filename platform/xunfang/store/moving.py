"""A whole database moved into an empty one, of any kind: every row, sealed as it lies, then compared."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

from xunfang.errors import Refused
from xunfang.store import statements
from xunfang.store.columns import Column
from xunfang.store.database import MOST_ROWS, Database, transaction
from xunfang.store.dialects import without_password
from xunfang.store.events import verify_chain
from xunfang.store.installation import check_keys
from xunfang.store.rows import Table, all_tables
from xunfang.store.schema import check_version, guard, make_tables, note_version, schema_version
from xunfang.store.sealing import Keys


class NotMoved(Refused):
    """The database was not moved; the one it should have gone to is as empty as it was."""

    code = "DATABASE_NOT_MOVED"


def move_database(source: Database, target: Database, keys: Keys, at: datetime) -> dict[str, int]:
    """Copy everything into an empty database, compare row by row and chain by chain, and return the rows of each table.

    Nobody writes to the source meanwhile, and all of the copy comes to be or nothing. Raises NotMoved, Mismatch, and
    Busy while somebody writes to the source.
    """
    source.keys = target.keys = keys
    check_version(source)
    check_keys(source, keys)
    if schema_version(target):
        raise NotMoved(f"目的数据库 {without_password(target.url)} 不是空的，没有搬迁。")
    with transaction(source, ""), transaction(target, ""):
        _refuse_in_use(source)
        counted = take_over(source, target)
        if different := [table.name for table in all_tables() if not _is_alike(source, target, table)]:
            raise NotMoved(f"搬过去的与原来的不一致（{'、'.join(different)}），已全部撤回。")
        if (broken := verify_chain(target, keys.chain)) is not None:
            raise NotMoved(f"留痕链在第 {broken} 条处不符，已全部撤回。请先在原来的数据库上运行 xunfang verify。")
        note_version(target, at)
    return counted


def take_over(source: Database, target: Database) -> dict[str, int]:
    """Make the tables of an empty database, copy every row as it lies, and return the rows of each table.

    It is done within a transaction of the target; nothing is compared, and no version is noted.
    """
    make_tables(target)
    counted = {table.name: _copy(source, target, table) for table in all_tables()}
    guard(target)
    if target.dialect.number_on:
        target.run(target.dialect.number_on)
    return counted


def _refuse_in_use(source: Database) -> None:
    others = source.dialect.others_connected(source.peewee)
    if others:
        raise NotMoved(f"原数据库还有 {others} 个连接在使用，没有搬迁。请先停止网站和后台作业。")


def _copy(source: Database, target: Database, table: Table[Any]) -> int:
    sql = statements.insert(table.name, table.names, target.dialect.mark)
    count = 0
    for page in _pages(source, table):
        count += target.run_many(sql, page)
    return count


def _is_alike(source: Database, target: Database, table: Table[Any]) -> bool:
    rows, copied = _rows(source, table), _rows(target, table)
    return all(row == other for row, other in zip_longest(rows, copied))


def _rows(database: Database, table: Table[Any]) -> Iterator[tuple[Any, ...]]:
    for page in _pages(database, table):
        yield from page


def _pages(database: Database, table: Table[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table as they lie, sealed ones sealed, in the order of their keys."""
    mark, places = database.dialect.mark, [table.names.index(name) for name in table.key]
    after: tuple[Any, ...] = ()
    while True:
        sql = statements.select(table.name, table.names, (), (), table.key, mark, beyond=bool(after))
        found = [_plain(table.columns.values(), row) for row in database.run(sql, (*after, MOST_ROWS)).fetchall()]
        if found:
            yield found
        if len(found) < MOST_ROWS:
            return
        after = tuple(found[-1][place] for place in places)


def _plain(columns: Iterable[Column], row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values alike whichever database they lie in: flags are told differently."""
    return tuple(
        bool(value) if column.is_flag and value is not None else value
        for column, value in zip(columns, row, strict=True)
    )
