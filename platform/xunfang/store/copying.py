"""A database copied while it is in use, into one SQLite file of whichever kind it is; and what such a copy holds."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from xunfang.store import release_statements, statements
from xunfang.store.database import MOST_ROWS, Database, connection, open_database, snapshot, transaction
from xunfang.store.disk import private_folder, write_private
from xunfang.store.events import ChainHead, chain_head, chained
from xunfang.store.installation import NAMING, installation_of
from xunfang.store.moving import take_over
from xunfang.store.rows import all_tables
from xunfang.store.schema import check_version, note_version, schema_version


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a database holds: by this a copy is known to be the one that was made, and whole."""

    schema: int
    installation: str
    rows: dict[str, int]
    heads: tuple[ChainHead, ...]
    releases: tuple[tuple[str, int, str, bool], ...]
    """Jurisdiction, number and digest of each release, and whether it is in force."""


def address_of_file(file: Path) -> str:
    """Return the address of the database in a file."""
    return f"sqlite:///{quote(str(file.resolve()))}"


def unhurried() -> tuple[str, ...]:
    """Return what a copy's own connection is told that is thrown away where it is not finished.

    It waits for the disk now and then, not with each piece, and puts little through at once: whoever commits on the
    same disk meanwhile waits for as much at most.
    """
    return "PRAGMA synchronous = 1", "PRAGMA wal_autocheckpoint = 1000"


def copy_into_file(source: Database, file: Path, at: datetime) -> None:
    """Write all that is kept, as it is at one moment, into a new SQLite file; whoever writes goes on meanwhile.

    Raises SchemaTooOld or SchemaTooNew, NoRoom, and what `connection` raises.
    """
    check_version(source)
    private_folder(file.parent)
    if source.dialect.copy_into:
        write_private(file, b"")
        with connection(source):
            source.run(source.dialect.copy_into, (str(file),))
    else:
        _copy_rows(source, file, at)


def _copy_rows(source: Database, file: Path, at: datetime) -> None:
    with closing(open_database(address_of_file(file))) as target, transaction(target, ""), snapshot(source):
        take_over(source, target)
        note_version(target, at)


def inventory(database: Database) -> Inventory:
    """Return what a database of today's schema holds."""
    with connection(database) as reader:
        own = installation_of(reader)
        return Inventory(
            schema=schema_version(database),
            installation=own.id if own else "",
            rows={table.name: int(_one(database, statements.count(table.name))) for table in all_tables()},
            heads=tuple(chain_head(database, name) for name in chained(database)),
            releases=tuple(
                (str(name), int(number), str(digest), bool(current))
                for name, number, digest, current in database.run(release_statements.released()).fetchall()
            ),
        )


def _one(database: Database, sql: str) -> int:
    return int(database.run(sql).fetchone()[0])


def files_named(database: Database) -> Iterator[str]:
    """Yield the SHA-256 of every file that the database names, some of them twice."""
    mark = database.dialect.mark
    with connection(database):
        for table in NAMING:
            after, sql = "", statements.files_beyond(table, mark)
            while page := database.run(sql, (after, MOST_ROWS)).fetchall():
                yield from (str(found) for (found,) in page)
                after = str(page[-1][0])


def files_beyond(database: Database, after: str, most: int) -> list[str]:
    """Return the SHA-256 of the next files that the database names after one, at most so many, in their order."""
    mark = database.dialect.mark
    with connection(database):
        found = {
            str(sha256)
            for table in NAMING
            for (sha256,) in database.run(statements.files_beyond(table, mark), (after, most)).fetchall()
        }
    return sorted(found)[:most]


def names_file(database: Database, sha256: str) -> bool:
    """Return whether anything in the database names a file of this content."""
    mark = database.dialect.mark
    with connection(database):
        return any(database.run(statements.names_file(table, mark), (sha256,)).fetchone() for table in NAMING)
