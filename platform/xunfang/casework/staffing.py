"""Who works on a claimed task when it is not the one who claimed it: work handed over 交接, and given back."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.items import kind_of
from xunfang.casework.rows import Task
from xunfang.casework.terms import role_of


def hand_over(draft: Draft, task: Task, told: Mapping[str, Any]) -> None:
    """Give a claimed task to a colleague of the same unit, or back to the unit where nobody is named who may have it.

    `told`: `heir`, `heir_name` and `roles` of the colleague or "", `was` who had claimed it, `because` why it
    changes hands. Deadlines stay as they are: a change of staff never moves a limit.
    """
    heir, role = str(told["heir"]), role_of(draft.rulebook, task)
    if role and role not in told.get("roles", ()):
        heir = ""
    named = kind_of(task).named(draft.rulebook, draft.about(task))
    data = {"was": told["was"], "because": told["because"]}
    if heir:
        draft.change(task, claimed_by=heir)
        draft.event("task.handed_over", case=task.case, task=task.id, data={**data, "heir": told["heir_name"]})
        title, rest = "任务已交接给您", "请接手办理，期限不变。"
    else:
        draft.change(task, status="open", claimed_by="", claimed_at=None)
        draft.event("task.released", case=task.case, task=task.id, data=data)
        title, rest = "任务待重新签收", "请另派人签收办理，期限不变。"
    body = f"{told['was']}签收的{named}还没有办结，{told['because']}，{rest}"
    key = f"released:{task.id}:{draft.at.isoformat()}"
    draft.tell(task.unit, "released", title, body, key=key, case=task.case, task=task.id, account=heir)
