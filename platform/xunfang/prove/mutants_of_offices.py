"""Office hours, rosters and the places that a unit serves, altered."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.prove.mutant import Mutant, mutant
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import Rulebook, Unit
from xunfang.worktime import Office, parse_office

_ANOTHER_OFFICE = parse_office(["10:00-12:00", "13:00-15:00"])


def of_office(rulebook: Rulebook) -> Iterator[Mutant]:
    """Yield the rules with other office hours, of all and of each unit that has its own."""
    info = rulebook.info
    usual = Office(info.office.hours) if info.office.seasons else _ANOTHER_OFFICE
    what = "办公时间不分季节" if info.office.seasons else "改办公时间"
    yield from mutant(rulebook, what, info.office_basis, info=replace(info, office=usual))
    for unit in rulebook.units.values():
        for change, basis in _without_its_own_office(unit):
            units = {**rulebook.units, unit.id: change}
            yield from mutant(rulebook, f"单位 {unit.id} 没有自己的办公时间", basis, units=units)


def _without_its_own_office(unit: Unit) -> Iterator[tuple[Unit, Basis]]:
    yield replace(unit, office=None), unit.office_basis
    for code, instance in unit.instances.items():
        instances = {**unit.instances, code: replace(instance, office=None)}
        yield replace(unit, instances=instances), instance.office_basis


def of_served(rulebook: Rulebook) -> Iterator[Mutant]:
    """Yield the rules in which a unit that serves several places serves its own alone."""
    for unit in rulebook.units.values():
        for code, each in unit.instances.items():
            alone = replace(unit, instances={**unit.instances, code: replace(each, serves=())})
            if each.serves:
                changed = {**rulebook.units, unit.id: alone}
                yield from mutant(rulebook, f"单位 {unit.id} 的 {code} 只管本区划", unit.basis, units=changed)


def of_off_hours(rulebook: Rulebook) -> Iterator[Mutant]:
    """Yield the rules without each row of a roster off hours."""
    info = rulebook.info
    for row in info.off_hours:
        fewer = replace(info, off_hours=tuple(other for other in info.off_hours if other is not row))
        yield from mutant(rulebook, "去掉一项值班安排", row.basis, info=fewer)
    for unit in rulebook.units.values():
        for row in unit.off_hours:
            own = replace(unit, off_hours=tuple(other for other in unit.off_hours if other is not row))
            changed = {**rulebook.units, unit.id: own}
            yield from mutant(rulebook, f"单位 {unit.id} 去掉一项值班安排", row.basis, units=changed)
