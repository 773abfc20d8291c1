"""What a replay 试算 came to: how many past reports a draft decides otherwise, and which are the first of them."""

import re
from bisect import insort
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

ASPECTS: Mapping[str, str] = {"unit": "承办单位", "due": "期限", "papers": "文书", "refused": "受理"}
"""What rules make of a report, and what people call it."""
MOST_CASES = 200
"""So many are named."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What rules make of a report, in words: its units, when it is due, its papers; or that they do not take it."""

    unit: str = ""
    due: str = ""
    papers: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past report, known by the number of its case: by the rules it came under, and by the draft."""

    number: str
    before: Outlook
    after: Outlook

    @property
    def changes(self) -> tuple[str, ...]:
        """What is otherwise by the draft, of `ASPECTS`."""
        return tuple(name for name in ASPECTS if getattr(self.before, name) != getattr(self.after, name))


def in_order(replayed: Replayed) -> list[int]:
    """Return what cases are told in the order of: the digits of their numbers."""
    return [int(digits) for digits in re.findall(r"[0-9]+", replayed.number)]


@dataclass(frozen=True, slots=True)
class ReplayCount:
    """How many reports were replayed, how many of them change, what, and the first of these by their numbers."""

    count: int
    changed: int
    by: Mapping[str, int]
    cases: tuple[Replayed, ...]

    def kept(self) -> dict[str, Any]:
        """Return the count as it is stored."""
        cases = [asdict(each) for each in self.cases]
        return {"count": self.count, "changed": self.changed, "by": dict(self.by), "cases": cases}


def count_of(kept: Mapping[str, Any]) -> ReplayCount:
    """Return a count that was stored."""
    cases = tuple(
        Replayed(str(each["number"]), Outlook(**each["before"]), Outlook(**each["after"])) for each in kept["cases"]
    )
    return ReplayCount(int(kept["count"]), int(kept["changed"]), dict(kept["by"]), cases)


NOTHING_YET = ReplayCount(0, 0, {}, ())


class ReplayCounter:
    """Counts what is replayed, one after the other, beyond what was counted before, and keeps only what is told."""

    def __init__(self, before: ReplayCount = NOTHING_YET) -> None:
        self._count, self._changed = before.count, before.changed
        self._by: Counter[str] = Counter(before.by)
        self._first = [(in_order(each), each.number, each) for each in before.cases]

    def add(self, replayed: Replayed) -> None:
        """Count one."""
        self._count += 1
        if changes := replayed.changes:
            self._changed += 1
            self._by.update(changes)
            insort(self._first, (in_order(replayed), replayed.number, replayed), key=lambda each: each[:2])
            del self._first[MOST_CASES:]

    def told(self) -> ReplayCount:
        """Return what was counted up to here."""
        by = {name: self._by[name] for name in ASPECTS}
        return ReplayCount(self._count, self._changed, by, tuple(each[-1] for each in self._first))
