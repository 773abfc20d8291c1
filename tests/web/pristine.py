"""The rows of a site as they were, to be compared with and gone back to: in a file, or on a server past its walls."""

import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extras import execute_values

from databases import shared_server
from xunfang.store.rows import Table, all_tables

Row = tuple[Any, ...]


class Pristine(Protocol):
    """All rows as they were when this was made."""

    def tables(self) -> list[str]: ...

    def columns(self, table: str) -> list[str]: ...

    def rows(self, table: str) -> list[Row]: ...

    def before(self, table: str) -> list[Row]: ...

    def version(self) -> int:
        """Return a number that is another one whenever anybody has written what is not of the record."""
        ...

    def changed(self) -> bool:
        """Return whether any row is another one than it was, those of the record apart."""
        ...

    def touched(self) -> list[str]:
        """Return every table in which anything may have been written since."""
        ...

    def new(self, table: str) -> list[Row]:
        """Return the rows of a table that are there now and were not."""
        ...

    def undo(self) -> None: ...

    def close(self) -> None: ...


def pristine(url: str, record: Collection[str] = ()) -> Pristine:
    """Return the rows of a database as they are; `record`: tables in which it is noted that somebody asked."""
    if url.startswith("sqlite:"):
        return OnFile(Path(url.removeprefix("sqlite:///")), record)
    return OnServer(url, record)


class OnFile:
    """Each row that is written is noted by the database itself: only these are compared, and put back one by one.

    To copy the whole file back instead changes its schema's number, and makes every connection read all of it anew.
    """

    def __init__(self, path: Path, record: Collection[str]) -> None:
        self._store = sqlite3.connect(path, isolation_level=None)
        self._names = [name for (name,) in self._store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        self._record = record
        self._store.execute("ATTACH ':memory:' AS kept")
        with self._writing():
            self._store.execute("CREATE TABLE matrix_undoing (n)")
            self._store.execute("CREATE TABLE matrix_log (n INTEGER PRIMARY KEY, name, row)")
            self._store.execute("CREATE TABLE matrix_record (n INTEGER PRIMARY KEY, name, row)")
            self._let_guards_rest()
            for table in self._names:
                self._keep(table)
                self._note_writes(table)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._store.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._store.execute("ROLLBACK")
            raise
        self._store.execute("COMMIT")

    def _let_guards_rest(self) -> None:
        """Let the triggers of the database do what they do, but not while all is put back."""
        for name, sql in self._store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall():
            head, condition, body = _TRIGGER.fullmatch(sql).groups()  # type: ignore[union-attr]
            self._store.execute(f'DROP TRIGGER "{name}"')
            self._store.execute(f"{head} WHEN {_NOT_NOW} AND ({condition or 'TRUE'}) {body}")

    def _keep(self, table: str) -> None:
        names = ", ".join(self._quoted(table))
        self._store.execute(f'CREATE TABLE kept."{table}" (matrix_row INTEGER PRIMARY KEY, {names})')
        self._store.execute(f'INSERT INTO kept."{table}" SELECT rowid, {names} FROM main."{table}"')

    def _note_writes(self, table: str) -> None:
        log = "matrix_record" if table in self._record else "matrix_log"
        for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            notes = " ".join(f"INSERT INTO {log} (name, row) VALUES ('{table}', {row}.rowid);" for row in rows)
            self._store.execute(
                f'CREATE TRIGGER "matrix_{table}_{act}" AFTER {act} ON "{table}" WHEN {_NOT_NOW} BEGIN {notes} END'
            )

    def tables(self) -> list[str]:
        return self._names

    def columns(self, table: str) -> list[str]:
        return [told[1] for told in self._store.execute(f'PRAGMA main.table_info("{table}")')]

    def _quoted(self, table: str) -> list[str]:
        return [f'"{name}"' for name in self.columns(table)]

    def rows(self, table: str) -> list[Row]:
        return self._store.execute(f'SELECT * FROM main."{table}"').fetchall()

    def before(self, table: str) -> list[Row]:
        names = ", ".join(self._quoted(table))
        return self._store.execute(f'SELECT {names} FROM kept."{table}" ORDER BY matrix_row').fetchall()

    def version(self) -> int:
        return self._store.execute("SELECT COALESCE(MAX(n), 0) FROM matrix_log").fetchone()[0]  # type: ignore[no-any-return]

    def touched(self) -> list[str]:
        both = "SELECT name FROM matrix_log UNION SELECT name FROM matrix_record"
        return [name for (name,) in self._store.execute(f"{both} ORDER BY name").fetchall()]

    def changed(self) -> bool:
        return any(self._now(name) != self._then(name) for name in self.touched() if name not in self._record)

    def new(self, table: str) -> list[Row]:
        before = {*self._then(table).values()}
        return [row for row in self._now(table).values() if row not in before]

    def _now(self, table: str) -> dict[int, Row]:
        return self._noted(table, f'main."{table}"', "rowid")

    def _then(self, table: str) -> dict[int, Row]:
        return self._noted(table, f'kept."{table}"', "matrix_row")

    def _noted(self, table: str, place: str, row: str) -> dict[int, Row]:
        """Return the rows of a table, as it is or as it was, that were written since."""
        sql = f"SELECT {row}, {', '.join(self._quoted(table))} FROM {place} WHERE {row} IN ({_NOTED}) ORDER BY {row}"
        return {found[0]: found[1:] for found in self._store.execute(sql, (table, table))}

    def undo(self) -> None:
        with self._writing():
            self._store.execute("INSERT INTO matrix_undoing VALUES (1)")
            for table in self.touched():
                self._put_back(table)
            for emptied in ("matrix_log", "matrix_record", "matrix_undoing"):
                self._store.execute(f"DELETE FROM {emptied}")

    def _put_back(self, table: str) -> None:
        names = ", ".join(self._quoted(table))
        self._store.execute(f'DELETE FROM main."{table}" WHERE rowid IN ({_NOTED})', (table, table))
        self._store.execute(
            f'INSERT INTO main."{table}" (rowid, {names}) SELECT matrix_row, {names} FROM kept."{table}" '
            f"WHERE matrix_row IN ({_NOTED})",
            (table, table),
        )

    def close(self) -> None:
        """Put back what was written, and see that everything then is as it was: a row that was not noted is none."""
        self.undo()
        differ = [name for name in self._names if self.rows(name) != self.before(name)]
        self._store.close()
        assert differ == [], "rows were written past the triggers that note them"


_NOT_NOW = "NOT EXISTS (SELECT 1 FROM matrix_undoing)"
_NOTED = "SELECT row FROM matrix_log WHERE name = ? UNION SELECT row FROM matrix_record WHERE name = ?"
_TRIGGER = re.compile(r"""(CREATE TRIGGER .*? ON "[a-z_]+")(?: WHEN (.*?))? (BEGIN .*)""", re.DOTALL)


class OnServer:
    """Signed in as the server's own administrator, whom no wall, trigger or reference holds."""

    def __init__(self, url: str, record: Collection[str]) -> None:
        self._record = record
        self._raw = psycopg2.connect(shared_server().url(urlsplit(url).path[1:]))
        self._raw.autocommit = True
        self._run("SET session_replication_role = replica")
        self._run(f"PREPARE digests AS {' UNION ALL '.join(map(_digest, all_tables()))}")
        self._kept = {table: self.rows(table) for table in self.tables()}
        self._found = self._every_digest()

    def tables(self) -> list[str]:
        return [table.name for table in all_tables()]

    def columns(self, table: str) -> list[str]:
        return next([*each.columns] for each in all_tables() if each.name == table)

    def rows(self, table: str) -> list[Row]:
        names = ", ".join(f'"{name}"' for name in self.columns(table))
        key = next(each.key for each in all_tables() if each.name == table)
        by = ", ".join(f'"{name}"' for name in key)
        return [tuple(map(_plain, row)) for row in self._run(f'SELECT {names} FROM "{table}" ORDER BY {by}')]

    def before(self, table: str) -> list[Row]:
        return self._kept[table]

    def version(self) -> int:
        return int(self._run("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")[0][0])

    def changed(self) -> bool:
        now = self._every_digest()
        return any(now[name] != found for name, found in self._found.items() if name not in self._record)

    def touched(self) -> list[str]:
        return self.tables()

    def new(self, table: str) -> list[Row]:
        before = {*self._kept[table]}
        return [row for row in self.rows(table) if row not in before]

    def _every_digest(self) -> dict[str, Any]:
        return dict(self._run("EXECUTE digests"))

    def undo(self) -> None:
        now = self._every_digest()
        for table in (table for table, found in self._found.items() if now[table] != found):
            names = ", ".join(f'"{name}"' for name in self.columns(table))
            with closing(self._raw.cursor()) as cursor:
                cursor.execute(f'DELETE FROM "{table}"')
                execute_values(cursor, f'INSERT INTO "{table}" ({names}) VALUES %s', self._kept[table])

    def _run(self, sql: str, values: Row = ()) -> list[Row]:
        with closing(self._raw.cursor()) as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        self._raw.close()


def _digest(table: Table) -> str:
    """Return the statement that finds the digest of all rows of a table, in the order of their keys."""
    by = ", ".join(f't."{name}"' for name in table.key)
    return f"SELECT '{table.name}', md5(string_agg(t::text, chr(30) ORDER BY {by})) FROM \"{table.name}\" t"


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
