"""Lists find what they show at once, however much there is: a table of where to look, and indexes."""

from collections.abc import Iterator

from xunfang.store.database import Database
from xunfang.store.dialects.in_sight import fill, postgresql_triggers, sqlite_triggers

_SHAPE = (
    'CREATE TABLE "case_in_sight" ("jurisdiction" TEXT NOT NULL, "who" TEXT NOT NULL, "stage" TEXT NOT NULL, '
    '"at" BIGINT NOT NULL, "case" TEXT NOT NULL, PRIMARY KEY ("jurisdiction", "who", "stage", "at", "case"))',
)
_SHORTER = (
    'DROP INDEX "task_jurisdiction_urgent_ended_at_due_at_id"',
    'DROP INDEX "task_jurisdiction_ended_at_due_at_id"',
)
_INDEXES = {
    "case_in_sight": (("case", "who"),),
    "case": (("jurisdiction", "id"),),
    "task": (
        ("claimed_by", "ended_at", "due_at", "id"),
        ("jurisdiction", "ended_at", "residence"),
        ("jurisdiction", "id"),
        ("jurisdiction", "urgent", "ended_at", "due_at", "id", "residence"),
        ("jurisdiction", "ended_at", "due_at", "id", "residence"),
    ),
    "notice": (("sha256",),),
    "duty_period": (
        ("jurisdiction", "unit", "opened_at", "id"),
        ("jurisdiction", "to", "opened_at", "id"),
        ("jurisdiction", "residence", "opened_at", "id"),
    ),
}


def find_at_once(database: Database) -> None:
    """Make the table with all that belongs into it, and the indexes; from then on triggers keep it."""
    on_a_file = database.dialect.mark == "?"
    lines = fill("instr" if on_a_file else "strpos")
    triggers = sqlite_triggers() if on_a_file else postgresql_triggers()
    for statement in (*_SHAPE, *lines, *_SHORTER, *_indexes(), *triggers):
        database.run(statement)


def _indexes() -> Iterator[str]:
    for table, indexes in _INDEXES.items():
        for columns in indexes:
            quoted = ", ".join(f'"{name}"' for name in columns)
            yield f'CREATE INDEX "{"_".join((table, *columns))}" ON "{table}" ({quoted})'
