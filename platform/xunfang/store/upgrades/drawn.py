"""Part of version 17: what was drawn 抽取, and why something is owed no more."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    """ALTER TABLE "owed_thing" ADD COLUMN "because" TEXT NOT NULL DEFAULT ''""",
    'CREATE TABLE "drawing" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT '
    'NOT NULL, "duty" TEXT NOT NULL, "unit" TEXT NOT NULL, "every" TEXT NOT NULL, "begins_on" TEXT NOT NULL, '
    '"period" TEXT NOT NULL REFERENCES "duty_period" ("id"), "release" TEXT NOT NULL REFERENCES "release" '
    '("id"), "drawn_at" BIGINT NOT NULL, "seed" TEXT NOT NULL, "digest" TEXT NOT NULL, "population" BIGINT '
    'NOT NULL, "minimum" BIGINT NOT NULL, "lots" BLOB NOT NULL, "strata" BLOB NOT NULL, "drawn" TEXT NOT '
    'NULL, "first" TEXT, "last" TEXT, CHECK (residence <> \'\'))',
    'CREATE UNIQUE INDEX "drawing_jurisdiction_duty_unit_every_begins_on" ON "drawing" ("jurisdiction", '
    '"duty", "unit", "every", "begins_on")',
    'CREATE INDEX "drawing_period" ON "drawing" ("period")',
)


def keep_drawings(database: Database) -> None:
    """Make the table of draws, and let what is owed tell why it is no more."""
    make(database, _TABLES)
