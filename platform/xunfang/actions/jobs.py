"""Every kind of job, listed once: what it is called where people see it, and what carries it out."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from xunfang.actions.alerts import AlertDuties
from xunfang.actions.circulars import CircularPrinting
from xunfang.actions.deployment import Deployment
from xunfang.actions.draft_replaying import DraftReplaying
from xunfang.actions.drawing import SampleDrawing
from xunfang.actions.duties import DutyOpening
from xunfang.actions.following import DivisionFollowing
from xunfang.actions.helped import HelpedRenewing
from xunfang.actions.list_reading import ListReading
from xunfang.actions.list_taking import ListTaking, ListUndoing
from xunfang.actions.long_exports import ExportDropping
from xunfang.actions.minutes import MinutesPrinting
from xunfang.actions.moving_many import CaseMoving
from xunfang.actions.occasions import CaseDuties
from xunfang.actions.opening_taking import OpeningTaking, OpeningUndoing
from xunfang.actions.papers import NoticeIssuing, Press
from xunfang.actions.printing_changes import CHANGES
from xunfang.actions.printing_ledgers import LEDGER
from xunfang.actions.printing_sheets import SHEET
from xunfang.actions.printouts import Printing
from xunfang.actions.rekeying import RESEAL, Resealing
from xunfang.actions.reminding import BreachRecording, Passing, Reminding, Replanning, WaitEnding
from xunfang.actions.rolls import RollDrafting, RollMaking
from xunfang.actions.rule_rollout import RulePublishing
from xunfang.actions.visits import VisitPlanning, VisitSettling
from xunfang.casework.jobs import (
    ALERT_DUTIES,
    BREACH,
    CASE_DUTIES,
    COUNT,
    DRAFT_ROLL,
    DRAW_SAMPLES,
    DROP_EXPORT,
    EXPORT_LEDGER,
    FOLLOW,
    ISSUE,
    MAKE_ROLL,
    MOVE_CASES,
    OPEN_DUTIES,
    PLAN_VISITS,
    PRINT_CHANGES,
    PRINT_CIRCULAR,
    PRINT_LEDGER,
    PRINT_MINUTES,
    PRINT_SHEET,
    PUBLISH_RULES,
    READ_LIST,
    REMIND,
    RENEW_HELPED,
    REPLAN,
    REPLAY_DRAFT,
    SETTLE_VISITS,
    TAKE_LIST,
    TAKE_OPENING,
    UNDO_LIST,
    UNDO_OPENING,
    WAIT,
)
from xunfang.clock import Now

Part = (
    NoticeIssuing
    | Printing
    | MinutesPrinting
    | CircularPrinting
    | Passing
    | DutyOpening
    | DivisionFollowing
    | AlertDuties
    | Resealing
    | ListReading
    | ListTaking
    | ListUndoing
    | ExportDropping
    | OpeningTaking
    | OpeningUndoing
    | SampleDrawing
    | CaseDuties
    | VisitPlanning
    | VisitSettling
    | RollDrafting
    | RollMaking
    | HelpedRenewing
    | CaseMoving
    | RulePublishing
    | DraftReplaying
)
"""The worker's part in a job: it prepares what may take long, then brings it about in one transaction."""


class JobKind(NamedTuple):
    """A kind of job."""

    label: str
    made: Callable[[Deployment, Press, Now], Part] | None
    """None for what reads through the desk: the worker carries that out itself, see worker/parts."""


JOBS: Mapping[str, JobKind] = {
    ISSUE: JobKind("制作文书", NoticeIssuing),
    PRINT_LEDGER: JobKind("打印台账", partial(Printing, LEDGER)),
    PRINT_MINUTES: JobKind("印制会议纪要", MinutesPrinting),
    PRINT_CIRCULAR: JobKind("印制通报", CircularPrinting),
    REMIND: JobKind("提醒督办", lambda deployment, press, now: Reminding(deployment, now)),
    BREACH: JobKind("记录超期", lambda deployment, press, now: BreachRecording(deployment, now)),
    WAIT: JobKind("期满办理", lambda deployment, press, now: WaitEnding(deployment, now)),
    REPLAN: JobKind("核定暂定期限", lambda deployment, press, now: Replanning(deployment, now)),
    FOLLOW: JobKind("区划调整交接", lambda deployment, press, now: DivisionFollowing(deployment, now)),
    OPEN_DUTIES: JobKind("下达定期任务", lambda deployment, press, now: DutyOpening(deployment, now)),
    DRAW_SAMPLES: JobKind("抽取抽查名单", lambda deployment, press, now: SampleDrawing(deployment, now)),
    CASE_DUTIES: JobKind("因事下达任务", lambda deployment, press, now: CaseDuties(deployment, now)),
    PLAN_VISITS: JobKind("计划走访", lambda deployment, press, now: VisitPlanning(deployment, now)),
    SETTLE_VISITS: JobKind("核定走访对象", lambda deployment, press, now: VisitSettling(deployment, now)),
    RESEAL: JobKind("更换密钥", lambda deployment, press, now: Resealing(deployment, now)),
    ALERT_DUTIES: JobKind("下达和停止应急任务", lambda deployment, press, now: AlertDuties(deployment, now)),
    COUNT: JobKind("统计指标", None),
    EXPORT_LEDGER: JobKind("导出台账", None),
    DROP_EXPORT: JobKind("清理导出件", lambda deployment, press, now: ExportDropping(deployment, now)),
    READ_LIST: JobKind("核对名单", lambda deployment, press, now: ListReading(deployment, now)),
    TAKE_LIST: JobKind("核收名单", lambda deployment, press, now: ListTaking(deployment, now)),
    UNDO_LIST: JobKind("撤销名单", lambda deployment, press, now: ListUndoing(deployment, now)),
    DRAFT_ROLL: JobKind("起草发放名册", lambda deployment, press, now: RollDrafting(deployment, now)),
    MAKE_ROLL: JobKind("制作名册文件", RollMaking),
    RENEW_HELPED: JobKind("更新长期公示", lambda deployment, press, now: HelpedRenewing(deployment, now)),
    PRINT_SHEET: JobKind("印制公示单", partial(Printing, SHEET)),
    TAKE_OPENING: JobKind("期初导入", lambda deployment, press, now: OpeningTaking(deployment, now)),
    REPLAY_DRAFT: JobKind("试算规则草稿", lambda deployment, press, now: DraftReplaying(deployment, now)),
    PUBLISH_RULES: JobKind("发布规则", lambda deployment, press, now: RulePublishing(deployment, now)),
    UNDO_OPENING: JobKind("撤销期初导入", lambda deployment, press, now: OpeningUndoing(deployment, now)),
    MOVE_CASES: JobKind("改用规则版本", lambda deployment, press, now: CaseMoving(deployment, now)),
    PRINT_CHANGES: JobKind("印制改动说明", partial(Printing, CHANGES)),
}


def handlers(deployment: Deployment, press: Press, now: Now) -> dict[str, Part]:
    """Return what carries out each kind of job that acts alone, printing on this press, by this clock."""
    return {name: kind.made(deployment, press, now) for name, kind in JOBS.items() if kind.made}
