"""One kind of lock for all: among the threads of one process, and free in a process forked from it."""

import os
import threading
import weakref
from types import TracebackType


class Lock:
    """Held by one thread at a time, by that one as often as it likes.

    A forked child has none of its parent's threads, so what one of them held at that moment would never be let go:
    the child finds every lock free.
    """

    def __init__(self) -> None:
        self._held = threading.RLock()
        _ALL.add(self)

    def __enter__(self) -> None:
        self._held.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._held.release()

    def renew(self) -> None:
        """Be free in a process just forked, unless the thread that goes on here holds it."""
        if self._held.acquire(blocking=False):
            self._held.release()
        else:
            self._held = threading.RLock()


_ALL: "weakref.WeakSet[Lock]" = weakref.WeakSet()


def _renew_all() -> None:
    for lock in list(_ALL):
        lock.renew()


os.register_at_fork(after_in_child=_renew_all)
