"""Version 11: one report under a duty, and one paper, goes to several units."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.several_addressees import address_several
from xunfang.store.upgrades.several_receivers import know_several


def to_11(database: Database, keys: Keys) -> None:
    """Bring a database of version 10 to version 11."""
    know_several(database)
    address_several(database)
