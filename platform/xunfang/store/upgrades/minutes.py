"""Part of version 17: the minutes 会议纪要 of whole sittings."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "minutes" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "sitting" TEXT NOT'
    ' NULL REFERENCES "sitting" ("id"), "kind" TEXT NOT NULL, "unit" TEXT NOT NULL, "release" TEXT NOT NULL '
    'REFERENCES "release" ("id"), "wanted_at" BIGINT NOT NULL, "chair" BLOB NOT NULL, "recorder" BLOB NOT '
    'NULL, "remarks" BLOB NOT NULL, "agreed" BLOB NOT NULL, "objections" BLOB NOT NULL, "status" TEXT NOT '
    'NULL, "series" TEXT NOT NULL, "year" BIGINT, "n" BIGINT, "number" TEXT NOT NULL, "facts" BLOB, "sha256" '
    'TEXT NOT NULL, "pages" BIGINT NOT NULL, "signed_by" TEXT NOT NULL, "signed_at" BIGINT, "issued_at" '
    'BIGINT, "error" BLOB NOT NULL, "version" BIGINT NOT NULL)',
    'CREATE UNIQUE INDEX "minutes_sitting" ON "minutes" ("sitting")',
    'CREATE UNIQUE INDEX "minutes_jurisdiction_series_year_n" ON "minutes" ("jurisdiction", "series", "year", "n")',
    'CREATE INDEX "minutes_sha256" ON "minutes" ("sha256")',
)


def keep_minutes(database: Database) -> None:
    """Make the table of minutes."""
    make(database, _TABLES)
