"""Part of version 4: how cases were closed, who handed clues in, and corrections of them."""

import json

from xunfang.store.database import Database

WHOLE_CASES = (
    'ALTER TABLE "case" ADD COLUMN "ended_as" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "case" ADD COLUMN "closed_from" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "case" ADD COLUMN "archived_at" BIGINT',
    'ALTER TABLE "case" ADD COLUMN "decided" TEXT NOT NULL DEFAULT \'[]\'',
    'ALTER TABLE "case" ADD COLUMN "counts_from" BIGINT',
    'ALTER TABLE "dispatch" ADD COLUMN "unit" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "clue" ADD COLUMN "by" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "clue" ADD COLUMN "person" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "clue" ADD COLUMN "withdrawn_at" BIGINT',
    'ALTER TABLE "clue" ADD COLUMN "asked_back_at" BIGINT',
    'ALTER TABLE "clue" ADD COLUMN "receipt" TEXT NOT NULL DEFAULT \'\'',
    'CREATE INDEX "clue_receipt" ON "clue" ("receipt")',
    'CREATE TABLE "correction" ("id" TEXT NOT NULL PRIMARY KEY, "case" TEXT NOT NULL REFERENCES "case" ("id"), '
    '"clue" TEXT NOT NULL REFERENCES "clue" ("id"), "before" TEXT NOT NULL REFERENCES "submission" ("id"), '
    '"submission" TEXT NOT NULL REFERENCES "submission" ("id"), "at" BIGINT NOT NULL, "fields" TEXT NOT NULL, '
    '"acted" BIGINT NOT NULL)',
    'CREATE INDEX "correction_case" ON "correction" ("case")',
    'CREATE INDEX "correction_before" ON "correction" ("before")',
)
"""The columns and tables it brings."""


def tell_whole_cases(database: Database) -> None:
    """Tell who handed each clue in, the key of its receipt, where each dispatch was decided, and how cases closed."""
    database.run(
        'UPDATE "dispatch" SET "unit" = COALESCE((SELECT "task"."unit" FROM "task" WHERE "task"."case" = '
        '"dispatch"."case" AND "task"."state" = "dispatch"."state" ORDER BY "task"."id" LIMIT 1), \'\')'
    )
    database.run('UPDATE "clue" SET "receipt" = "submission"')
    database.run(
        'UPDATE "clue" SET "by" = (SELECT "submission"."by" FROM "submission" '
        'WHERE "submission"."id" = "clue"."submission")'
    )
    mark = database.dialect.mark
    moved = f"""SELECT "data" FROM "event" WHERE "case" = {mark} AND "name" = 'case.moved' ORDER BY "n" DESC LIMIT 1"""
    closed = database.run('SELECT "id" FROM "case" WHERE "closed_at" IS NOT NULL ORDER BY "id"').fetchall()
    for (case,) in closed:
        if last := database.run(moved, (case,)).fetchone():
            told = (json.loads(last[0])["from"], case)
            database.run(f'UPDATE "case" SET "closed_from" = {mark} WHERE "id" = {mark}', told)
