"""Version 18: the rules are changed in the browser."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.change_sets import keep_change_sets


def to_18(database: Database, keys: Keys) -> None:
    """Bring a database of version 17 to version 18."""
    keep_change_sets(database)
