"""Part of version 16: the registry 救助对象档案."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "holding" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT '
    'NOT NULL, "person" TEXT NOT NULL REFERENCES "person" ("id"), "category" BLOB NOT NULL, "since" TEXT NOT '
    'NULL, "noted_at" BIGINT NOT NULL, "source" TEXT NOT NULL, "until" TEXT, "case" TEXT NOT NULL, '
    '"submission" TEXT NOT NULL, "cites" TEXT NOT NULL, "version" BIGINT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE INDEX "holding_person" ON "holding" ("person")',
    'CREATE INDEX "holding_submission" ON "holding" ("submission")',
    'CREATE INDEX "holding_jurisdiction_until_residence_id" ON "holding" ("jurisdiction", "until", "residence", "id")',
    'CREATE TABLE "entitlement" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" '
    'TEXT NOT NULL, "person" TEXT NOT NULL REFERENCES "person" ("id"), "programme" TEXT NOT NULL, "state" '
    'TEXT NOT NULL, "since" TEXT NOT NULL, "decided_at" BIGINT NOT NULL, "unit" TEXT NOT NULL, "until" TEXT, '
    '"cents" BIGINT, "members" BIGINT NOT NULL, "case" TEXT NOT NULL, "task" TEXT NOT NULL, "submission" TEXT'
    ' NOT NULL, "source" TEXT NOT NULL, "release" TEXT NOT NULL, "household" TEXT NOT NULL, "follows" TEXT '
    'NOT NULL, "reason" BLOB NOT NULL, "cites" TEXT NOT NULL, "withdrawn_at" BIGINT, "version" BIGINT NOT '
    "NULL, CHECK (residence <> ''))",
    'CREATE INDEX "entitlement_person" ON "entitlement" ("person")',
    'CREATE INDEX "entitlement_case" ON "entitlement" ("case")',
    'CREATE INDEX "entitlement_submission" ON "entitlement" ("submission")',
    'CREATE INDEX "entitlement_jurisdiction_id" ON "entitlement" ("jurisdiction", "id")',
    'CREATE INDEX "entitlement_jurisdiction_programme_state_residence_id" ON "entitlement" ("jurisdiction", '
    '"programme", "state", "residence", "id")',
    'CREATE TABLE "household" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT'
    ' NOT NULL, "number" TEXT NOT NULL, "opened_at" BIGINT NOT NULL, "ended_at" BIGINT, "version" BIGINT NOT '
    "NULL, CHECK (residence <> ''))",
    'CREATE UNIQUE INDEX "household_jurisdiction_number" ON "household" ("jurisdiction", "number")',
    'CREATE INDEX "household_jurisdiction_residence_id" ON "household" ("jurisdiction", "residence", "id")',
    'CREATE TABLE "membership" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "household" '
    'TEXT NOT NULL REFERENCES "household" ("id"), "person" TEXT NOT NULL REFERENCES "person" ("id"), '
    '"relation" TEXT NOT NULL, "joined_on" TEXT NOT NULL, "left_on" TEXT, "left_because" TEXT NOT NULL, '
    '"version" BIGINT NOT NULL)',
    'CREATE INDEX "membership_household" ON "membership" ("household")',
    'CREATE INDEX "membership_person" ON "membership" ("person")',
    'CREATE TABLE "visit" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT NOT'
    ' NULL, "person" TEXT NOT NULL, "unit" TEXT NOT NULL, "by" TEXT NOT NULL, "visited_on" TEXT NOT NULL, '
    '"told_at" BIGINT NOT NULL, "form" TEXT NOT NULL, "submission" TEXT NOT NULL REFERENCES "submission" '
    '("id"), "release" TEXT NOT NULL, "way" TEXT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE UNIQUE INDEX "visit_submission" ON "visit" ("submission")',
    'CREATE INDEX "visit_person_visited_on" ON "visit" ("person", "visited_on")',
    'CREATE INDEX "visit_jurisdiction_visited_on_id" ON "visit" ("jurisdiction", "visited_on", "id")',
    'CREATE INDEX "visit_jurisdiction_unit_visited_on_id" ON "visit" ("jurisdiction", "unit", "visited_on", "id")',
    'CREATE TABLE "amendment" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT'
    ' NOT NULL, "person" TEXT NOT NULL, "what" TEXT NOT NULL, "made_at" BIGINT NOT NULL, "by" TEXT NOT NULL, '
    '"unit" TEXT NOT NULL, "about" TEXT NOT NULL, "on" TEXT, "field" TEXT NOT NULL, "before" BLOB NOT NULL, '
    '"after" BLOB NOT NULL, "reason" BLOB NOT NULL, "cites" TEXT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE INDEX "amendment_person" ON "amendment" ("person")',
    'CREATE INDEX "amendment_about" ON "amendment" ("about")',
)


def keep_registry(database: Database) -> None:
    """Make the tables of categories, entitlements, visits, households and their members, and changes made by hand."""
    make(database, _TABLES)
