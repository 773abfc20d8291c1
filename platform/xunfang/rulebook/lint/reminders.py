"""Reminders before a due moment that always fall before the beginning: nobody would ever get them."""

from datetime import datetime, timedelta

from xunfang.clock import SHANGHAI
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Deadline, Remind
from xunfang.worktime import Limit, due, shift

_DAYS = 14
_HOURS = (9, 16)


def lint(draft: Draft) -> None:
    """Note every reminder that comes too early for each limit of its deadline, whenever that begins in office hours.

    A limit that runs from an answer may begin on a day to come, which people set: nothing is too early for it.
    """
    for deadline in (each for each in draft.rules.deadlines.values() if not each.from_.startswith("answers.")):
        for index, remind in enumerate(deadline.remind):
            if remind.offset < 0 and not _ever_comes(draft, deadline, remind):
                limits = "、".join(dict.fromkeys(limit.text for limit in _limits(deadline)))
                message = f"期限为{limits}，“{remind.text}”的催办总在开始计时之前，永远不会发出"
                hint = '请按期限的长短写，如 "10 minutes before"、"1 hour before"，或者只写 "at due"'
                path = (deadline.id, "remind", index)
                draft.findings.warning(draft.parts["deadlines"], path, "REMIND_BEFORE_START", message, hint)
    holders = _holders(draft)
    for deadline in draft.rules.deadlines.values():
        _at_one_moment(draft, deadline)
        _pressed_by_itself(draft, deadline, holders.get(deadline.id, set()))


def _holders(draft: Draft) -> dict[str, set[str]]:
    """Return whose tasks go by each deadline; "" among them where that is not certain."""
    found: dict[str, set[str]] = {}
    for flow in draft.rules.flows.values():
        found.setdefault(flow.case_deadline, set()).add("")
        for state in flow.states.values():
            certain = state.unit_of == "residence" and not state.per_route
            found.setdefault(state.deadline, set()).add(state.unit if certain else "")
    for table in draft.rules.routing.values():
        for row in table.every_row:
            found.setdefault(row.deadline, set()).add("")
    return found


def _at_one_moment(draft: Draft, deadline: Deadline) -> None:
    """Note a reminder that comes with another to the same people."""
    seen: dict[tuple[int, object], str] = {}
    for index, remind in enumerate(deadline.remind):
        first = seen.setdefault((remind.offset, remind.unit if remind.offset else 0), remind.text)
        if first != remind.text:
            message = f"“{remind.text}”和“{first}”是同一时刻，承办单位同时收到两次催办"
            path, hint = (deadline.id, "remind", index), "请删去一个"
            draft.findings.warning(draft.parts["deadlines"], path, "REMIND_TWICE", message, hint)


def _pressed_by_itself(draft: Draft, deadline: Deadline, holders: set[str]) -> None:
    """Note an escalation to the only unit whose tasks go by a deadline: it has been reminded anyway."""
    for index, escalation in enumerate(deadline.escalate):
        if holders == {escalation.to}:
            who = draft.rules.units[escalation.to].anywhere
            message = f"按“{deadline.label}”办理的只有“{who}”，超期又交它自己督办，谁也没有多知道一件事"
            path, hint = (deadline.id, "escalate", index, "to"), '请写它的上级，如 to = "superior"，或者删去这一段'
            draft.findings.warning(draft.parts["deadlines"], path, "ESCALATED_TO_ITSELF", message, hint)


def _limits(deadline: Deadline) -> list[Limit]:
    return [case.limit.counts for case in deadline.limits if case.limit.counts]


def _ever_comes(draft: Draft, deadline: Deadline, remind: Remind) -> bool:
    calendar, office = draft.rules.calendar, draft.rules.info.office
    first = datetime(calendar.last_published or 2026, 3, 2, tzinfo=SHANGHAI)
    starts = (first + timedelta(days=day, hours=hour) for day in range(_DAYS) for hour in _HOURS)
    limits = _limits(deadline)
    if not limits:
        return True
    moments = ((start, due(limit, start, calendar, office).due_at) for start in starts for limit in limits)
    return any(shift(due_at, remind.offset, remind.unit, calendar, office) > start for start, due_at in moments)
