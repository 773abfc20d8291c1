"""The rulebook 规则集: everything one jurisdiction's files say, compiled and immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from xunfang.division import DivisionTree
from xunfang.errors import Problem
from xunfang.rulebook.kinds import Rules


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario 情景: given, when, then; `proves` names the clauses it is the proof of."""

    id: str
    label: str
    proves: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]
    file: str


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook(Rules):
    """The rules of one jurisdiction 辖区. `digest` names this exact set of rules for ever."""

    id: str  # "370304-boshan"
    code: str  # "370304"
    chain: tuple[str, ...]  # layer ids from the root down to this one
    digest: str
    divisions: DivisionTree
    scenarios: tuple[Scenario, ...]
    templates: Mapping[str, str]  # template name → text; "parent/<layer>/<file>" reaches an overridden one
    warnings: tuple[Problem, ...]

    def on(self, day: date) -> "Rulebook":
        """Return these rules with the divisions as they stand on a day; where none ever changes, they themselves."""
        divisions = self.divisions
        if not divisions.changes or (divisions.day and divisions.stage(day) == divisions.stage(divisions.day)):
            return self
        return _on(self, divisions.stage(day) or date.min)


@lru_cache(maxsize=128)
def _on(rulebook: Rulebook, day: date) -> Rulebook:
    return replace(rulebook, divisions=rulebook.divisions.on(day))
