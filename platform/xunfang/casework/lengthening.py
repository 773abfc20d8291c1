"""The clock of a case becomes longer: by what was told in it, and with the extension of one of its tasks.

A limit for special cases holds once it turns out to be one; a limit that says so is extended with its parts.
"""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.clocks import retime_case
from xunfang.casework.clues import tell_concerned
from xunfang.casework.draft import Draft
from xunfang.casework.rows import Case, Task
from xunfang.casework.tasks import explained
from xunfang.clock import local
from xunfang.rules.clocks import Told, due_of, extended, replayed
from xunfang.rules.deadlines import plan_deadline
from xunfang.rules.extensions import extension_of, workdays_left
from xunfang.rules.overdue import is_overdue


def follow_facts(draft: Draft, case: Case, facts: Mapping[str, Any]) -> None:
    """Give a case the longer limit of its deadline that holds by what was told now, from the same beginning.

    It is stopped as long as before; one that is over already, and a limit that is no longer, change nothing.
    """
    case = draft.case(case.id)
    flow = draft.rulebook.flows[case.flow]
    deadline = draft.rulebook.deadlines.get(flow.case_deadline)
    if case.due is None or deadline is None or len(deadline.limits) == 1:
        return
    over = is_overdue(case.due_at, draft.at)
    planned = plan_deadline(draft.rulebook, deadline, facts, case.counts_from or case.opened_at)
    if over or planned.limit == case.due.get("limit"):
        return
    told = replayed(draft.rulebook, explained(planned), case.due)
    if due_of(told) <= due_of(case.due):
        return
    data = {"was_due": case.due["due_at"], "now_due": told["due_at"], "limit": planned.limit}
    draft.event("case.due_lengthened", case=case.id, data=data, rule=deadline.id, cites=planned.cites)
    retime_case(draft, case, told)


def extended_with(draft: Draft, task: Task, workdays: int) -> Told | None:
    """Return the clock of a case as it is once a task of it gets so many workdays more, None where it stays.

    Where the case's own limit may be extended it becomes as much longer, at most as far as its rule allows; not one
    that is over, nor by a state whose time does not count for it.
    """
    case = draft.case(task.case)
    rule, over = extension_of(draft.rulebook, case.due), is_overdue(case.due_at, draft.at)
    if case.due is None or rule is None or over or not draft.rulebook.flows[task.flow].states[task.state].counts:
        return None
    left = workdays_left(draft.rulebook, case.due, case.counts_from or case.opened_at, rule)
    if not (days := min(workdays, left)):
        return None
    return extended(draft.rulebook, case.due, days, draft.at, draft.actor.name, rule.basis.cites)


def lengthen(draft: Draft, task: Task, told: Told) -> None:
    """Give the case of a task the longer clock; whoever works on it is told."""
    case, note = draft.case(task.case), told["extended"][-1]
    data = {"workdays": note["workdays"], "was_due": note["was"], "now_due": told["due_at"]}
    cites = tuple(note.get("cites", ()))
    draft.event("case.extended", case=case.id, data=data, rule=str(told["deadline"]), cites=cites)
    retime_case(draft, case, told)
    until = f"{local(due_of(told)):%-m月%-d日 %H:%M}"
    body = f"个案 {case.number} 的全案期限延长{note['workdays']}个工作日，现应于{until}前办结。"
    tell_concerned(draft, case, "extension", "全案期限延长", body)
