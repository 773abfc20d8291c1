"""Gates 关口: what a draft of rules passes before it is published.

A result is of the files as they were then, named by their digest: after any later edit it is out of date.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from xunfang.clock import local, parse

CHECK, SCENARIOS, COVERAGE, REPLAY, REVIEW = "check", "scenarios", "coverage", "replay", "review"
GATES: Mapping[str, str] = {
    CHECK: "检查",
    SCENARIOS: "情景",
    COVERAGE: "条款落实",
    REPLAY: "试算",
    REVIEW: "复核",
}
"""Every gate in the order in which they are passed, and what people call it."""


PUBLISH = "publish"
"""No gate: under this name stands how far publishing is, for the worker does that a few jurisdictions at a time."""
RUNNING, ASKED = "running", "asked"
"""Among the particulars of what a job is still at; and by what those who ask, even at one moment, are told apart."""
MONTHS, LEAST_MONTHS, MOST_MONTHS = 6, 3, 12
"""So many months back reports are replayed where nobody chose, at least and at most."""


class Standing(StrEnum):
    """How a gate stands. The value is what people are told."""

    UNDONE = "未做"
    RUNNING = "进行中"
    PASSED = "通过"
    FAILED = "未通过"
    STALE = "已过时"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one gate, for the files with this digest: a sentence, and the particulars as plain data."""

    gate: str
    passed: bool
    sentence: str
    digest: str
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether a job is still at it; the sentence says how far it is."""
        return bool(self.details.get(RUNNING))

    def kept(self) -> dict[str, Any]:
        """Return the result as it is stored."""
        return {
            "gate": self.gate,
            "passed": self.passed,
            "sentence": self.sentence,
            "digest": self.digest,
            "at": local(self.at).isoformat(),
            "details": dict(self.details),
        }


def replay_wanted(digest: str, months: int, asked: str, at: datetime) -> Result:
    """Return that a replay was asked for, which nobody has begun yet; `asked` tells it from any other."""
    details = {"months": months, ASKED: asked, RUNNING: True}
    return Result(REPLAY, False, f"排队等后台试算，近{months}个月的填报。", digest, at, details)


def result_of(kept: Mapping[str, Any]) -> Result:
    """Return a result that was stored."""
    given = (str(kept["sentence"]), str(kept["digest"]), parse(str(kept["at"])))
    return Result(str(kept["gate"]), bool(kept["passed"]), *given, kept.get("details", {}))


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate as people see it; `at` is None for one that nobody has come to."""

    id: str
    standing: Standing = Standing.UNDONE
    sentence: str = ""
    at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What people call it."""
        return GATES[self.id]


@dataclass(frozen=True, slots=True)
class Gates:
    """How a draft stands with each gate."""

    check: Gate = field(default=Gate(CHECK))
    scenarios: Gate = field(default=Gate(SCENARIOS))
    coverage: Gate = field(default=Gate(COVERAGE))
    replay: Gate = field(default=Gate(REPLAY))
    review: Gate = field(default=Gate(REVIEW))

    def __iter__(self) -> Iterator[Gate]:
        """Yield each gate in the order in which they are passed."""
        return iter((self.check, self.scenarios, self.coverage, self.replay, self.review))


def gates_of(results: Iterable[Result], digest: str) -> Gates:
    """Return how files of this digest stand with each gate, by the last result that there is of it."""
    last: dict[str, Result] = {}
    for result in results:
        if result.gate not in last or result.at >= last[result.gate].at:
            last[result.gate] = result
    return Gates(**{gate: _gate(gate, last.get(gate), digest) for gate in GATES})


def _gate(gate: str, result: Result | None, digest: str) -> Gate:
    if result is None:
        return Gate(gate)
    standing = Standing.RUNNING if result.running else Standing.PASSED if result.passed else Standing.FAILED
    if result.digest != digest:
        standing = Standing.STALE
    return Gate(gate, standing, result.sentence, result.at, result.details)
