"""Part of version 6: events 应急响应 that open and end, and what is owed while they are on."""

from xunfang.store.database import Database

_ALERTS = (
    'CREATE TABLE "alert" ("id" TEXT NOT NULL PRIMARY KEY, "jurisdiction" TEXT NOT NULL, "kind" TEXT NOT NULL, '
    '"places" TEXT NOT NULL, "steps" TEXT NOT NULL, "unit" TEXT NOT NULL, "residence" TEXT NOT NULL, '
    '"release" TEXT NOT NULL REFERENCES "release" ("id"), "declared_at" BIGINT NOT NULL, "ended_at" BIGINT, '
    '"answers" TEXT NOT NULL, "version" BIGINT NOT NULL, CHECK (residence <> \'\'))',
    'CREATE INDEX "alert_jurisdiction_ended_at" ON "alert" ("jurisdiction", "ended_at")',
    'CREATE INDEX "alert_jurisdiction_declared_at_id" ON "alert" ("jurisdiction", "declared_at", "id")',
    'CREATE INDEX "alert_answers" ON "alert" ("answers")',
    'ALTER TABLE "duty_period" ADD COLUMN "alert" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "duty_period" ADD COLUMN "turn" BIGINT NOT NULL DEFAULT 0',
    'DROP INDEX "duty_period_jurisdiction_duty_unit_every_begins_on"',
    'CREATE UNIQUE INDEX "duty_period_jurisdiction_duty_unit_every_begins_on_alert_turn" ON "duty_period" '
    '("jurisdiction", "duty", "unit", "every", "begins_on", "alert", "turn")',
    'CREATE INDEX "duty_period_alert" ON "duty_period" ("alert")',
)


def know_events(database: Database) -> None:
    """Make the table of events, and let what is owed say for which of them it is."""
    for statement in _ALERTS:
        database.run(statement)
