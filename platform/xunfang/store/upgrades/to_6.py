"""Version 6: events that open and end."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.events_on import know_events


def to_6(database: Database, keys: Keys) -> None:
    """Bring a database of version 5 to version 6."""
    know_events(database)
