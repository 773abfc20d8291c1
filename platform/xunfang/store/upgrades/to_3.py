"""Version 3: what lay in clear is sealed; key and database know each other; tries are counted by where from."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.proof import prove_keys
from xunfang.store.upgrades.sealed_3 import seal_what_lay_open
from xunfang.store.upgrades.sources_3 import part_by_source
from xunfang.store.upgrades.tallies import add_tallies


def to_3(database: Database, keys: Keys) -> None:
    """Bring a database of version 2 to version 3; raises NotItsKeys, before anything, when the keys are others."""
    prove_keys(database, keys)
    _marked(database)
    add_tallies(database)
    part_by_source(database, keys)
    seal_what_lay_open(database, keys)


def _marked(database: Database) -> None:
    """Make the table of the mark; whoever finishes the upgrade puts the mark in."""
    columns = '"id" TEXT NOT NULL PRIMARY KEY, "checks" TEXT NOT NULL, "made_at" BIGINT NOT NULL'
    database.run(f'CREATE TABLE "installation" ({columns})')
