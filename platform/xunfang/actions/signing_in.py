"""Accounts and sessions: sign in, sign out, change one's password; administrators create and change accounts."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound, NotSignedIn
from xunfang.rulebook.acts import mixes_offices
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import division_of, instances, kind_of
from xunfang.store import Account, Session, end_session, end_sessions, new_id, transaction

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=30)
SHORTEST_PASSWORD = 10
_WRONG = "用户名或密码不正确。连续输错五次，账号将锁定三十分钟。"


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


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    """A hash to verify against when there is no such login, so that the answer takes as long as for a real one."""
    return _hasher().hash(secrets.token_hex())


def token_hash(token: str) -> str:
    """Return the hash under which a session is kept; the token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(deployment: Deployment, login: str, password: str, at: datetime) -> str:
    """Return the token of a new session; raises NotSignedIn, with the same words whatever was wrong.

    Five failures in a row lock the account for half an hour.
    """
    with transaction(deployment.database) as tx:
        account = tx.first(Account, login=login.strip())
    right = _verified(account.password_hash if account else _decoy(), password)
    with transaction(deployment.database) as tx:
        account = tx.first(Account, login=login.strip())
        if account is None:
            raise NotSignedIn(_WRONG, "SIGN_IN_REFUSED")
        act = Act(tx, deployment, deployment.actor(account), at)
        locked = account.locked_until is not None and at < account.locked_until
        if right and not locked and account.state == "active":
            return _open_session(act, account)
        _note_failure(act, account, locked=locked)
    if locked and account.locked_until:
        raise NotSignedIn("账号因连续输错密码已暂时锁定，请半小时后再试，或联系本级管理员。", "ACCOUNT_LOCKED")
    raise NotSignedIn(_WRONG, "SIGN_IN_REFUSED")


def _verified(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _open_session(act: Act, account: Account) -> str:
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=token_hash(token),
        account=account.id,
        csrf=secrets.token_urlsafe(24),
        created_at=act.at,
        last_seen_at=act.at,
        ends_at=act.at + LONGEST,
    )
    act.tx.insert(session)
    act.tx.update(Account, {"id": account.id}, {"failed_count": 0, "locked_until": None})
    act.event("account.signed_in")
    return token


def _note_failure(act: Act, account: Account, *, locked: bool) -> None:
    failed = account.failed_count + 1
    change: dict[str, object] = {"failed_count": failed}
    if failed >= MOST_FAILURES and not locked:
        change |= {"failed_count": 0, "locked_until": act.at + LOCKED_FOR}
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
        if not _verified(account.password_hash, old):
            raise Invalid([FieldProblem("old", "原密码不正确。")], "密码没有修改。")
        if old == new:
            raise Invalid([FieldProblem("new", "新密码不能与原密码相同。")], "密码没有修改。")
        check_password(new, account.login)
        act.tx.update(Account, {"id": account.id}, {"password_hash": _hasher().hash(new), "must_change": False})
        for session in act.tx.select(Session, account=account.id, ended_at=None):
            if session.token_hash != token_hash(token):
                end_session(act.tx, session.token_hash, at)
        act.event("account.password_changed")


def check_password(password: str, login: str) -> None:
    """Raise Invalid unless a password is long and mixed enough (等级保护 asks for length and complexity)."""
    kinds = sum(bool(re.search(kind, password)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))
    if len(password) < SHORTEST_PASSWORD or kinds < 3:
        text = f"密码至少 {SHORTEST_PASSWORD} 位，并含大写字母、小写字母、数字、符号中的三种。"
        raise Invalid([FieldProblem("new", text)], "密码不合要求。")
    if login.lower() in password.lower():
        raise Invalid([FieldProblem("new", "密码中不能包含用户名。")], "密码不合要求。")


def create_account(deployment: Deployment, actor: Actor, new: NewAccount, at: datetime) -> str:
    """Make an account and return its key; raises Invalid, Conflict when the login is taken, NotAllowed."""
    with acting(deployment, actor, at, "administer") as act:
        return add_account(act, new)


def add_account(act: Act, new: NewAccount) -> str:
    """Make an account within an act; used by create_account and by the set-up of an installation."""
    _check_new(act, new)
    if act.tx.first(Account, login=new.login):
        raise Conflict(f"用户名“{new.login}”已被使用，请换一个。", "LOGIN_TAKEN")
    check_password(new.password, new.login)
    division = new.division if new.division is not None else division_of(new.unit)
    account = Account(
        id=new_id(),
        login=new.login,
        name=new.name,
        password_hash=_hasher().hash(new.password),
        jurisdiction=new.jurisdiction,
        unit=new.unit,
        roles=new.roles,
        created_at=act.at,
        division=division,
        must_change=new.must_change,
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
    """Change an account and end its sessions, so that old rights end at once; raises Invalid, NotFound, Conflict."""
    with acting(deployment, actor, at, "administer") as act:
        account = act.tx.first(Account, id=account_id, jurisdiction=actor.jurisdiction)
        if account is None:
            raise NotFound("没有找到这个账号。")
        rulebook = act.rules()
        roles = account.roles if change.roles is None else change.roles
        problems = _unit_and_role_problems(rulebook, change.unit or account.unit, roles)
        if problems:
            raise Invalid(problems, "账号没有保存。")
        if account.id == actor.account and change.state == "disabled":
            raise Conflict("不能停用自己的账号，请由另一位管理员办理。", "OWN_ACCOUNT")
        act.tx.update(Account, {"id": account.id}, _changed(account, change))
        end_sessions(act.tx, account.id, at)
        data = {"login": account.login, "changed": sorted(_changed(account, change).keys() - {"password_hash"})}
        act.event("account.changed", data=data)


def _changed(account: Account, change: AccountChange) -> dict[str, object]:
    values: dict[str, object] = {
        name: value
        for name in ("name", "unit", "roles", "division", "state")
        if (value := getattr(change, name)) is not None
    }
    if change.unit is not None and change.division is None:
        values["division"] = division_of(change.unit)
    if change.password is not None:
        check_password(change.password, account.login)
        values |= {"password_hash": _hasher().hash(change.password), "must_change": True, "locked_until": None}
    if change.state == "active":
        values |= {"failed_count": 0, "locked_until": None}
    return values


def create_administrator(deployment: Deployment, new: NewAccount, at: datetime) -> str:
    """Make the first administrator of a jurisdiction from the server's own console; raises Invalid, Conflict."""
    with acting(deployment, machinery(new.jurisdiction, "初始化管理员"), at) as act:
        return add_account(act, new)
