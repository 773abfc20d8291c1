"""Part of version 16: publications 公示."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "publication" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" '
    'TEXT NOT NULL, "place" TEXT NOT NULL, "case" TEXT NOT NULL REFERENCES "case" ("id"), "flow" TEXT NOT '
    'NULL, "state" TEXT NOT NULL, "board" TEXT NOT NULL, "release" TEXT NOT NULL REFERENCES "release" ("id"),'
    ' "told" BLOB NOT NULL, "sha256" TEXT NOT NULL, "posted_at" BIGINT NOT NULL, "until" BIGINT, '
    '"taken_down_at" BIGINT, "interrupted" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, CHECK (residence <> '
    "''))",
    'CREATE INDEX "publication_case" ON "publication" ("case")',
    'CREATE INDEX "publication_jurisdiction_posted_at_id" ON "publication" ("jurisdiction", "posted_at", "id")',
    'CREATE INDEX "publication_jurisdiction_board_place_taken_down_at_posted_at_id" ON "publication" '
    '("jurisdiction", "board", "place", "taken_down_at", "posted_at", "id")',
)


def keep_publications(database: Database) -> None:
    """Make the table of what stands on boards."""
    make(database, _TABLES)
