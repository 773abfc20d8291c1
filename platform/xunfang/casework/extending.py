"""Extension 延期: its holder asks for more time, somebody else decides; a due moment never moves by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.clocks import catch_breach, retime
from xunfang.casework.draft import Draft
from xunfang.casework.handling import Overtaken, need_reason
from xunfang.casework.holding import somebody
from xunfang.casework.lengthening import extended_with, lengthen
from xunfang.casework.nesting import bounded_by
from xunfang.casework.replanning import settle_task
from xunfang.casework.rows import Task
from xunfang.clock import local, local_date, parse
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import Rulebook, State
from xunfang.rules.clocks import due_of, extended
from xunfang.rules.extensions import extension_of, workdays_left
from xunfang.rules.overdue import is_overdue
from xunfang.rules.units import superior_of, unit_label

LONGEST = 60
"""The most workdays that can be asked for at once, where the rules say nothing."""


def longest(rulebook: Rulebook, task: Task) -> int:
    """Return by how many workdays a task may be extended still: as its deadline says, or else within usual bounds."""
    rule, told = extension_of(rulebook, task.due), task.due or {}
    most = workdays_left(rulebook, told, task.counts_from or task.opened_at, rule) if rule else LONGEST
    return min(LONGEST, most, _left_of_whole(rulebook, told))


def _left_of_whole(rulebook: Rulebook, told: Mapping[str, Any]) -> int:
    """Return by how many workdays a clock may become longer until the whole is over that it must end within."""
    if "within" not in told:
        return LONGEST
    whole = _latest_end(told["within"])
    return rulebook.calendar.workdays_between(local_date(due_of(told)), local_date(whole))


def _latest_end(within: Mapping[str, Any]) -> datetime:
    """Return when the whole could end at the latest, if it is extended with its part as far as its rule allows."""
    return max(parse(str(within["due_at"])), parse(str(within.get("furthest", within["due_at"]))))


def why_no_longer(rulebook: Rulebook, actor: Actor, task: Task) -> str:
    """Return why no more time can be asked for by the rule of a deadline, or ""."""
    rule = extension_of(rulebook, task.due)
    within = (task.due or {}).get("within")
    if not (rule or within) or longest(rulebook, task):
        return ""
    if within and not _left_of_whole(rulebook, task.due or {}):
        return f"“{within['label']}”须在{local(_latest_end(within)):%-m月%-d日 %H:%M}前完成，这一环节不能再延。"
    if rule is None:
        return ""
    return f"按规定最长可延至{rule.to.text}，已经不能再延。"


def why_not_theirs(rulebook: Rulebook, actor: Actor, task: Task) -> str:
    """Return why somebody may not decide: where a deadline says whose word it is, only that role's counts.

    Whoever extends a task extends its case as well where the limit of that may be: then it is their word too.
    """
    for role in _deciding(rulebook, task):
        if role not in actor.roles and not actor.with_role(role):
            return f"这项期限的延期由{rulebook.roles[role].label}批准。"
    return ""


def _deciding(rulebook: Rulebook, task: Task) -> tuple[str, ...]:
    """Return the roles whose word an extension needs: by the limit of the task, and by that of its case."""
    rule, flow = extension_of(rulebook, task.due), rulebook.flows[task.flow]
    whole = rulebook.deadlines.get(flow.case_deadline) if flow.states[task.state].counts else None
    of_whole = (case.extend.by for case in whole.limits if case.extend) if whole else ()
    return tuple(dict.fromkeys((*((rule.by,) if rule else ()), *of_whole)))


def why_not_asked(task: Task, state: State) -> str:
    """Return why more time can't be asked for, or ""."""
    if task.extension:
        return "这项任务已有一份延期申请等待批准，批准或者不予批准后才能再申请。"
    if task.role == "assist":
        return "协办任务随主办任务计时，由主办单位申请延期。"
    if state.waits:
        return "公示等法定等待期间不能延长。"
    if task.suspended_at:
        return "中止期间不计时，恢复后仍需要延期的再申请。"
    return "" if task.due_at else "这项任务没有期限，不用申请延期。"


def why_not_decided(task: Task, state: State) -> str:
    """Return why there is nothing to decide about, or ""."""
    return "" if task.extension else "这项任务没有等待批准的延期申请。"


def is_asker(task: Task, account: str) -> str:
    """Return why somebody may not decide: nobody decides on what they asked for themselves."""
    own = bool(task.extension) and (task.extension or {}).get("by") == account
    return "您本人提出的延期申请，须由他人批准。" if own else ""


def ask(draft: Draft, task: Task, version: int, workdays: int, reason: str) -> None:
    """Ask for so many workdays more, with a reason; also after the due moment, which is then said plainly.

    How many there may be the deadline says, or the usual bound where it says nothing.

    Raises Overtaken, Conflict for a second request, Invalid for no reason or a number out of bounds.
    """
    need_reason(reason, "延期理由")
    if task.ended_at or task.version != version:
        raise Overtaken(task)
    if why := why_not_asked(task, draft.rulebook.flows[task.flow].states[task.state]):
        raise Conflict(why, "NOT_NOW")
    _check_bounds(draft, task, workdays)
    late = is_overdue(task.due_at, draft.at)
    wanted = {"workdays": workdays, "by": draft.actor.account, "at": local(draft.at).isoformat()}
    draft.change(task, extension=wanted)
    data = {
        "workdays": workdays,
        "reason": reason.strip(),
        "was_due": (task.due or {}).get("due_at"),
        "late": late,
    }
    draft.event("task.extension_asked", case=task.case, task=task.id, data=data)
    _tell_those_who_decide(draft, task, workdays, late=late)


def _check_bounds(draft: Draft, task: Task, workdays: int) -> None:
    most, rule = longest(draft.rulebook, task), extension_of(draft.rulebook, task.due)
    if 1 <= workdays <= most:
        return
    text = f"请填写要延长的工作日数，1至{most}之间的整数。"
    if rule:
        text = f"按规定最长可延至{rule.to.text}，请填写1至{most}之间的整数（再延多少个工作日）。"
    raise Invalid([FieldProblem("days", text, "EXTENSION_BOUNDS")], "申请没有提交。")


def approve(draft: Draft, task: Task, version: int) -> None:
    """Give a task the time asked for: it is due so many workdays after its old due day, whenever that was.

    Days off that are known by now count for the old due day already, unless that is over. A breach that happened
    stays recorded, and the task cites what allows the extension. Raises Conflict where nothing was asked for.
    """
    wanted = _asked(draft, task, version)
    catch_breach(draft, task)
    task = settle_task(draft, task)
    was = task.due or {}
    rule = extension_of(draft.rulebook, was)
    allowing = rule.basis.cites if rule else ()
    workdays = int(wanted["workdays"])
    whole = extended_with(draft, task, workdays)
    alone = extended(draft.rulebook, was, workdays, draft.at, draft.actor.name, allowing)
    told = bounded_by(draft, task, alone, whole)
    cites = tuple(dict.fromkeys((*task.cites, *allowing)))
    moved = retime(draft, draft.change(task, extension=None, cites=cites), told)
    data = {"workdays": wanted["workdays"], "was_due": was["due_at"], "now_due": told["due_at"]}
    draft.event("task.extended", case=task.case, task=task.id, data=data, cites=cites)
    if whole:
        lengthen(draft, task, whole)
    _tell_unit(draft, moved, f"同意延期{workdays}个工作日，现应于{_until(told)}前办理。")


def _until(told: Mapping[str, Any]) -> str:
    return f"{local(due_of(told)):%-m月%-d日 %H:%M}"


def refuse(draft: Draft, task: Task, version: int, reason: str) -> None:
    """Refuse a task the time asked for, with a reason: its due moment stays; raises Conflict, Invalid."""
    need_reason(reason, "不同意的理由")
    wanted = _asked(draft, task, version)
    refused = draft.change(task, extension=None)
    data = {"workdays": wanted["workdays"], "reason": reason.strip()}
    draft.event("task.extension_refused", case=task.case, task=task.id, data=data)
    _tell_unit(draft, refused, "不同意延期，期限不变，请按原定期限办理；理由见个案的办理经过。")


def _asked(draft: Draft, task: Task, version: int) -> Mapping[str, Any]:
    if task.ended_at or task.version != version:
        raise Overtaken(task, "TASK_ENDED" if task.ended_at else "TASK_CHANGED")
    if not task.extension:
        raise Conflict("这项任务没有等待批准的延期申请，可能已由他人批过。", "EXTENSION_DECIDED")
    if why := is_asker(task, draft.actor.account):
        raise Conflict(why, "OWN_REQUEST")
    return task.extension


def _tell_those_who_decide(draft: Draft, task: Task, workdays: int, *, late: bool) -> None:
    to, _ = somebody(draft, superior_of(draft.rulebook, task.unit, task.residence) or task.unit)
    case, unit = draft.case(task.case), unit_label(draft.rulebook, task.unit)
    after = "（申请时已超期）" if late else ""
    roles = _deciding(draft.rulebook, task)
    who = "、".join(draft.rulebook.roles[role].label for role in roles) or "有批准权限的人员"
    body = f"{unit}申请将个案 {case.number} 的任务延期{workdays}个工作日{after}，请{who}审批。"
    key = f"extension:{task.id}:{draft.at.isoformat()}"
    draft.tell(to, "extension", "延期申请", body, key=key, case=case.id, task=task.id)


def _tell_unit(draft: Draft, task: Task, decided: str) -> None:
    case = draft.case(task.case)
    body = f"个案 {case.number}：{decided}"
    key = f"extension-decided:{task.id}:{draft.at.isoformat()}"
    draft.tell(task.unit, "extension", "延期申请的答复", body, key=key, case=case.id, task=task.id)
