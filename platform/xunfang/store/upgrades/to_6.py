"""Version 6: a task knows how often its unit gave the case back."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.returns_counted import count_returns


def to_6(database: Database, keys: Keys) -> None:
    """Bring a database of version 5 to version 6."""
    count_returns(database)
