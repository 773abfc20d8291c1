"""What is pressing among open tasks is found by an index of its own."""

from xunfang.store.database import Database


def find_pressing(database: Database) -> None:
    """Make the index of open tasks that are overdue, supervised, or ask for more time."""
    database.run(
        'CREATE INDEX "task_pressing" ON "task" ("jurisdiction", "ended_at", "due_at", "id", "residence") '
        'WHERE "ended_at" IS NULL AND ("overdue_at" IS NOT NULL OR "supervised_at" IS NOT NULL '
        'OR "extension" IS NOT NULL)'
    )
