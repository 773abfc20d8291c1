"""Everything that differs between databases: how to connect, what to insist on, how a writer begins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import peewee

from xunfang.errors import Refused
from xunfang.store.disk import private_database
from xunfang.store.failures import Unreachable
from xunfang.store.lasting import LastingSqlite

BUSY_SECONDS = 20


class AddressUnusable(Refused, ValueError):
    """The database's address in the settings is of a kind that is not known."""

    code = "DATABASE_ADDRESS"


class PromiseBroken(Refused, RuntimeError):
    """The database lacks something that the store rests on."""

    code = "DATABASE_UNFIT"


class Dialect(Protocol):
    """One kind of database."""

    mark: str

    thorough_check: str
    reference_check: str

    def is_empty(self) -> bool:
        """Return whether nothing was ever kept there; opens and changes nothing."""
        ...

    def connect(self, *, reading: bool = False) -> LastingSqlite:
        """Return the peewee database, not yet connected; for `reading` one that can write nothing."""
        ...

    def quick_check(self, table: str) -> str:
        """Return the statement that looks at every page of a table and answers "ok" when all are whole."""
        ...

    def check(self, database: peewee.Database) -> None:
        """Raise PromiseBroken when this thread's fresh connection lacks a promise that the store rests on."""
        ...

    def begin(self) -> tuple[str, ...]:
        """Return what `atomic` needs so that the transaction holds the right to write from its first statement."""
        ...

    def patience(self, seconds: float) -> str:
        """Return the statement that lets this connection wait so long, from now on, for the right to write."""
        ...

    def clear(self, database: peewee.Database) -> None:
        """Rewrite the database, so that nothing written over or dropped is left in its files.

        Raises peewee.OperationalError, "busy" or "locked", while somebody else reads or writes.
        """
        ...

    def guards(self) -> tuple[str, ...]:
        """Return the statements that make the database itself refuse to change or delete an event.

        And a task of a case that does not exist: a task may have none, so that no reference of its column says it.
        """
        ...


class Sqlite:
    """SQLite in WAL mode, every commit on disk before it is answered."""

    mark = "?"
    thorough_check = "PRAGMA integrity_check(20)"
    reference_check = "PRAGMA foreign_key_check"
    _promises: Mapping[str, Any] = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": BUSY_SECONDS * 1000,
        "secure_delete": 1,  # what was deleted or written over is gone from the disk, not only from the tables
        "wal_autocheckpoint": 8000,  # 32 MB: a checkpoint at every 25th report would cost more than the reports
    }

    def __init__(self, path: str) -> None:
        self.path = path

    def is_empty(self) -> bool:
        """Return whether the file is missing or has no byte; a log that is left beside such a file is not touched."""
        path = Path(self.path)
        return not path.exists() or path.stat().st_size == 0

    def connect(self, *, reading: bool = False) -> LastingSqlite:
        """Return the peewee database; makes file and folder, for their owner only, where they are missing."""
        if reading:
            address = f"file:{quote(self.path)}?mode=ro"
            return self._lasting(address, uri=True)
        try:
            private_database(Path(self.path))
        except OSError as error:
            raise Unreachable(f"（{self.path}：{error.strerror}）") from error
        return self._lasting(self.path)

    def _lasting(self, address: str, **more: Any) -> LastingSqlite:
        pragmas = list(self._promises.items())
        return LastingSqlite(self.path, address, pragmas=pragmas, timeout=BUSY_SECONDS, autoconnect=False, **more)

    def quick_check(self, table: str) -> str:
        """Return the check of one table with its indexes; that no row is missing from an index is left out."""
        return f"PRAGMA quick_check('{table}')"

    def check(self, database: peewee.Database) -> None:
        """Raise PromiseBroken when a pragma did not take (a read-only disk, a foreign build of SQLite)."""
        for name, wanted in self._promises.items():
            cursor = database.execute_sql(f"PRAGMA {name}")  # type: ignore[no-untyped-call]
            found = cursor.fetchone()[0]
            if found != wanted:
                raise PromiseBroken(f"数据库设置 {name} 应为 {wanted}，实际为 {found}；请检查数据库文件所在磁盘。")

    def begin(self) -> tuple[str, ...]:
        """Return IMMEDIATE: a deferred begin fails at once when two writers meet."""
        return ("IMMEDIATE",)

    def patience(self, seconds: float) -> str:
        """Return the pragma of the busy timeout."""
        return f"PRAGMA busy_timeout = {round(seconds * 1000)}"

    def clear(self, database: peewee.Database) -> None:
        """Rewrite the file and cut the log, in which older pages lie, to nothing."""
        database.execute_sql("VACUUM")  # type: ignore[no-untyped-call]
        cursor = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[no-untyped-call]
        if cursor.fetchone()[0]:
            raise peewee.OperationalError("the log is busy")

    def guards(self) -> tuple[str, ...]:
        """Return triggers that abort any update or deletion of an event, and a task about nothing there is."""
        events = (
            f'CREATE TRIGGER IF NOT EXISTS "event_no_{verb.lower()}" BEFORE {verb} ON "event" '
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
        tasks = (
            f'CREATE TRIGGER IF NOT EXISTS "task_about_{verb.lower()}" BEFORE {verb}{of} ON "task" WHEN NOT EXISTS '
            """(SELECT 1 FROM "case" WHERE "id" = NEW."case") AND (NEW."case" <> '' OR NEW."about" = '') """
            "BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: task.case'); END"
            for verb, of in (("INSERT", ""), ("UPDATE", ' OF "case", "about"'))
        )
        return (*events, *tasks)


def dialect_of(url: str) -> Dialect:
    """Return the dialect a database address names; raises AddressUnusable for any other address."""
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or not parts.path.strip("/"):
        raise AddressUnusable(f"数据库地址 {url} 无法使用：目前支持 sqlite:///相对路径 或 sqlite:////绝对路径。")
    return Sqlite(unquote(parts.path.removeprefix("/")))
