"""Version 19: whoever keeps rules or accounts finds their own messages, however many their unit has."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.messages_of_one import find_messages_of_one


def to_19(database: Database, keys: Keys) -> None:
    """Bring a database of version 18 to version 19."""
    find_messages_of_one(database)
