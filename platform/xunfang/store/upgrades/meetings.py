"""Part of version 16: sittings 会议 of meetings, and their agenda."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE TABLE "sitting" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "residence" TEXT '
    'NOT NULL, "meeting" TEXT NOT NULL, "unit" TEXT NOT NULL, "year" BIGINT NOT NULL, "n" BIGINT NOT NULL, '
    '"planned_at" BIGINT NOT NULL, "place" BLOB NOT NULL, "release" TEXT NOT NULL REFERENCES "release" '
    '("id"), "called_at" BIGINT NOT NULL, "called_by" TEXT NOT NULL, "invited" TEXT NOT NULL, "invited_at" '
    'BIGINT, "present" BLOB NOT NULL, "status" TEXT NOT NULL, "opened_at" BIGINT, "closed_at" BIGINT, '
    '"reason" BLOB NOT NULL, "version" BIGINT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE UNIQUE INDEX "sitting_jurisdiction_meeting_unit_year_n" ON "sitting" ("jurisdiction", "meeting", '
    '"unit", "year", "n")',
    'CREATE INDEX "sitting_jurisdiction_planned_at_id" ON "sitting" ("jurisdiction", "planned_at", "id")',
    'CREATE TABLE "agenda_item" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "sitting" TEXT'
    ' NOT NULL REFERENCES "sitting" ("id"), "case" TEXT NOT NULL REFERENCES "case" ("id"), "task" TEXT NOT '
    'NULL REFERENCES "task" ("id"), "turn" BIGINT NOT NULL, "n" BIGINT NOT NULL, "put_at" BIGINT NOT NULL, '
    '"status" TEXT NOT NULL, "recused" TEXT NOT NULL, "decision" TEXT NOT NULL, "outcome" TEXT NOT NULL, '
    '"votes_for" BIGINT, "votes_against" BIGINT, "words" BLOB NOT NULL, "decided_at" BIGINT, "version" BIGINT'
    " NOT NULL)",
    'CREATE UNIQUE INDEX "agenda_item_task_turn" ON "agenda_item" ("task", "turn")',
    'CREATE INDEX "agenda_item_sitting_n" ON "agenda_item" ("sitting", "n")',
    'CREATE INDEX "agenda_item_case" ON "agenda_item" ("case")',
)


def keep_meetings(database: Database) -> None:
    """Make the tables of sittings and of the cases on them."""
    make(database, _TABLES)
