"""Extensions: one that makes no limit longer; a lower layer that gives more time without a clause of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from xunfang.clock import SHANGHAI
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.merge import Override, Part
from xunfang.rulebook.model import Deadline, Extension, Flow, State
from xunfang.rulebook.positions import Path
from xunfang.worktime import Limit, due, parse_limit


def lint(draft: Draft) -> None:
    """Note extensions that extend nothing, and those that promise more time than a layer above."""
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
    part = draft.parts.get("deadlines")
    for override in part.overrides if part else ():
        if part and override.path[-2:] == ("extend", "to"):
            _compare(draft, part, override)


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


def _compare(draft: Draft, part: Part, override: Override) -> None:
    cites = part.origins.get((*override.path[:-1], "cites"))
    own_clause = cites is not None and cites.layer == override.origin.layer
    try:
        before, after = parse_limit(str(override.before)), parse_limit(str(override.after))
    except ValueError:
        return
    both = before.is_resolved and after.is_resolved
    if both and not own_clause and is_longer(draft, after, before):
        message = f"本级把上级允许延长到的“{override.before}”放宽为“{override.after}”，却没有引用自己的条款"
        hint = "下级只能更快；确需放宽的，在 extend 中写明本级 cites"
        draft.error("deadlines", override.path, "PROMISE_SLOWER", message, hint)


def is_longer(draft: Draft, new: Limit, old: Limit) -> bool:
    """Return whether a limit ever ends later than another, begun on any day of the last published calendar."""
    calendar, office = draft.rules.calendar, draft.rules.info.office
    start = datetime(calendar.last_published or 2026, 1, 1, 10, tzinfo=SHANGHAI)
    moments = [start + timedelta(days=day) for day in range(0, 330, 3)]
    return any(due(new, at, calendar, office).due_at > due(old, at, calendar, office).due_at for at in moments)
