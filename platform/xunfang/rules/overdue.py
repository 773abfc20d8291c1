"""Overdue 逾期: the one place where it is said whether the time of something is up at a moment."""

from datetime import datetime
from typing import Any


def is_overdue(due_at: datetime | None, at: datetime) -> bool:
    """Return whether something that is not done yet is late at a moment: its due moment is over; that moment itself is
    still in time, and what has no due moment is never late.
    """
    return due_at is not None and due_at < at


def overdue(due_at: Any, at: Any) -> Any:
    """Return the same as a condition on a column: what has no due moment is never late there either."""
    return due_at < at


def in_time(due_at: Any, at: Any) -> Any:
    """Return the contrary as a condition on a column, for what has a due moment."""
    return due_at >= at
