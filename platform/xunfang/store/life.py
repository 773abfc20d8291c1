"""Signs of life: heartbeats of the machinery, and the latest moment ever seen."""

from datetime import datetime

from xunfang.store.database import Reader, Transaction
from xunfang.store.tables import Heartbeat, Seen

CLOCK = "clock"
"""The name under which the worker keeps the latest moment it has seen."""

DATABASE = "database"
"""The name under which it is noted whether the file of the database is whole."""

BACKUP = "backup"
"""The name under which whoever makes backups notes the last one."""


def beat(tx: Transaction, name: str, at: datetime, note: str = "") -> None:
    """Note that something lives, and what it has to say; an empty note says that all is well."""
    if not tx.insert_unless(Heartbeat(name=name, at=at, note=note), "name"):
        tx.update(Heartbeat, {"name": name}, {"at": at, "note": note})


def last_beat(reader: Reader, name: str) -> Heartbeat | None:
    """Return the last sign of life of something, or None when it never gave one."""
    return reader.find(Heartbeat, name)


def latest_seen(reader: Reader, name: str) -> datetime | None:
    """Return the latest moment ever seen, or None before the first."""
    found = reader.find(Seen, name)
    return found.at if found else None


def set_seen(tx: Transaction, name: str, at: datetime) -> None:
    """Keep this moment, later or earlier than the one before."""
    if not tx.insert_unless(Seen(name=name, at=at), "name"):
        tx.update(Seen, {"name": name}, {"at": at})


def note_seen(tx: Transaction, name: str, at: datetime) -> None:
    """Keep this moment if it is later than any seen before."""
    latest = latest_seen(tx, name)
    if latest is None:
        tx.insert(Seen(name=name, at=at))
    elif at > latest:
        tx.update(Seen, {"name": name}, {"at": at})
