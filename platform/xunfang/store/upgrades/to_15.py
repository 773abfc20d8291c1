"""Version 15: what lists look through for what is rare stands in the index by which they go."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys

_LONGER = {
    "event": (("jurisdiction", "at", "n"), ("name", "actor")),
    "message": (("jurisdiction", "unit", "at", "id"), ("account",)),
    "task": (("jurisdiction", "ended_at", "residence"), ("urgent", "due_at", "id")),
}


def to_15(database: Database, keys: Keys) -> None:
    """Bring a database of version 14 to version 15."""
    for table, (before, more) in _LONGER.items():
        columns = (*before, *more)
        quoted = ", ".join(f'"{name}"' for name in columns)
        database.run(f'DROP INDEX "{"_".join((table, *before))}"')
        database.run(f'CREATE INDEX "{"_".join((table, *columns))}" ON "{table}" ({quoted})')
