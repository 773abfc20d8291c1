"""Version 5: releases are counted; a work item needs no case."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.duties_owed import owe_duties
from xunfang.store.upgrades.numbered_releases import number_releases


def to_5(database: Database, keys: Keys) -> None:
    """Bring a database of version 4 to version 5."""
    number_releases(database)
    owe_duties(database)
