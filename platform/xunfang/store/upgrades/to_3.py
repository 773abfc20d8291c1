"""Version 3: what lay in clear is sealed; key and database know each other; tries are counted by where from."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.tallies import add_tallies


def to_3(database: Database, keys: Keys) -> None:
    """Bring a database of version 2 to version 3."""
    add_tallies(database)
