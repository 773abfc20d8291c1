"""Part of version 17: the figures of reports as they were handed in."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "reported_figure" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, '
    '"residence" TEXT NOT NULL, "period" TEXT NOT NULL REFERENCES "duty_period" ("id"), "field" TEXT NOT '
    'NULL, "place" BIGINT NOT NULL, "counted" TEXT NOT NULL, "told" BLOB NOT NULL, "reason" BLOB NOT NULL, '
    '"things" BIGINT NOT NULL, "counted_at" BIGINT, CHECK (residence <> \'\'))',
    'CREATE UNIQUE INDEX "reported_figure_period_field" ON "reported_figure" ("period", "field")',
    'CREATE INDEX "reported_figure_jurisdiction_id" ON "reported_figure" ("jurisdiction", "id")',
)


def keep_reported(database: Database) -> None:
    """Make the table of what reports told."""
    make(database, _TABLES)
