"""The clock of a case follows what was told in it: a limit for special cases holds once it turns out to be one."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.clocks import retime_case
from xunfang.casework.draft import Draft
from xunfang.casework.rows import Case
from xunfang.casework.tasks import explained
from xunfang.rules.clocks import due_of, replayed
from xunfang.rules.deadlines import plan_deadline


def follow_facts(draft: Draft, case: Case, facts: Mapping[str, Any]) -> None:
    """Give a case the longer limit of its deadline that holds by what was told now, from the same beginning.

    It is stopped as long as before; one that is over already, and a limit that is no longer, change nothing.
    """
    case = draft.case(case.id)
    flow = draft.rulebook.flows[case.flow]
    deadline = draft.rulebook.deadlines.get(flow.case_deadline)
    if case.due is None or deadline is None or len(deadline.limits) == 1:
        return
    over = case.due_at is not None and case.due_at < draft.at
    planned = plan_deadline(draft.rulebook, deadline, facts, case.counts_from or case.opened_at)
    if over or planned.limit == case.due.get("limit"):
        return
    told = replayed(draft.rulebook, explained(planned), case.due)
    if due_of(told) <= due_of(case.due):
        return
    data = {"was_due": case.due["due_at"], "now_due": told["due_at"], "limit": planned.limit}
    draft.event("case.due_lengthened", case=case.id, data=data, rule=deadline.id, cites=planned.cites)
    retime_case(draft, case, told)
