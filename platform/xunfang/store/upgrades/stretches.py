"""Part of version 17: people of a list lie some hundred together, until something comes of one of them.

Those that version 16 kept each by themselves stay as they are: both are read alike.
"""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "listed_stretch" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "delivery" '
    'TEXT NOT NULL REFERENCES "delivery" ("id"), "verdict" TEXT NOT NULL, "first" BIGINT NOT NULL, "last" '
    'BIGINT NOT NULL, "count" BIGINT NOT NULL, "told" BLOB NOT NULL)',
    'CREATE INDEX "listed_stretch_delivery_verdict_last" ON "listed_stretch" ("delivery", "verdict", "last")',
)


def keep_stretches(database: Database) -> None:
    """Make the table of stretches."""
    make(database, _TABLES)
