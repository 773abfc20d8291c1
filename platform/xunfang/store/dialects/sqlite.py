"""SQLite: one file, one writer at a time, every commit on the disk before it is answered."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import peewee

from xunfang.ailments import Ailment
from xunfang.store.dialects.in_sight import sqlite_triggers
from xunfang.store.dialects.lasting import LastingSqlite
from xunfang.store.dialects.promises import BUSY_SECONDS, KEPT_OF_EVENTS, PromiseBroken, Stopped
from xunfang.store.dialects.sending import Values
from xunfang.store.dialects.turnstile import turn
from xunfang.store.disk import beside, private_database
from xunfang.store.failures import Unreachable

_STEPS = 20_000
"""Instructions of the database between two looks at the clock: a few milliseconds."""

_LARGE_LOG = 1024**3
"""The log is taken in at 32 MB; only while somebody reads on and on does it grow so far."""


class Sqlite:
    """SQLite in WAL mode, every commit on disk before it is answered."""

    mark = "?"
    writes_apart = False
    skip_taken = ""  # whoever writes is alone
    next_events = (
        'WITH RECURSIVE "next"("n") AS (SELECT COALESCE(MAX("n"), 0) + 1 FROM "event" '
        'UNION ALL SELECT "n" + 1 FROM "next" LIMIT ?) SELECT "n" FROM "next"'
    )
    number_on = ""
    of_jurisdiction = '+"jurisdiction" = ?'  # the plus keeps it from an index by which every page is sorted anew
    copy_into = "VACUUM INTO ?"  # it reads, so that whoever writes goes on; no page of before is in the copy
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

    def check(self, database: peewee.Database) -> None:
        """Raise PromiseBroken when a pragma did not take (a read-only disk, a foreign build of SQLite)."""
        for name, wanted in self._promises.items():
            found = _run(database, f"PRAGMA {name}").fetchone()[0]
            if found != wanted:
                raise PromiseBroken(f"数据库设置 {name} 应为 {wanted}，实际为 {found}；请检查数据库文件所在磁盘。")

    def may_build(self, database: peewee.Database) -> bool:
        """Return True: whoever writes to the file may."""
        return True

    def reading(self, database: peewee.Database, of: str) -> AbstractContextManager[None]:
        """Do nothing: there is no wall in a file, whoever reads keeps to the jurisdiction."""
        return nullcontext()

    def by_keys(self, database: peewee.Database) -> AbstractContextManager[None]:
        """Do nothing: where an index is, it is used."""
        return nullcontext()

    def one_of(self, column: str, keys: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """Return it with a mark for each key."""
        return f'"{column}" IN ({", ".join("?" * len(keys))})', tuple(keys)

    @contextmanager
    def writing(self, database: peewee.Database, of: str | None, seconds: float | None) -> Iterator[None]:
        """Open an IMMEDIATE transaction, which keeps all others from writing: a deferred one fails when two meet.

        Whoever waited first has it before whoever has just had it.
        """
        with ExitStack() as held:
            with (
                turn(Path(self.path), BUSY_SECONDS if seconds is None else seconds) as left,
                _waiting(database, None if seconds is None else left),
            ):
                held.enter_context(database.atomic("IMMEDIATE"))
            yield

    def begin_reading(self) -> tuple[Any, ...]:
        """Return nothing: what is read first is the moment of all that follows."""
        return ()

    def run_many(self, cursor: Any, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run one statement for each row of values and return how many rows it changed in all."""
        cursor.executemany(sql, rows)
        return int(cursor.rowcount)

    def run_later(self, cursor: Any, sql: str, rows: Values) -> None:
        """Run one statement for each row of values, at once: nothing is won by waiting."""
        cursor.executemany(sql, rows)

    def look_at(self, database: peewee.Database, table: str) -> bool:
        """Return whether a table and its indexes are whole; that no row is missing from an index is left out."""
        try:
            rows = _run(database, f"PRAGMA quick_check('{table}')").fetchall()
        except (peewee.OperationalError, sqlite3.OperationalError) as error:
            if "interrupted" in str(error):
                raise Stopped from error
            raise
        return bool([row[0] for row in rows] == ["ok"])

    def look_through(self, database: peewee.Database) -> list[str]:
        """Return what is wrong in pages and indexes, and references to what is not there."""
        found = [str(row[0]) for row in _run(database, "PRAGMA integrity_check(20)").fetchall()]
        lost = [f"{row[0]} → {row[2]}" for row in _run(database, "PRAGMA foreign_key_check").fetchall()]
        return [*(text for text in found if text != "ok"), *lost]

    @contextmanager
    def stopping(self, database: peewee.Database, until: float) -> Iterator[None]:
        """Look at the clock every few milliseconds, and stop the database once the time is over."""
        raw = database.connection()  # type: ignore[no-untyped-call]
        raw.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield
        finally:
            raw.set_progress_handler(None, 0)

    def others_connected(self, database: peewee.Database) -> int:
        """Return 0: who else has the file open is not told; whoever begins to write keeps all others from it."""
        return 0

    def ailments(self, database: peewee.Database, on: date) -> Iterator[Ailment]:
        """Yield a log that is not taken in any more, which slows down every page and fills the disk."""
        log = beside(Path(self.path))[0]
        size = log.stat().st_size if log.exists() else 0
        if size > _LARGE_LOG:
            what = f"数据库的日志文件 {log.name} 已有{size // 1024**2}MB，没有并入数据库。"
            advice = "多半有程序一直开着数据库不放（如备份、查询工具）。请关掉它，或重新启动服务；不要删除这个文件。"
            yield Ailment("DATABASE_LOG_LARGE", what, advice)

    def clear(self, database: peewee.Database) -> None:
        """Rewrite the file and cut the log, in which older pages lie, to nothing."""
        _run(database, "VACUUM")
        if _run(database, "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise peewee.OperationalError("the log is busy")

    def guards(self) -> tuple[str, ...]:
        """Return triggers that abort any update or deletion of an event, and a task about nothing there is.

        And those that keep where lists look for cases.
        """
        events = (
            f'CREATE TRIGGER IF NOT EXISTS "event_no_update" BEFORE UPDATE OF {KEPT_OF_EVENTS} ON "event" '
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
            'CREATE TRIGGER IF NOT EXISTS "event_no_delete" BEFORE DELETE ON "event" '
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
            'CREATE TRIGGER IF NOT EXISTS "event_no_other_envelope" BEFORE UPDATE OF "typed" ON "event" '
            'WHEN length(NEW."typed") <> length(OLD."typed") '
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
        )
        tasks = (
            f'CREATE TRIGGER IF NOT EXISTS "task_about_{verb.lower()}" BEFORE {verb}{of} ON "task" WHEN NOT EXISTS '
            """(SELECT 1 FROM "case" WHERE "id" = NEW."case") AND (NEW."case" <> '' OR NEW."about" = '') """
            "BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: task.case'); END"
            for verb, of in (("INSERT", ""), ("UPDATE", ' OF "case", "about"'))
        )
        return (*events, *tasks, *sqlite_triggers())


@contextmanager
def _waiting(database: peewee.Database, seconds: float | None) -> Iterator[None]:
    """Let this thread wait another time than usual for the right to write; None leaves it as it is."""
    if seconds is None:
        yield
        return
    _run(database, f"PRAGMA busy_timeout = {round(seconds * 1000)}")
    try:
        yield
    finally:
        _run(database, f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _run(database: peewee.Database, sql: str) -> Any:
    return database.execute_sql(sql)  # type: ignore[no-untyped-call]
