"""Version 17: what a year draws, reports, pays and publishes is kept too."""

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.circulars import keep_circulars
from xunfang.store.upgrades.drawn import keep_drawings
from xunfang.store.upgrades.minutes import keep_minutes
from xunfang.store.upgrades.phones import find_by_phone
from xunfang.store.upgrades.pressing import find_pressing
from xunfang.store.upgrades.reported import keep_reported
from xunfang.store.upgrades.rosters import keep_rosters
from xunfang.store.upgrades.stretches import keep_stretches
from xunfang.store.upgrades.visited import find_visits


def to_17(database: Database, keys: Keys) -> None:
    """Bring a database of version 16 to version 17."""
    keep_stretches(database)
    keep_reported(database)
    keep_rosters(database)
    find_by_phone(database, keys)
    keep_drawings(database)
    keep_minutes(database)
    keep_circulars(database)
    find_visits(database)
    find_pressing(database)
