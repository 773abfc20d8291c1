"""Who receives a step: units abolished, and units that some division does not have, with nobody above to step in."""

from collections.abc import Iterator
from datetime import date

from xunfang.errors import Problem, Severity
from xunfang.rulebook.model import Rulebook, Unit

Named = tuple[str, str, str]
"""A file, the key of a rule in it, and the unit it names."""


def receivers(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    """Yield a warning for each rule whose unit cannot receive its step on a day, in some division at least."""
    told = set()
    for file, key, name in _named(rulebook):
        unit = rulebook.units.get(name)
        if unit is None:
            continue
        if not _stands(unit, today):
            message = f"单位“{unit.anywhere}”已撤销或尚未成立，这一步无人承办"
            yield _warning(rulebook, file, key, "UNIT_GONE", message, "请改写现有的单位")
        elif name not in told and (place := _lacking(rulebook, unit, today)):
            told.add(name)
            message = f"“{unit.anywhere}”在{place}没有对应的单位，也没有能接手的上级，这一步无人承办"
            yield _warning(rulebook, file, key, "UNIT_NOWHERE", message, f'请给 {name} 写上 superior = "<单位编号>"')


def _stands(unit: Unit, today: date) -> bool:
    return not (unit.until and unit.until < today) and not (unit.since and unit.since > today)


def _lacking(rulebook: Rulebook, unit: Unit, today: date) -> str:
    """Return the first place, of those where people of the jurisdiction live, that has nobody for a unit; else ""."""
    if not unit.per or not rulebook.info.serves or _stands_above(rulebook, unit, today):
        return ""
    for division in rulebook.divisions:
        parents = {child.code for child in rulebook.divisions.children(division.code)}
        inside = division.code.startswith(rulebook.code)
        if inside and not parents and not rulebook.divisions.ancestor(division.code, unit.per):
            return division.name
    return "本辖区以外（户籍或居住地在外地时）"


def _stands_above(rulebook: Rulebook, unit: Unit, today: date) -> bool:
    """Return whether somewhere above a unit one stands that exists only once: it takes what nobody else can."""
    seen = {unit.id}
    above = rulebook.units.get(unit.superior)
    while above and above.id not in seen:
        if not above.per and _stands(above, today):
            return True
        seen.add(above.id)
        above = rulebook.units.get(above.superior)
    return False


def _named(rulebook: Rulebook) -> Iterator[Named]:
    yield from _named_in_casework(rulebook)
    for meeting in rulebook.meetings.values():
        yield "meetings.toml", meeting.id, meeting.convenes
    for duty in rulebook.duties.values():
        yield from (("duties.toml", duty.id, name) for name in (duty.of, *duty.to) if name)
    for kind in rulebook.alerts.values():
        yield from (("alerts.toml", kind.id, name) for name in kind.by)
    yield from (("jurisdiction.toml", "off_hours", row.unit) for row in rulebook.info.off_hours)
    for unit in rulebook.units.values():
        yield from (("units.toml", unit.id, row.unit) for row in unit.off_hours)
    for deadline in rulebook.deadlines.values():
        for escalation in deadline.escalate:
            names = (escalation.to, *(ref.unit for ref in escalation.informs))
            yield from (("deadlines.toml", escalation.id, name) for name in names)


def _named_in_casework(rulebook: Rulebook) -> Iterator[Named]:
    for table in rulebook.routing.values():
        for row in table.every_row:
            for ref in (row.lead, *row.assist, *row.informs):
                if ref:
                    yield "routing.toml", f"{table.id}.{row.id}", ref.unit
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            if state.unit:
                yield f"flows/{flow.id}.toml", f"states.{state.id}", state.unit
            for outcome in state.outcomes.values():
                for ref in outcome.informs:
                    yield f"flows/{flow.id}.toml", f"states.{state.id}.outcomes.{outcome.id}", ref.unit


def _warning(rulebook: Rulebook, file: str, key: str, code: str, message: str, hint: str) -> Problem:
    return Problem(f"workflows/{rulebook.id}/{file}", 0, key, code, message, hint, Severity.WARNING)
