"""The record looked at and kept honest: verifying the chain, noting who was refused."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.clock import local_date
from xunfang.store import ChainHead, ChainPiece, connection, verify_piece
from xunfang.store.database import Reader
from xunfang.store.life import latest_seen, note_seen

PIECE = 50_000
"""How many events are verified while somebody waits for the page."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found, and the newest event after it, to be written down elsewhere."""

    piece: ChainPiece
    head: ChainHead


def verify_record(deployment: Deployment, actor: Actor, after: int, at: datetime, most: int = PIECE) -> Verified:
    """Verify the chain from behind a number that an earlier piece reached, and record that it was done.

    Raises NotAllowed.
    """
    actor.need("audit")
    piece = verify_piece(deployment.database, deployment.keys.chain, after, most)
    with acting(deployment, actor, at, "audit") as act:
        data = {"first": after + 1, "last": piece.last, "broken": piece.broken}
        act.event("record.verified", data=data)
        assert act.tx.chain_end is not None
        return Verified(piece, ChainHead(*act.tx.chain_end))


REFUSED, MISSED = "access.refused", "access.missed"
"""An address that somebody's roles do not open, and a key that leads to nothing in their sight."""


def note_refusal(deployment: Deployment, actor: Actor, endpoint: str, at: datetime, what: str = REFUSED) -> None:
    """Record that somebody was refused at an address; once a day for each, so that nobody floods the record."""
    name = f"{what}:{actor.account}:{endpoint}"
    with connection(deployment.database) as reader:  # first without waiting for the right to write
        if _noted_today(reader, name, at):
            return
    with acting(deployment, actor, at) as act:
        if not _noted_today(act.tx, name, at):
            note_seen(act.tx, name, at)
            act.event(what, data={"endpoint": endpoint})


def _noted_today(reader: Reader, name: str, at: datetime) -> bool:
    last = latest_seen(reader, name)
    return last is not None and local_date(last) >= local_date(at)
