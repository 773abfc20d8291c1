"""Part of version 7: a task knows how often its unit had given the case back when it was sent there once more."""

from xunfang.store.database import Database

_COUNT = (
    'ALTER TABLE "task" ADD COLUMN "returned" BIGINT NOT NULL DEFAULT 0',
    'UPDATE "task" SET "returned" = (SELECT COUNT(*) FROM "task" AS "former" WHERE "former"."case" = "task"."case" '
    """AND "former"."state" = "task"."state" AND "former"."unit" = "task"."unit" AND "former"."role" = 'lead' """
    """AND "former"."status" = 'returned' AND "former"."id" < "task"."id") """
    """WHERE "case" <> '' AND "role" = 'lead' AND "ended_at" IS NULL""",
)


def count_returns(database: Database) -> None:
    """Count for each open task what was given back before it."""
    for statement in _COUNT:
        database.run(statement)
