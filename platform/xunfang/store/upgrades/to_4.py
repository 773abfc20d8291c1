"""Version 4: what deciding reads of a case is stored with it, no longer in the record of events."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from xunfang.clock import local
from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.whole_cases import WHOLE_CASES, tell_whole_cases

_TABLES = (
    'CREATE TABLE "told" ("id" TEXT NOT NULL PRIMARY KEY, "case" TEXT NOT NULL REFERENCES "case" ("id"), '
    '"task" TEXT NOT NULL REFERENCES "task" ("id"), "state" TEXT NOT NULL, "outcome" TEXT NOT NULL, '
    '"submission" TEXT NOT NULL, "at" BIGINT NOT NULL)',
    'CREATE INDEX "told_case" ON "told" ("case")',
    'CREATE TABLE "wait" ("id" TEXT NOT NULL PRIMARY KEY, "case" TEXT NOT NULL REFERENCES "case" ("id"), '
    '"state" TEXT NOT NULL, "until" BIGINT NOT NULL, "began_at" BIGINT NOT NULL, "ended_at" BIGINT)',
    'CREATE INDEX "wait_case" ON "wait" ("case")',
    'CREATE TABLE "deputy" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, '
    '"account" TEXT NOT NULL REFERENCES "account" ("id"), "deputy" TEXT NOT NULL REFERENCES "account" ("id"), '
    '"since_on" TEXT NOT NULL, "until_on" TEXT NOT NULL, "named_by" TEXT NOT NULL, "named_at" BIGINT NOT NULL, '
    '"ended_at" BIGINT)',
    'CREATE INDEX "deputy_account_ended_at" ON "deputy" ("account", "ended_at")',
    'CREATE INDEX "deputy_deputy_ended_at" ON "deputy" ("deputy", "ended_at")',
    'ALTER TABLE "case" ADD COLUMN "entered" TEXT NOT NULL DEFAULT \'{}\'',
    'ALTER TABLE "task" ADD COLUMN "sent_as" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "task" ADD COLUMN "helps" TEXT NOT NULL DEFAULT \'[]\'',
    'ALTER TABLE "task" ADD COLUMN "counts_from" BIGINT',
    *WHOLE_CASES,
    'CREATE INDEX "notice_jurisdiction_status_wanted_at_id" ON "notice" ("jurisdiction", "status", "wanted_at", "id")',
    'ALTER TABLE "notice" ADD COLUMN "signed_by" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "notice" ADD COLUMN "signed_at" BIGINT',
    'ALTER TABLE "notice" ADD COLUMN "delivered_on" TEXT',
    'ALTER TABLE "notice" ADD COLUMN "delivered_way" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "notice" ADD COLUMN "delivered_by" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "task" ADD COLUMN "suspended_at" BIGINT',
    'ALTER TABLE "task" ADD COLUMN "extension" TEXT',
    'ALTER TABLE "case" ADD COLUMN "suspended_at" BIGINT',
    'ALTER TABLE "task" ADD COLUMN "urgent" BIGINT NOT NULL DEFAULT 0',
    'CREATE INDEX "task_jurisdiction_urgent_ended_at_due_at_id" ON "task" '
    '("jurisdiction", "urgent", "ended_at", "due_at", "id")',
)
_PAGE = 500


def to_4(database: Database, keys: Keys) -> None:
    """Bring a database of version 3 to version 4."""
    for statement in _TABLES:
        database.run(statement)
    _tell_outcomes(database)
    _tell_rounds_and_waits(database)
    _tell_transfers(database)
    _tell_whom_they_help(database)
    tell_whole_cases(database)


def _events(database: Database, *names: str) -> Iterator[tuple[str, str, str, int, Mapping[str, Any]]]:
    """Yield id, case, task, moment and data of every event of these names, in their order."""
    mark, last = database.dialect.mark, 0
    chosen = ", ".join([mark] * len(names))
    sql = (
        f'SELECT "n", "id", "case", "task", "at", "data" FROM "event" WHERE "n" > {mark} AND "name" IN ({chosen}) '
        f'ORDER BY "n" LIMIT {_PAGE}'
    )
    while page := database.run(sql, (last, *names)).fetchall():
        for n, key, case, task, at, data in page:
            last = n
            yield key, case, task, at, json.loads(data)


def _tell_outcomes(database: Database) -> None:
    mark = database.dialect.mark
    sql = f'INSERT INTO "told" VALUES ({", ".join([mark] * 7)})'
    for key, case, task, at, data in _events(database, "task.outcome_recorded"):
        database.run(sql, (key, case, task, data["state"], data["outcome"], data["submission"], at))


def _tell_rounds_and_waits(database: Database) -> None:
    mark = database.dialect.mark
    entered: dict[str, dict[str, str]] = defaultdict(dict)
    for key, case, _, at, data in _events(database, "case.moved", "case.waiting"):
        if "until" in data:
            until = int(datetime.fromisoformat(data["until"]).timestamp())
            row = (key, case, data["state"], until, at, None)
            database.run(f'INSERT INTO "wait" VALUES ({", ".join([mark] * 6)})', row)
        else:
            entered[case][data["to"]] = local(datetime.fromtimestamp(at, UTC)).isoformat()
    for case, moments in entered.items():
        text = json.dumps(moments, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        database.run(f'UPDATE "case" SET "entered" = {mark} WHERE "id" = {mark}', (text, case))
    database.run(
        'UPDATE "wait" SET "ended_at" = "until" WHERE EXISTS (SELECT 1 FROM "case" WHERE "case"."id" = "wait"."case" '
        'AND ("case"."closed_at" IS NOT NULL OR "case"."state" <> "wait"."state")) OR EXISTS (SELECT 1 FROM "wait" '
        'AS "later" WHERE "later"."case" = "wait"."case" AND "later"."began_at" > "wait"."began_at")'
    )


def _tell_transfers(database: Database) -> None:
    """A task that was transferred goes on as the one opened in the same moment for the unit it was handed to."""
    mark = database.dialect.mark
    after = (
        f'SELECT "id" FROM "task" WHERE "case" = {mark} AND "unit" = {mark} AND "opened_at" = {mark} AND "role" = '
        f'(SELECT "role" FROM "task" WHERE "id" = {mark}) AND "id" <> {mark} ORDER BY "id" LIMIT 1'
    )
    first: dict[str, str] = {}
    for _, case, task, at, data in _events(database, "task.transferred"):
        found = database.run(after, (case, data["to"], at, task, task)).fetchone()
        if found:
            first[found[0]] = first.get(task, task)
            sent = (first[found[0]], found[0])
            database.run(f'UPDATE "task" SET "sent_as" = {mark} WHERE "id" = {mark}', sent)


def _tell_whom_they_help(database: Database) -> None:
    """An assisting task helps every lead of its dispatch that named its unit, as both were sent."""
    mark = database.dialect.mark
    first = """CASE "task"."sent_as" WHEN '' THEN "task"."id" ELSE "task"."sent_as" END"""
    assisting = database.run(
        'SELECT "task"."id", "sent"."case", "sent"."unit", "sent"."opened_at", "task"."state" FROM "task" '
        f"""JOIN "task" AS "sent" ON "sent"."id" = {first} WHERE "task"."role" = 'assist'"""
    )
    for task, case, unit, opened_at, state in assisting.fetchall():
        units = _leads_that_named(database, case, unit, opened_at)
        leads = [lead for one in units for lead in _leads_of(database, case, state, opened_at, one)]
        told = (json.dumps(leads, separators=(",", ":")), task)
        database.run(f'UPDATE "task" SET "helps" = {mark} WHERE "id" = {mark}', told)


def _leads_that_named(database: Database, case: str, unit: str, at: int) -> list[str]:
    mark = database.dialect.mark
    sql = f'SELECT "confirmed" FROM "dispatch" WHERE "case" = {mark} AND "decided_at" = {mark} ORDER BY "id"'
    told = [item for (text,) in database.run(sql, (case, at)).fetchall() for item in json.loads(text or "[]")]
    return [str(item["lead"]) for item in told if unit in item["assist"]]


def _leads_of(database: Database, case: str, state: str, at: int, unit: str) -> list[str]:
    mark = database.dialect.mark
    sql = (
        f"""SELECT "id" FROM "task" WHERE "case" = {mark} AND "state" = {mark} AND "role" = 'lead' """
        f'AND "opened_at" = {mark} AND "unit" = {mark} ORDER BY "id"'
    )
    return [str(lead) for (lead,) in database.run(sql, (case, state, at, unit)).fetchall()]
