"""What a web process counts of its own answers: how many, how long they took, and what was turned away.

By endpoint, never by address: an address holds the id of what it is about.
"""

import time
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, cast

from flask import g, request

from xunfang.locks import Lock

if TYPE_CHECKING:
    from flask import Flask, Response

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds up to which answers are counted together."""

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
NOWHERE = "none"
"""The endpoint of what leads nowhere."""


class Measures:
    """What one process has counted since it began; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: Counter[tuple[str, str, int]] = Counter()
        self._lasted: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()
        self._refusals: Counter[str] = Counter({"BUSY": 0})

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        with self._lock:
            self._answers[endpoint, method if method in METHODS else "other", status] += 1
            self._lasted.setdefault(endpoint, [0] * (len(BOUNDS) + 1))[bisect_left(BOUNDS, seconds)] += 1
            self._seconds[endpoint] += seconds  # type: ignore[assignment]

    def refused(self, code: str) -> None:
        """Count one request that could not be served at the time, or was not let in."""
        with self._lock:
            self._refusals[code or "OTHER"] += 1

    def answers(self) -> dict[tuple[str, str, int], int]:
        """Return how many answers there were by endpoint, method and status."""
        with self._lock:
            return dict(self._answers)

    def durations(self) -> dict[str, tuple[tuple[int, ...], float]]:
        """Return, by endpoint, how many answers fell between two bounds each, and how many seconds all took."""
        with self._lock:
            return {name: (tuple(counts), float(self._seconds[name])) for name, counts in self._lasted.items()}

    def refusals(self) -> dict[str, int]:
        """Return how often each refusal was given."""
        with self._lock:
            return dict(self._refusals)


def measures_of(app: "Flask") -> Measures:
    """Return what an application counts."""
    return cast("Measures", app.extensions["xunfang-measures"])


def install_measures(app: "Flask") -> None:
    """Count every answer of the application."""
    app.extensions["xunfang-measures"] = Measures()

    def begin() -> None:
        g.begun = time.perf_counter()

    def end(response: "Response") -> "Response":
        seconds = time.perf_counter() - g.get("begun", time.perf_counter())
        endpoint = request.url_rule.endpoint if request.url_rule else NOWHERE
        measures_of(app).answered(endpoint, request.method, response.status_code, seconds)
        return response

    app.before_request(begin)
    app.after_request(end)
