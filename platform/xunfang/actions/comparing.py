"""Answering a question 疑问: are two records of one number one person? Only who sees both is asked."""

from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.store import Question

SAME, DIFFERENT = "same", "different"


def answer_question(
    deployment: Deployment, actor: Actor, question_id: str, version: int, verdict: str, at: datetime
) -> str:
    """Note whether two records are one person, and return the case that raised the question.

    Both stay as their sources told them, and every case with its own. Nothing of it is written beside a case, where
    somebody might read it who sees only one of the two.

    Raises Conflict when somebody answered before, Invalid for another verdict, NotFound out of sight, NotAllowed.
    """
    if verdict not in (SAME, DIFFERENT):
        raise Invalid([FieldProblem("verdict", "请选择“同一人”或“不是同一人”。", "FIELD_MISSING")], "没有保存。")
    with acting(deployment, actor, at, "confirm-dispatch") as act:
        question = act.scoped.question(question_id)
        change = {"verdict": verdict, "answered_at": at, "answered_by": actor.account}
        if not act.tx.compare_and_set(Question, question.id, version, {"verdict": ""}, change):
            raise Conflict("这个疑问刚刚已由他人核实，请刷新页面查看结论。", "QUESTION_ANSWERED")
        act.event("question.answered", data={"question": question.id, "verdict": verdict})
        return question.case
