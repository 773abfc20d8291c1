"""Staffing 人员配备: in which units a rule wants more holders of a role than there are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xunfang.rulebook.model import Role, Rulebook, Staffing
from xunfang.rules.units import instances


@dataclass(frozen=True, slots=True)
class Lack:
    """A unit in which a rule wants more holders of a role than there are."""

    role: Role
    rule: Staffing
    unit: str
    there: int


def lacking(rulebook: Rulebook, rosters: Mapping[str, Mapping[str, int]]) -> Iterator[Lack]:
    """Yield every lack, by how many active accounts of each role every unit has; in the order of the rules."""
    for role in rulebook.roles.values():
        for rule in role.staffed:
            for unit in instances(rulebook, rule.unit):
                there = rosters.get(unit, {}).get(role.id, 0)
                if there < rule.at_least:
                    yield Lack(role, rule, unit, there)
