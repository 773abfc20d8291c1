"""PostgreSQL: a server that others keep, for any number of processes on any number of machines."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from functools import partial
from typing import Any

import peewee
import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from xunfang.ailments import Ailment
from xunfang.store.dialects.in_sight import postgresql_triggers
from xunfang.store.dialects.lasting import LastingPostgresql
from xunfang.store.dialects.promises import BUSY_SECONDS, KEPT_OF_EVENTS, PromiseBroken, Stopped
from xunfang.store.dialects.sending import Values
from xunfang.store.dialects.server import server_ailments
from xunfang.store.dialects.walls import KEPT_TO, STANDING, Standing, everywhere, quoted
from xunfang.store.failures import telling

OLDEST = 14
"""The oldest version whose triggers and statistics are what we use."""

_OURS = "xunfang-"

_RIGHT_TO_WRITE = 7_236_094
"""The number of the lock that whoever writes holds until the transaction ends; any number would do."""

_HOLD = f"SELECT pg_advisory_xact_lock({_RIGHT_TO_WRITE}, hashtext(%s))"
_HOLD_WITHIN = f"SET LOCAL lock_timeout = {{}}; {_HOLD}; SET LOCAL lock_timeout = {BUSY_SECONDS * 1000}"

_SESSION = {
    "client_encoding": "UTF8",
    "TimeZone": "UTC",
    "default_transaction_isolation": "read committed",
    "lock_timeout": str(BUSY_SECONDS * 1000),
    "idle_in_transaction_session_timeout": "60000",  # whoever hangs within a transaction lets go of its locks
    "jit": "off",  # to compile a statement and to start helpers for it takes longer than any of a page runs
    "max_parallel_workers_per_gather": "0",
}
_DURABLE = frozenset({"on", "local", "remote_write", "remote_apply"})
_IN_ORDER_OF_CODES = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})
_CREATE = "CREATE DATABASE xunfang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
_CONNECT_SECONDS = 10
_ROWS_AT_ONCE = 500


class Postgresql:
    """One database of a PostgreSQL server; every commit is on its disk before it is answered."""

    mark = "%s"
    writes_apart = True
    skip_taken = " FOR UPDATE SKIP LOCKED"
    next_events = "SELECT nextval('event_n') AS n FROM generate_series(1, %s)"
    number_on = "SELECT setval('event_n', COALESCE(MAX(n), 0) + 1, false) FROM event"
    of_jurisdiction = '"jurisdiction" = %s'
    copy_into = ""

    def __init__(self, url: str, *, owning: bool = False) -> None:
        self.url, self.owning = url, owning

    def is_empty(self) -> bool:
        """Return whether the database has no table of ours, or they are as their owner has built them."""
        with telling(), closing(psycopg2.connect(self.url, connect_timeout=_CONNECT_SECONDS)) as raw:
            cursor = raw.cursor()
            cursor.execute("SELECT 1 WHERE to_regclass('installation') IS NOT NULL")
            if cursor.fetchone() is None:
                return True
            cursor.execute("SELECT 1 FROM installation")
            return cursor.fetchone() is None

    def connect(self, *, reading: bool = False) -> LastingPostgresql:
        """Return the peewee database; for `reading` the server refuses whatever writes."""
        name = f"{_OURS}{os.getpid()}"  # by which a database administrator, and we, tell our processes from one another
        session = {**_SESSION, "application_name": name, "default_transaction_read_only": "on" if reading else "off"}
        options = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in session.items())
        return LastingPostgresql(self.url, autoconnect=False, connect_timeout=_CONNECT_SECONDS, options=options)

    def check(self, database: peewee.Database) -> None:
        """Raise PromiseBroken when server or database would lose what was answered, or order texts otherwise."""
        names = ("server_version_num", "server_encoding", "fsync", "full_page_writes", "synchronous_commit")
        asked = ", ".join(f"current_setting('{name}')" for name in names)
        collation = "(SELECT datcollate FROM pg_database WHERE datname = current_database())"
        found = _run(database, f"SELECT {asked}, {collation}").fetchone()
        for name, (is_kept, said), value in zip((*names, "datcollate"), _PROMISES, found, strict=True):
            if not is_kept(str(value)):
                raise PromiseBroken(f"PostgreSQL 的 {name} 现为 {value}，{said}。")
        self._stand_behind_walls(database)

    def _stand_behind_walls(self, database: peewee.Database) -> None:
        """Take on the role for what crosses jurisdictions, which each transaction of one of them lays down."""
        *found, user = _run(database, STANDING).fetchone()
        standing = Standing(*found)
        if standing.stand and not self.owning:
            if standing.complaint:
                raise PromiseBroken(f"{standing.complaint}。请照 docs/deploy.md“行级安全”建立用户和角色。")
            _run(database, f"SET ROLE {quoted(everywhere(user))}")
            database.connection().walled = True  # type: ignore[no-untyped-call]

    def may_build(self, database: peewee.Database) -> bool:
        """Return whether the user of this connection may make and change tables."""
        *found, _ = _run(database, STANDING).fetchone()
        may_create = _run(database, "SELECT has_schema_privilege(current_schema(), 'CREATE')").fetchone()[0]
        return bool(may_create) and (Standing(*found).above or not Standing(*found).stand)

    @contextmanager
    def reading(self, database: peewee.Database, of: str) -> Iterator[None]:
        """Open a transaction of one jurisdiction, where walls stand; where none do, whoever reads keeps to it."""
        if not database.connection().walled:  # type: ignore[no-untyped-call]
            yield
            return
        with database.atomic():
            database.cursor().later(KEPT_TO, (of,))  # type: ignore[no-untyped-call]
            yield

    @contextmanager
    def by_keys(self, database: peewee.Database) -> Iterator[None]:
        """Let no table be read whole within the block that has an index for what is asked.

        Of a table that was counted last when it was empty, the server goes on reading every page for each question.
        """
        with nullcontext() if database.in_transaction() else database.atomic():
            database.cursor().later("SET LOCAL enable_seqscan = off", ())  # type: ignore[no-untyped-call]
            yield

    def one_of(self, column: str, keys: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """Return it with all keys as one value: however many they are, they are taken for few, which an index finds."""
        return f'"{column}" = ANY(%s)', (list(keys),)

    @contextmanager
    def writing(self, database: peewee.Database, of: str | None, seconds: float | None) -> Iterator[None]:
        """Open a transaction and take the lock of the jurisdiction, which is given back however that ends."""
        with database.atomic():
            if of is not None:
                wait = _HOLD if seconds is None else _HOLD_WITHIN.format(max(1, round(seconds * 1000)))
                walled = bool(of) and database.connection().walled  # type: ignore[no-untyped-call]
                _run(database, f"{wait}; {KEPT_TO}" if walled else wait, (of, of) if walled else (of,))
            yield

    def begin_reading(self) -> tuple[Any, ...]:
        """Return REPEATABLE READ: all that follows is read as it was when the first was."""
        return (ISOLATION_LEVEL_REPEATABLE_READ,)

    def run_many(self, cursor: Any, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run an INSERT for all rows at once and return how many were written."""
        written = 0
        for begin in range(0, len(rows), _ROWS_AT_ONCE):
            cursor.execute(cursor.whole(sql, rows[begin : begin + _ROWS_AT_ONCE]))
            written += cursor.rowcount
        return written

    def run_later(self, cursor: Any, sql: str, rows: Values) -> None:
        """Let a statement wait until the next one, as each answer of the server is waited for."""
        cursor.rows_later(sql, rows)

    def look_at(self, database: peewee.Database, table: str) -> bool:
        """Return True once every page of a table could be read: a page that is not whole is told by the server."""
        try:
            _run(database, f'SELECT COUNT(*) FROM "{table}"').fetchone()
        except peewee.OperationalError as error:
            if "statement timeout" in str(error):
                raise Stopped from error
            raise
        return True

    def look_through(self, database: peewee.Database) -> list[str]:
        """Return the references that are not held any more; pages are looked at by `look_at` and the server's own."""
        sql = (
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
            "WHERE contype = 'f' AND NOT convalidated ORDER BY 1, 2"
        )
        return [f"{table} → {other}" for table, other in _run(database, sql).fetchall()]

    @contextmanager
    def stopping(self, database: peewee.Database, until: float) -> Iterator[None]:
        """Let the server stop a statement once the time is over."""
        left = max(1, round((until - time.monotonic()) * 1000))
        _run(database, f"SET statement_timeout = {left}")
        try:
            yield
        finally:
            _run(database, "SET statement_timeout = 0")

    def others_connected(self, database: peewee.Database) -> int:
        """Return how many connections other processes of ours have to this database."""
        sql = (
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() "
            f"AND starts_with(application_name, '{_OURS}') AND application_name <> current_setting('application_name')"
        )
        return int(_run(database, sql).fetchone()[0])

    def ailments(self, database: peewee.Database, on: date) -> Iterator[Ailment]:
        """Yield a version without support, connections that run out, and statements that are slow."""
        return server_ailments(partial(_run, database), on)

    def clear(self, database: peewee.Database) -> None:
        """Rewrite every table; the server's own log is its keeper's to keep or to throw away."""
        _run(database, "VACUUM FULL")

    def guards(self) -> tuple[str, ...]:
        """Return triggers that refuse any change of the record, and a task about nothing there is.

        And those that keep where lists look for cases.
        """
        return (
            'CREATE SEQUENCE IF NOT EXISTS "event_n"',
            "CREATE OR REPLACE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation'; END $$",
            f'CREATE OR REPLACE TRIGGER "event_kept" BEFORE DELETE OR UPDATE OF {KEPT_OF_EVENTS} ON "event" '
            "FOR EACH ROW EXECUTE FUNCTION event_is_kept()",
            'CREATE OR REPLACE TRIGGER "event_envelope_kept" BEFORE UPDATE OF "typed" ON "event" FOR EACH ROW '
            'WHEN (length(NEW."typed") <> length(OLD."typed")) EXECUTE FUNCTION event_is_kept()',
            'CREATE OR REPLACE TRIGGER "event_all_kept" BEFORE TRUNCATE ON "event" '
            "FOR EACH STATEMENT EXECUTE FUNCTION event_is_kept()",
            "CREATE OR REPLACE FUNCTION task_is_about_something() RETURNS trigger LANGUAGE plpgsql AS "
            """$$ BEGIN IF NOT EXISTS (SELECT 1 FROM "case" WHERE "id" = NEW."case") """
            """AND (NEW."case" <> '' OR NEW."about" = '') THEN """
            "RAISE EXCEPTION 'FOREIGN KEY constraint failed: task.case' USING ERRCODE = 'foreign_key_violation'; "
            "END IF; RETURN NEW; END $$",
            'CREATE OR REPLACE TRIGGER "task_about" BEFORE INSERT OR UPDATE OF "case", "about" ON "task" '
            "FOR EACH ROW EXECUTE FUNCTION task_is_about_something()",
            *postgresql_triggers(),
        )


_PROMISES: Sequence[tuple[Callable[[str], bool], str]] = (
    (lambda value: int(value) >= OLDEST * 10_000, f"须为 {OLDEST} 版或更新的版本"),
    (lambda value: value == "UTF8", f"须为 UTF8。请这样建库：{_CREATE}"),
    (lambda value: value == "on", "须为 on，否则断电会丢失已经答复的上报"),
    (lambda value: value == "on", "须为 on，否则断电会损坏数据"),
    (_DURABLE.__contains__, "不能关闭，否则断电会丢失已经答复的上报"),
    (_IN_ORDER_OF_CODES.__contains__, f"须为 C，列表才能按编号排列。请这样建库：{_CREATE}"),
)


def _run(database: peewee.Database, sql: str, values: tuple[Any, ...] = ()) -> Any:
    return database.execute_sql(sql, values)  # type: ignore[no-untyped-call]
