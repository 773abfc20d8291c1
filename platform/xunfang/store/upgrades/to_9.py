"""Version 9: one report under a duty goes to several units."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.several_receivers import know_several


def to_9(database: Database, keys: Keys) -> None:
    """Bring a database of version 8 to version 9."""
    know_several(database)
