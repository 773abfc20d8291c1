"""Part of version 16: each thing that a duty falls on, as somebody to be visited 走访对象."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "owed_thing" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" '
    'TEXT NOT NULL, "duty" TEXT NOT NULL, "asks" TEXT NOT NULL, "subject" TEXT NOT NULL, "matter" TEXT NOT '
    'NULL, "about" TEXT NOT NULL, "person" TEXT NOT NULL, "period" TEXT NOT NULL REFERENCES "duty_period" '
    '("id"), "unit" TEXT NOT NULL, "every" TEXT NOT NULL, "begins_on" TEXT NOT NULL, "ends_on" TEXT NOT NULL,'
    ' "planned_at" BIGINT NOT NULL, "due_at" BIGINT NOT NULL, "needed" BIGINT NOT NULL, "made" BIGINT NOT '
    'NULL, "status" TEXT NOT NULL, "submission" TEXT NOT NULL, "ended_at" BIGINT, "version" BIGINT NOT NULL, '
    "CHECK (residence <> ''))",
    'CREATE UNIQUE INDEX "owed_thing_about_subject_matter_every_begins_on" ON "owed_thing" ("about", '
    '"subject", "matter", "every", "begins_on")',
    'CREATE INDEX "owed_thing_person_ends_on" ON "owed_thing" ("person", "ends_on")',
    'CREATE INDEX "owed_thing_period_status_planned_at_id" ON "owed_thing" ("period", "status", "planned_at", "id")',
    'CREATE INDEX "owed_thing_jurisdiction_unit_status_planned_at_id" ON "owed_thing" ("jurisdiction", '
    '"unit", "status", "planned_at", "id")',
    'CREATE INDEX "owed_thing_jurisdiction_status_ends_on_id" ON "owed_thing" ("jurisdiction", "status", '
    '"ends_on", "id")',
)


def keep_owed_things(database: Database) -> None:
    """Make the table of what duties fall on."""
    make(database, _TABLES)
