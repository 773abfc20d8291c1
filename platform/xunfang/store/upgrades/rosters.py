"""Part of version 17: rolls 发放名册 of single months with their lines, and the accounts that are paid into."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "roll" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT NOT '
    'NULL, "roster" TEXT NOT NULL, "programme" TEXT NOT NULL, "unit" TEXT NOT NULL, "month" TEXT NOT NULL, '
    '"turn" BIGINT NOT NULL, "release" TEXT NOT NULL REFERENCES "release" ("id"), "begun_at" BIGINT NOT NULL,'
    ' "begun_by" TEXT NOT NULL, "first" TEXT NOT NULL, "status" TEXT NOT NULL, "drafted_at" BIGINT, '
    '"locked_at" BIGINT, "locked_by" TEXT NOT NULL, "reviewed_at" BIGINT, "reviewed_by" TEXT NOT NULL, '
    '"signed_at" BIGINT, "signed_by" TEXT NOT NULL, "handed_on" TEXT, "handed_by" TEXT NOT NULL, "receiver" '
    'BLOB NOT NULL, "paid_on" TEXT, "ended_at" BIGINT, "reason" BLOB NOT NULL, "households" BIGINT NOT NULL, '
    '"insured" BIGINT NOT NULL, "cents" BIGINT NOT NULL, "xlsx" TEXT NOT NULL, "pdf" TEXT NOT NULL, "version"'
    " BIGINT NOT NULL, CHECK (residence <> ''))",
    'CREATE UNIQUE INDEX "roll_jurisdiction_roster_unit_month_turn" ON "roll" ("jurisdiction", "roster", '
    '"unit", "month", "turn")',
    'CREATE INDEX "roll_jurisdiction_month_id" ON "roll" ("jurisdiction", "month", "id")',
    'CREATE TABLE "roll_line" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT'
    ' NOT NULL, "roll" TEXT NOT NULL REFERENCES "roll" ("id"), "roster" TEXT NOT NULL, "person" TEXT NOT NULL'
    ' REFERENCES "person" ("id"), "kind" TEXT NOT NULL, "month" TEXT NOT NULL, "cents" BIGINT NOT NULL, '
    '"entitlement" TEXT NOT NULL, "household" TEXT NOT NULL, "refers" TEXT NOT NULL, "size" BIGINT NOT NULL, '
    '"insured" BIGINT NOT NULL, "standard" BIGINT, "name" BLOB NOT NULL, "id_number" BLOB NOT NULL, "number" '
    'TEXT NOT NULL, "payee" BLOB NOT NULL, "relation" BLOB NOT NULL, "bank" BLOB NOT NULL, "account" BLOB NOT'
    ' NULL, "note" BLOB NOT NULL, "problems" TEXT NOT NULL, "barred" BOOLEAN NOT NULL, "flagged" BOOLEAN NOT '
    'NULL, "held_back" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE UNIQUE INDEX "roll_line_roll_person_month" ON "roll_line" ("roll", "person", "month")',
    'CREATE INDEX "roll_line_roll_residence_id" ON "roll_line" ("roll", "residence", "id")',
    'CREATE INDEX "roll_line_person_month" ON "roll_line" ("person", "month")',
    'CREATE TABLE "payee" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT NOT'
    ' NULL, "person" TEXT NOT NULL REFERENCES "person" ("id"), "name" BLOB NOT NULL, "relation" BLOB NOT '
    'NULL, "bank" BLOB NOT NULL, "account" BLOB NOT NULL, "told_at" BIGINT NOT NULL, "by" TEXT NOT NULL, '
    '"unit" TEXT NOT NULL, "ended_at" BIGINT, "version" BIGINT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE INDEX "payee_person" ON "payee" ("person")',
    'CREATE TABLE "helped_list" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" '
    'TEXT NOT NULL, "programme" TEXT NOT NULL, "board" TEXT NOT NULL, "release" TEXT NOT NULL REFERENCES '
    '"release" ("id"), "told" BLOB NOT NULL, "households" BIGINT NOT NULL, "sha256" TEXT NOT NULL, '
    '"posted_at" BIGINT NOT NULL, "replaced_at" BIGINT, "version" BIGINT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE INDEX "helped_list_jurisdiction_programme_board_residence_posted_at_id" ON "helped_list" '
    '("jurisdiction", "programme", "board", "residence", "posted_at", "id")',
    'CREATE INDEX "helped_list_jurisdiction_board_replaced_at_residence_id" ON "helped_list" ("jurisdiction",'
    ' "board", "replaced_at", "residence", "id")',
)


def keep_rosters(database: Database) -> None:
    """Make the tables of rolls, of their lines, and of accounts."""
    make(database, _TABLES)
