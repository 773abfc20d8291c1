"""Keys: made by whoever creates the row, ordered by time, so that a retry carries the same key."""

import os

from xunfang import clock

_RANDOM_BYTES = 10


def new_id() -> str:
    """Return a new key: 32 hex digits laid out as UUID version 7 (RFC 9562), ordered by the moment it was made at."""
    stamp = clock.milliseconds()
    random = int.from_bytes(os.urandom(_RANDOM_BYTES), "big")
    high = (stamp << 16) | 0x7000 | (random >> 68)
    low = (0b10 << 62) | (random & ((1 << 62) - 1))
    return f"{high:016x}{low:016x}"
