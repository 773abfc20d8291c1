"""The verbs of tasks 任务."""

from xunfang.casework import consulting, handling, staffing
from xunfang.casework.draft import Draft
from xunfang.casework.extending import (
    LONGEST,
    approve,
    ask,
    is_asker,
    refuse,
    why_no_longer,
    why_not_asked,
    why_not_decided,
    why_not_theirs,
)
from xunfang.casework.handling import why_not_returned
from xunfang.casework.reminding import record_breach
from xunfang.casework.returns import why_no_more_returns
from xunfang.casework.rows import Task
from xunfang.casework.suspending import resume, suspend, why_not_resumed, why_not_suspended
from xunfang.casework.tasks import CONSULT
from xunfang.casework.verb import Asked, Verb
from xunfang.rulebook.model import Duty, State

EVERY_ROLE = ("lead", "assist", CONSULT)
ANYTHING = ("case", "duty")
"""What a task can be about."""


def _by_dispatch(task: Task, rule: State | Duty) -> str:
    routed = isinstance(rule, State) and rule.routes_by
    return "这项任务在领导批示拟办意见后自动办结。" if routed else ""


def _not_completable(task: Task, state: State) -> str:
    stopped = task.suspended_at and task.role == "lead"
    return "这项任务已中止，请先恢复办理，再办结。" if stopped else _by_dispatch(task, state)


def _not_consulting(task: Task, state: State) -> str:
    stopped = task.suspended_at and task.role == "lead"
    return "这项任务已中止，请先恢复办理，再请其他单位会商。" if stopped else _by_dispatch(task, state)


def _claim(draft: Draft, asked: Asked) -> None:
    handling.claim(draft, draft.task(asked.task), asked.version)


def _complete(draft: Draft, asked: Asked) -> None:
    task = draft.task(asked.task)
    handling.complete(draft, task, asked.version, asked.outcome, asked.answers, asked.submission, asked.confirmed)


def _return(draft: Draft, asked: Asked) -> None:
    handling.return_task(draft, draft.task(asked.task), asked.version, asked.reason)


def _transfer(draft: Draft, asked: Asked) -> None:
    handling.transfer(draft, draft.task(asked.task), asked.version, asked.unit, asked.reason)


def _breach(draft: Draft, asked: Asked) -> None:
    record_breach(draft, draft.task(asked.task), asked.payload)


TASK_VERBS = (
    Verb(
        id="claim",
        of=ANYTHING,
        label="签收",
        name="签收",
        event="task.claimed",
        do=_claim,
        acts=("claim",),
        done="已签收，请在到期前办理。",
        barred=_by_dispatch,
        first=True,
        to=EVERY_ROLE,
        several=True,
    ),
    Verb(
        id="complete",
        label="填写反馈并办结",
        name="办结",
        event="task.completed",
        do=_complete,
        acts=("complete", "assist"),
        asks=("form",),
        done="已办结。有下一环节的，承办单位已收到任务。",
        clocks="本任务停止计时，下一环节的期限自此起计算；个案期限不变。",
        barred=_not_completable,
        elsewhere=True,
    ),
    Verb(
        id="transfer",
        label="转办给其他单位",
        name="转办",
        event="task.transferred",
        do=_transfer,
        acts=("transfer",),
        asks=("unit", "reason"),
        done="已转办，受办单位已收到。",
        clocks="任务期限是否重新计算，由流程规定；个案期限不变。",
        barred=_by_dispatch,
    ),
    Verb(
        id="consult",
        label="请其他单位会商",
        name="会商",
        event="task.consulted",
        do=lambda draft, asked: consulting.consult(draft, draft.task(asked.task), asked.unit, asked.reason),
        acts=("consult",),
        asks=("unit", "reason"),
        done="已请对方会商，答复后本单位会收到消息。",
        clocks="本任务继续办理，任务和个案的期限都不变；不等答复也可以办结。对方能看到本案，和协办单位一样。",
        barred=_not_consulting,
        versioned=False,
        unit_label="会商单位",
        reason_name="会商问题",
    ),
    Verb(
        id="answer",
        label="答复会商",
        name="答复",
        event="task.answered",
        do=lambda draft, asked: consulting.answer(draft, draft.task(asked.task), asked.version, asked.reason),
        acts=("complete", "assist"),
        asks=("reason",),
        done="已答复，提出会商的单位已收到消息。",
        clocks="会商任务随即办结；主办任务和个案的期限都不变。",
        to=(CONSULT,),
        reason_name="答复意见",
    ),
    Verb(
        id="return",
        label="退回",
        name="退回",
        event="task.returned",
        do=_return,
        acts=("return",),
        asks=("reason",),
        done="已退回，分派单位会重新分派。",
        clocks="任务期限是否重新计算，由流程规定；个案期限不变。",
        barred=why_not_returned,
        barred_by=why_no_more_returns,
        careful=True,
    ),
    Verb(
        id="suspend",
        label="中止办理（等待补正等）",
        name="中止",
        event="task.suspended",
        do=lambda draft, asked: suspend(draft, draft.task(asked.task), asked.version, asked.reason),
        acts=("suspend",),
        asks=("reason",),
        done="已中止，期限停止计算；可以办理后请及时恢复。",
        clocks="本任务和个案的期限都停止计算，也不催办、不记超期；恢复后按剩余期限继续计算。",
        barred=why_not_suspended,
    ),
    Verb(
        id="resume",
        label="恢复办理",
        name="恢复",
        event="task.resumed",
        do=lambda draft, asked: resume(draft, draft.task(asked.task), asked.version),
        acts=("suspend",),
        done="已恢复办理，期限已按剩余时间重新计算。",
        clocks="本任务按剩余期限继续计算，恢复当日不计；没有别的任务中止的，个案期限同样继续计算。",
        barred=why_not_resumed,
        first=True,
    ),
    Verb(
        id="ask-extension",
        label="申请延期",
        name="申请",
        event="task.extension_asked",
        do=lambda draft, asked: ask(draft, draft.task(asked.task), asked.version, asked.days, asked.reason),
        acts=("ask-extension",),
        asks=("days", "reason"),
        done="延期申请已提交。批准以前，期限不变。",
        clocks="批准以前期限不变；批准后，任务期限自原到期日起顺延所批的工作日；全案的时限可以延长的一并顺延，否则不变。",
        barred=why_not_asked,
        barred_by=why_no_longer,
        days_label=f"延长多少个工作日（1至{LONGEST}）",
        most_days=LONGEST,
    ),
    Verb(
        id="approve-extension",
        label="同意延期",
        name="同意",
        event="task.extended",
        do=lambda draft, asked: approve(draft, draft.task(asked.task), asked.version),
        acts=("approve-extension",),
        who="anybody",
        done="已同意延期，承办单位已收到通知。",
        clocks="任务期限自原到期日起顺延所批的工作日；全案的时限可以延长的一并顺延，否则不变。已记录的超期不撤销。",
        barred=why_not_decided,
        barred_by=why_not_theirs,
        barred_to=is_asker,
        first=True,
    ),
    Verb(
        id="refuse-extension",
        label="不同意延期",
        name="不同意",
        event="task.extension_refused",
        do=lambda draft, asked: refuse(draft, draft.task(asked.task), asked.version, asked.reason),
        acts=("approve-extension",),
        who="anybody",
        asks=("reason",),
        done="已答复不同意延期，承办单位已收到通知。",
        barred=why_not_decided,
        barred_by=why_not_theirs,
        barred_to=is_asker,
        careful=True,
    ),
    Verb(
        id="urge",
        of=ANYTHING,
        label="催办",
        name="催办",
        event="task.urged",
        do=lambda draft, asked: handling.urge(draft, draft.task(asked.task)),
        acts=("urge",),
        who="anybody",
        done="已催办，承办单位已收到提醒。",
        versioned=False,
        to=EVERY_ROLE,
        several=True,
    ),
    Verb(
        id="hand-over",
        of=ANYTHING,
        label="交接任务",
        name="交接",
        event="task.handed_over",
        do=lambda draft, asked: staffing.hand_over(draft, draft.task(asked.task), asked.payload),
        who="machinery",
    ),
    Verb(
        id="record-breach",
        label="记录超期",
        event="task.fell_overdue",
        do=_breach,
        of=ANYTHING,
        who="machinery",
    ),
)
"""In the order pages offer them."""
