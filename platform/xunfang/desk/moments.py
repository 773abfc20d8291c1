"""Days and moments as people write them, in Chinese civil time."""

from datetime import date, datetime

from xunfang.clock import local

_TO_THE_MINUTE = len("2026-10-12 17:30")


def day(value: date | datetime | None) -> str:
    """Return a day as 2026-10-12, or "" for none."""
    if value is None:
        return ""
    return (local(value).date() if isinstance(value, datetime) else value).isoformat()


def moment(value: datetime | None) -> str:
    """Return a moment as 2026-10-12 17:30, or "" for none."""
    return local(value).isoformat(" ", "minutes")[:_TO_THE_MINUTE] if value else ""


def short_moment(value: datetime | None) -> str:
    """Return a moment without its year: 10-12 17:30."""
    return local(value).strftime("%m-%d %H:%M") if value else ""
