"""Write what an empty database of today's version looks like, of both kinds, before another version begins.

Run as a program it writes schemas/<version>.sql and schemas/postgresql-<version>.sql; given names of tables it prints
the statements that make these, as a step of an upgrade holds them.
"""

import re
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from tempfile import TemporaryDirectory

import databases
from databases import kept_in
from store.world import KEYS, NOW
from xunfang.store import SCHEMA_VERSION, open_database, upgrade
from xunfang.store.rows import all_tables

SCHEMAS = Path(__file__).parent / "schemas"
_NOT_OURS = re.compile(r"^(--.*|SET .*|SELECT pg_catalog.*|\\.*|ALTER .* OWNER TO .*|)\n", re.MULTILINE)


def _made(folder: Path) -> str:
    address = databases.address(folder, "made.db")
    database = open_database(address)
    upgrade(database, KEYS, NOW)
    database.close()
    return address


def sqlite_schema(folder: Path) -> str:
    """Return the statements that make a database of today in a file."""
    with closing(connect(_made(folder).removeprefix("sqlite:///"))) as raw:
        found = raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
    return "".join(f"{sql};\n" for (sql,) in found)


def postgresql_schema(folder: Path) -> str:
    """Return the statements that make a database of today on a server."""
    with kept_in("postgresql"):
        command = ["pg_dump", "--schema-only", "--no-owner", "--no-privileges", _made(folder)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return _NOT_OURS.sub("", told)


def statements(folder: Path, *tables: str) -> list[str]:
    """Return the statements that make some tables of today, as Python writes them."""
    begins = tuple(f'CREATE {what} "{table}{end}' for table in tables for what, end in _MAKING)
    found = [line.rstrip(";") for line in sqlite_schema(folder).splitlines() if line.startswith(begins)]
    return [_as_literal(_with_flags(line).replace(" INTEGER", " BIGINT")) for line in found]


def _with_flags(statement: str) -> str:
    """Return a statement with what is true or false declared as that, which is a number in a file."""
    for table in all_tables():
        if statement.startswith(f'CREATE TABLE "{table.name}" '):
            for column in table.columns.values():
                if column.is_flag:
                    statement = statement.replace(f'"{column.name}" INTEGER', f'"{column.name}" BOOLEAN')
    return statement


_MAKING = (("TABLE", '"'), ("INDEX", "_"), ("UNIQUE INDEX", "_"))


def _as_literal(statement: str) -> str:
    pieces = textwrap.wrap(statement, 104, break_long_words=False, drop_whitespace=False, break_on_hyphens=False)
    return "\n".join("    '" + piece.replace("'", "\\'") + "'" for piece in pieces) + ","


if __name__ == "__main__" and len(sys.argv) > 1:
    with TemporaryDirectory() as kept:
        sys.stdout.write("\n".join(statements(Path(kept), *sys.argv[1:])) + "\n")
elif __name__ == "__main__":
    with TemporaryDirectory() as kept:
        (SCHEMAS / f"{SCHEMA_VERSION}.sql").write_text(sqlite_schema(Path(kept)), "utf-8")
        (SCHEMAS / f"postgresql-{SCHEMA_VERSION}.sql").write_text(postgresql_schema(Path(kept)), "utf-8")
