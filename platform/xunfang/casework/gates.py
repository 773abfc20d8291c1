"""Gates 关口: what a draft of rules passes before it is published, and which one step is next.

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


RUNNING = "running"
"""Among the particulars of what a job is still at."""


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

    @property
    def passed(self) -> bool:
        """Whether it is passed by the files as they are now."""
        return self.standing is Standing.PASSED


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

    @property
    def may_be_reviewed(self) -> bool:
        """Whether everything is passed that nobody need look at."""
        return all(gate.passed for gate in self if gate.id != REVIEW)

    @property
    def may_be_published(self) -> bool:
        """Whether everything is passed."""
        return all(gate.passed for gate in self)


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


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next: to `run` a gate, to `mend` what it found, to `ask` for review, to `wait`, to `publish`.

    `gate` is which one it is about, "" for publishing.
    """

    do: str
    gate: str
    sentence: str


_RUN = {
    CHECK: "下一步：检查规则。",
    SCENARIOS: "下一步：推演情景，看原来写明的各种情形是否仍照样办理。",
    COVERAGE: "下一步：核对条款，看现行规则已经落实的条款有没有丢下。",
    REPLAY: "下一步：试算，用近几个月的填报看哪些个案会不一样。",
}
_AGAIN = {
    CHECK: "规则又改过，下一步：重新检查。",
    SCENARIOS: "规则又改过，下一步：重新推演情景。",
    COVERAGE: "规则又改过，下一步：重新核对条款。",
    REPLAY: "规则又改过，下一步：重新试算。",
}
_MEND = {
    CHECK: "下一步：改好检查发现的第一处问题。",
    SCENARIOS: "下一步：改规则或者改情景，使情景相符。",
    COVERAGE: "下一步：给不再落实的条款补上规则和情景。",
    REPLAY: "下一步：改好使试算做不下去的地方。",
}
_WAITING = "已送复核，等待复核人的意见；现行规则照旧，没有改动。"
_ASK = {
    Standing.UNDONE: "下一步：送另一位同志复核。",
    Standing.STALE: "复核以后规则又改过，原来的复核意见作废。下一步：重新送复核。",
    Standing.FAILED: "复核没有通过。下一步：按复核意见修改，改好再送。",
}
_PUBLISH = "各关都已通过。下一步：发布；发布以前现行规则照旧。"


def next_step(gates: Gates, *, submitted: bool = False) -> NextStep:
    """Return the one step that is next for a draft, be it `submitted` for review or not."""
    for gate in gates:
        if gate.id != REVIEW and not gate.passed:
            return _step_at(gate)
    if gates.review.passed:
        return NextStep("publish", "", _PUBLISH)
    if submitted:
        return NextStep("wait", REVIEW, _WAITING)
    do = "mend" if gates.review.standing is Standing.FAILED else "ask"
    return NextStep(do, REVIEW, _ASK[gates.review.standing])


def _step_at(gate: Gate) -> NextStep:
    if gate.standing is Standing.FAILED:
        return NextStep("mend", gate.id, _MEND[gate.id])
    if gate.standing is Standing.RUNNING:
        return NextStep("wait", gate.id, gate.sentence)
    words = _AGAIN if gate.standing is Standing.STALE else _RUN
    return NextStep("run", gate.id, words[gate.id])
