"""Version 20: ledgers of clues, entitlements and visits are found by place or in order, however many there are."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.ledgers_in_order import order_ledgers


def to_20(database: Database, keys: Keys) -> None:
    """Bring a database of version 19 to version 20."""
    order_ledgers(database)
