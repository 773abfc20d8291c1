"""What a unit owes as a whole where visits, or things drawn, do it: it ends by itself when nothing is left."""

from collections.abc import Mapping
from datetime import date

from xunfang.casework.clocks import catch_breach
from xunfang.casework.draft import Draft
from xunfang.casework.duties import let_collect
from xunfang.casework.items import kind_of
from xunfang.casework.rows import DutyPeriod, Task
from xunfang.casework.tasks import end_task, is_in_time

DONE, MISSED, NOBODY = "visited", "missed", "withdrawn"


def whole_after(things: Mapping[str, int]) -> str:
    """Return how a whole ends whose things stand so, "" while some of them are still owed."""
    if things.get("owed"):
        return ""
    if things.get("missed"):
        return MISSED
    return DONE if things.get("done") else NOBODY


def anybody_after(made: int, needed: int, last: date, today: date) -> str:
    """Return how a whole ends that visits to anybody do, "" while its period goes on and there are not enough."""
    if made >= needed:
        return DONE
    return MISSED if last < today else ""


def end_whole(draft: Draft, task: Task, status: str, things: Mapping[str, int]) -> None:
    """End what a unit owes as a whole, and tell who it goes to what was missed of it; a breach stays recorded."""
    if task.ended_at:
        return
    owed = draft.owed(task)
    in_time = is_in_time(task, draft) if status == DONE else None
    if status == MISSED:
        catch_breach(draft, task)
    ended = end_task(draft, task, "done" if status == DONE else "withdrawn", outcome=status, completed_in_time=in_time)
    draft.change(owed, status=status, ended_at=draft.at)
    data = {"duty": owed.duty, "things": dict(things), **({"in_time": in_time} if status == DONE else {})}
    draft.event(f"duty.{'nobody_left' if status == NOBODY else status}", task=ended.id, data=data, cites=task.cites)
    if status == MISSED:
        _tell_missed(draft, ended, owed, things.get("missed", 0))
    let_collect(draft, ended, owed)


def _tell_missed(draft: Draft, task: Task, owed: DutyPeriod, missed: int) -> None:
    """Tell the unit, and those that it reports to, that a period has passed without it."""
    named = kind_of(task).named(draft.rulebook, owed)
    many = f"还有{missed}项没有完成" if missed else "没有完成"
    for unit in (owed.unit, *owed.to):
        if unit in draft.staffed:
            body = f"{named}已经期满，{many}，已记为超期。"
            draft.tell(unit, "overdue", "定期任务期满未完成", body, key=f"missed:{task.id}:{unit}", task=task.id)
