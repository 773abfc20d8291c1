"""Ordinary duties while those of an event stand in their place: set aside 以应急任务代替, and owed again after it."""

from datetime import datetime
from typing import Any

from xunfang.casework.clocks import retime
from xunfang.casework.draft import Draft
from xunfang.casework.items import alert_named, kind_of
from xunfang.casework.rows import Alert, DutyPeriod, Task
from xunfang.casework.tasks import end_task
from xunfang.clock import local
from xunfang.rulebook.model import Duty
from xunfang.rules.clocks import due_of
from xunfang.rules.standing_in import stood_in_for


def in_place_of(draft: Draft, duty: Duty, unit: str, due_at: datetime) -> tuple[Duty, Alert] | None:
    """Return what stands in place of what a unit owes, by the events in the file, None where it is owed."""
    found = stood_in_for(draft.rulebook, draft.select(Alert), duty, unit, due_at, draft.at)
    alert = draft.find(Alert, found[1].id) if found else None
    return (found[0], alert) if found and alert else None


def put_aside(draft: Draft, task: Task, other: Duty, alert: Alert) -> None:
    """Let what is owed for a period be owed no more, because a duty of an event stands in its place."""
    because = f"{alert_named(draft.rulebook, alert)}进行期间以“{other.label}”代替"
    owed = draft.owed(task)
    ended = end_task(draft, task, "withdrawn", outcome="replaced")
    draft.change(owed, status="replaced", ended_at=draft.at, alert=alert.id)
    data = {"duty": owed.duty, "because": because}
    draft.event("duty.replaced", task=ended.id, data=data, rule=other.id, cites=other.basis.cites)


def replace(draft: Draft, task: Task) -> None:
    """Put aside what is still open and due while an event is on, and tell whoever would hand it in."""
    owed = draft.owed(task)
    found = _stands_in(draft, task, owed)
    if task.ended_at or found is None:
        return
    put_aside(draft, task, *found)
    if task.unit in draft.staffed:
        because = f"{alert_named(draft.rulebook, found[1])}进行期间以“{found[0].label}”代替"
        body = f"{kind_of(task).named(draft.rulebook, owed)}不用再报：{because}；到期以前解除的，仍须报送。"
        key = f"replaced:{task.id}:{local(draft.at).isoformat()}"
        draft.tell(task.unit, "withdrawn", "定期任务由应急任务代替", body, key=key, task=task.id)


def owe_again(draft: Draft, task: Task) -> None:
    """Let what was put aside be owed again, for the whole of its period and by when it was due all along."""
    owed = draft.owed(task)
    if owed.status != "replaced" or _stands_in(draft, task, owed):
        return
    draft.change(owed, status="owed", ended_at=None, alert="")
    fresh: dict[str, Any] = {"status": "open", "ended_at": None, "outcome": "", "claimed_by": "", "claimed_at": None}
    opened = draft.change(task, **fresh)
    again = retime(draft, opened, opened.due) if opened.due else opened
    told = {"duty": owed.duty, "due_at": local(due_of(again.due)).isoformat() if again.due else None}
    draft.event("duty.owed_again", task=task.id, data=told, rule=owed.duty, cites=task.cites)
    if task.unit in draft.staffed and again.due_at:
        named, by = kind_of(task).named(draft.rulebook, owed), f"{local(again.due_at):%-m月%-d日 %H:%M}"
        title = f"恢复报送：{draft.rulebook.duties[owed.duty].label}"
        body = f"应急任务不再代替，{named}应于{by}前报送。"
        key = f"again:{task.id}:{local(draft.at).isoformat()}"
        draft.tell(task.unit, "task", title, body, key=key, task=task.id)


def _stands_in(draft: Draft, task: Task, owed: DutyPeriod) -> tuple[Duty, Alert] | None:
    duty = draft.rulebook.duties.get(owed.duty)
    return in_place_of(draft, duty, owed.unit, task.due_at) if duty and task.due_at else None
