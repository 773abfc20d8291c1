"""Questions about two records of one number, in words."""

from collections.abc import Iterable, Mapping

from xunfang.actions.comparing import OPEN
from xunfang.desk.details import ANSWERS
from xunfang.desk.faces import QuestionFace
from xunfang.desk.labels import Labels
from xunfang.store import QuestionView

Told = Mapping[str, tuple[str, ...]]


def question_faces(
    found: Iterable[QuestionView], person: str, labels: Labels, *, may_answer: bool, told: Told | None = None
) -> tuple[QuestionFace, ...]:
    """Return questions for the page of a case about this record: what stands against it, and what was found.

    `told` is, by question, what was found of it before.
    """
    return tuple(_face(each, person, labels, told or {}, may_answer=may_answer) for each in found)


def _face(question: QuestionView, person: str, labels: Labels, told: Told, *, may_answer: bool) -> QuestionFace:
    verdict = ANSWERS.get(question.verdict, "")
    return QuestionFace(
        id=question.id,
        version=question.version,
        text=_text(question, person, labels),
        verdict=f"{question.answered_by}核实：{verdict}" if verdict else "",
        may_answer=may_answer and question.verdict in OPEN,
        may_undo=may_answer and bool(verdict),
        told=told.get(question.id, ()),
    )


def _text(question: QuestionView, person: str, labels: Labels) -> str:
    if question.person == question.other:
        return f"{question.name}：所填性别与证件号码不符，请向上报单位核对号码。"
    raised = question.person == person
    name = question.other_name if raised else question.name
    place = labels.place(question.other_residence if raised else question.residence)
    number = "" if raised else f"（个案 {question.case_number}）"
    if not question.same_number:
        return f"同名同住地另有登记：{name}，{place}{number}。其中一方没有证件号码，请核实是否同一人。"
    if question.name == question.other_name:
        return f"同一证件号码另有登记：{name}，{place}{number}。姓名相同，请核实是否同一人、是否已迁居。"
    return f"同一证件号码另有登记：{name}，{place}{number}。姓名不同，请核实是否同一人，还是号码写错。"
