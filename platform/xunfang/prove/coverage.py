"""Clause coverage: which clauses a rule cites, which of those a scenario proves and the running system lives, and which
no software can carry out.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from xunfang.prove.citing import citing
from xunfang.prove.living import living
from xunfang.prove.mutants import mutants
from xunfang.prove.scenarios import run
from xunfang.rulebook.model import Rulebook, Scenario


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the clauses of a jurisdiction's own documents stand. `claimed` are those scenarios say they prove.

    Of the exercised, `lived` are those of which the running system carries out every rule that cites them, and
    `partly_lived` those of which it does some; the rest is only decided.
    """

    clauses: tuple[str, ...]
    cited: frozenset[str]
    claimed: frozenset[str]
    exercised: frozenset[str]
    not_software: tuple[tuple[str, str], ...]
    lived: frozenset[str] = frozenset()
    partly_lived: frozenset[str] = frozenset()

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
    lived, partly = _lived(rulebook, exercised)
    return Coverage(
        clauses=tuple(clause.id for clause in own),
        cited=cited,
        claimed=claimed,
        exercised=frozenset(exercised),
        not_software=tuple((clause.id, clause.not_software) for clause in own if clause.not_software),
        lived=lived,
        partly_lived=partly,
    )


def _lived(rulebook: Rulebook, exercised: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return, of the clauses exercised, those whose every citing rule is lived, and those of which some are."""
    lives = living(rulebook)
    found = {
        clause: [lives(rule.kind, rule.id) for rule in rules]
        for clause, rules in citing(rulebook).items()
        if clause in exercised
    }
    whole = frozenset(clause for clause, each in found.items() if all(each))
    return whole, frozenset(clause for clause, each in found.items() if any(each)) - whole


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
