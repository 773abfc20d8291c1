"""Version 9: what people wrote in an event may be sealed anew, as long as before; all else of it is kept as it is."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys

_KEPT = (
    '"n", "id", "at", "jurisdiction", "name", "case", "task", "actor", "actor_name", "unit", "data", "rule", "row", '
    '"cites", "prev", "hash", "place"'
)
_SQLITE = (
    'DROP TRIGGER "event_no_update"',
    f'CREATE TRIGGER "event_no_update" BEFORE UPDATE OF {_KEPT} ON "event" '
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    'CREATE TRIGGER "event_no_other_envelope" BEFORE UPDATE OF "typed" ON "event" '
    'WHEN length(NEW."typed") <> length(OLD."typed") '
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
)
_POSTGRESQL = (
    f'CREATE OR REPLACE TRIGGER "event_kept" BEFORE DELETE OR UPDATE OF {_KEPT} ON "event" '
    "FOR EACH ROW EXECUTE FUNCTION event_is_kept()",
    'CREATE OR REPLACE TRIGGER "event_envelope_kept" BEFORE UPDATE OF "typed" ON "event" FOR EACH ROW '
    'WHEN (length(NEW."typed") <> length(OLD."typed")) EXECUTE FUNCTION event_is_kept()',
)


def to_9(database: Database, keys: Keys) -> None:
    """Bring a database of version 8 to version 9."""
    for statement in _SQLITE if database.dialect.mark == "?" else _POSTGRESQL:
        database.run(statement)
