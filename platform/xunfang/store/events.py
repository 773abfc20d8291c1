"""The record 留痕: events are added under the write lock, chained by keyed hashes, and never changed.

Every jurisdiction has a chain of its own, in which each event has its `place`. What was recorded before version 8 lies
in one chain that all had in common, up to `common_until`: every chain begins where that one ends.

A hash covers what an event tells, not the envelope that a part of it lies in: sealing anew breaks no chain.
"""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from xunfang.steps import reached
from xunfang.store import statements
from xunfang.store.columns import to_json, to_seconds
from xunfang.store.database import MOST_ROWS, Database, Transaction, connection
from xunfang.store.ids import new_id
from xunfang.store.rows import table_of
from xunfang.store.sealing import SealBroken
from xunfang.store.tables import Event

_BEFORE_ALL, _AFTER_ALL = -(2**62), 2**62
"""Lower and higher than any number, so that an event smuggled in before the first is met too."""

_COLUMNS = tuple(table_of(Event).columns)
_HASHED = tuple(name for name in _COLUMNS if name not in ("hash", "typed"))
_HASHED_IN_COMMON = tuple(name for name in _HASHED if name != "place")
_N, _PLACE, _DATA, _PREV, _HASH, _TYPED = map(_COLUMNS.index, ("n", "place", "data", "prev", "hash", "typed"))

IN_CLEAR = frozenset({
    "acted", "attachment", "beside", "broken", "confirmed_by", "corrects", "count", "delivered", "digest", "due",
    "due_at", "duty", "ended", "endpoint", "failures", "field", "fields", "first", "flow", "form", "from", "grants",
    "in_time", "job", "kind", "last", "late", "lead", "leads", "login", "message", "missing", "moved_from", "moved_to",
    "nobody_at", "notice", "now_due", "number", "outcome", "pages", "person", "proposed", "question", "release", "role",
    "roles", "sha256", "since", "size", "state", "submission", "to", "unit", "until", "urgency", "verdict", "was_due",
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


_TOLD = tuple(NewEvent.__dataclass_fields__)
_told = attrgetter(*_TOLD)

NOTED = 12
"""How much of a hash people write down; without the key nobody makes another event whose hash begins alike."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest event's place and hash; kept elsewhere, it shows whether events were cut off the end."""

    n: int
    hash: str
    jurisdiction: str = ""

    def __str__(self) -> str:
        own = f"{self.jurisdiction}:" if self.jurisdiction else ""
        return f"{own}{self.n}:{self.hash[:NOTED]}"


def append_event(tx: Transaction, key: bytes, event: NewEvent) -> int:
    """Add an event to the end of its jurisdiction's chain and return its number, which is its own in all of them."""
    return append_events(tx, key, [event])[0]


def append_events(tx: Transaction, key: bytes, events: Sequence[NewEvent]) -> list[int]:
    """Add events, one after another, to the ends of their jurisdictions' chains and return their numbers."""
    return _append(tx, key, [(event, new_id()) for event in events]) if events else []


def take_event(tx: Transaction, key: bytes, event: Event) -> int:
    """Add an event that was recorded in another installation, all that it tells as it is, its place and number anew."""
    told = {name: getattr(event, name) for name in NewEvent.__dataclass_fields__}
    return _append(tx, key, [(NewEvent(**told | {"data": event.told}), event.id)])[0]


def _append(tx: Transaction, key: bytes, events: Sequence[tuple[NewEvent, str]]) -> list[int]:
    numbers = _next_numbers(tx, events[0][0].jurisdiction, len(events))
    rows = [_chained(tx, key, event, own_id, n) for (event, own_id), n in zip(events, numbers, strict=True)]
    tx.database.run_later(statements.insert(table_of(Event).name, _COLUMNS, tx.database.dialect.mark), rows)
    reached("events.appended")
    return numbers


def _next_numbers(tx: Transaction, jurisdiction: str, most: int) -> list[int]:
    """Return the numbers of the next so many events; in the same go, find the end of a chain that is not known yet."""
    database = tx.database
    if jurisdiction in tx.chain_ends:
        return sorted(int(n) for (n,) in database.often(database.dialect.next_events, (most,)))
    sql = statements.next_events(database.dialect.next_events, database.dialect.mark)
    found = database.often(sql, (most, jurisdiction, 1))
    tx.chain_ends[jurisdiction] = _head(database, jurisdiction, found[0][1:])
    return sorted(int(row[0]) for row in found)


def _chained(tx: Transaction, key: bytes, event: NewEvent, own_id: str, n: int) -> tuple[Any, ...]:
    """Return an event as it is stored at the end of its chain, which it is from now on."""
    table, head = table_of(Event), tx.chain_ends.get(event.jurisdiction) or chain_head(tx.database, event.jurisdiction)
    stored = dict(zip(_TOLD, _told(event), strict=True))
    stored["at"], stored["cites"], stored["data"] = to_seconds(event.at), to_json(event.cites), to_json(event.data)
    stored |= {"n": n, "place": head.n + 1, "id": own_id, "prev": head.hash}
    stored["hash"] = _hash(key, tuple([stored[name] for name in _HASHED]))
    clear, typed = parted(event.data)
    if typed:
        stored["data"] = to_json(clear)
    stored["typed"] = table.store("typed", typed, tx.database.keys, (n,))
    tx.chain_ends[event.jurisdiction] = ChainHead(head.n + 1, stored["hash"], event.jurisdiction)
    return tuple([stored[name] for name in _COLUMNS])


def parted(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of an event's data lies in clear, and what is sealed."""
    typed = data.keys() - IN_CLEAR
    return {name: value for name, value in data.items() if name not in typed}, {name: data[name] for name in typed}


def chain_head(database: Database, jurisdiction: str) -> ChainHead:
    """Return the place and hash of a jurisdiction's newest event; place 0 before the first of all."""
    found = database.rows(statements.last_event(database.dialect.mark), (jurisdiction, 1))
    return _head(database, jurisdiction, found[0] if found else (None, None))


def _head(database: Database, jurisdiction: str, last: tuple[Any, ...]) -> ChainHead:
    common, known = _common_end(database)
    if last[0] is not None and last[0] > common:
        return ChainHead(int(last[0]), str(last[1]), jurisdiction)
    return ChainHead(common, known, jurisdiction)


def common_until(database: Database) -> int:
    """Return the number of the last event of the chain that all jurisdictions had in common, 0 where there was none."""
    return _common_end(database)[0]


def _common_end(database: Database) -> tuple[int, str]:
    """Return the number and the hash of the last event that all jurisdictions had in common."""
    if database.common_end is None:
        found = database.run('SELECT "common_until", "common_hash" FROM "installation"').fetchone()
        if found is None:
            return 0, ""
        database.common_end = int(found[0]), str(found[1])
    return database.common_end


def chained(database: Database) -> list[str]:
    """Return every jurisdiction of which something is on record."""
    return [str(name) for (name,) in database.run(statements.recorded_jurisdictions()).fetchall()]


def verify_chain(database: Database, key: bytes, head: ChainHead | None = None) -> int | None:
    """Return the place of the first event that was altered, removed or moved, or None when every chain is whole.

    With a `head` kept elsewhere, events cut off the end of its chain are noticed too; the beginning of its hash is
    enough.
    """
    with connection(database):
        after = 0
        for jurisdiction in chained(database):
            noted = head if head and head.jurisdiction in ("", jurisdiction) else None
            piece = verify_piece(database, key, jurisdiction, after, head=noted)
            cut_off = noted is not None and bool(noted.jurisdiction) and piece.last < noted.n
            if piece.broken is not None or cut_off:
                return piece.broken or piece.last + 1
            after = 0 if head else common_until(database)
    return None


@dataclass(frozen=True, slots=True)
class ChainPiece:
    """A part of the chain that was verified: its last whole event, the first that is not, and whether more follow."""

    last: int
    broken: int | None
    more: bool


def verify_piece(
    database: Database,
    key: bytes,
    jurisdiction: str,
    after: int = 0,
    most: int | None = None,
    head: ChainHead | None = None,
) -> ChainPiece:
    """Verify what follows a place in a jurisdiction's chain, at most so much; an earlier piece has verified that."""
    place = after
    with connection(database):
        prev = _hash_at(database, jurisdiction, after)
        if prev is None:
            return ChainPiece(after - 1, after, more=False)
        for stored in _stored_events(database, jurisdiction, after):
            if most is not None and place == after + most:
                return ChainPiece(place, None, more=True)
            place += 1
            if not _follows(database, key, stored, place, prev):
                return ChainPiece(place - 1, place, more=False)
            if head is not None and place == head.n and not stored[_HASH].startswith(head.hash):
                return ChainPiece(place - 1, place, more=False)
            prev = stored[_HASH]
    return ChainPiece(place, None, more=False)


def _follows(database: Database, key: bytes, stored: tuple[Any, ...], place: int, prev: str) -> bool:
    """Return whether an event is the one of this place: unaltered, and chained to the one before."""
    stands = stored[_PLACE] == place and (stored[_N] == place or place > common_until(database))
    return stands and stored[_PREV] == prev and stored[_HASH] == _hash_of(database, key, stored)


def _hash_at(database: Database, jurisdiction: str, place: int) -> str | None:
    """Return the hash that the event after a place must name, or None when there is no such event."""
    if place == 0:
        return ""
    mark = database.dialect.mark
    if place <= common_until(database):
        found = database.run(statements.event_hash(mark), (place,)).fetchone()
    else:
        found = database.run(statements.chained_hash(mark), (jurisdiction, place)).fetchone()
    return found[0] if found else None


def _stored_events(database: Database, jurisdiction: str, after: int) -> Iterator[tuple[Any, ...]]:
    """Yield what follows a place: first of the chain that all had in common, then of the jurisdiction's own."""
    mark, common = database.dialect.mark, common_until(database)
    if after < common:
        last = after or _BEFORE_ALL
        while page := database.run(statements.common_events(_COLUMNS, mark), (last, common, MOST_ROWS)).fetchall():
            yield from page
            last = page[-1][_N]
    begin = (after, _AFTER_ALL) if after > common else (_BEFORE_ALL, 0)
    own = statements.own_events(_COLUMNS, mark)
    while page := database.run(own, (jurisdiction, common, *begin, MOST_ROWS)).fetchall():
        yield from page
        begin = page[-1][_PLACE], page[-1][_N]


def _hash_of(database: Database, key: bytes, stored: tuple[Any, ...]) -> str:
    """Return the hash an event should have, by what it tells; "" when it cannot be read any more."""
    told = dict(zip(_COLUMNS, stored, strict=True))
    if stored[_TYPED]:
        try:
            typed = table_of(Event).opened(told, database.keys)["typed"]
            told["data"] = to_json({**json.loads(stored[_DATA]), **typed})
        except (SealBroken, TypeError, ValueError):
            return ""
    hashed = _HASHED if stored[_PLACE] > common_until(database) else _HASHED_IN_COMMON
    return _hash(key, tuple(told[name] for name in hashed))


def _hash(key: bytes, stored: tuple[Any, ...]) -> str:
    return hmac.digest(key, to_json(stored).encode(), "sha256").hex()
