"""What somebody holds on a day, by the entitlements that were written down."""

from collections.abc import Iterable
from datetime import date

from xunfang.casework.rows import Entitlement
from xunfang.rules.entitlements import GRANTED, SUSPENDED


def holds_on(row: Entitlement, day: date) -> bool:
    """Return whether an entitlement has not ended before a day; one that begins later counts from its decision on.

    One that a later decision dated back before its own beginning was never held.
    """
    return row.withdrawn_at is None and (row.until is None or row.until >= max(day, row.since))


def goes_on(row: Entitlement, day: date) -> bool:
    """Return whether somebody holds something on after a day, granted or suspended."""
    open_ended = row.until is None or row.until > day
    return row.withdrawn_at is None and open_ended and row.state in (GRANTED, SUSPENDED)


def entitled(rows: Iterable[Entitlement], day: date) -> list[str]:
    """Return the programmes that are held on a day, each once."""
    return list(dict.fromkeys(row.programme for row in rows if row.state == GRANTED and holds_on(row, day)))
