"""One's own report put right 更正 or taken back 撤回: before anybody acted it takes effect, after that it is told."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.closing import end_otherwise
from xunfang.casework.clues import judge, settle, tell_concerned, was_acted_on
from xunfang.casework.draft import Draft
from xunfang.casework.facts import clues_of
from xunfang.casework.handling import need_reason
from xunfang.casework.objections import AGAINST, objects
from xunfang.casework.registry import hold_reported, unsay
from xunfang.casework.reporting import told_of_person
from xunfang.casework.rows import Case, Clue, Correction, Publication, Task
from xunfang.casework.urgency import raise_urgency
from xunfang.clock import parse
from xunfang.errors import FieldProblem, Invalid
from xunfang.rules.intake import Decision


def correct(draft: Draft, clue: Clue, decision: Decision, submission: str, person: str) -> None:
    """Let new answers stand for those of a report, which are kept; deciding goes by the new ones from now on.

    `person` is whom the report is about now. Raises Invalid when nothing is different, and where it may not be about
    somebody else.
    """
    case, before = draft.case(clue.case), judge(draft, clue)
    fields = _changed(before.answers, decision.answers)
    if not fields:
        raise Invalid([FieldProblem("", "内容与原来的填报完全相同，没有需要更正的。", "NOTHING_CHANGED")])
    if not clue.joined and person not in ("", case.person):
        _may_be_about_another(draft, case, clue, decision)
    acted = was_acted_on(draft, case)
    draft.fill(decision.form.id, decision.answers, submission, draft.rulebook.digest)
    unsay(draft, case, clue.submission)
    draft.put(_correction(draft, clue, submission, fields, acted=acted))
    found = decision.answers.get("found_at")
    told = told_of_person(decision.form, decision.answers) | _against(clue)
    draft.change(clue, submission=submission, found_at=parse(str(found)) if found else None, told=told)
    data: dict[str, Any] = {"form": clue.form, "submission": submission, "corrects": clue.submission}
    whom = {} if clue.joined or person in ("", case.person) else {"person": person}
    case = _follow_person(draft, case, clue, decision, person)
    new = hold_reported(draft, case, decision, submission)
    data |= {"fields": list(fields), "acted": acted, **whom, **({"categories": list(new)} if new else {})}
    draft.event("clue.corrected", case=case.id, data=data)
    raise_urgency(draft, case, decision)
    settle(draft, draft.case(case.id), before.proposals)
    _tell_corrected(draft, case, acted=acted)


def _may_be_about_another(draft: Draft, case: Case, clue: Clue, decision: Decision) -> None:
    """Raise Invalid where a report may not be about somebody else: objections are found by whoever was published."""
    uses = decision.form.person
    if objects(clue):
        field, told = uses.get("name", ""), "与公示的姓名不一致。对公示提错了人的，请撤回后另填。"
        raise Invalid([FieldProblem(field, told, "OBJECTED_NAME")])
    if draft.select(Publication, case=case.id):
        field = uses.get("id_number") or uses.get("name", "")
        told = "本案已经公示，不能更正成另一个人的。确实报错了人的，请由分管领导作废，另行上报。"
        raise Invalid([FieldProblem(field, told, "PUBLISHED_PERSON")])


def _against(clue: Clue) -> dict[str, str]:
    """Return what a report objects to: that stays, however it is put right."""
    return {AGAINST: str(clue.told[AGAINST])} if AGAINST in clue.told else {}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name))


def _correction(draft: Draft, clue: Clue, submission: str, fields: tuple[str, ...], *, acted: bool) -> Correction:
    return Correction(
        id=draft.new_id(),
        case=clue.case,
        clue=clue.id,
        before=clue.submission,
        submission=submission,
        at=draft.at,
        fields=fields,
        acted=acted,
    )


def _follow_person(draft: Draft, case: Case, clue: Clue, decision: Decision, person: str) -> Case:
    """The report that opened a case says whom it is about and where they live; one that joined it does not."""
    if clue.joined:
        return case
    residence = str(decision.facts.get("residence") or draft.rulebook.code)
    registration = str(decision.facts.get("registration") or residence)
    for task in draft.select(Task, case=case.id):
        draft.change(task, residence=residence)
    return draft.change(case, person=person or case.person, residence=residence, registration=registration)


def _tell_corrected(draft: Draft, case: Case, *, acted: bool) -> None:
    body = f"个案 {case.number} 的上报人更正了填报内容，更正前后的内容都在个案中，请按更正后的情况办理。"
    if acted:
        body += "不再归本单位办理的，请写明理由后转办或者退回。"
    tell_concerned(draft, case, "corrected", "线索已更正", body)


def withdraw(draft: Draft, clue: Clue, reason: str) -> None:
    """Take a report back; once somebody has acted, ask for that: whoever holds the case is told, and it goes on."""
    need_reason(reason, "撤回理由")
    told = {"form": clue.form, "submission": clue.submission, "reason": reason.strip()}
    case = draft.case(clue.case)
    if was_acted_on(draft, case):
        draft.change(clue, asked_back_at=draft.at)
        draft.event("clue.withdrawal_asked", case=case.id, data=told)
        body = f"个案 {case.number} 的上报人请求撤回线索，理由见办理经过。已有单位开始办理，个案继续；"
        tell_concerned(draft, case, "asked-back", "上报人请求撤回线索", f"{body}确属误报的，由分管领导作废。")
    else:
        _take_back(draft, case, clue, told)


def _take_back(draft: Draft, case: Case, clue: Clue, told: Mapping[str, Any]) -> None:
    before = judge(draft, clue)
    unsay(draft, case, clue.submission)
    draft.change(clue, withdrawn_at=draft.at)
    draft.event("clue.withdrawn", case=case.id, data=told)
    if before.table and not before.needs_confirmation:
        body = f"个案 {case.number} 原为紧急线索，上报人已撤回，理由见办理经过。请核实人员是否安全。"
        tell_concerned(draft, case, "urgent-taken-back", "紧急线索被撤回，请核实", body)
    if clues_of(draft, case):
        settle(draft, case, before.proposals)
    else:
        end_otherwise(draft, case, "withdrawn", f"个案 {case.number} 的线索已由上报人撤回")
