"""Part of version 17: circulars 通报 are papers of their own."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "circular" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT '
    'NOT NULL, "kind" TEXT NOT NULL, "unit" TEXT NOT NULL, "release" TEXT NOT NULL REFERENCES "release" '
    '("id"), "drafted_at" BIGINT NOT NULL, "drafted_by" TEXT NOT NULL, "units" TEXT NOT NULL, "told" BLOB NOT'
    ' NULL, "corrects" TEXT NOT NULL, "status" TEXT NOT NULL, "series" TEXT NOT NULL, "year" BIGINT, "n" '
    'BIGINT, "number" TEXT NOT NULL, "sha256" TEXT NOT NULL, "pages" BIGINT NOT NULL, "signed_by" TEXT NOT '
    'NULL, "signed_at" BIGINT, "issued_at" BIGINT, "reason" BLOB NOT NULL, "error" BLOB NOT NULL, "version" '
    "BIGINT NOT NULL, CHECK (residence <> ''))",
    'CREATE UNIQUE INDEX "circular_jurisdiction_series_year_n" ON "circular" ("jurisdiction", "series", "year", "n")',
    'CREATE INDEX "circular_jurisdiction_drafted_at_id" ON "circular" ("jurisdiction", "drafted_at", "id")',
    'CREATE INDEX "circular_corrects" ON "circular" ("corrects")',
    'CREATE INDEX "circular_sha256" ON "circular" ("sha256")',
)


def keep_circulars(database: Database) -> None:
    """Make the table of circulars."""
    make(database, _TABLES)
