"""Examiner: what is to be known of drafts, found out in confined children, one for each jurisdiction drafted for.

What one draft costs holds up its own jurisdiction alone: others have children of their own, a few at most; beyond that
the one that nobody has used for longest gives way.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from xunfang.checking.county import USUAL, County, HarmfulError, Told
from xunfang.checking.telling import coverage_read, problems_read, sentences_read, tried_read
from xunfang.confinement import Limits
from xunfang.errors import Problem
from xunfang.locks import Lock
from xunfang.prove.examined import Below, Covering, Examined, Rehearsed, Shown
from xunfang.rulebook.compile import jurisdictions
from xunfang.rulebook.files import Files

MOST_CHILDREN = 3
"""Each holds about 100 MB."""
MOST_BELOW = 5
"""So many problems are told of each jurisdiction that a draft breaks."""


T = TypeVar("T")


class Examiner:
    """Examines drafts; safe to share between threads. One for each process, `close` ends its children."""

    def __init__(self, limits: Limits = USUAL, most: int = MOST_CHILDREN) -> None:
        self._limits, self._most = limits, most
        self._lock = Lock()
        self._counties: dict[str, County] = {}
        self._times = 0

    def examine(self, files: Files, jurisdiction: str, day: date, whose: str = "") -> Examined:
        """Return what is wrong with a draft on a day. Raises TooOften while many wait for the same jurisdiction.

        `whose`: who asks for it, where that is another; what it costs holds up them alone.
        """
        return self._examined(whose or jurisdiction, files, jurisdiction, day)

    def _examined(self, whose: str, files: Files, jurisdiction: str, day: date) -> Examined:
        order = {"do": "check", "jurisdiction": jurisdiction, "day": day.isoformat()}
        return self._told(whose, order, files, _examined, lambda problem: Examined((problem,)))

    def scenarios(self, files: Files, jurisdiction: str, day: date) -> Rehearsed:
        """Return how the scenarios of a draft turn out. Raises TooOften."""
        order = {"do": "scenarios", "jurisdiction": jurisdiction, "day": day.isoformat()}
        return self._told(jurisdiction, order, files, _rehearsed, lambda problem: Rehearsed((problem,)))

    def coverage(self, files: Files, jurisdiction: str, *, released: bool = False) -> Covering:
        """Return how the clauses of a draft stand, or of what was `released`. Raises TooOften."""
        order = {"do": "coverage", "jurisdiction": jurisdiction, "released": released}
        return self._told(jurisdiction, order, files, _covering, lambda problem: Covering((problem,)))

    def show(self, files: Files, jurisdiction: str, rule: str = "") -> Shown:
        """Return the sentences of one rule of a draft, or of all. Raises TooOften."""
        order = {"do": "show", "jurisdiction": jurisdiction, "rule": rule}
        return self._told(jurisdiction, order, files, _shown, lambda problem: Shown((problem,)))

    def below(self, files: Files, layer: str, served: Mapping[str, Files], day: date) -> tuple[Below, ...]:
        """Return each jurisdiction that inherits from a layer, with what the draft of that layer breaks in it.

        `served` are the files that each jurisdiction goes by now; what is wrong with these already is not told.
        Raises TooOften.
        """
        found = []
        for jurisdiction, own in served.items():
            if jurisdiction != layer and layer in jurisdictions(own).get(jurisdiction, ()):
                found.append(self._one_below(files, layer, jurisdiction, own, day))
        return tuple(found)

    def _one_below(self, files: Files, layer: str, jurisdiction: str, own: Files, day: date) -> Below:
        after = self._examined(layer, laid_below(files, layer, own), jurisdiction, day)
        if not after.problems:
            return Below(jurisdiction, after.name)
        before = self._examined(layer, own, jurisdiction, day)
        known = {_what(problem) for problem in before.problems}
        problems = tuple(problem for problem in after.problems if _what(problem) not in known)
        return Below(jurisdiction, before.name, problems[:MOST_BELOW], len(problems))

    def close(self) -> None:
        """End every child."""
        with self._lock:
            counties, self._counties = list(self._counties.values()), {}
        for county in counties:
            county.end()

    def _told(
        self,
        whose: str,
        order: Mapping[str, Any],
        files: Files,
        read: Callable[[Told], T],
        instead: Callable[[Problem], T],
    ) -> T:
        """Return what a child tells, or that it could not."""
        try:
            return read(self._asked(whose, order, files))
        except HarmfulError as error:
            return instead(_harmful(str(order["jurisdiction"]), error.kind))
        except (LookupError, TypeError, ValueError, AttributeError) as error:  # no answer of ours
            return instead(_harmful(str(order["jurisdiction"]), type(error).__name__))

    def _asked(self, whose: str, order: Mapping[str, Any], files: Files) -> Told:
        while (told := self._county(whose).ask(order, files)) is None:
            pass  # it gave way to another just now
        return told

    def _county(self, whose: str) -> County:
        """Return the child of a jurisdiction; where there are too many, the one used least lately ends first."""
        with self._lock:
            self._times += 1
            county = self._counties.get(whose)
            spare = self._spare() if county is None else None
            if county is None:
                county = self._counties[whose] = County(self._limits)
            county.used = self._times
        if spare is not None:
            spare.end()
        return county

    def _spare(self) -> County | None:
        """Take out the child that is to give way: one that nobody waits for, if there is any."""
        if len(self._counties) < self._most:
            return None
        least = min(self._counties, key=lambda name: (self._counties[name].waiting > 0, self._counties[name].used))
        return self._counties.pop(least)


def laid_below(files: Files, layer: str, own: Files) -> dict[str, str]:
    """Return the files of a jurisdiction with those of one layer as a draft has them."""
    kept = {path: text for path, text in own.items() if path.split("/", 2)[1] != layer}
    return kept | {path: text for path, text in files.items() if path.split("/", 2)[1] == layer}


def _what(problem: Problem) -> tuple[str, str, str, str]:
    return problem.file, problem.key, problem.code, problem.message


def _harmful(jurisdiction: str, kind: str) -> Problem:
    if kind:
        message = f"这份草案使检查程序出错（{kind}），没有查完"
        hint = "请撤回最近的改动；撤回后仍如此，请交维护人员"
        return Problem(jurisdiction, 0, "", "COMPILER_FAILED", message, hint)
    message = "检查这份草案超出了允许的时间或内存，已经停止，没有查完"
    hint = "请撤回最近的改动，或者把过长的清单、表格、模板分开、精简"
    return Problem(jurisdiction, 0, "", "DRAFT_TOO_HEAVY", message, hint)


def _examined(told: Told) -> Examined:
    given = (problems_read(told["problems"]), problems_read(told["warnings"]))
    return Examined(*given, str(told["digest"]), str(told["name"]))


def _rehearsed(told: Told) -> Rehearsed:
    tried = tuple(tried_read(each) for each in told.get("tried", ()))
    return Rehearsed(problems_read(told.get("problems", ())), tried)


def _covering(told: Told) -> Covering:
    found = told.get("coverage")
    return Covering(problems_read(told.get("problems", ())), coverage_read(found) if found else None)


def _shown(told: Told) -> Shown:
    return Shown(problems_read(told.get("problems", ())), sentences_read(told.get("sentences", ())))
