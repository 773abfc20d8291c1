"""A real case with the person invented anew 据真实个案编造: what a scenario can be made of.

Its first report, and what was done about it until now: the dispatch confirmed, tasks completed, papers signed off.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.filling import whole_answers
from xunfang.actions.loading import draft_of
from xunfang.casework.facts import clues_of
from xunfang.clock import local_date
from xunfang.errors import NotAllowed, NotFound
from xunfang.rulebook.acts import is_kept_from_cases
from xunfang.rules.inventing import invented
from xunfang.store import Case, Clue, Dispatch, Notice, Submission, Task

_ORDER = ("confirm-dispatch", "complete", "sign-off")


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done about a case after it was reported: as a step of a scenario tells it, of nobody real."""

    at: datetime
    act: str
    unit: str = ""
    outcome: str = ""
    form: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What was reported, by which form and when, of nobody real, and what was `done` since; `number` is the case's."""

    number: str
    form: str
    answers: Mapping[str, Any]
    at: datetime
    done: tuple[Deed, ...] = ()


def may_tell(actor: Actor) -> bool:
    """Return whether somebody has to do with cases at all."""
    return not is_kept_from_cases(actor.acts)


def told_anew(
    deployment: Deployment, actor: Actor, change_set: str, at: datetime, *, case: str = "", number: str = ""
) -> Told:
    """Return the story of a case in sight, found by its key or its number, with another person in it.

    That it was looked at for this is recorded; nothing else is written. Raises NotAllowed, NotFound.
    """
    if not may_tell(actor):
        raise NotAllowed("只管规则、不办个案的岗位看不到个案。")
    with acting(deployment, actor, at) as act:
        found = act.scoped.case(case) if case else act.scoped.case_numbered(number)
        clue, filled = _first_report(act, found)
        rules = act.rules(filled.release)
        answers = invented(rules, rules.forms[filled.form], whole_answers(act, filled), local_date(clue.entered_at))
        done = sorted(_deeds(act, found), key=lambda deed: (deed.at, _ORDER.index(deed.act)))
        act.event("case.retold", case=found.id, data={"change_set": change_set})
    return Told(found.number, filled.form, answers, clue.entered_at, tuple(done))


def _deeds(act: Act, case: Case) -> Iterator[Deed]:
    """Yield what people did about a case: what went out by itself, and what assists a lead, is told by nobody."""
    for dispatch in act.tx.every(Dispatch, case=case.id):
        if dispatch.decided_by and dispatch.decided_at:
            yield Deed(dispatch.decided_at, "confirm-dispatch")
    flows = act.rules(case.release).flows
    for task in act.tx.every(Task, case=case.id):
        done = task.status == "done" and task.outcome and task.role == "lead"
        if done and task.ended_at and not flows[task.flow].states[task.state].routes_by:
            yield Deed(task.ended_at, "complete", task.unit, task.outcome, *_filled(act, task))
    papers = act.tx.every(Notice, case=case.id)
    yield from (Deed(at, "sign-off") for at in {paper.signed_at for paper in papers if paper.signed_at})


def _filled(act: Act, task: Task) -> tuple[str, Mapping[str, Any]]:
    """Return which form a task was completed with, and what it says of nobody real; nothing for one without a form."""
    filled = act.tx.find(Submission, task.answers) if task.answers else None
    if filled is None:
        return "", {}
    rules = act.rules(filled.release)
    return filled.form, invented(rules, rules.forms[filled.form], whole_answers(act, filled), local_date(filled.at))


def _first_report(act: Act, case: Case) -> tuple[Clue, Submission]:
    clue = min(clues_of(draft_of(act, case), case), key=lambda each: each.entered_at, default=None)
    filled = act.tx.find(Submission, clue.submission) if clue else None
    if clue is None or filled is None:
        raise NotFound("这件个案不是填表报来的。由另一件个案启动的，请写原来那件的案号。")
    return clue, filled
