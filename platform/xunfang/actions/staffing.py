"""Who works for whom: work handed over 交接, and deputies 代理 (AB岗) named for a span of days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.handling import carry_out
from xunfang.casework import Asked
from xunfang.casework.terms import role_of
from xunfang.clock import local_date
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound
from xunfang.rulebook.acts import OFFICES
from xunfang.store import Account, Deputy, Task, new_id

LEFT = {
    "disabled": "签收人的账号已停用",
    "moved": "签收人已调到别的单位",
    "roles": "签收人的岗位已变动，不再办理这项任务",
}
HANDED = "因工作交接"
LEADING = ("confirm-dispatch", "supervise")
"""Acts of which one lets somebody hand over the work of colleagues of the own unit."""
LONGEST = timedelta(days=180)
_NOT_THEIRS = "没有找到。代理人由本人指定和结束；本人外出未及办理的，请安全管理员代为办理。"
_WORKING = frozenset({"claim", "complete", "assist"})


def hand_over(deployment: Deployment, actor: Actor, account_id: str, heir_id: str, at: datetime) -> int:
    """Give all that an account has claimed to a colleague of its unit, or back to the unit; return how many tasks.

    Raises NotFound, NotAllowed, Invalid for an heir who can't take them, Conflict when there is nothing to hand over.
    """
    actor.need("administer", *LEADING)
    with acting(deployment, actor, at) as act:
        account = _colleague(act, account_id)
        heir = _heir(act, account, heir_id) if heir_id else None
        moved = pass_claims(act, account, heir, HANDED)
        if not moved:
            raise Conflict(f"{account.name}名下没有在办的任务，不需交接。", "NOTHING_CLAIMED")
    return moved


def pass_claims(act: Act, account: Account, heir: Account | None, because: str) -> int:
    """Let every open task that an account has claimed change hands, each with its event; return how many."""
    tasks = list(act.tx.every(Task, claimed_by=account.id, ended_at=None))
    _pass_on(act, account, heir, because, tasks)
    return len(tasks)


def pass_claims_lost(act: Act, account: Account, roles: tuple[str, ...]) -> None:
    """Let what an account has claimed go back to its unit where its new roles let it end that no more."""
    able = act.deployment.actor(replace(account, roles=roles))
    tasks = list(act.tx.every(Task, claimed_by=account.id, ended_at=None))
    _pass_on(act, account, None, LEFT["roles"], [task for task in tasks if not _may_end(act, able, task)])


def _may_end(act: Act, able: Actor, task: Task) -> bool:
    """Return whether somebody may end a task by their own acts and roles; who only assists ends no lead of a case."""
    role = role_of(act.rules(act.case(task.case).release), task) if task.case else ""
    leads = task.role == "lead" and task.case
    return role in ("", *able.roles) and not able.acts.isdisjoint({"complete"} if leads else _WORKING)


def _pass_on(act: Act, account: Account, heir: Account | None, because: str, tasks: Iterable[Task]) -> None:
    told: dict[str, Any] = {"was": account.name, "because": because, "roles": heir.roles if heir else ()}
    told |= {"heir": heir.id if heir else "", "heir_name": heir.name if heir else ""}
    for task in tasks:
        carry_out(act, Asked(verb="hand-over", actor=act.actor, task=task.id, payload=told), act.about(task))


def _colleague(act: Act, account_id: str) -> Account:
    """Return an account whose work may be handed over by who acts: of the own unit, or any for its administrator."""
    found = act.tx.first(Account, id=account_id, jurisdiction=act.actor.jurisdiction)
    if found is None or (found.unit != act.actor.unit and "administer" not in act.actor.acts):
        raise NotFound("没有找到这个账号。")
    return found


def _heir(act: Act, account: Account, heir_id: str) -> Account:
    found = _of_same_unit(act, account, heir_id)
    if found is None or act.deployment.actor(found).acts.isdisjoint(_WORKING):
        text = "请选择同一单位、账号在用、可以办理任务的同事。"
        raise Invalid([FieldProblem("heir", text)], "交接没有执行。")
    return found


def _of_same_unit(act: Act, account: Account, other_id: str) -> Account | None:
    found = act.tx.first(Account, id=other_id, jurisdiction=account.jurisdiction, unit=account.unit, state="active")
    return found if found and found.id != account.id else None


def name_deputy(
    deployment: Deployment, actor: Actor, account_id: str, deputy_id: str, since_on: date, until_on: date, at: datetime
) -> str:
    """Let a colleague of the same unit stand in for somebody from one day through another; return the deputy's key.

    People name their own, the administrator of accounts anybody's. Raises NotFound, Invalid, Conflict.
    """
    with acting(deployment, actor, at) as act:
        account = _represented(act, account_id)
        deputy = _of_same_unit(act, account, deputy_id)
        if problems := _deputy_problems(act, account, deputy, since_on, until_on):
            raise Invalid(problems, "代理没有设定。")
        assert deputy is not None
        _need_free(act, account, since_on, until_on)
        row = Deputy(
            id=new_id(),
            jurisdiction=account.jurisdiction,
            account=account.id,
            deputy=deputy.id,
            since_on=since_on,
            until_on=until_on,
            named_by=actor.account,
            named_at=at,
        )
        act.tx.insert(row)
        _record(act, "deputy.named", row, account, deputy)
    return row.id


def end_deputy(deployment: Deployment, actor: Actor, deputy_id: str, at: datetime) -> None:
    """Let a deputy stand in no longer; raises NotFound for all but the represented and administrators."""
    with acting(deployment, actor, at) as act:
        row = act.tx.first(Deputy, id=deputy_id, jurisdiction=actor.jurisdiction, ended_at=None)
        if row is None:
            raise NotFound(_NOT_THEIRS)
        account = _represented(act, row.account)
        act.tx.update(Deputy, {"id": row.id}, {"ended_at": at})
        deputy = act.tx.find(Account, row.deputy)
        assert deputy is not None
        _record(act, "deputy.ended", row, account, deputy)


def _represented(act: Act, account_id: str) -> Account:
    """Return the account for which who acts may name a deputy: the own one, or any for its administrator."""
    found = act.tx.first(Account, id=account_id, jurisdiction=act.actor.jurisdiction)
    if found is None or (found.id != act.actor.account and "administer" not in act.actor.acts):
        raise NotFound(_NOT_THEIRS)
    return found


def _deputy_problems(
    act: Act, account: Account, deputy: Account | None, since_on: date, until_on: date
) -> list[FieldProblem]:
    problems, today = [], local_date(act.at)
    if deputy is None:
        problems.append(FieldProblem("deputy", "请选择同一单位、账号在用的另一位同事。"))
    elif any(act.deployment.actor(one).acts & OFFICES for one in (account, deputy)):
        problems.append(FieldProblem("deputy", "管理账号、维护系统、查阅留痕的岗位不能由人代理，也不代理别人。"))
    if until_on < max(since_on, today):
        problems.append(FieldProblem("last_on", "代理的最后一天不能早于第一天，也不能早于今天。"))
    elif until_on - since_on > LONGEST:
        problems.append(FieldProblem("last_on", f"一次代理至多{LONGEST.days}天，到期可以再设。"))
    return problems


def _need_free(act: Act, account: Account, since_on: date, until_on: date) -> None:
    for row in act.tx.every(Deputy, account=account.id, ended_at=None):
        if row.since_on <= until_on and since_on <= row.until_on:
            other = act.tx.find(Account, row.deputy)
            name = other.name if other else "另一位同事"
            text = f"{row.since_on}至{row.until_on}已指定{name}代理。请先结束那一次，再重新设定。"
            raise Conflict(text, "DEPUTY_NAMED")


def _record(act: Act, event: str, row: Deputy, account: Account, deputy: Account) -> None:
    span = {"first_on": row.since_on.isoformat(), "last_on": row.until_on.isoformat()}
    act.event(event, data={"represented": account.name, "deputy": deputy.name, **span})
    ended = event == "deputy.ended"
    title = "代理已结束" if ended else "您被指定为代理人"
    end = "，现已结束。" if ended else "。"
    body = f"{span['first_on']}至{span['last_on']}由{deputy.name}代理{account.name}{end}"
    key = f"{event}:{row.id}:{{}}"
    for reader in (account, deputy):
        act.tell(reader.unit, "deputy", title, body, key=key.format(reader.id), account=reader.id)
