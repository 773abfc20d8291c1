"""The shape of the database, its version, and how an older one is brought up to date."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

import peewee

from xunfang.errors import Refused
from xunfang.steps import reached
from xunfang.store.database import Database, connection, transaction
from xunfang.store.dialects.walls import walls
from xunfang.store.failures import Busy, telling
from xunfang.store.installation import check_keys, installation_of, mark_database, note_keys
from xunfang.store.sealing import Keys
from xunfang.store.tables import Event, all_tables
from xunfang.store.upgrades import UPGRADES
from xunfang.store.upgrades.digests import DIGESTS

SCHEMA_VERSION = 20

_STEPPING = "数据库正由第 %d 版升到第 %d 版（要升到第 %d 版），其间不能使用；每五十万件个案约需两分钟。"
_LOOKS, _LOOK_SECONDS = 50, 0.1
_log = logging.getLogger(__name__)

VERSION_TABLE, STEP_TABLE = "schema_version", "schema_step"
_VERSION_TABLE = 'CREATE TABLE IF NOT EXISTS "schema_version" ("version" BIGINT PRIMARY KEY, "at" BIGINT NOT NULL)'
_STEP_TABLE = 'CREATE TABLE IF NOT EXISTS "schema_step" ("version" BIGINT PRIMARY KEY, "digest" TEXT NOT NULL)'


class SchemaTooNew(Refused, RuntimeError):
    """The database was made by a newer Xunfang; an older one must not touch it."""

    code = "SCHEMA_TOO_NEW"


def upgrade(database: Database, keys: Keys, at: datetime) -> int:
    """Create the schema, or bring it to this version, and return the version; each step is one transaction.

    From then on the handle holds the keys. Raises SchemaTooNew when the database is of a later version than this code
    knows, Mismatch when the keys are not those of the database; keys added at the front are remembered. Raises
    NotTheOwner where somebody else is to bring it up to date.
    """
    database.keys, database.common_end = keys, None
    _bring_up(database, keys, at)
    _mark_unused(database, keys, at)
    note_keys(database, keys, check_keys(database, keys))
    _clear_old_bytes(database)
    return SCHEMA_VERSION


def build(database: Database, user: str, keys: Keys | None, at: datetime) -> int:
    """Create the schema or bring it to this version, as its owner, and put up the walls for the user who will serve.

    Without keys it must be empty; whoever serves marks it with theirs. Raises what `upgrade` raises.
    """
    database.keys, database.common_end = keys, None
    _bring_up(database, keys, at)
    if keys:
        _clear_old_bytes(database)
    named = {table.name: "jurisdiction" in table.columns for table in all_tables()}
    named |= {VERSION_TABLE: False, STEP_TABLE: False}
    with transaction(database, ""):
        for statement in walls(user, named):
            database.run(statement)
    return SCHEMA_VERSION


def _bring_up(database: Database, keys: Keys | None, at: datetime) -> None:
    found = schema_version(database)
    if found > SCHEMA_VERSION:
        raise _too_new(found)
    _refuse_other_steps(database)
    with connection(database):
        if found < SCHEMA_VERSION and not database.dialect.may_build(database.peewee):
            raise NotTheOwner(found)
    if found == 0:
        _step(database, SCHEMA_VERSION, partial(_create, database), at, keys)
    for version in range(found + 1, SCHEMA_VERSION + 1) if found else ():
        assert keys is not None, "only an empty database is built without its keys"
        _log.warning(_STEPPING, version - 1, version, SCHEMA_VERSION)
        _step(database, version, partial(UPGRADES[version], database, keys), at, keys)
        reached("upgrade.committed")


def _refuse_other_steps(database: Database) -> None:
    """Raise OtherSteps where a version was reached by a step that is not the one of this code."""
    with connection(database):
        if not database.peewee.table_exists(STEP_TABLE):
            return
        noted = database.run(f'SELECT "version", "digest" FROM "{STEP_TABLE}" ORDER BY "version"').fetchall()
    other = [str(version) for version, digest in noted if DIGESTS.get(version, digest) != digest]
    if other:
        raise OtherSteps(
            f"数据库升到第 {'、'.join(other)} 版时所用的步骤与本程序的不同（那时或现在的程序被改动过），"
            "不能确认表的结构，没有启动，数据未作改动。请换回当时的程序，或用备份恢复。"
        )


def _mark_unused(database: Database, keys: Keys, at: datetime) -> None:
    """Give a database its mark that its owner has built and nobody has used yet."""
    with connection(database) as reader:
        if installation_of(reader) or reader.first(Event):
            return
    with transaction(database, "") as tx:
        mark_database(tx, keys, at)


def _clear_old_bytes(database: Database) -> None:
    """Clear the disk of what an upgrade sealed or dropped; until that is done, every start tries it again.

    Raises Busy while another program has the database open, NoRoom without room for a second copy of it.
    """
    with connection(database):
        if not database.peewee.table_exists("unclean"):
            return
        try:
            with telling():
                database.dialect.clear(database.peewee)
                reached("upgrade.cleared")
                database.run('DROP TABLE IF EXISTS "unclean"')
        except Busy:
            if not _is_cleared_by_another(database):
                raise


def _is_cleared_by_another(database: Database) -> bool:
    """Return whether a process that started at the same moment clears the disk, waiting for it a little."""
    for _ in range(_LOOKS):
        if not database.peewee.table_exists("unclean"):
            return True
        time.sleep(_LOOK_SECONDS)
    return False


class OtherSteps(Refused):
    """The database was brought up to date by other steps than this code knows under these numbers."""

    code = "SCHEMA_OTHER_STEPS"


class NotTheOwner(Refused):
    """The tables wait to be made or changed, which whoever serves may not do."""

    code = "SCHEMA_NOT_OURS"

    def __init__(self, found: int) -> None:
        super().__init__(
            f"数据库结构为第 {found} 版，本程序用第 {SCHEMA_VERSION} 版，而连接数据库的用户不能建表、改表。"
            "请先停止网站和后台作业，用所有者的地址运行 xunfang database build --owner <地址>，再启动。"
        )


class SchemaTooOld(Refused):
    """The database waits to be brought up to date, which is asked for by starting the service."""

    code = "SCHEMA_TOO_OLD"


def check_version(database: Database) -> None:
    """Raise SchemaTooOld or SchemaTooNew unless the database is of this version, which is left as it is."""
    found = schema_version(database)
    if found < SCHEMA_VERSION:
        raise SchemaTooOld(
            f"数据库结构为第 {found} 版，本程序用第 {SCHEMA_VERSION} 版。这条命令不会升级数据库；"
            "请先用原来的程序备份（xunfang backup）、停止它，再用 xunfang serve 启动一次，启动时自动升级。"
        )
    if found > SCHEMA_VERSION:
        raise _too_new(found)


def _too_new(found: int) -> SchemaTooNew:
    return SchemaTooNew(
        f"数据库结构为第 {found} 版，本程序只认识到第 {SCHEMA_VERSION} 版；请改用较新的程序，数据未作任何改动。"
    )


def schema_version(database: Database) -> int:
    """Return the version of the database's schema, 0 when it is empty."""
    with connection(database):
        if not database.peewee.table_exists(VERSION_TABLE):
            return 0
        return int(database.run('SELECT COALESCE(MAX("version"), 0) FROM "schema_version"').fetchone()[0])


def _step(database: Database, version: int, step: Callable[[], None], at: datetime, keys: Keys | None) -> None:
    with transaction(database, "") as tx:
        _make_notes(database)
        if schema_version(database) >= version:  # another process was faster
            return
        step()
        if version == SCHEMA_VERSION and keys is not None:
            mark_database(tx, keys, at)
        reached("schema.made")
        note_version(database, at, version)


def note_version(database: Database, at: datetime, version: int = SCHEMA_VERSION) -> None:
    """Note, within a transaction, of which version a database is from now on, and by which step."""
    mark = database.dialect.mark
    step = f'INSERT INTO "{STEP_TABLE}" ("version", "digest") VALUES ({mark}, {mark}) ON CONFLICT DO NOTHING'
    database.run(step, (version, DIGESTS.get(version, "")))
    sql = f'INSERT INTO "schema_version" ("version", "at") VALUES ({mark}, {mark}) ON CONFLICT DO NOTHING'
    database.run(sql, (version, int(at.timestamp())))


def _create(database: Database) -> None:
    make_tables(database)
    guard(database)


def make_tables(database: Database) -> None:
    """Make every table of today with its indexes, unguarded and without a version."""
    _make_notes(database)
    for table in all_tables():
        peewee.SchemaManager(table.model, database=database.peewee).create_all(safe=True)


def _make_notes(database: Database) -> None:
    for statement in (_VERSION_TABLE, _STEP_TABLE):
        database.run(statement)


def guard(database: Database) -> None:
    """Let the database itself keep the record, and what a task is about."""
    for statement in database.dialect.guards():
        database.run(statement)
