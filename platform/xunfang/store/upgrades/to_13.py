"""Version 13: where lists look for cases is kept, and what only a walk through a whole table found has an index."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.found_at_once import find_at_once


def to_13(database: Database, keys: Keys) -> None:
    """Bring a database of version 12 to version 13."""
    find_at_once(database)
