"""Extensions that make no limit longer, and those that take two hands.

What a lower layer allows beyond those above is compared in `promises`.
"""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.lengths import is_longer
from xunfang.rulebook.model import Deadline, Extension, Flow, State
from xunfang.rulebook.positions import Path


def lint(draft: Draft) -> None:
    """Note extensions that extend nothing."""
    for deadline in draft.rules.deadlines.values():
        for path, extend in _extensions(draft, deadline):
            limits = [case.limit.counts for case in deadline.limits if case.extend is extend and case.limit.counts]
            if limits and not any(is_longer(draft, extend.to, limit) for limit in limits):
                texts = "、".join(dict.fromkeys(limit.text for limit in limits))
                message = f"延长到{extend.to.text}并不比期限{texts}长"
                hint = "to 写延长以后的全部期限，不是再加多少"
                draft.error("deadlines", (*path, "to"), "EXTENSION_NO_LONGER", message, hint)
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            _note_two_hands(draft, flow, state)


def _note_two_hands(draft: Draft, flow: Flow, state: State) -> None:
    """Note a state whose extension is one role's word while that of the case, which moves with it, is another's."""
    own, whole = _deciding(draft, state.deadline), _deciding(draft, flow.case_deadline)
    if state.counts and own and whole and own.isdisjoint(whole):
        first, second = ("、".join(_role(draft, role) for role in sorted(roles)) for roles in (own, whole))
        message = f"环节“{state.label}”的延期由{first}批准，全案一并顺延却须由{second}批准，只有两个角色都有的人才能批"
        hint = "请把两处 extend 的 by 写成同一个角色"
        path = ("states", state.id, "deadline")
        draft.findings.warning(draft.parts[f"flow:{flow.id}"], path, "EXTENSION_BY_TWO", message, hint)


def _deciding(draft: Draft, deadline: str) -> set[str]:
    found = draft.rules.deadlines.get(deadline)
    return {case.extend.by for case in found.limits if case.extend} if found else set()


def _role(draft: Draft, role: str) -> str:
    return draft.rules.roles[role].label if role in draft.rules.roles else role


def _extensions(draft: Draft, deadline: Deadline) -> Iterator[tuple[Path, Extension]]:
    rows = draft.entry("deadlines", deadline.id).get("limits", ())
    seen: list[Extension] = []
    for index, case in enumerate(deadline.limits):
        if case.extend and not any(case.extend is other for other in seen):
            seen.append(case.extend)
            own = index < len(rows) and "extend" in rows[index]
            yield (deadline.id, *(("limits", index) if own else ()), "extend"), case.extend
