"""Part of version 16: figures of indicators."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "figure" ("jurisdiction" TEXT NOT NULL, "indicator" TEXT NOT NULL, "every" TEXT NOT NULL, '
    '"begins_on" TEXT NOT NULL, "owner" TEXT NOT NULL, "part" BIGINT NOT NULL, "whole" BIGINT NOT NULL, '
    '"counted_at" BIGINT NOT NULL, "release" TEXT NOT NULL, "complete" BOOLEAN NOT NULL, PRIMARY KEY '
    '("jurisdiction", "indicator", "every", "begins_on", "owner"))',
    'CREATE INDEX "figure_jurisdiction_begins_on_owner" ON "figure" ("jurisdiction", "begins_on", "owner")',
)


def keep_figures(database: Database) -> None:
    """Make the table of what indicators came to."""
    make(database, _TABLES)
