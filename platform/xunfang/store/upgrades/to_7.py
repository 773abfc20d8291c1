"""Version 7: a task knows how often its unit gave the case back."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.returns_counted import count_returns


def to_7(database: Database, keys: Keys) -> None:
    """Bring a database of version 6 to version 7."""
    count_returns(database)
