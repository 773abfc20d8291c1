"""Version 3: what lay in clear is sealed; key and database know each other; tries are counted by where from."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.sealed_3 import seal_what_lay_open
from xunfang.store.upgrades.sources_3 import part_by_source


def to_3(database: Database, keys: Keys) -> None:
    """Bring a database of version 2 to version 3."""
    part_by_source(database, keys)
    seal_what_lay_open(database, keys)
