"""The record 留痕: events are added under the write lock, chained by keyed hashes, and never changed.

A hash covers what an event tells, not the envelope that a part of it lies in: sealing anew breaks no chain.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xunfang.steps import reached
from xunfang.store import statements
from xunfang.store.columns import to_json
from xunfang.store.database import MOST_ROWS, Database, Transaction, connection
from xunfang.store.ids import new_id
from xunfang.store.rows import table_of
from xunfang.store.sealing import SealBroken
from xunfang.store.tables import Event

_BEFORE_ALL = -(2**62)
"""Lower than any number, so that an event smuggled in before the first is met too."""

_COLUMNS = tuple(table_of(Event).columns)
_HASHED = tuple(name for name in _COLUMNS if name not in ("hash", "typed"))
_N, _DATA, _PREV, _HASH, _TYPED = map(_COLUMNS.index, ("n", "data", "prev", "hash", "typed"))

IN_CLEAR = frozenset({
    "acted", "attachment", "beside", "broken", "confirmed_by", "count", "delivered", "digest", "due", "due_at", "duty",
    "ended", "endpoint", "failures", "field", "fields", "first", "flow", "form", "from", "grants", "in_time", "job",
    "kind", "last", "late", "lead", "leads", "login", "message", "missing", "moved_from", "moved_to", "nobody_at",
    "notice", "now_due", "number", "outcome", "pages", "person", "proposed", "question", "release", "role", "roles",
    "sha256", "since", "size", "state", "submission", "to", "unit", "until", "urgency", "verdict", "was_due",
    "was_ended_as", "was_outcome", "was_urgency", "way", "workdays",
})  # fmt: skip
"""Of what an event tells, the names whose values are codes, counts, moments and keys; everything else is sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What happened, before it has its place in the chain. `name` is `subject.past_tense`.

    Of `data`, only what is named in IN_CLEAR lies in clear.
    """

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


NOTED = 12
"""How much of a hash people write down; without the key nobody makes another event whose hash begins alike."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest event's number and hash; kept elsewhere, it shows whether events were cut off the end."""

    n: int
    hash: str

    def __str__(self) -> str:
        return f"{self.n}:{self.hash[:NOTED]}"


def append_event(tx: Transaction, key: bytes, event: NewEvent) -> int:
    """Add an event to the end of the chain and return its number."""
    head = ChainHead(*tx.chain_end) if tx.chain_end else chain_head(tx.database)
    table = table_of(Event)
    stored = {name: table.store(name, getattr(event, name)) for name in NewEvent.__dataclass_fields__}
    stored |= {"n": head.n + 1, "id": new_id(), "prev": head.hash}
    stored["hash"] = _hash(key, tuple(stored[name] for name in _HASHED))
    clear, typed = parted(event.data)
    stored["data"] = table.store("data", clear)
    stored["typed"] = table.store("typed", typed, tx.database.keys, (head.n + 1,))
    sql = statements.insert(table.name, _COLUMNS, tx.database.dialect.mark)
    tx.database.run(sql, tuple(stored[name] for name in _COLUMNS))
    tx.chain_end = (head.n + 1, stored["hash"])
    reached("event.appended")
    return head.n + 1


def parted(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of an event's data lies in clear, and what is sealed."""
    clear = {name: value for name, value in data.items() if name in IN_CLEAR}
    return clear, {name: value for name, value in data.items() if name not in IN_CLEAR}


def chain_head(database: Database) -> ChainHead:
    """Return the newest event's number and hash; number 0 before the first."""
    found = database.run(statements.last_event(database.dialect.mark), (1,)).fetchone()
    return ChainHead(*found) if found else ChainHead(0, "")


def verify_chain(database: Database, key: bytes, head: ChainHead | None = None) -> int | None:
    """Return the number of the first event that was altered, removed or moved, or None when the chain is whole.

    With a `head` kept elsewhere, events cut off the end are noticed too; the beginning of its hash is enough.
    """
    piece = verify_piece(database, key, head=head)
    cut_off = head is not None and piece.last < head.n
    return piece.last + 1 if piece.broken is None and cut_off else piece.broken


@dataclass(frozen=True, slots=True)
class ChainPiece:
    """A part of the chain that was verified: its last whole event, the first that is not, and whether more follow."""

    last: int
    broken: int | None
    more: bool


def verify_piece(
    database: Database, key: bytes, after: int = 0, most: int | None = None, head: ChainHead | None = None
) -> ChainPiece:
    """Verify the events that follow number `after`, at most so many; an earlier piece has verified that one."""
    n = after
    with connection(database):
        prev = _hash_at(database, after)
        if prev is None:
            return ChainPiece(after - 1, after, more=False)
        for stored in _stored_events(database, after):
            if most is not None and n == after + most:
                return ChainPiece(n, None, more=True)
            n += 1
            if stored[_N] != n or stored[_PREV] != prev or stored[_HASH] != _hash_of(database, key, stored):
                return ChainPiece(n - 1, n, more=False)
            if head is not None and n == head.n and not stored[_HASH].startswith(head.hash):
                return ChainPiece(n - 1, n, more=False)
            prev = stored[_HASH]
    return ChainPiece(n, None, more=False)


def _hash_at(database: Database, n: int) -> str | None:
    """Return the hash that the event after number n must name, or None when there is no such event."""
    if n == 0:
        return ""
    found = database.run(statements.event_hash(database.dialect.mark), (n,)).fetchone()
    return found[0] if found else None


def _stored_events(database: Database, after: int) -> Iterator[tuple[Any, ...]]:
    sql = statements.events_after(_COLUMNS, database.dialect.mark)
    last = after or _BEFORE_ALL
    while page := database.run(sql, (last, MOST_ROWS)).fetchall():
        yield from page
        last = page[-1][0]


def _hash_of(database: Database, key: bytes, stored: tuple[Any, ...]) -> str:
    """Return the hash an event should have, by what it tells; "" when it cannot be read any more."""
    told = dict(zip(_COLUMNS, stored, strict=True))
    if stored[_TYPED]:
        try:
            typed = table_of(Event).opened(told, database.keys)["typed"]
            told["data"] = to_json({**json.loads(stored[_DATA]), **typed})
        except (SealBroken, TypeError, ValueError):
            return ""
    return _hash(key, tuple(told[name] for name in _HASHED))


def _hash(key: bytes, stored: tuple[Any, ...]) -> str:
    return hmac.digest(key, to_json(stored).encode(), "sha256").hex()
