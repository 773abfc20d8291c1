"""Tasks whose holder has left: they go back to the unit that holds them, so that none lies with nobody."""

from xunfang.actions.acting import Act
from xunfang.store import Account, Task

LEFT = {"disabled": "签收人的账号已停用", "moved": "签收人已调到别的单位"}


def release_claims(act: Act, account: Account, why: str) -> None:
    """Put every open task that an account has claimed back to be claimed, and tell its unit.

    Deadlines stay as they are: a change of staff never moves a limit.
    """
    for task in act.tx.every(Task, claimed_by=account.id, ended_at=None):
        act.tx.update(Task, {"id": task.id}, {"status": "open", "claimed_by": "", "claimed_at": None})
        act.event("task.released", case=task.case, task=task.id, data={"because": LEFT[why]})
        number = act.case(task.case).number
        body = f"{account.name}签收的个案 {number} 还没有办结，{LEFT[why]}，请另派人签收办理，期限不变。"
        key = f"released:{task.id}:{act.at.isoformat()}"
        act.tell(task.unit, "released", "任务待重新签收", body, key=key, case=task.case, task=task.id)
