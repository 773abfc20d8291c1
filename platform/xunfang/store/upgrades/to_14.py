"""Version 14: one report under a duty, and one paper, goes to several units."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.several_addressees import address_several
from xunfang.store.upgrades.several_receivers import know_several


def to_14(database: Database, keys: Keys) -> None:
    """Bring a database of version 13 to version 14."""
    know_several(database)
    address_several(database)
