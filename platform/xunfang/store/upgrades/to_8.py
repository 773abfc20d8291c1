"""Version 8: every jurisdiction has a chain of its own."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.own_chains import part_chains


def to_8(database: Database, keys: Keys) -> None:
    """Bring a database of version 7 to version 8."""
    part_chains(database)
