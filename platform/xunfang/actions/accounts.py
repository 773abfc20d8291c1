"""Accounts as their administrator keeps them: opened, changed, disabled, unlocked; each with its own trace."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.entry import forget_tries
from xunfang.actions.passwords import check_password, hashed
from xunfang.actions.staffing import LEFT, pass_claims, pass_claims_lost
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound
from xunfang.rulebook.acts import mixes_offices
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import division_of, instances, kind_of
from xunfang.steps import reached
from xunfang.store import Account, Place, Reader, connection, end_sessions, new_id

MIXED = "ROLES_MIX_OFFICES"
LOGIN = r"[a-z0-9][a-z0-9._-]{2,39}"
"""How the name looks by which somebody signs in."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to make an account. `division` is the prefix of what it sees beyond its unit's own tasks."""

    login: str
    name: str
    password: str
    jurisdiction: str
    unit: str
    roles: tuple[str, ...]
    division: str | None = None
    must_change: bool = True
    phone: str = ""


def create_account(deployment: Deployment, actor: Actor, new: NewAccount, at: datetime) -> str:
    """Make an account and return its key; raises Invalid, Conflict when the login is taken, NotAllowed."""
    kept = hashed(new.password)  # before the transaction: hashing is slow, and others write meanwhile
    with (
        _mixing_noted(deployment, actor, at, new.roles, login=new.login),
        acting(deployment, actor, at, "administer") as act,
    ):
        return add_account(act, new, kept)


def add_account(act: Act, new: NewAccount, kept: str) -> str:
    """Make an account within an act, `kept` being its hashed password; used by the set-up of an installation too."""
    _check_new(act, new)
    if act.tx.first(Account, login=new.login):
        raise Conflict(_taken(act.tx, new.login), "LOGIN_TAKEN")
    check_password(new.password, new.login, act.deployment.access)
    division = new.division if new.division is not None else division_of(new.unit)
    key = new_id()
    place, keys = Place("account", "phone", key), act.deployment.keys
    account = Account(
        id=key,
        login=new.login,
        name=new.name,
        password_hash=kept,
        jurisdiction=new.jurisdiction,
        unit=new.unit,
        roles=new.roles,
        created_at=act.at,
        division=division,
        must_change=new.must_change,
        password_set_at=act.at,
        phone=keys.seal_values({"phone": new.phone}, place) if new.phone else None,
    )
    if not act.tx.insert_unless(account, "login"):  # another jurisdiction was faster
        raise Conflict(_taken(act.tx, new.login), "LOGIN_TAKEN")
    act.event("account.created", data={"login": new.login, "unit": new.unit, "roles": list(new.roles)})
    return account.id


def login_taken(reader: Reader, login: str) -> bool:
    """Return whether a login cannot be had, whoever has it."""
    return reader.first(Account, login=login) is not None


def _taken(reader: Reader, login: str) -> str:
    """Return the one answer for a login that cannot be had, whoever has it: another county's people are not told of."""
    numbered = (f"{login[:36]}.{n}" for n in range(2, 1000))
    free = next((each for each in numbered if reader.first(Account, login=each) is None), "")
    return f"用户名“{login}”不能使用，请换一个" + (f"，如“{free}”。" if free else "。")


def _check_new(act: Act, new: NewAccount) -> None:
    problems = []
    rulebook = act.deployment.rulebooks.of(new.jurisdiction)
    if not re.fullmatch(LOGIN, new.login):
        problems.append(FieldProblem("login", "用户名用 3 至 40 位小写字母、数字、点、横线。"))
    if not new.name.strip():
        problems.append(FieldProblem("name", "请填写姓名。", "FIELD_MISSING"))
    problems += unit_and_role_problems(rulebook, new.unit, new.roles)
    if new.jurisdiction != act.actor.jurisdiction:
        problems.append(FieldProblem("unit", "只能管理本辖区的账号。"))
    if problems:
        raise Invalid(problems, "账号没有保存。")


def unit_and_role_problems(rulebook: Rulebook, unit: str, roles: Sequence[str]) -> list[FieldProblem]:
    """Return what is wrong with a unit and roles that somebody is to have: none, unknown, or offices that mix."""
    problems = []
    if kind_of(unit) not in rulebook.units or unit not in instances(rulebook, kind_of(unit)):
        problems.append(FieldProblem("unit", _which_unit(rulebook, unit), "FIELD_MISSING"))
    if not roles or any(role not in rulebook.roles for role in roles):
        problems.append(FieldProblem("roles", "请至少选择一个角色。", "FIELD_MISSING"))
    if mixes_offices({act for role in roles if role in rulebook.roles for act in rulebook.roles[role].may}):
        told = "、".join(f"“{rulebook.roles[role].label}”" for role in roles if role in rulebook.roles)
        text = f"管理账号、维护系统、查阅留痕和办理个案须由不同的人担任，{told}不能给同一个账号。"
        problems.append(FieldProblem("roles", text, MIXED))
    return problems


def _which_unit(rulebook: Rulebook, unit: str) -> str:
    """Return what to write for a unit that does not exist: one of each division is named with its code."""
    definition = rulebook.units.get(kind_of(unit))
    if definition is None or not definition.per:
        return "请选择所在单位。"
    some = next(iter(instances(rulebook, definition.id)), f"{definition.id}:<区划代码>")
    return f"“{definition.anywhere}”按区划各有一个，请写明是哪一个，例如 {some}。"


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What an administrator changes of an account; None leaves a thing as it is."""

    name: str | None = None
    unit: str | None = None
    roles: tuple[str, ...] | None = None
    division: str | None = None
    state: str | None = None
    password: str | None = None


def change_account(deployment: Deployment, actor: Actor, account_id: str, change: AccountChange, at: datetime) -> None:
    """Change an account and end its sessions, so that old rights end at once; raises Invalid, NotFound, Conflict.

    What somebody has claimed who leaves the unit, loses the account or may end it no more goes back to the unit. What
    stays as it was is no change: it leaves no trace and ends nothing.
    """
    noted = _mixing_noted(deployment, actor, at, change.roles or (), account=account_id)
    kept = "" if change.password is None else hashed(change.password)
    with noted, acting(deployment, actor, at, "administer") as act:
        account = account_of(act, account_id)
        roles = account.roles if change.roles is None else change.roles
        problems = unit_and_role_problems(act.rules(), change.unit or account.unit, roles)
        if problems:
            raise Invalid(problems, "账号没有保存。")
        if account.id == actor.account and change.state == "disabled":
            raise Conflict("不能停用自己的账号，请由另一位管理员办理。", "OWN_ACCOUNT")
        changed, fresh = _changed(account, change), _fresh_password(act, account, change, kept)
        if not changed and not fresh:
            return
        freed = {"locked_until": None} if changed.get("state") == "active" else {}
        act.tx.update(Account, {"id": account.id}, {**changed, **fresh, **freed})
        if fresh or freed:
            forget_tries(act.tx, deployment.keys, account.login)
        reached("account.changed")
        end_sessions(act.tx, account.id, at)
        if changed.get("state") == "disabled":
            pass_claims(act, account, None, LEFT["disabled"])
        elif "unit" in changed:
            pass_claims(act, account, None, LEFT["moved"])
        elif "roles" in changed:
            pass_claims_lost(act, account, roles)
        _record_change(act, account, changed, password=bool(fresh))


def _changed(account: Account, change: AccountChange) -> dict[str, object]:
    """Return what really becomes another; a new unit brings its own sight unless one is given."""
    wanted = {name: getattr(change, name) for name in ("name", "unit", "roles", "division", "state")}
    if change.unit is not None and change.division is None:
        wanted["division"] = division_of(change.unit)
    return {name: value for name, value in wanted.items() if value is not None and not _same(account, name, value)}


def _same(account: Account, name: str, value: object) -> bool:
    return set(value) == set(account.roles) if isinstance(value, tuple) else value == getattr(account, name)


def _fresh_password(act: Act, account: Account, change: AccountChange, kept: str) -> dict[str, object]:
    if change.password is None:
        return {}
    check_password(change.password, account.login, act.deployment.access)
    return {"password_hash": kept, "password_set_at": act.at, "must_change": True, "locked_until": None}


def _record_change(act: Act, account: Account, changed: dict[str, object], *, password: bool) -> None:
    """Leave an event for each thing done: disabled or enabled, a password given anew, the rest from what to what."""
    told = {"login": account.login}
    if "state" in changed:
        act.event("account.disabled" if changed["state"] == "disabled" else "account.enabled", data=told)
    if password:
        act.event("account.password_reset", data=told)
    if rest := {name: [getattr(account, name), value] for name, value in changed.items() if name != "state"}:
        act.event("account.changed", data={**told, "changed": rest})


@contextmanager
def _mixing_noted(
    deployment: Deployment, actor: Actor, at: datetime, roles: Sequence[str], *, login: str = "", account: str = ""
) -> Iterator[None]:
    """Record, after the refused act is undone, that somebody would have brought offices together in one account."""
    try:
        yield
    except Invalid as invalid:
        if any(problem.code == MIXED for problem in invalid.problems):
            with acting(deployment, actor, at, "administer") as act:
                known = login or account_of(act, account).login
                mixed = [role for role in roles if role in act.rules().roles]
                act.event("account.mixing_refused", data={"login": known[:40], "roles": mixed})
        raise


def unlock(deployment: Deployment, actor: Actor, account_id: str, at: datetime) -> None:
    """Let whoever was shut out of an account after failures try again at once; raises NotFound, NotAllowed."""
    with acting(deployment, actor, at, "administer") as act:
        _unlock(act, account_of(act, account_id))


def _unlock(act: Act, account: Account) -> None:
    forget_tries(act.tx, act.deployment.keys, account.login)
    act.tx.update(Account, {"id": account.id}, {"locked_until": None})
    act.event("account.unlocked", data={"login": account.login})


def unlock_from_console(deployment: Deployment, login: str, at: datetime) -> None:
    """Let a login be tried again at once, from the server's own console; raises NotFound."""
    account = account_named(deployment, login)
    with acting(deployment, machinery(account.jurisdiction, "控制台解锁"), at) as act:
        _unlock(act, account)


def account_named(deployment: Deployment, login: str) -> Account:
    """Return the account of a login, whichever jurisdiction it is of, for the server's own console; raises NotFound."""
    with connection(deployment.database) as reader:
        account = reader.first(Account, login=login)
    if account is None:
        raise NotFound(f"没有用户名为“{login}”的账号。")
    return account


def end_sessions_of(deployment: Deployment, actor: Actor, account_id: str, at: datetime) -> int:
    """End every session of an account, and return how many there were; raises NotFound, NotAllowed."""
    with acting(deployment, actor, at, "administer") as act:
        account = account_of(act, account_id)
        ended = end_sessions(act.tx, account.id, at)
        act.event("account.sessions_ended", data={"login": account.login, "ended": ended})
    return ended


def account_of(act: Act, account_id: str) -> Account:
    """Return an account of the jurisdiction of whoever acts; raises NotFound."""
    account = act.tx.first(Account, id=account_id, jurisdiction=act.actor.jurisdiction)
    if account is None:
        raise NotFound("没有找到这个账号。")
    return account


def create_administrator(deployment: Deployment, new: NewAccount, at: datetime) -> str:
    """Make the first administrator of a jurisdiction from the server's own console; raises Invalid, Conflict."""
    kept = hashed(new.password)
    with acting(deployment, machinery(new.jurisdiction, "初始化管理员"), at) as act:
        return add_account(act, new, kept)
