"""Version 20: ledgers of clues, entitlements and visits, and what presses, are found in their order."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.in_order import order_ledgers, order_pressing


def to_20(database: Database, keys: Keys) -> None:
    """Bring a database of version 19 to version 20."""
    order_ledgers(database)
    order_pressing(database)
