"""A report of a real case with the person invented anew 据真实个案编造: what a scenario can be made of."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from xunfang.store import Case, Clue, Submission


@dataclass(frozen=True, slots=True)
class Told:
    """What was reported, by which form and when, of nobody real; `number` is the case's."""

    number: str
    form: str
    answers: Mapping[str, Any]
    at: datetime


def may_tell(actor: Actor) -> bool:
    """Return whether somebody has to do with cases at all."""
    return not is_kept_from_cases(actor.acts)


def told_anew(
    deployment: Deployment, actor: Actor, change_set: str, at: datetime, *, case: str = "", number: str = ""
) -> Told:
    """Return the first report of a case in sight, found by its key or its number, with another person in it.

    That it was looked at for this is recorded; nothing else is written. Raises NotAllowed, NotFound.
    """
    if not may_tell(actor):
        raise NotAllowed("只管规则、不办个案的岗位看不到个案。")
    with acting(deployment, actor, at) as act:
        found = act.scoped.case(case) if case else act.scoped.case_numbered(number)
        clue, filled = _first_report(act, found)
        rules = act.rules(filled.release)
        answers = invented(rules, rules.forms[filled.form], whole_answers(act, filled), local_date(clue.entered_at))
        act.event("case.retold", case=found.id, data={"change_set": change_set})
    return Told(found.number, filled.form, answers, clue.entered_at)


def _first_report(act: Act, case: Case) -> tuple[Clue, Submission]:
    clue = min(clues_of(draft_of(act, case), case), key=lambda each: each.entered_at, default=None)
    filled = act.tx.find(Submission, clue.submission) if clue else None
    if clue is None or filled is None:
        raise NotFound("这件个案不是填表报来的。由另一件个案启动的，请写原来那件的案号。")
    return clue, filled
