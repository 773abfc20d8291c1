"""Every jurisdiction gets a chain of its own, which begins where the one ends that all had in common."""

from xunfang.store.database import Database

_SHAPE = (
    'ALTER TABLE "event" ADD COLUMN "place" BIGINT NOT NULL DEFAULT 0',
    'ALTER TABLE "installation" ADD COLUMN "common_until" BIGINT NOT NULL DEFAULT 0',
)
_CONTENT = (
    'UPDATE "event" SET "place" = "n"',
    'UPDATE "installation" SET "common_until" = (SELECT COALESCE(MAX("n"), 0) FROM "event")',
    'CREATE UNIQUE INDEX "event_jurisdiction_place" ON "event" ("jurisdiction", "place")',
)
_UNGUARDED = 'DROP TRIGGER "event_no_update"'
_GUARDED = (
    'CREATE TRIGGER "event_no_update" BEFORE UPDATE ON "event" '
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
)


def part_chains(database: Database) -> None:
    """Give every event its place: in what is recorded so far, its number.

    SQLite only: what version 7 was never ran on anything else.
    """
    for statement in (*_SHAPE, _UNGUARDED, *_CONTENT, _GUARDED):
        database.run(statement)
