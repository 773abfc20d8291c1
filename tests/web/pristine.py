"""The rows of a site as they were, to be compared with and gone back to: in a file, or on a server past its walls."""

import sqlite3
from collections.abc import Collection
from contextlib import closing
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

    def digests(self) -> dict[str, Any]:
        """Return of each table, but of those of the record, what is the same as long as its rows are."""
        ...

    def touched(self) -> list[str]:
        """Return every table in which anything may have been written since."""
        ...

    def undo(self) -> None: ...

    def close(self) -> None: ...


def pristine(url: str, record: Collection[str] = ()) -> Pristine:
    """Return the rows of a database as they are; `record`: tables in which it is noted that somebody asked."""
    if url.startswith("sqlite:"):
        return OnFile(Path(url.removeprefix("sqlite:///")), record)
    return OnServer(url, record)


class OnFile:
    def __init__(self, path: Path, record: Collection[str]) -> None:
        self._store, self._kept = sqlite3.connect(path), sqlite3.connect(":memory:")
        self._names = [name for (name,) in self._store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        self._record = record
        with self._store:
            self._note_writes()
        self._store.backup(self._kept)

    def _note_writes(self) -> None:
        """Let the database count itself what is written, so that nobody need read every row after every question."""
        self._store.execute("CREATE TABLE matrix_writes (name PRIMARY KEY, n)")
        for table in self._names:
            self._store.execute("INSERT INTO matrix_writes VALUES (?, 0)", (table,))
            for act in ("INSERT", "UPDATE", "DELETE"):
                self._store.execute(
                    f'CREATE TRIGGER "matrix_{table}_{act}" AFTER {act} ON "{table}" '
                    f"BEGIN UPDATE matrix_writes SET n = n + 1 WHERE name = '{table}'; END"
                )

    def tables(self) -> list[str]:
        return self._names

    def columns(self, table: str) -> list[str]:
        return [told[1] for told in self._store.execute(f'PRAGMA table_info("{table}")')]

    def rows(self, table: str) -> list[Row]:
        return self._store.execute(f'SELECT * FROM "{table}"').fetchall()

    def before(self, table: str) -> list[Row]:
        return self._kept.execute(f'SELECT * FROM "{table}"').fetchall()

    def version(self) -> int:
        return sum(n for name, n in self._written() if name not in self._record)

    def touched(self) -> list[str]:
        return [name for name, _ in self._written()]

    def _written(self) -> list[Row]:
        return self._store.execute("SELECT name, n FROM matrix_writes WHERE n > 0").fetchall()

    def digests(self) -> dict[str, Any]:
        return {name: hash(tuple(self.rows(name))) for name in self._names if name not in self._record}

    def undo(self) -> None:
        self._kept.backup(self._store)

    def close(self) -> None:
        self._store.close()
        self._kept.close()


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

    def digests(self) -> dict[str, Any]:
        return {name: found for name, found in self._every_digest().items() if name not in self._record}

    def touched(self) -> list[str]:
        return self.tables()

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
