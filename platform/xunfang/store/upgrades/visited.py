"""Part of version 17: visits 走访 are found by their form and where they were made, however many a county makes."""

from xunfang.store.database import Database
from xunfang.store.upgrades.making import make

_TABLES = (
    'CREATE INDEX "visit_jurisdiction_form_residence_visited_on" ON "visit" ("jurisdiction", "form", "residence", '
    '"visited_on")',
)


def find_visits(database: Database) -> None:
    """Make the index of visits by form and place."""
    make(database, _TABLES)
