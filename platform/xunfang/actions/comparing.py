"""Answering a question 疑问: are two records of one number one person? Only who sees both is asked.

Both stay as their sources told them, and every case with its own: `same` links them, and is undone like any verdict.
"""

from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import Amendment
from xunfang.casework.handling import need_reason
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.store import Question, QuestionView, new_id

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
OPEN = ("", UNSURE)
"""The verdicts on which a question is still to be answered."""


def answer_question(
    deployment: Deployment, actor: Actor, question_id: str, version: int, verdict: str, reason: str, at: datetime
) -> str:
    """Note whether two records are one person and why, and return the case that raised the question.

    Nothing of it is written beside a case or a person, where somebody might read it who sees only one of the two.

    Raises Conflict when somebody answered before, Invalid for another verdict or no reason, NotFound out of sight,
    NotAllowed.
    """
    if verdict not in (SAME, DIFFERENT, UNSURE):
        message = "请选择“同一人”“不是同一人”或者“暂时不能确定”。"
        raise Invalid([FieldProblem("verdict", message, "FIELD_MISSING")], "没有保存。")
    need_reason(reason, "核实情况")
    with acting(deployment, actor, at, "confirm-dispatch") as act:
        question = act.scoped.question(question_id)
        if question.verdict not in OPEN:
            raise _answered()
        _write(act, question, version, verdict, reason)
        act.event("question.answered", data={"question": question.id, "verdict": verdict})
        return question.case


def undo_answer(deployment: Deployment, actor: Actor, question_id: str, version: int, reason: str, at: datetime) -> str:
    """Take a verdict back, with a reason: the question is open again. Returns the case that raised it.

    Raises Conflict where there is none or it was changed meanwhile, Invalid, NotFound out of sight, NotAllowed.
    """
    need_reason(reason, "撤销理由")
    with acting(deployment, actor, at, "confirm-dispatch") as act:
        question = act.scoped.question(question_id)
        if not question.verdict:
            raise Conflict("这个疑问还没有结论，不用撤销。", "NOT_NOW")
        _write(act, question, version, "", reason)
        act.event("question.reopened", data={"question": question.id, "verdict": question.verdict})
        return question.case


def _write(act: Act, question: QuestionView, version: int, verdict: str, reason: str) -> None:
    answered = {"answered_at": act.at, "answered_by": act.actor.account} if verdict else {}
    change = {"verdict": verdict, "answered_at": None, "answered_by": "", **answered}
    if not act.tx.compare_and_set(Question, question.id, version, {"verdict": question.verdict}, change):
        raise _answered()
    amendment = Amendment(
        id=new_id(),
        jurisdiction=act.actor.jurisdiction,
        residence=act.rules().code,
        person="",
        what="answer-question" if verdict else "undo-answer",
        made_at=act.at,
        by=act.actor.account,
        unit=act.actor.unit,
        about=question.id,
        field="verdict",
        before=question.verdict,
        after=verdict,
        reason=reason.strip(),
    )
    act.tx.insert(amendment)


def _answered() -> Conflict:
    return Conflict("这个疑问刚刚已由他人核实，请刷新页面查看结论。", "QUESTION_ANSWERED")
