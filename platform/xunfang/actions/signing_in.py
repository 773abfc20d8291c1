"""Accounts and sessions: sign in, sign out, change one's password; administrators create and change accounts."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.access_rules import AccessRules
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.passwords import check_password, decoy, hashed, verified
from xunfang.actions.releasing import release_claims
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound, NotSignedIn
from xunfang.rulebook.acts import mixes_offices
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import division_of, instances, kind_of
from xunfang.steps import reached
from xunfang.store import Account, Session, connection, end_session, end_sessions, new_id, transaction


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


def token_hash(token: str) -> str:
    """Return the hash under which a session is kept; the token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(deployment: Deployment, login: str, password: str, at: datetime, before: str = "") -> str:
    """Return the token of a new session; raises NotSignedIn, with the same words whatever was wrong.

    Too many failures in a row lock the account for a while. `before` is the token that the browser came with: its
    session ends, so that nobody goes on under a token that was known before the sign-in.
    """
    rules, fallback = deployment.access, decoy()
    with connection(deployment.database) as reader:
        account = reader.first(Account, login=login.strip())
    right = verified(account.password_hash if account else fallback, password)
    with transaction(deployment.database) as tx:
        account = tx.first(Account, login=login.strip())
        if account is None:
            raise NotSignedIn(_wrong(rules), "SIGN_IN_REFUSED")
        act = Act(tx, deployment, deployment.actor(account), at)
        locked = account.locked_until is not None and at < account.locked_until
        if right and not locked and account.state == "active":
            end_session(tx, token_hash(before), at)
            return _open_session(act, account)
        _note_failure(act, account, locked=locked)
    if locked:
        text = f"账号因连续输错密码已暂时锁定，请{rules.locked_minutes}分钟后再试，或请安全管理员解锁。"
        raise NotSignedIn(text, "ACCOUNT_LOCKED")
    raise NotSignedIn(_wrong(rules), "SIGN_IN_REFUSED")


def _wrong(rules: AccessRules) -> str:
    return f"用户名或密码不正确。连续输错{rules.failures}次，账号将锁定{rules.locked_minutes}分钟。"


def _open_session(act: Act, account: Account) -> str:
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=token_hash(token),
        account=account.id,
        csrf=secrets.token_urlsafe(24),
        created_at=act.at,
        last_seen_at=act.at,
        ends_at=act.at + act.deployment.access.longest,
    )
    act.tx.insert(session)
    act.tx.update(Account, {"id": account.id}, {"failed_count": 0, "locked_until": None})
    reached("sign-in.opened")
    act.event("account.signed_in")
    return token


def _note_failure(act: Act, account: Account, *, locked: bool) -> None:
    failed = account.failed_count + 1
    change: dict[str, object] = {"failed_count": failed}
    rules = act.deployment.access
    if failed >= rules.failures and not locked:
        change |= {"failed_count": 0, "locked_until": act.at + rules.locked_for}
        act.event("account.locked", data={"failures": failed})
    act.tx.update(Account, {"id": account.id}, change)
    act.event("account.refused")


def sign_out(deployment: Deployment, actor: Actor, token: str, at: datetime) -> None:
    """End the session of a token."""
    with acting(deployment, actor, at) as act:
        end_session(act.tx, token_hash(token), at)
        act.event("account.signed_out")


def change_password(deployment: Deployment, actor: Actor, old: str, new: str, at: datetime, token: str = "") -> None:
    """Change one's own password and end one's other sessions; raises Invalid."""
    with acting(deployment, actor, at) as act:
        account = act.tx.find(Account, actor.account)
        assert account is not None
        if not verified(account.password_hash, old):
            raise Invalid([FieldProblem("old", "原密码不正确。")], "密码没有修改。")
        if old == new:
            raise Invalid([FieldProblem("new", "新密码不能与原密码相同。")], "密码没有修改。")
        check_password(new, account.login, deployment.access)
        change = {"password_hash": hashed(new), "must_change": False, "password_set_at": at}
        act.tx.update(Account, {"id": account.id}, change)
        reached("password.changed")
        for session in act.tx.select(Session, account=account.id, ended_at=None):
            if session.token_hash != token_hash(token):
                end_session(act.tx, session.token_hash, at)
        act.event("account.password_changed")


def create_account(deployment: Deployment, actor: Actor, new: NewAccount, at: datetime) -> str:
    """Make an account and return its key; raises Invalid, Conflict when the login is taken, NotAllowed."""
    with acting(deployment, actor, at, "administer") as act:
        return add_account(act, new)


def add_account(act: Act, new: NewAccount) -> str:
    """Make an account within an act; used by create_account and by the set-up of an installation."""
    _check_new(act, new)
    if act.tx.first(Account, login=new.login):
        raise Conflict(f"用户名“{new.login}”已被使用，请换一个。", "LOGIN_TAKEN")
    check_password(new.password, new.login, act.deployment.access)
    division = new.division if new.division is not None else division_of(new.unit)
    account = Account(
        id=new_id(),
        login=new.login,
        name=new.name,
        password_hash=hashed(new.password),
        jurisdiction=new.jurisdiction,
        unit=new.unit,
        roles=new.roles,
        created_at=act.at,
        division=division,
        must_change=new.must_change,
        password_set_at=act.at,
    )
    act.tx.insert(account)
    act.event("account.created", data={"login": new.login, "unit": new.unit, "roles": list(new.roles)})
    return account.id


def _check_new(act: Act, new: NewAccount) -> None:
    problems = []
    rulebook = act.deployment.rulebooks.of(new.jurisdiction)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,39}", new.login):
        problems.append(FieldProblem("login", "用户名用 3 至 40 位小写字母、数字、点、横线。"))
    if not new.name.strip():
        problems.append(FieldProblem("name", "请填写姓名。", "FIELD_MISSING"))
    problems += _unit_and_role_problems(rulebook, new.unit, new.roles)
    if new.jurisdiction != act.actor.jurisdiction:
        problems.append(FieldProblem("unit", "只能管理本辖区的账号。"))
    if problems:
        raise Invalid(problems, "账号没有保存。")


def _unit_and_role_problems(rulebook: Rulebook, unit: str, roles: Sequence[str]) -> list[FieldProblem]:
    problems = []
    if kind_of(unit) not in rulebook.units or unit not in instances(rulebook, kind_of(unit)):
        problems.append(FieldProblem("unit", "请选择所在单位。", "FIELD_MISSING"))
    if not roles or any(role not in rulebook.roles for role in roles):
        problems.append(FieldProblem("roles", "请至少选择一个角色。", "FIELD_MISSING"))
    if mixes_offices({act for role in roles if role in rulebook.roles for act in rulebook.roles[role].may}):
        told = "、".join(f"“{rulebook.roles[role].label}”" for role in roles if role in rulebook.roles)
        text = f"管理账号、维护系统、查阅留痕和办理个案须由不同的人担任，{told}不能给同一个账号。"
        problems.append(FieldProblem("roles", text, "ROLES_MIX_OFFICES"))
    return problems


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

    What somebody who leaves the unit or loses the account has claimed goes back to the unit.
    """
    with acting(deployment, actor, at, "administer") as act:
        account = _account_of(act, account_id)
        rulebook = act.rules()
        roles = account.roles if change.roles is None else change.roles
        problems = _unit_and_role_problems(rulebook, change.unit or account.unit, roles)
        if problems:
            raise Invalid(problems, "账号没有保存。")
        if account.id == actor.account and change.state == "disabled":
            raise Conflict("不能停用自己的账号，请由另一位管理员办理。", "OWN_ACCOUNT")
        changed = _changed(act, account, change)
        act.tx.update(Account, {"id": account.id}, changed)
        reached("account.changed")
        end_sessions(act.tx, account.id, at)
        if change.state == "disabled":
            release_claims(act, account, "disabled")
        elif change.unit not in (None, account.unit):
            release_claims(act, account, "moved")
        data = {"login": account.login, "changed": sorted(changed.keys() - {"password_hash", "password_set_at"})}
        act.event("account.changed", data=data)


def _changed(act: Act, account: Account, change: AccountChange) -> dict[str, object]:
    values: dict[str, object] = {
        name: value
        for name in ("name", "unit", "roles", "division", "state")
        if (value := getattr(change, name)) is not None
    }
    if change.unit is not None and change.division is None:
        values["division"] = division_of(change.unit)
    if change.password is not None:
        check_password(change.password, account.login, act.deployment.access)
        fresh = {"password_hash": hashed(change.password), "password_set_at": act.at}
        values |= {**fresh, "must_change": True, "locked_until": None}
    if change.state == "active":
        values |= {"failed_count": 0, "locked_until": None}
    return values


def unlock(deployment: Deployment, actor: Actor, account_id: str, at: datetime) -> None:
    """Let an account that is locked after failures try again at once; raises NotFound, NotAllowed."""
    with acting(deployment, actor, at, "administer") as act:
        account = _account_of(act, account_id)
        act.tx.update(Account, {"id": account.id}, {"failed_count": 0, "locked_until": None})
        act.event("account.unlocked", data={"login": account.login})


def end_sessions_of(deployment: Deployment, actor: Actor, account_id: str, at: datetime) -> int:
    """End every session of an account, and return how many there were; raises NotFound, NotAllowed."""
    with acting(deployment, actor, at, "administer") as act:
        account = _account_of(act, account_id)
        ended = end_sessions(act.tx, account.id, at)
        act.event("account.sessions_ended", data={"login": account.login, "ended": ended})
    return ended


def _account_of(act: Act, account_id: str) -> Account:
    account = act.tx.first(Account, id=account_id, jurisdiction=act.actor.jurisdiction)
    if account is None:
        raise NotFound("没有找到这个账号。")
    return account


def create_administrator(deployment: Deployment, new: NewAccount, at: datetime) -> str:
    """Make the first administrator of a jurisdiction from the server's own console; raises Invalid, Conflict."""
    with acting(deployment, machinery(new.jurisdiction, "初始化管理员"), at) as act:
        return add_account(act, new)
