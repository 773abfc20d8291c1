"""Keys: made by whoever creates the row, ordered by time, so that a retry carries the same key."""

import os

from xunfang import clock

_RANDOM_BITS, _STEP_BYTES = 74, 6


class _Latest:
    """The last key of this process: what is made after it lies above it, in the same millisecond too.

    Without a lock: two threads at once get two numbers as well, and of them nobody can say which comes first.
    """

    def __init__(self) -> None:
        self._number = 0

    def after(self, number: int) -> int:
        """Return a number, or one a random step beyond the last if that is higher (RFC 9562, 6.2, method 2)."""
        step = int.from_bytes(os.urandom(_STEP_BYTES), "big") + 1
        number = max(number, self._number + step)
        self._number = number
        return number


_LATEST = _Latest()


def new_id() -> str:
    """Return a new key: 32 hex digits laid out as UUID version 7 (RFC 9562), above those made here before."""
    random = int.from_bytes(os.urandom(10), "big") >> (80 - _RANDOM_BITS)
    number = _LATEST.after((clock.milliseconds() << _RANDOM_BITS) | random)
    high = ((number >> _RANDOM_BITS) << 16) | 0x7000 | ((number >> 62) & 0xFFF)
    low = (0b10 << 62) | (number & ((1 << 62) - 1))
    return f"{high:016x}{low:016x}"
