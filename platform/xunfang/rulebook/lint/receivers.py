"""Who receives a step: units abolished, and units that some division does not have, with nobody above to step in."""

from collections.abc import Iterator, Mapping
from datetime import date

from xunfang.rulebook.findings import Findings
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import Rulebook, Unit
from xunfang.rulebook.positions import Path

Named = tuple[str, Path, str]
"""A part, the place of a rule in it, and the unit it names."""


def receivers(rulebook: Rulebook, parts: Mapping[str, Part], today: date, findings: Findings) -> None:
    """Warn of each rule whose unit cannot receive its step on a day, in some division at least."""
    told = set()
    for part, path, name in _named(rulebook):
        unit = rulebook.units.get(name)
        if unit is None:
            continue
        if not _stands(unit, today):
            message = f"单位“{unit.anywhere}”{_why_not(unit, today)}，这一步无人承办"
            findings.warning(parts[part], path, "UNIT_GONE", message, "请改写现有的单位")
        elif name not in told and (place := _lacking(rulebook, unit, today)):
            told.add(name)
            message = f"“{unit.anywhere}”在{place}没有对应的单位，也没有能接手的上级，这一步无人承办"
            findings.warning(parts[part], path, "UNIT_NOWHERE", message, f'请给 {name} 写上 superior = "<单位编号>"')


def _stands(unit: Unit, today: date) -> bool:
    return not (unit.until and unit.until < today) and not (unit.since and unit.since > today)


def _why_not(unit: Unit, today: date) -> str:
    return f"已撤销（到 {unit.until} 止）" if unit.until and unit.until < today else f"尚未成立（自 {unit.since} 起）"


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
        yield "meetings", (meeting.id, "convenes"), meeting.convenes
    for duty in rulebook.duties.values():
        named = (("of", duty.of), ("or_else", duty.or_else), *(("to", name) for name in duty.to))
        yield from (("duties", (duty.id, key), name) for key, name in named if name)
    for paper in rulebook.notices.values():
        refs = (("to", paper.units), ("copies", paper.copies))
        yield from (("notices", (paper.id, key), ref.unit) for key, units in refs for ref in units)
    for kind in rulebook.alerts.values():
        yield from (("alerts", (kind.id, "by"), name) for name in kind.by)
    for index, row in enumerate(rulebook.info.off_hours):
        yield "jurisdiction", ("off_hours", index, "unit"), row.unit
    for unit in rulebook.units.values():
        yield from (("units", (unit.id, "off_hours", n, "unit"), row.unit) for n, row in enumerate(unit.off_hours))
    for deadline in rulebook.deadlines.values():
        for index, escalation in enumerate(deadline.escalate):
            names = (escalation.to, *(ref.unit for ref in escalation.informs))
            yield from (("deadlines", (deadline.id, "escalate", index), name) for name in names)


def _named_in_casework(rulebook: Rulebook) -> Iterator[Named]:
    for table in rulebook.routing.values():
        for index, row in enumerate(table.every_row):
            place: Path = ("otherwise",) if row is table.otherwise else ("rows", index)
            units = [ref.unit for ref in (row.lead, *row.assist, *row.informs) if ref]
            yield from (("routing", (table.id, *place), name) for name in units)
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            if state.unit:
                yield f"flow:{flow.id}", ("states", state.id, "unit"), state.unit
            for outcome in state.outcomes.values():
                for ref in outcome.informs:
                    yield f"flow:{flow.id}", ("states", state.id, "outcomes", outcome.id), ref.unit
