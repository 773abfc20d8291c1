"""Part of version 10: a job says in a column of its own whose rows it writes."""

import json

from xunfang.store.database import Database

_SHAPE = (
    'ALTER TABLE "job" ADD COLUMN "jurisdiction" TEXT NOT NULL DEFAULT \'\'',
    'CREATE INDEX "job_status_jurisdiction_run_at_id" ON "job" ("status", "jurisdiction", "run_at", "id")',
)
_PAGE = 500


def part_jobs(database: Database) -> None:
    """Tell of every job its jurisdiction, which was in its payload so far."""
    for statement in _SHAPE:
        database.run(statement)
    mark, last = database.dialect.mark, ""
    page = f'SELECT "id", "payload" FROM "job" WHERE "id" > {mark} ORDER BY "id" LIMIT {_PAGE}'
    tell = f'UPDATE "job" SET "jurisdiction" = {mark} WHERE "id" = {mark}'
    while found := database.run(page, (last,)).fetchall():
        for last, payload in found:
            database.run(tell, (str(json.loads(payload).get("jurisdiction", "")), last))
