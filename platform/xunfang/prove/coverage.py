"""Clause coverage: which clauses a rule cites, which of those a scenario proves, which no software can carry out."""

from collections.abc import Iterator
from dataclasses import dataclass

from xunfang.prove.mutants import mutants
from xunfang.prove.scenarios import run
from xunfang.rulebook.model import Rulebook, Scenario


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the clauses of a jurisdiction's own documents stand. `claimed` are those scenarios say they prove."""

    clauses: tuple[str, ...]
    cited: frozenset[str]
    claimed: frozenset[str]
    exercised: frozenset[str]
    not_software: tuple[tuple[str, str], ...]

    @property
    def open(self) -> tuple[str, ...]:
        """Return the clauses that nothing carries out yet, or that no scenario proves."""
        settled = self.exercised | {clause for clause, _ in self.not_software}
        return tuple(clause for clause in self.clauses if clause not in settled)


def coverage(rulebook: Rulebook, *, prove: bool = False) -> Coverage:
    """Return the coverage of the clauses that the jurisdiction's own layers hold.

    Without `prove`, a clause counts as exercised when it is cited and claimed; with it, only when altering or deleting
    a rule that cites it makes a scenario that claims to prove it fail.
    """
    own = tuple(clause for clause in rulebook.clauses.values() if clause.layer != rulebook.chain[0])
    cited = frozenset(clause for basis in cited_by_rules(rulebook) for clause in basis)
    claimed = frozenset(clause for scenario in rulebook.scenarios for clause in scenario.proves)
    exercised = proven(rulebook) if prove else cited & claimed
    return Coverage(
        clauses=tuple(clause.id for clause in own),
        cited=cited,
        claimed=claimed,
        exercised=frozenset(exercised),
        not_software=tuple((clause.id, clause.not_software) for clause in own if clause.not_software),
    )


def cited_by_rules(rulebook: Rulebook) -> Iterator[tuple[str, ...]]:
    """Yield the clauses of every rule that cites any."""
    for mutant in mutants(rulebook):
        yield mutant.cites


def proven(rulebook: Rulebook) -> set[str]:
    """Return the clauses whose rule, altered or deleted, makes a scenario that claims to prove them fail."""
    claims: dict[str, list[Scenario]] = {}
    for scenario in rulebook.scenarios:
        if not run(rulebook, scenario):
            for clause in scenario.proves:
                claims.setdefault(clause, []).append(scenario)
    found: set[str] = set()
    for mutant in mutants(rulebook):
        wanted = {clause for clause in mutant.cites if clause in claims and clause not in found}
        tried: dict[str, bool] = {}
        for clause in wanted:
            for scenario in claims[clause]:
                if scenario.id not in tried:
                    tried[scenario.id] = _notices(mutant.rulebook, scenario)
                if tried[scenario.id]:
                    found.add(clause)
                    break
    return found


def _notices(rulebook: Rulebook, scenario: Scenario) -> bool:
    """Return whether a scenario fails on altered rules; one that cannot even be played has failed."""
    try:
        return bool(run(rulebook, scenario))
    except (KeyError, StopIteration, ValueError, AttributeError):
        return True
