"""What a condition rests on: the facts it reads, and whether it can hold at all where only some are ever told."""

from collections.abc import Callable

from xunfang.rulebook.model import AllOf, AnyOf, Condition, FactRef, Operator, Test

_OF_KNOWN = frozenset(Operator) - {Operator.IS_NOT, Operator.NONE, Operator.KNOWN, Operator.ALL}
"""Comparisons that fail where the fact is not known."""


def facts_read(condition: Condition) -> frozenset[str]:
    """Return the facts that a condition reads, answers by their bare names."""
    if not isinstance(condition, Test):
        return frozenset[str]().union(*(facts_read(part) for part in condition.parts))
    own = {_bare(condition.path)}
    if isinstance(condition.value, FactRef):
        own |= {_bare(condition.value.path), _bare(condition.value.on)} - {""}
    return frozenset(own)


def can_hold(condition: Condition, told: Callable[[str], bool]) -> bool:
    """Return whether a condition may hold where only some facts can ever be told: those that `told` says so of."""
    if isinstance(condition, AllOf):
        return all(can_hold(part, told) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return any(can_hold(part, told) for part in condition.parts)
    fails = condition.operator in _OF_KNOWN or (condition.operator is Operator.KNOWN and bool(condition.value))
    return not fails or told(_bare(condition.path))


def _bare(path: str) -> str:
    return path.removeprefix("answers.")
