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
