"""Answers that do not go together: refused, or asked about and then taken when the person says that it is so."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Contradiction, IntakeForm
from xunfang.rules.conditions import Holds, compiled


def contradicting(form: IntakeForm, facts: Mapping[str, Any]) -> tuple[Contradiction, ...]:
    """Return what contradicts itself in facts, in the order of the rules."""
    return tuple([each for each, there in _compiled(form) if there(facts)])


@lru_cache(maxsize=1024)
def _compiled(form: IntakeForm) -> tuple[tuple[Contradiction, Holds], ...]:
    return tuple((each, compiled(each.when)) for each in form.contradictions)


def contradiction_problems(
    found: Collection[Contradiction], confirmed: Collection[str] = ()
) -> tuple[FieldProblem, ...]:
    """Return what is told of contradictions; one that is only asked about is no problem once it is confirmed."""
    return tuple(
        FieldProblem(each.at, each.says, "CONTRADICTION", asks=each.id if each.asks else "")
        for each in found
        if not (each.asks and each.id in confirmed)
    )


def confirmed_of(found: Collection[Contradiction], confirmed: Collection[str]) -> tuple[str, ...]:
    """Return which contradictions were there and were confirmed, for the record."""
    return tuple(each.id for each in found if each.asks and each.id in confirmed)
