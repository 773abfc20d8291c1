"""Part of version 16: lists that departments hand in 部门数据报送."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "head_word" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "unit" TEXT NOT '
    'NULL, "feed" TEXT NOT NULL, "word" TEXT NOT NULL, "column" TEXT NOT NULL, "by" TEXT NOT NULL, "at" '
    "BIGINT NOT NULL)",
    'CREATE UNIQUE INDEX "head_word_jurisdiction_unit_feed_word" ON "head_word" ("jurisdiction", "unit", '
    '"feed", "word")',
    'CREATE TABLE "delivery" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT '
    'NOT NULL, "feed" TEXT NOT NULL, "unit" TEXT NOT NULL, "to" TEXT NOT NULL, "by" TEXT NOT NULL, "name" '
    'BLOB NOT NULL, "sha256" TEXT NOT NULL, "size" BIGINT NOT NULL, "release" TEXT NOT NULL REFERENCES '
    '"release" ("id"), "received_at" BIGINT NOT NULL, "owed" TEXT NOT NULL, "status" TEXT NOT NULL, "head" '
    'BLOB NOT NULL, "counts" TEXT NOT NULL, "error" BLOB NOT NULL, "handed_at" BIGINT, "taken_by" TEXT NOT '
    'NULL, "ended_at" BIGINT, "version" BIGINT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE INDEX "delivery_sha256" ON "delivery" ("sha256")',
    'CREATE INDEX "delivery_owed" ON "delivery" ("owed")',
    'CREATE INDEX "delivery_jurisdiction_unit_received_at_id" ON "delivery" ("jurisdiction", "unit", '
    '"received_at", "id")',
    'CREATE INDEX "delivery_jurisdiction_received_at_id" ON "delivery" ("jurisdiction", "received_at", "id")',
    'CREATE TABLE "listed_person" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "delivery" '
    'TEXT NOT NULL REFERENCES "delivery" ("id"), "n" BIGINT NOT NULL, "line" BIGINT NOT NULL, "verdict" TEXT '
    'NOT NULL, "told" BLOB NOT NULL, "digest" TEXT NOT NULL, "id_index" TEXT NOT NULL, "submission" TEXT NOT '
    'NULL, "case" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "listed_person_delivery_n" ON "listed_person" ("delivery", "n")',
    'CREATE INDEX "listed_person_delivery_verdict_n" ON "listed_person" ("delivery", "verdict", "n")',
    'CREATE INDEX "listed_person_jurisdiction_digest" ON "listed_person" ("jurisdiction", "digest")',
    'CREATE INDEX "listed_person_case" ON "listed_person" ("case")',
)


def keep_lists(database: Database) -> None:
    """Make the tables of lists, of the people in them, and of what their columns are called."""
    make(database, _TABLES)
