"""One rulebook with one rule altered, and how it is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import Rulebook

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook in which one citing rule is altered: what was done, and the clauses that rule cited."""

    what: str
    cites: tuple[str, ...]
    rulebook: Rulebook


def without(mapping: Mapping[str, T], key: str) -> dict[str, T]:
    """Return a mapping without one of its keys."""
    return {name: value for name, value in mapping.items() if name != key}


def mutant(rulebook: Rulebook, what: str, basis: Basis, **change: Any) -> Iterator[Mutant]:
    """Yield the rules with one change, where the rule that is changed cites anything."""
    if basis.cites:
        yield Mutant(what, basis.cites, replace(rulebook, **change))
