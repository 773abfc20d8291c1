"""Sessions: found by the hash of their token, ended at once when an account is disabled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xunfang.store.database import Reader, Transaction
from xunfang.store.tables import Account, Session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and whose it is."""

    session: Session
    account: Account


def live_session(reader: Reader, token_hash: str, at: datetime, idle: timedelta) -> SignedIn | None:
    """Return the session of a token while it lasts: not ended, not idle too long, its account active; else None."""
    session = reader.find(Session, token_hash)
    if session is None or session.ended_at is not None or at >= min(session.ends_at, session.last_seen_at + idle):
        return None
    account = reader.find(Account, session.account)
    return SignedIn(session, account) if account is not None and account.state == "active" else None


def touch_session(tx: Transaction, token_hash: str, at: datetime) -> None:
    """Note that a session is in use."""
    tx.update(Session, {"token_hash": token_hash, "ended_at": None}, {"last_seen_at": at})


def end_session(tx: Transaction, token_hash: str, at: datetime) -> None:
    """End one session."""
    tx.update(Session, {"token_hash": token_hash, "ended_at": None}, {"ended_at": at})


def end_sessions(tx: Transaction, account: str, at: datetime) -> int:
    """End every session of an account, and return how many there were."""
    return tx.update(Session, {"account": account, "ended_at": None}, {"ended_at": at})
