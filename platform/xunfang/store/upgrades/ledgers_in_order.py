"""What ledgers list of a place, or in the order in which it came, is found by indexes."""

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
