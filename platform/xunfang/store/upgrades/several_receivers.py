"""Part of version 14: what is owed names every unit that it is reported to; a task knows which of them waived it."""

from xunfang.store.database import Database

_SEVERAL = (
    'DROP INDEX "duty_period_to"',
    """UPDATE "duty_period" SET "to" = CASE "to" WHEN '' THEN '[]' ELSE '["' || "to" || '"]' END""",
    'ALTER TABLE "duty_period" ADD COLUMN "receivers" BIGINT NOT NULL DEFAULT 1',
    'CREATE INDEX "duty_period_jurisdiction_receivers_opened_at_id" ON "duty_period" '
    '("jurisdiction", "receivers", "opened_at", "id")',
    """ALTER TABLE "task" ADD COLUMN "excused" TEXT NOT NULL DEFAULT '[]'""",
)


def know_several(database: Database) -> None:
    """Make the one unit that each duty was reported to the only one of a list."""
    for statement in _SEVERAL:
        database.run(statement)
