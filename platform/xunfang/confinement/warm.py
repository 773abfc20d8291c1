"""A child kept warm: started at the first order, one order at a time, replaced when it was killed or is worn out."""

import atexit
import os
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from xunfang.confinement.child import Confined
from xunfang.locks import Lock

ORDERS_PER_CHILD = 500
"""A child is replaced after so many orders, so that whatever the libraries leak stays bounded."""

Equipment = TypeVar("Equipment")


class WarmChild(Generic[Equipment]):
    """Keeps one child; safe to share between threads. What it was started with decides whether it can go on."""

    def __init__(self, begin: Callable[[Equipment], Confined]) -> None:
        self._begin = begin
        self._lock = Lock()
        self._child: Confined | None = None
        self._equipment: Equipment | None = None
        _ALL.add(self)

    def ready(self, equipment: Equipment) -> None:
        """Start the child before the first order comes. Raises what `begin` raises."""
        with self._lock:
            self._child_for(equipment)

    def ask(self, equipment: Equipment, order: Mapping[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Return what the child answers. Raises HangupError when it was killed; the next order finds a new one."""
        with self._lock:
            child = self._child_for(equipment)
            try:
                return child.ask(order, body)
            except BaseException:
                self._drop()
                raise

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._drop()

    def abandon(self) -> None:
        """Forget a child that belongs to the process we were forked from; it goes on serving that one."""
        child, self._child = self._child, None
        if child is not None:
            child.abandon()

    def _child_for(self, equipment: Equipment) -> Confined:
        child = self._child
        if child is not None and child.alive() and equipment == self._equipment and child.answered < ORDERS_PER_CHILD:
            return child
        self._drop()
        self._child, self._equipment = self._begin(equipment), equipment
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()


_ALL: "weakref.WeakSet[WarmChild[Any]]" = weakref.WeakSet()


def _close_all() -> None:
    for warm in list(_ALL):
        warm.close()


def _abandon_all() -> None:
    for warm in list(_ALL):
        warm.abandon()


atexit.register(_close_all)
os.register_at_fork(after_in_child=_abandon_all)
