"""Version 13: one report under a duty, and one paper, goes to several units."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.several_addressees import address_several
from xunfang.store.upgrades.several_receivers import know_several


def to_13(database: Database, keys: Keys) -> None:
    """Bring a database of version 12 to version 13."""
    know_several(database)
    address_several(database)
