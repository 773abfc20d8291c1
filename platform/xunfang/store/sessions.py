"""Sessions: found by the hash of their token, ended at once when an account is disabled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xunfang.store import statements
from xunfang.store.columns import to_seconds
from xunfang.store.database import Reader, Transaction
from xunfang.store.tables import Account, Session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and whose it is."""

    session: Session
    account: Account


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts: at most, and without any sign of the person."""

    longest: timedelta
    idle: timedelta

    def holds(self, session: Session, at: datetime) -> bool:
        """Return whether a session that nobody ended still lasts at a moment.

        What it says of itself is not enough: one that was begun or used in the future comes from a clock that had
        leapt, and would last for as long as the leap was.
        """
        if max(session.created_at, session.last_seen_at) > at + CLOCKS_DIFFER:
            return False
        return at < min(session.ends_at, session.created_at + self.longest, session.last_seen_at + self.idle)


CLOCKS_DIFFER = timedelta(minutes=1)
"""By how much the clocks of several web servers, or one before and after it is set right, may differ."""


def live_session(reader: Reader, token_hash: str, at: datetime, lasting: Lasting) -> SignedIn | None:
    """Return the session of a token while it lasts: not ended, not idle too long, its account active; else None."""
    session = reader.find(Session, token_hash)
    if session is None or session.ended_at is not None or not lasting.holds(session, at):
        return None
    account = reader.find(Account, session.account)
    return SignedIn(session, account) if account is not None and account.state == "active" else None


def touch_session(tx: Transaction, token_hash: str, at: datetime) -> None:
    """Note that a session is in use."""
    tx.update(Session, {"token_hash": token_hash, "ended_at": None}, {"last_seen_at": at})


def end_session(tx: Transaction, token_hash: str, at: datetime) -> None:
    """End one session."""
    tx.update(Session, {"token_hash": token_hash, "ended_at": None}, {"ended_at": at})


def end_sessions(tx: Transaction, account: str, at: datetime, by: str = "") -> int:
    """End every session of an account, or those that were opened `by` somebody, and return how many there were."""
    opened = {"by": by} if by else {}
    return tx.update(Session, {"account": account, "ended_at": None, **opened}, {"ended_at": at})


def end_expired(tx: Transaction, at: datetime, lasting: Lasting) -> int:
    """End every session whose time is over, so that no clock set back later brings it to life; returns how many.

    One that was begun or used in the future ends too: it would come to life when that moment is reached.
    """
    cursor = tx.database.run(statements.end_expired(tx.database.dialect.mark), (to_seconds(at), *_over(at, lasting)))
    return int(cursor.rowcount)


def any_expired(reader: Reader, at: datetime, lasting: Lasting) -> bool:
    """Return whether there is a session that `end_expired` would end."""
    found = reader.database.run(statements.expired(reader.database.dialect.mark), _over(at, lasting)).fetchone()
    return found is not None


def _over(at: datetime, lasting: Lasting) -> tuple[int, ...]:
    future = at + CLOCKS_DIFFER
    return tuple(to_seconds(each) for each in (at, at - lasting.longest, at - lasting.idle, future, future))


def end_other_sessions(tx: Transaction, account: str, kept: str, at: datetime) -> int:
    """End every session of an account but the one of this hash, and return how many there were."""
    sql = statements.end_others(tx.database.dialect.mark)
    return int(tx.database.run(sql, (to_seconds(at), account, kept)).rowcount)
