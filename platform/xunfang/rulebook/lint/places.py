"""Units of a level that nobody's residence reaches, and samples of so many in each division of such a level."""

from collections.abc import Iterator

from xunfang.division import Level
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.points import filled_by
from xunfang.rulebook.model import Flow
from xunfang.rulebook.positions import Path

_DEPTH = tuple(Level)
LEVELS = {"province": "省级", "city": "市级", "county": "县级", "township": "乡级", "village": "村级", "grid": "网格"}


def lint(draft: Draft) -> None:
    """Note states whose unit, and samples whose divisions, are finer than any form's residence."""
    for flow in draft.rules.flows.values():
        _units_too_fine(draft, flow)
        _place_not_asked(draft, flow)
    _samples_too_fine(draft)


def _samples_too_fine(draft: Draft) -> None:
    asked = (form.fields.get(form.person.get("residence", "residence")) for form in draft.rules.forms.values())
    levels = [field.level or "village" for field in asked if field]
    deepest = max(levels, key=_depth, default="")
    for duty in draft.rules.duties.values():
        for level, _ in duty.sample.at_least if duty.sample and deepest else ():
            if _finer(level, deepest):
                message = f"按{LEVELS[level]}区划各抽几件，可是各表单的住址只填到{LEVELS[deepest]}，分不出是哪一个"
                hint = f"请写 at_least.{deepest}，或者让表单的 x-level 填到这一级"
                draft.error("duties", (duty.id, "sample", "at_least", level), "SAMPLE_TOO_FINE", message, hint)


def _units_too_fine(draft: Draft, flow: Flow) -> None:
    for part, path, name, place in _receiving(draft, flow):
        unit, levels = draft.rules.units.get(name), _levels(draft, flow, place)
        coarse = [title for title, level in levels.items() if unit and unit.per and _finer(unit.per, level)]
        if unit is None or not coarse:
            continue
        each = f"“{unit.anywhere}”每个{LEVELS[unit.per]}区划一个"
        if len(coarse) == len(levels):
            deepest = max(levels.values(), key=_depth)
            message = f"{each}，受理的表单只填到{LEVELS[deepest]}，找不到是哪一个"
            draft.error(part, path, "UNIT_TOO_FINE", message, "请换上一级的单位，或者让表单的 x-level 填到这一级")
        else:
            above = draft.rules.units.get(unit.superior)
            taken = f"交上级“{above.anywhere}”承办" if above else "这一步无人承办"
            message = (
                f"{each}，《{'》《'.join(coarse)}》只填到{LEVELS[levels[coarse[0]]]}，由它立案的找不到是哪一个，{taken}"
            )
            hint = "请让这张表单的 x-level 也填到这一级"
            draft.findings.warning(draft.parts[part], path, "UNIT_SOMETIMES_TOO_FINE", message, hint)


def _place_not_asked(draft: Draft, flow: Flow) -> None:
    """Note forms that open a flow and may leave open where somebody lives, where a unit is found by that.

    Where somebody is registered may be left open: the residence counts then.
    """
    names = (draft.rules.units.get(name) for _, _, name, _ in _receiving(draft, flow))
    found = next((unit.anywhere for unit in names if unit and unit.per), "")
    for form in (draft.rules.forms[name] for name in flow.opens_on if found):
        field = form.fields.get(form.person.get("residence", "residence"))
        if field and not (field.required and field.when is None):
            message = f"《{form.title}》的“{field.title}”可以不填，而由它立案的要按它找“{found}”，不填的找不到由谁承办"
            hint = f'请把表单 {form.id} 的 "{field.name}" 写进 required，不写 x-when'
            draft.findings.warning(draft.parts[f"flow:{flow.id}"], ("opens_on",), "PLACE_NOT_ASKED", message, hint)


def _depth(level: str) -> int:
    return _DEPTH.index(Level(level))


def _finer(level: str, other: str) -> bool:
    return _depth(level) > _depth(other)


def _levels(draft: Draft, flow: Flow, place: str) -> dict[str, str]:
    """Return to which level each form that opens a flow asks for a place, by title; one that does not ask is left out.

    Where nobody is registered anywhere, the residence counts.
    """
    forms = filled_by(draft, flow, begun=False)
    asked = {form.title: form.fields.get(form.person.get(place, place)) for form in forms}
    return {title: field.level or "village" for title, field in asked.items() if field}


def _receiving(draft: Draft, flow: Flow) -> Iterator[tuple[str, Path, str, str]]:
    """Yield each unit that must take over a task of a flow, with what names it and whose division it is of."""
    for state in flow.states.values():
        if state.unit:
            yield f"flow:{flow.id}", ("states", state.id, "unit"), state.unit, state.unit_of
        table = draft.rules.routing.get(state.routes_by)
        for index, row in enumerate(table.rows if table else ()):
            if row.lead:
                yield "routing", (state.routes_by, "rows", index, "lead"), row.lead.unit, row.lead.of
            elif row.meeting:
                path = (state.routes_by, "rows", index, "meeting")
                yield "routing", path, draft.rules.meetings[row.meeting].convenes, "residence"
        if table and table.otherwise and table.otherwise.lead:
            yield "routing", (state.routes_by, "otherwise", "lead"), table.otherwise.lead.unit, table.otherwise.lead.of
