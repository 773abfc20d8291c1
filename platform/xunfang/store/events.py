"""The record 留痕: events are added under the write lock, chained by keyed hashes, and never changed."""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xunfang.store import statements
from xunfang.store.columns import to_json
from xunfang.store.database import MOST_ROWS, Database, Transaction, connection
from xunfang.store.ids import new_id
from xunfang.store.rows import table_of
from xunfang.store.tables import Event

_BEFORE_ALL = -(2**62)
"""Lower than any number, so that an event smuggled in before the first is met too."""

_COLUMNS = tuple(table_of(Event).columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What happened, before it has its place in the chain. `name` is `subject.past_tense`; `data` holds no secret."""

    at: datetime
    jurisdiction: str
    name: str
    case: str = ""
    task: str = ""
    actor: str = ""
    actor_name: str = ""
    unit: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    row: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest event's number and hash; kept elsewhere, it shows whether events were cut off the end."""

    n: int
    hash: str


def append_event(tx: Transaction, key: bytes, event: NewEvent) -> int:
    """Add an event to the end of the chain and return its number."""
    head = ChainHead(*tx.chain_end) if tx.chain_end else chain_head(tx.database)
    table = table_of(Event)
    stored = {name: table.store(name, getattr(event, name)) for name in NewEvent.__dataclass_fields__}
    stored |= {"n": head.n + 1, "id": new_id(), "prev": head.hash}
    stored["hash"] = _hash(key, tuple(stored[name] for name in _COLUMNS[:-1]))
    sql = statements.insert(table.name, _COLUMNS, tx.database.dialect.mark)
    tx.database.run(sql, tuple(stored[name] for name in _COLUMNS))
    tx.chain_end = (head.n + 1, stored["hash"])
    return head.n + 1


def chain_head(database: Database) -> ChainHead:
    """Return the newest event's number and hash; number 0 before the first."""
    found = database.run(statements.last_event(database.dialect.mark), (1,)).fetchone()
    return ChainHead(*found) if found else ChainHead(0, "")


def verify_chain(database: Database, key: bytes, head: ChainHead | None = None) -> int | None:
    """Return the number of the first event that was altered, removed or moved, or None when the chain is whole.

    With a `head` kept elsewhere, events cut off the end are noticed too.
    """
    prev, n = "", 0
    with connection(database):
        for stored in _stored_events(database):
            n += 1
            if stored[0] != n or stored[-2] != prev or stored[-1] != _hash(key, stored[:-1]):
                return n
            if head is not None and n == head.n and stored[-1] != head.hash:
                return n
            prev = stored[-1]
    return n + 1 if head is not None and n < head.n else None


def _stored_events(database: Database) -> Iterator[tuple[Any, ...]]:
    sql = statements.events_after(_COLUMNS, database.dialect.mark)
    last = _BEFORE_ALL
    while page := database.run(sql, (last, MOST_ROWS)).fetchall():
        yield from page
        last = page[-1][0]


def _hash(key: bytes, stored: tuple[Any, ...]) -> str:
    return hmac.digest(key, to_json(stored).encode(), "sha256").hex()
