"""Programmes in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.basis import NO_BASIS, Basis
from xunfang.rulebook.model import Cap, Programme, Rulebook
from xunfang.rules.describe.conditions import fact_words, value_words
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import LEVELS, unit_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every programme: who decides, with which form, by which flow, how much of it a person may get."""
    for programme in rulebook.programmes.values():
        yield line(rulebook, programme.id, _programme(rulebook, programme), programme.basis)
        for cap in programme.caps:
            yield line(rulebook, f"{programme.id}.{cap.id}", _cap(rulebook, programme, cap), _basis(cap))


def _programme(rulebook: Rulebook, programme: Programme) -> str:
    text = f"“{programme.label}”由{_decider(rulebook, programme.decided_by)}审核确认"
    form = rulebook.forms.get(programme.applies_with)
    flow = rulebook.flows.get(programme.flow)
    text += f"，凭《{form.title}》申请" if form else ""
    text += f"，按“{flow.label}”流程办理" if flow else ""
    return f"{text}{_lasting(programme)}"


def _lasting(programme: Programme) -> str:
    lasts = programme.held.lasts
    if lasts is None:
        return ""
    return f"；没有写明截止日期的，给予后 {lasts} 个月内视为享受" if lasts else "；一次性给予，以后不视为仍在享受"


def _cap(rulebook: Rulebook, programme: Programme, cap: Cap) -> str:
    when = f"任意{cap.months}个月内" if cap.months else "一年（自然年）内"
    form = _granting_form(rulebook, programme.id, cap.flows)
    where = "、".join(f"“{rulebook.flows[flow].label}”" for flow in cap.flows if flow in rulebook.flows)
    alike = "、".join(fact_words(rulebook, name) for name in cap.same)
    same = f"，{alike}相同的" if alike else ""
    if cap.sum:
        limit = f"{fact_words(rulebook, cap.sum, form)}合计不高于{value_words(rulebook, cap.sum, cap.at_most)}"
    else:
        limit = f"最多{cap.at_most:g}次"
    text = f"“{programme.label}”{cap.label}：{f'在{where}流程中，' if where else ''}同一人{when}{same}{limit}"
    if cap.override is None:
        return text
    role = rulebook.roles[cap.override.by].label
    return f"{text}；确需超过的，由{role}写明“{fact_words(rulebook, cap.override.reason, form)}”后给予"


def _granting_form(rulebook: Rulebook, programme: str, flows: tuple[str, ...]) -> str:
    """Return a form on which a programme is granted, named outright before chosen by an answer; "" for none.

    Only in some flows, where any are named.
    """
    looked_at = (flow for flow in rulebook.flows.values() if not flows or flow.id in flows)
    states = [state for flow in looked_at for state in flow.states.values() if state.form]
    given = [(outcome.grants, state.form) for state in states for outcome in state.outcomes.values() if outcome.grants]
    named = [form for grants, form in given if grants == programme]
    return next(iter([*named, *(form for grants, form in given if grants.startswith("$"))]), "")


def _basis(cap: Cap) -> Basis:
    """Return what a cap rests on, with what lets it be passed."""
    let = cap.override.basis if cap.override else NO_BASIS
    practice = "；".join(dict.fromkeys(filter(None, (cap.basis.practice, let.practice))))
    return Basis(tuple(dict.fromkeys(cap.basis.cites + let.cites)), practice)


def _decider(rulebook: Rulebook, decided_by: str) -> str:
    return LEVELS.get(decided_by) or (unit_words(rulebook, decided_by) if decided_by else "主管部门")
