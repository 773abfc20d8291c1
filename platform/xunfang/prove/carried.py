"""How far each clause is carried out 条款落实: lived, decided, told by a rule alone, or by none."""

from collections.abc import Iterable
from enum import StrEnum

from xunfang.prove.citing import Cited, citing
from xunfang.prove.living import Lives, living
from xunfang.rulebook.model import Rulebook


class Carried(StrEnum):
    """How far a clause is carried out."""

    LIVED = "lived"
    PARTLY = "partly"  # the system carries out some of the rules that rest on it
    DECIDED = "decided"  # scenarios prove it, the system does not carry it out
    UNPROVEN = "unproven"  # a rule rests on it, no scenario claims to prove it
    NOTHING = "nothing"
    NO_SOFTWARE = "no-software"


def carried(rulebook: Rulebook) -> dict[str, Carried]:
    """Return how far every clause is carried out, of all layers; what scenarios claim is believed."""
    claimed = frozenset(clause for scenario in rulebook.scenarios for clause in scenario.proves)
    rests, lives = citing(rulebook), living(rulebook)
    return {
        id: _carried(rests.get(id, ()), lives, claimed=id in claimed, needs_none=bool(clause.not_software))
        for id, clause in rulebook.clauses.items()
    }


def _carried(rules: Iterable[Cited], lives: Lives, *, claimed: bool, needs_none: bool) -> Carried:
    lived = [lives(rule.kind, rule.id) for rule in rules]
    if needs_none or not lived:
        return Carried.NO_SOFTWARE if needs_none else Carried.NOTHING
    if not claimed:
        return Carried.UNPROVEN
    return Carried.LIVED if all(lived) else Carried.PARTLY if any(lived) else Carried.DECIDED
