"""Part of version 5: work items that need no case, the first of them what a unit owes under a duty for a period."""

from xunfang.store.database import Database

_DUTIES = (
    'CREATE TABLE "duty_period" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "duty" TEXT NOT NULL, '
    '"unit" TEXT NOT NULL, "to" TEXT NOT NULL, "residence" TEXT NOT NULL, "every" TEXT NOT NULL, '
    '"begins_on" TEXT NOT NULL, "release" TEXT NOT NULL REFERENCES "release" ("id"), "opened_at" BIGINT NOT NULL, '
    '"status" TEXT NOT NULL, "answers" TEXT NOT NULL, "ended_at" BIGINT, "version" BIGINT NOT NULL, '
    "CHECK (residence <> ''))",
    'CREATE UNIQUE INDEX "duty_period_jurisdiction_duty_unit_every_begins_on" ON "duty_period" '
    '("jurisdiction", "duty", "unit", "every", "begins_on")',
    'CREATE INDEX "duty_period_jurisdiction_begins_on" ON "duty_period" ("jurisdiction", "begins_on")',
    'CREATE INDEX "duty_period_jurisdiction_opened_at_id" ON "duty_period" ("jurisdiction", "opened_at", "id")',
    'CREATE INDEX "duty_period_unit" ON "duty_period" ("unit")',
    'CREATE INDEX "duty_period_to" ON "duty_period" ("to")',
    'CREATE INDEX "duty_period_answers" ON "duty_period" ("answers")',
    'ALTER TABLE "task" ADD COLUMN "subject" TEXT NOT NULL DEFAULT \'case\'',
    'ALTER TABLE "task" ADD COLUMN "about" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "task" ADD COLUMN "release" TEXT NOT NULL DEFAULT \'\'',
    'CREATE INDEX "task_about" ON "task" ("about")',
    'DROP INDEX "task_unit_ended_at_due_at_id"',
    'CREATE INDEX "task_jurisdiction_unit_ended_at_due_at_id" ON "task" '
    '("jurisdiction", "unit", "ended_at", "due_at", "id")',
    'CREATE INDEX "task_jurisdiction_unit_urgent_ended_at_due_at_id" ON "task" '
    '("jurisdiction", "unit", "urgent", "ended_at", "due_at", "id")',
)
_WITHOUT_CASE = (
    'DROP INDEX "task_case"',
    'ALTER TABLE "task" RENAME COLUMN "case" TO "case_before"',
    'ALTER TABLE "task" ADD COLUMN "case" TEXT NOT NULL DEFAULT \'\'',
    'UPDATE "task" SET "case" = "case_before"',
    'ALTER TABLE "task" DROP COLUMN "case_before"',
    'CREATE INDEX "task_case" ON "task" ("case")',
)
"""A task may be about something else than a case, so that its column refers to none any more: guards see to it."""
_GUARDS = tuple(
    f'CREATE TRIGGER "task_about_{verb.lower()}" BEFORE {verb}{of} ON "task" WHEN NOT EXISTS '
    """(SELECT 1 FROM "case" WHERE "id" = NEW."case") AND (NEW."case" <> '' OR NEW."about" = '') """
    "BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: task.case'); END"
    for verb, of in (("INSERT", ""), ("UPDATE", ' OF "case", "about"'))
)


def owe_duties(database: Database) -> None:
    """Make the table of what is owed under duties, and let a task be about something else than a case."""
    for statement in (*_DUTIES, *_WITHOUT_CASE, *_GUARDS):
        database.run(statement)
