"""What was found of a draft on its way from the child: as plain data there, as values again here.

What comes back was made by a process that a hostile draft may have taken hold of: nothing of it is believed but that
it is text, and only so much of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xunfang.errors import Problem, Severity
from xunfang.prove.coverage import Coverage
from xunfang.prove.examined import Sentence, Tried
from xunfang.prove.scenarios.comparing import Failure

MOST = 1_000
"""So many problems are told of one draft; who has mended these asks again."""
_MOST_FAILURES = 50
_LONGEST = 2_000
"""Characters of what is told of a problem; what is longer says no more."""
_LONGEST_RULE = 50_000
Told = dict[str, Any]


def problems_told(problems: Sequence[Problem]) -> list[Told]:
    """Return problems as plain data, the first of very many."""
    told = [_problem_told(each) for each in problems[:MOST]]
    if len(problems) > MOST:
        message = f"此外还有 {len(problems) - MOST} 处，没有列出"
        told.append(_problem_told(Problem(problems[MOST].file, 0, "", "PROBLEMS_MANY", message, "请先改好列出的")))
    return told


def _problem_told(each: Problem) -> Told:
    return {
        "file": each.file[:_LONGEST],
        "line": each.line,
        "key": each.key[:_LONGEST],
        "code": each.code,
        "message": each.message[:_LONGEST],
        "hint": each.hint[:_LONGEST],
        "severity": each.severity.value,
    }


def problems_read(told: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Return the problems again."""
    return tuple(
        Problem(
            str(each["file"]),
            int(each["line"]),
            str(each["key"]),
            str(each["code"]),
            str(each["message"]),
            str(each["hint"]),
            Severity(each["severity"]),
        )
        for each in told
    )


def tried_told(tried: Tried) -> Told:
    """Return a scenario that was played as plain data."""
    failures = [[each.step, each.what, each.expected, each.got] for each in tried.failures[:_MOST_FAILURES]]
    told = {"id": tried.id, "label": tried.label, "file": tried.file, "failures": failures, "stuck": tried.stuck}
    return {**told, "words": list(tried.words[:_MOST_FAILURES])}


def tried_read(told: Mapping[str, Any]) -> Tried:
    """Return the scenario again."""
    failures = tuple(Failure(int(step), str(what), expected, got) for step, what, expected, got in told["failures"])
    return Tried(
        str(told["id"]), str(told["label"]), str(told["file"]), failures, str(told["stuck"]), tuple(told["words"])
    )


def coverage_told(coverage: Coverage) -> Told:
    """Return coverage as plain data."""
    return {
        "clauses": coverage.clauses,
        "not_software": coverage.not_software,
        **{name: sorted(getattr(coverage, name)) for name in _SETS},
    }


_SETS = ("cited", "claimed", "exercised", "lived", "partly_lived")


def coverage_read(told: Mapping[str, Any]) -> Coverage:
    """Return the coverage again."""
    return Coverage(
        clauses=tuple(map(str, told["clauses"])),
        not_software=tuple((str(clause), str(reason)) for clause, reason in told["not_software"]),
        **{name: frozenset(map(str, told[name])) for name in _SETS},
    )


def sentences_told(sentences: Iterable[Sentence]) -> list[list[Any]]:
    """Return sentences as plain data."""
    return [[each.heading, each.id, each.text[:_LONGEST_RULE], each.cites] for each in sentences]


def sentences_read(told: Iterable[Sequence[Any]]) -> tuple[Sentence, ...]:
    """Return the sentences again."""
    return tuple(
        Sentence(str(heading), str(id), str(text), tuple(map(str, cites))) for heading, id, text, cites in told
    )
