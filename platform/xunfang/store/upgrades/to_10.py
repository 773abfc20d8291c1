"""Version 10: one paper goes to several units, and reaches each on a day of its own."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.several_addressees import address_several


def to_10(database: Database, keys: Keys) -> None:
    """Bring a database of version 9 to version 10."""
    address_several(database)
