"""What ledgers list of a place, or in the order in which it came, and what presses, are found by indexes."""

from xunfang.store.database import Database


def order_ledgers(database: Database) -> None:
    """Make the indexes of clues by when they came, and of entitlements and visits by where people live."""
    for statement in (
        'CREATE INDEX "clue_jurisdiction_entered_at_id" ON "clue" ("jurisdiction", "entered_at", "id")',
        'CREATE INDEX "entitlement_jurisdiction_residence_id" ON "entitlement" ("jurisdiction", "residence", "id")',
        'CREATE INDEX "visit_jurisdiction_residence_visited_on_id" '
        'ON "visit" ("jurisdiction", "residence", "visited_on", "id")',
    ):
        database.run(statement)


def order_pressing(database: Database) -> None:
    """Make the index of what presses anew without the column that is empty in all of it.

    PostgreSQL asks for nothing that the index says of itself, and then begins nowhere in it: it read all of it.
    """
    database.run('DROP INDEX "task_pressing"')
    database.run(
        'CREATE INDEX "task_pressing" ON "task" ("jurisdiction", "due_at", "id", "residence") WHERE "ended_at" IS NULL '
        'AND ("overdue_at" IS NOT NULL OR "supervised_at" IS NOT NULL OR "extension" IS NOT NULL)'
    )
