"""Divisions that hang in the air, and units of a level that nobody's residence reaches."""

from collections.abc import Iterator

from xunfang.division import DivisionTree, Level
from xunfang.errors import Problem
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.points import PLACES, filled_by
from xunfang.rulebook.model import Flow
from xunfang.rulebook.positions import Path

_TOWNSHIP = 9
_DEPTH = tuple(Level)
_WORDS = {"province": "省级", "city": "市级", "county": "县级", "township": "乡级", "village": "村级"}


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note villages without their township, and states whose unit is finer than any form's residence."""
    _orphans(draft, divisions)
    for flow in draft.rules.flows.values():
        _units_too_fine(draft, flow)


def _orphans(draft: Draft, divisions: DivisionTree) -> None:
    left: dict[str, list[str]] = {}
    for division in divisions:
        if division.level is Level.VILLAGE and not divisions.ancestor(division.code, Level.TOWNSHIP):
            left.setdefault(division.code[:_TOWNSHIP], []).append(division.name)
    file = f"workflows/{draft.parts['jurisdiction'].origin(()).layer}/divisions.csv"
    for code, villages in left.items():
        message = f"有 {len(villages)} 个村（社区）属于 {code}，如{villages[0]}，却没有 {code} 这个乡级区划"
        hint = f"请补上一行 {code},<名称>,township；撤并的，村的代码也要改成新乡镇的"
        draft.findings.problems.append(Problem(file, 0, "", "DIVISION_ORPHAN", message, hint))


def _units_too_fine(draft: Draft, flow: Flow) -> None:
    levels = _levels(draft, flow)
    for part, path, name in _receiving(draft, flow) if levels else ():
        unit = draft.rules.units.get(name)
        if unit and unit.per and all(_DEPTH.index(Level(unit.per)) > _DEPTH.index(Level(level)) for level in levels):
            message = (
                f"“{unit.label}”每个{_WORDS[unit.per]}区划一个，受理的表单只填到{_WORDS[levels[-1]]}，找不到是哪一个"
            )
            draft.error(part, path, "UNIT_TOO_FINE", message, "请换上一级的单位，或者让表单的 x-level 填到这一级")


def _levels(draft: Draft, flow: Flow) -> list[str]:
    """Return the levels to which the forms that open a flow ask for the residence, the highest first."""
    forms = filled_by(draft, flow, begun=False)
    found = {
        form.fields[name].level or "village"
        for form in forms
        for name in {form.person.get(PLACES[0], PLACES[0])} & form.fields.keys()
    }
    return sorted(found, key=lambda level: _DEPTH.index(Level(level)))


def _receiving(draft: Draft, flow: Flow) -> Iterator[tuple[str, Path, str]]:
    """Yield each unit that must take over a task of a flow, with the place that names it."""
    for state in flow.states.values():
        if state.unit and state.unit_of == PLACES[0]:
            yield f"flow:{flow.id}", ("states", state.id, "unit"), state.unit
        table = draft.rules.routing.get(state.routes_by)
        for index, row in enumerate(table.rows if table else ()):
            if row.lead and row.lead.of == PLACES[0]:
                yield "routing", (state.routes_by, "rows", index, "lead"), row.lead.unit
        if table and table.otherwise and table.otherwise.lead:
            yield "routing", (state.routes_by, "otherwise", "lead"), table.otherwise.lead.unit
