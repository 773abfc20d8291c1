"""The verbs of events 应急响应: to declare one, and what its declarer does to it while it is on."""

from xunfang.casework import alerts
from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.following import follow_alert
from xunfang.casework.rows import Task
from xunfang.casework.verb import Asked, Verb
from xunfang.rulebook.acts import DECLARE
from xunfang.rulebook.model import Rulebook

_OF = ("alert",)


def _of_another_role(rulebook: Rulebook, actor: Actor, task: Task) -> str:
    kind = rulebook.alerts.get(task.state)
    return "" if kind is None or kind.role == "" or actor.holds(kind.role) else alerts.only_by(rulebook, kind)


def _close(draft: Draft, asked: Asked) -> None:
    told = (asked.answers, asked.reason, asked.submission, asked.confirmed)
    alerts.close(draft, draft.task(asked.task), asked.version, *told)


def _change_level(draft: Draft, asked: Asked) -> None:
    alerts.change_level(draft, draft.task(asked.task), asked.version, asked.level, asked.reason)


ALERT_VERBS = (
    Verb(
        id="declare-alert",
        label="启动应急响应",
        name="启动",
        event="alert.declared",
        do=alerts.declare,
        on="alert",
        of=_OF,
        acts=(DECLARE,),
        who="anybody",
        asks=("reason",),
        done="已启动。有关单位的应急任务正在下达。",
        clocks="规定的应急任务从启动之时起算期限。",
        elsewhere=True,
        versioned=False,
    ),
    Verb(
        id="change-level",
        label="调整级别",
        name="调整",
        event="alert.raised",
        do=_change_level,
        of=_OF,
        acts=(DECLARE,),
        asks=("reason",),
        done="级别已调整，应急任务随之增减。",
        clocks="达到新级别才要做的，从调整之时起算；不再要求的随即停止，已记录的超期不撤销。",
        barred_by=_of_another_role,
        elsewhere=True,
    ),
    Verb(
        id="close-alert",
        label="解除应急响应",
        name="解除",
        event="alert.closed",
        do=_close,
        of=_OF,
        acts=(DECLARE,),
        asks=("form",),
        done="已解除。尚未完成的应急任务正在停止。",
        clocks="尚未完成的应急任务随即停止，不再催办；已记录的超期不撤销。",
        barred_by=_of_another_role,
        elsewhere=True,
        reason_name="总结",
    ),
    Verb(
        id="follow-alert",
        label="随区划调整",
        event="alert.division_changed",
        do=lambda draft, asked: follow_alert(draft, draft.task(asked.task)),
        of=_OF,
        who="machinery",
    ),
)
"""In the order pages offer them."""
