"""Several units on one case: consult 会商 another and be answered 答复, copy 抄送 it in, note 批注 how things go."""

from xunfang.casework.draft import Draft
from xunfang.casework.handling import need_reason, take
from xunfang.casework.rows import Case, Task
from xunfang.casework.tasks import CONSULT, end_task, is_in_time, open_task
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rules.flow import PlannedTask
from xunfang.rules.units import exists, unit_label

ANSWERED = "answered"
"""The outcome of a task of being consulted."""


def consult(draft: Draft, task: Task, unit: str, question: str) -> None:
    """Ask another unit about a task, which goes on with its clock; what is asked is a task of its own, without one.

    Raises Invalid without a question or another unit, Conflict while that unit has not answered an earlier one.
    """
    need_reason(question, "会商问题")
    _need_other_unit(draft, unit, task.unit)
    if draft.first(Task, lead_task=task.id, role=CONSULT, unit=unit, ended_at=None):
        label = unit_label(draft.rulebook, unit)
        raise Conflict(f"已请{label}会商，对方还没有答复。可先催办，或等答复后再提出新的问题。", "CONSULT_WAITS")
    planned = PlannedTask(task.state, unit, CONSULT, task.unit, (), (), None, ())
    asked = open_task(draft, draft.case(task.case), planned, task)
    data = {"to": unit, "reason": question.strip()}
    draft.event("task.consulted", case=task.case, task=asked.id, data=data)


def answer(draft: Draft, task: Task, version: int, text: str) -> None:
    """Answer as the unit that was consulted, which ends its task, and tell who asked; raises Overtaken, Invalid."""
    need_reason(text, "答复意见")
    task, asking = take(draft, task, version), draft.task(task.lead_task)
    end_task(draft, task, "done", outcome=ANSWERED, completed_in_time=is_in_time(task, draft))
    draft.event("task.answered", case=task.case, task=task.id, data={"to": asking.unit, "reason": text.strip()})
    number, label = draft.case(task.case).number, unit_label(draft.rulebook, task.unit)
    body = f"{label}已就个案 {number} 答复会商，请到个案中查看。"
    draft.tell(asking.unit, "answer", "会商已答复", body, key=f"answer:{task.id}", case=task.case, task=asking.id)


def copy(draft: Draft, case: Case, unit: str, text: str) -> None:
    """Let another unit know: a message into its inbox, and no sight of the case; raises Invalid."""
    need_reason(text, "抄送内容")
    _need_other_unit(draft, unit, draft.actor.unit)
    data = {"to": unit, "reason": text.strip()}
    draft.event("case.copied", case=case.id, data=data)
    sender = unit_label(draft.rulebook, draft.actor.unit)
    body = f"{sender}就个案 {case.number} 抄送：{text.strip()}"
    draft.tell(unit, "copy", "抄送知悉", body, key=f"copy:{draft.new_id()}")


def note(draft: Draft, case: Case, text: str) -> None:
    """Write down how a case goes, without ending anything; raises Invalid when nothing is written."""
    need_reason(text, "批注")
    draft.event("case.noted", case=case.id, data={"reason": text.strip()})


def _need_other_unit(draft: Draft, unit: str, own: str) -> None:
    if not exists(draft.rulebook, unit) or unit == own:
        raise Invalid([FieldProblem("to_unit", "请选择另一个单位。")], "操作没有执行。")
