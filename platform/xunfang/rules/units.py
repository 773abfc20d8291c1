"""Units as they stand in a case: "service-centre", or "township:<division>" for one that exists per division."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from xunfang.rulebook.model import Rulebook, Unit, UnitRef
from xunfang.worktime import Office

WHERE = ("residence", "registration", "unit.division")
"""The facts that tell which one of a unit's kind is meant, where there is one for each division."""


def where_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what facts tell of WHERE, in that order: all that the unit which a rule names depends on."""
    told = facts.get
    return str(told("residence") or ""), str(told("registration") or ""), str(told("unit.division") or "")


def unit_id(rulebook: Rulebook, ref: UnitRef, facts: Mapping[str, Any]) -> str:
    """Return the unit a rule names, for these facts.

    A unit that exists per division is that of the person's residence (or registration); where that lies outside the
    jurisdiction, the unit's superior takes it, because a case must never fall to nobody.
    """
    unit = rulebook.units[ref.unit]
    if not unit.per:
        return unit.id
    place = facts.get(ref.of) or facts.get("residence") or facts.get("unit.division") or ""
    division = rulebook.divisions.ancestor(rulebook.divisions.follow(str(place)), unit.per)
    if division:
        return f"{unit.id}:{seat_for(unit, division)}"
    return unit_id(rulebook, UnitRef(unit.superior), facts) if unit.superior else unit.id


def seat_for(kind: Unit, division: str) -> str:
    """Return the division after which the instance is named that is there for one: itself, or the one served from."""
    return next((each.division for each in kind.instances.values() if division in each.serves), division)


def served_by(rulebook: Rulebook, unit: str) -> tuple[str, ...]:
    """Return the divisions that a unit serves besides its own 一家机构服务几个镇."""
    kind = rulebook.units.get(kind_of(unit))
    instance = kind.instances.get(division_of(unit)) if kind else None
    return instance.serves if instance else ()


def places_of(rulebook: Rulebook, unit: str) -> tuple[str, ...]:
    """Return the divisions that a unit works in: its own and those it serves, or the whole jurisdiction."""
    return (division_of(unit) or rulebook.code, *served_by(rulebook, unit))


def place_within(rulebook: Rulebook, unit: str, residence: str) -> str:
    """Return whereby the units around one are told apart: a residence that it serves, else its own division, or ""."""
    served = any(residence.startswith(place) for place in served_by(rulebook, unit)) and residence
    return served or division_of(unit)


def kind_of(unit: str) -> str:
    """Return the id of the unit as the rules define it."""
    return unit.split(":", 1)[0]


def division_of(unit: str) -> str:
    """Return the division of a unit that exists per division, or ""."""
    return unit.partition(":")[2]


def unit_label(rulebook: Rulebook, unit: str, on: date | None = None) -> str:
    """Return a unit's name; with a day, the name it bore then (offices are renamed by reforms)."""
    kind = rulebook.units.get(kind_of(unit))
    if kind is None:
        return unit
    division = division_of(unit)
    instance = kind.instances.get(division)
    if instance and instance.label:
        return instance.label
    label = kind.label
    if on:
        label = next((name for name, until in kind.formerly if on <= until), label)
    return label.replace("{division}", rulebook.divisions.name(division, on)) if division else label


def follow_unit(rulebook: Rulebook, unit: str) -> str:
    """Return the unit that is now where a unit of a division was, itself while that division stands."""
    division = division_of(unit)
    return f"{kind_of(unit)}:{rulebook.divisions.follow(division)}" if division else unit


def former_units(rulebook: Rulebook, unit: str) -> tuple[str, ...]:
    """Return the units of divisions that have ended which a unit follows."""
    division = division_of(unit)
    return tuple(f"{kind_of(unit)}:{code}" for code in rulebook.divisions.former(division)) if division else ()


def former_places(rulebook: Rulebook, division: str) -> tuple[str, ...]:
    """Return the divisions that have ended, outside a division, whose people live within it now.

    Of a division that has ended with all within it, see `former_wholes`, nothing is listed.
    """
    wholes = former_wholes(rulebook, division)
    return tuple(code for code in _former(rulebook, division) if not code.startswith(wholes))


@lru_cache(maxsize=8192)
def former_wholes(rulebook: Rulebook, division: str) -> tuple[str, ...]:
    """Return the divisions that have ended with others in them, outside a division, all of whose people live within it.

    Each stands for all that lay within it: no part of it is there any more, and none went elsewhere.
    """
    gone = _former(rulebook, division)
    others = {found.code for found in rulebook.divisions}.difference(gone) if gone else ()
    wholes = list[str]()
    for code in sorted(gone):  # whatever lies within another comes after it
        has_more = any(within != code and within.startswith(code) for within in gone)
        if has_more and not code.startswith(tuple(wholes)) and not any(other.startswith(code) for other in others):
            wholes.append(code)
    return tuple(wholes)


def _former(rulebook: Rulebook, division: str) -> tuple[str, ...]:
    heirs = rulebook.divisions.heirs.items() if division else ()
    return tuple(code for code, heir in heirs if heir.startswith(division) and not code.startswith(division))


def document_word(rulebook: Rulebook, unit: str) -> str:
    """Return what a unit is called in the numbers of its papers 机关代字: its own word, or else its division's name.

    Two units of one kind thus never give out the same number.
    """
    kind = rulebook.units.get(kind_of(unit))
    if kind is None:
        return ""
    division = division_of(unit)
    instance = kind.instances.get(division)
    word = (instance.document_word if instance else "") or kind.document_word or ("{division}" if division else "")
    return word.replace("{division}", rulebook.divisions.name(division)) if division else word


def duty_phone(rulebook: Rulebook, unit: str) -> str:
    """Return the phone at which a unit is reached at any time 值班电话, "" where the rules give none."""
    kind = rulebook.units.get(kind_of(unit))
    if kind is None:
        return ""
    instance = kind.instances.get(division_of(unit))
    return (instance.duty_phone if instance else "") or kind.duty_phone


@lru_cache(maxsize=8192)
def own_office(rulebook: Rulebook, unit: str) -> Office | None:
    """Return the office hours that a unit has of its own, or that all of its kind have; None for the jurisdiction's."""
    kind = rulebook.units.get(kind_of(unit))
    if kind is None:
        return None
    instance = kind.instances.get(division_of(unit))
    return (instance.office if instance else None) or kind.office


def superior_of(rulebook: Rulebook, unit: str, residence: str = "") -> str:
    """Return the unit above, or "" at the top; for somebody living where it serves too, the one above it there."""
    kind = rulebook.units.get(kind_of(unit))
    if kind is None or not kind.superior:
        return ""
    return unit_id(rulebook, UnitRef(kind.superior), {"residence": place_within(rulebook, unit, residence)})


def climb(rulebook: Rulebook, unit: str, residence: str = "") -> tuple[str, ...]:
    """Return the units from one upward to the top, that one included; for somebody living somewhere, those there."""
    found = [unit]
    while (above := superior_of(rulebook, found[-1], residence)) and above not in found:
        found.append(above)
    return tuple(found)


def exists(rulebook: Rulebook, unit: str) -> bool:
    """Return whether there is such a unit; one of a division outside the jurisdiction is there too, if it is known."""
    kind = rulebook.units.get(kind_of(unit))
    if kind is None:
        return False
    division = rulebook.divisions.get(division_of(unit))
    if not kind.per:
        return not division_of(unit)
    return division is not None and division.level == kind.per and rulebook.divisions.stands(division.code)


def works_outside(rulebook: Rulebook, unit: str) -> bool:
    """Return whether a unit has no desk here: it works on paper, or belongs to a division outside the jurisdiction."""
    kind = rulebook.units.get(kind_of(unit))
    return kind is not None and (kind.external or not division_of(unit).startswith(rulebook.code if kind.per else ""))


def answers_for(rulebook: Rulebook, unit: str, other: str) -> bool:
    """Return whether members of a unit write down what another one answers on paper.

    That is for the nearest unit above it here; where all above it is outside, as a county is for the rules of a
    township, for those here that report up to it.
    """
    if not works_outside(rulebook, other):
        return unit == other
    above = (place for place in climb(rulebook, other)[1:] if not works_outside(rulebook, place))
    if nearest := next(above, ""):
        return unit in (other, nearest)
    return unit == other or (kind_of(unit) in _reporting_to(rulebook, other) and not works_outside(rulebook, unit))


def _reporting_to(rulebook: Rulebook, outside: str) -> tuple[str, ...]:
    """Return the kinds of units here that stand right below a unit outside, or below the nearest one above it."""
    for place in climb(rulebook, outside):
        kinds = (kind for kind in rulebook.units.values() if kind.superior == kind_of(place) and not kind.external)
        if below := tuple(kind.id for kind in kinds):
            return below
    return ()


def instances(rulebook: Rulebook, kind: str) -> tuple[str, ...]:
    """Return every unit of a kind: one, or one for each division of its level within the jurisdiction."""
    unit = rulebook.units[kind]
    if not unit.per:
        return (kind,)
    served = {code for each in unit.instances.values() for code in each.serves}
    there = (found.code for found in rulebook.divisions.of_level(unit.per, rulebook.code))
    return tuple(f"{kind}:{code}" for code in there if code not in served)
