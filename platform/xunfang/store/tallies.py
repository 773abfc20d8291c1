"""Tallies: what was counted of late, kept where every process sees it and no restart forgets it."""

from dataclasses import replace
from datetime import datetime, timedelta

from xunfang.store import statements
from xunfang.store.columns import to_seconds
from xunfang.store.database import Reader, Transaction
from xunfang.store.sessions import CLOCKS_DIFFER
from xunfang.store.tables import Tally


def tally_of(reader: Reader, kind: str, who: str, place: str, at: datetime) -> Tally | None:
    """Return what was counted, or None: nothing, or its time is over, or it comes from a clock that had leapt."""
    found = reader.find(Tally, kind, who, place)
    if found is None or at >= found.ends_at or found.began_at > at + CLOCKS_DIFFER:
        return None
    return found


def count_up(tx: Transaction, kind: str, who: str, place: str, at: datetime, lasts: timedelta) -> Tally:
    """Count one more and return the tally; a new one lasts so long from now."""
    found = tally_of(tx, kind, who, place, at)
    if found is None:
        found = Tally(kind=kind, who=who, place=place, count=0, began_at=at, ends_at=at + lasts)
    counted = replace(found, count=found.count + 1)
    keep_tally(tx, counted)
    return counted


def keep_tally(tx: Transaction, tally: Tally) -> None:
    """Write a tally down as it is now."""
    if not tx.insert_unless(tally, "kind", "who", "place"):
        key = {"kind": tally.kind, "who": tally.who, "place": tally.place}
        rest = ("count", "began_at", "ends_at", "until", "told")
        tx.update(Tally, key, {name: getattr(tally, name) for name in rest})


def forget_tallies(tx: Transaction, **where: str) -> int:
    """Forget what was counted with these values, and return how many tallies it was."""
    return tx.delete(Tally, **where)


def prune_tallies(tx: Transaction, at: datetime) -> int:
    """Forget every tally whose time is over, and return how many it was."""
    sql = statements.delete_before("tally", "ends_at", tx.database.dialect.mark)
    return int(tx.database.run(sql, (to_seconds(at),)).rowcount)
