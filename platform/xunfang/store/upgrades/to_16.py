"""Version 16: the whole year is kept: who is held to be what, was given what, and was visited when."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.feeds import keep_lists
from xunfang.store.upgrades.figures import keep_figures
from xunfang.store.upgrades.meetings import keep_meetings
from xunfang.store.upgrades.owed import keep_owed_things
from xunfang.store.upgrades.publications import keep_publications
from xunfang.store.upgrades.registry import keep_registry


def to_16(database: Database, keys: Keys) -> None:
    """Bring a database of version 15 to version 16."""
    keep_registry(database)
    keep_figures(database)
    keep_meetings(database)
    keep_lists(database)
    keep_owed_things(database)
    keep_publications(database)
