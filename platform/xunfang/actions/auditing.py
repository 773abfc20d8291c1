"""The record looked at and kept honest: verifying the chain, noting who was refused."""

import re
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.clock import local_date
from xunfang.errors import Refused
from xunfang.store import NOTED, ChainHead, ChainPiece, connection, verify_piece
from xunfang.store.database import Reader
from xunfang.store.life import latest_seen, set_seen

PIECE = 50_000
"""How many events are verified while somebody waits for the page."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found, and the newest event after it, to be written down elsewhere."""

    piece: ChainPiece
    head: ChainHead
    noted: ChainHead | None = None

    @property
    def cut_off(self) -> bool:
        """Whether the chain ends, whole, before the event that somebody wrote down."""
        return is_cut_off(self.piece, self.noted)


def noted_head(text: str) -> ChainHead:
    """Return the head that somebody wrote down, with its jurisdiction or, before version 8, without one; or Refused."""
    told, _, start = text.strip().replace("：", ":").rpartition(":")
    jurisdiction, _, n = told.rpartition(":")
    if not (n.isascii() and n.isdigit() and len(n) < 12 and re.fullmatch(f"[0-9a-f]{{{NOTED},64}}", start)):
        told = f"抄录的编号和校验码应写成“辖区:编号:校验码”（以前抄录的没有辖区），校验码至少 {NOTED} 位。"
        raise Refused(told, "HEAD_UNREADABLE")
    return ChainHead(int(n), start, jurisdiction)


def is_cut_off(piece: ChainPiece, noted: ChainHead | None) -> bool:
    """Return whether a piece ends the chain, whole, before an event that was written down elsewhere."""
    return noted is not None and piece.broken is None and not piece.more and piece.last < noted.n


def verify_record(
    deployment: Deployment,
    actor: Actor,
    after: int,
    at: datetime,
    noted: ChainHead | None = None,
    *,
    most: int = PIECE,
) -> Verified:
    """Verify the chain from behind a number that an earlier piece reached, and record that it was done.

    With the head that somebody `noted`, an end that was cut off is found too. Raises NotAllowed.
    """
    actor.need("audit")
    if noted is not None and noted.jurisdiction not in ("", actor.jurisdiction):
        raise Refused("抄录的是别的辖区的编号和校验码，请由那个辖区的安全审计员核验。", "HEAD_OF_ANOTHER")
    database, key = deployment.database, deployment.keys.chain
    piece = verify_piece(database, key, actor.jurisdiction, after, most, noted)
    with acting(deployment, actor, at, "audit") as act:
        missing = {"missing": noted.n} if noted is not None and is_cut_off(piece, noted) else {}
        data = {"first": after + 1, "last": piece.last, "broken": piece.broken, **missing}
        act.event("record.verified", data=data)
        return Verified(piece, act.tx.chain_ends[actor.jurisdiction], noted)


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
            set_seen(act.tx, name, at)
            act.event(what, data={"endpoint": endpoint})


def _noted_today(reader: Reader, name: str, at: datetime) -> bool:
    last = latest_seen(reader, name)
    return last is not None and local_date(last) == local_date(at)  # a day to come is one of a clock that had leapt
