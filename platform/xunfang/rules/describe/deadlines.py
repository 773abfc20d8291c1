"""Deadlines in sentences, with their reminders and escalations."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import Deadline, Escalation, LimitCase, Rulebook
from xunfang.rules.describe.conditions import condition_words, field_of
from xunfang.rules.describe.lines import Line, basis_text, line
from xunfang.rules.describe.words import (
    ANCHORS,
    ESCALATIONS,
    limit_words,
    remind_words,
    rhythm_words,
    unit_words,
    units_words,
)


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every deadline with its reminders and escalations; it cites the clauses of all of them."""
    for deadline in rulebook.deadlines.values():
        told = line(rulebook, deadline.id, _deadline(rulebook, deadline), deadline.basis)
        extended = (each.extend.basis for each in deadline.limits if each.extend)
        bases = (*(each.basis for each in deadline.limits), *(each.basis for each in deadline.escalate), *extended)
        others = (clause for basis in bases for clause in basis.cites)
        yield replace(told, cites=tuple(dict.fromkeys((*told.cites, *others))))


def _deadline(rulebook: Rulebook, deadline: Deadline) -> str:
    limits = [_limit(rulebook, deadline, each) for each in deadline.limits]
    if len(limits) > 1 and deadline.limits[-1].when == ALWAYS:
        limits[-1] = f"其他情形{limits[-1]}"
    text = f"“{deadline.label}”：自{_anchor(rulebook, deadline.from_)}起，限{'；'.join(limits)}"
    text += _set_by(rulebook, deadline)
    text += f"，到{_anchor(rulebook, deadline.until)}为止" if deadline.until else ""
    whole = rulebook.deadlines.get(deadline.within)
    text += f"，且不晚于“{whole.label}”到期" if whole else ""
    if deadline.remind:
        each = "各" if len(deadline.remind) > 1 else ""
        text += f"；{'、'.join(remind_words(remind) for remind in deadline.remind)}{each}催办一次"
    escalated = [_escalation(rulebook, each) for each in deadline.escalate]
    return "；".join([text, *escalated, *_repeated(deadline)])


def _repeated(deadline: Deadline) -> Iterator[str]:
    """Yield how reminders go on; what is only judged when a report arrives reminds nobody."""
    if not deadline.until or deadline.remind:
        yield f"此后仍未办结的，{rhythm_words(deadline.repeat)}再催办一次，直至办结"


def _limit(rulebook: Rulebook, deadline: Deadline, case: LimitCase) -> str:
    when, words = condition_words(rulebook, case.when), limit_words(case.limit)
    own = basis_text(rulebook, case.basis) if case.basis != deadline.basis else ""
    words += own + _extension(rulebook, deadline, case)
    return f"{when}的，{words}" if when else words


def _extension(rulebook: Rulebook, deadline: Deadline, case: LimitCase) -> str:
    if case.extend is None:
        return ""
    role = rulebook.roles.get(case.extend.by)
    basis = basis_text(rulebook, case.extend.basis) if case.extend.basis not in (case.basis, deadline.basis) else ""
    whole = any(flow.case_deadline == deadline.id for flow in rulebook.flows.values())
    also = "，环节延期时一并顺延" if whole else ""
    return f"，经{role.label if role else '负责人'}批准可延长至{case.extend.to.text}{also}{basis}"


def _set_by(rulebook: Rulebook, deadline: Deadline) -> str:
    if deadline.set_by is None:
        return ""
    field = field_of(rulebook, deadline.set_by.answer)
    basis = basis_text(rulebook, deadline.set_by.basis) if deadline.set_by.basis != deadline.basis else ""
    named = f"“{field.title}”" if field else "所要求的期限"
    return f"；填了{named}的以所填为准，最长{deadline.set_by.at_most.text}{basis}"


def _anchor(rulebook: Rulebook, anchor: str) -> str:
    if anchor in ANCHORS:
        return ANCHORS[anchor]
    field = field_of(rulebook, anchor.removeprefix("answers."))
    return f"“{field.title}”" if field else "填报的日期"


def _escalation(rulebook: Rulebook, escalation: Escalation) -> str:
    when = "到期仍未办结的，" if not escalation.after.offset else f"{remind_words(escalation.after)}仍未办结的，"
    text = f"{when}由{unit_words(rulebook, escalation.to)}{ESCALATIONS[escalation.act]}"
    notice = rulebook.notices.get(escalation.notice)
    text += f"，并发{notice.label}" if notice else ""
    text += f"，抄送{units_words(rulebook, escalation.informs)}" if escalation.informs else ""
    return text + basis_text(rulebook, escalation.basis)
