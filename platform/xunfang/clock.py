"""The only module that reads the clock; everything else is given the moment as an argument."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Chinese civil time. A fixed offset: no summer time since 1991, and no time-zone data to be missing on a server."""


def now() -> datetime:
    """Return the present moment, in UTC, to the second (stored moments carry no fractions)."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long this machine has been running, by a clock that nobody sets, and since which start of it."""

    boot: str
    passed: timedelta


_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""It counts on while the machine sleeps, where the system knows such a clock."""


def uptime() -> Uptime:
    """Return how long this machine has been running; where it cannot name its start, this process stands for it."""
    return Uptime(_boot(), timedelta(seconds=time.clock_gettime(_BOOT_CLOCK)))


@lru_cache(maxsize=1)
def _boot() -> str:
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return f"process-{os.getpid()}-{time.time_ns()}"


def milliseconds() -> int:
    """Return the milliseconds since 1970 UTC, for keys that sort by the time they were made."""
    return time.time_ns() // 1_000_000


def local(moment: datetime) -> datetime:
    """Return a moment as Chinese civil time; a moment without a zone is taken to be Chinese civil time already."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)


def today() -> date:
    """Return the present Chinese calendar day."""
    return local_date(now())


@lru_cache(maxsize=256)
def local_date(moment: datetime) -> date:
    """Return the Chinese calendar day on which a moment falls."""
    return local(moment).date()


@lru_cache(maxsize=64)
def parse(text: str) -> datetime:
    """Return the moment an ISO 8601 text names, in Chinese civil time when it names no zone.

    Raises ValueError when the text is no moment.
    """
    try:
        return local(datetime.fromisoformat(text))
    except OverflowError:  # the first or last day there is, moved beyond it by its zone
        raise ValueError(text) from None


Now = Callable[[], datetime]
"""What tells the present moment; `now` in earnest, a played moment in tests and demonstrations."""
