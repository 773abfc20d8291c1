"""Who enters: sign in, sign out, change one's own password."""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from xunfang.access_rules import AccessRules
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.entry import Try, count_try, entered, first_knock, note_failed, try_of
from xunfang.actions.limiting import OLD_PASSWORD, forget_count, limited, spend
from xunfang.actions.passwords import check_password, decoy, hashed, verified
from xunfang.actions.places import ANYWHERE, Place
from xunfang.errors import FieldProblem, Invalid, NotSignedIn
from xunfang.steps import reached
from xunfang.store import Account, Session, connection, end_other_sessions, end_session, transaction


def token_hash(token: str) -> str:
    """Return the hash under which a session is kept; the token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(
    deployment: Deployment, login: str, password: str, at: datetime, before: str = "", place: Place = ANYWHERE
) -> str:
    """Return the token of a new session; raises NotSignedIn, with the same words whatever was wrong, TooOften.

    Too many failures in a row shut the `place` they came from out of the account for a while, and nobody else; the
    try is counted before the password is looked at. `before` is the token that the browser came with: its session
    ends, so that nobody goes on under a token that was known before the sign-in.
    """
    rules, fallback = deployment.access, decoy()
    with connection(deployment.database) as reader:
        account = reader.first(Account, login=login.strip())
        one = try_of(reader, deployment, login, account, place, at)
    where = account.jurisdiction if account else ""
    with _knocks_noted(deployment, account, one, at), transaction(deployment.database, where) as tx:
        last = count_try(tx, rules, one, at)
    right = verified(account.password_hash if account else fallback, password)
    with transaction(deployment.database, where) as tx:
        account = tx.first(Account, login=login.strip())
        if right and account is not None and account.state == "active":
            if account.jurisdiction not in deployment.rulebooks.current:
                raise NotSignedIn("本辖区的系统暂停使用：规则文件有问题，尚未改正。请联系系统管理员。", "NOT_SERVED")
            act = Act(tx, deployment, deployment.actor(account), at)
            end_session(tx, token_hash(before), at)
            entered(tx, one, at)
            return _open_session(act, account)
        until = note_failed(tx, one, at)
        if account is not None:
            _note_failure(Act(tx, deployment, deployment.actor(account), at), account, until if last else None)
    raise NotSignedIn(_wrong(rules), "SIGN_IN_REFUSED")


@contextmanager
def _knocks_noted(deployment: Deployment, account: Account | None, one: Try, at: datetime) -> Iterator[None]:
    """Record the first try at an account from a place that is shut out of it."""
    try:
        yield
    except NotSignedIn:
        with transaction(deployment.database, account.jurisdiction if account else "") as tx:
            if first_knock(tx, one, at) and account is not None:
                act = Act(tx, deployment, deployment.actor(account), at)
                act.event("account.refused", data={"because": "账号已锁定"})
        raise


def _wrong(rules: AccessRules) -> str:
    return f"用户名或密码不正确。连续输错{rules.failures}次，将锁定{rules.locked_minutes}分钟。"


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
    reached("sign-in.opened")
    act.event("account.signed_in")
    return token


def _note_failure(act: Act, account: Account, locked_until: datetime | None) -> None:
    if locked_until is not None:
        act.tx.update(Account, {"id": account.id}, {"locked_until": locked_until})
        act.event("account.locked", data={"failures": act.deployment.access.failures})
    act.event("account.refused", data={"because": "密码不对" if account.state == "active" else "账号已停用"})


def sign_out(deployment: Deployment, actor: Actor, token: str, at: datetime) -> None:
    """End the session of a token."""
    with acting(deployment, actor, at) as act:
        end_session(act.tx, token_hash(token), at)
        act.event("account.signed_out")


def change_password(deployment: Deployment, actor: Actor, old: str, new: str, at: datetime, token: str = "") -> None:
    """Change one's own password and end one's other sessions; raises Invalid, TooOften after too many wrong old ones.

    A try is counted before the old password is looked at, so that nobody guesses it inside a session that was left
    open; what is counted is forgotten once it was right.
    """
    with limited(deployment, actor, at), acting(deployment, actor, at) as act:
        spend(act, OLD_PASSWORD)
    with connection(deployment.database, actor.jurisdiction) as reader:
        seen = reader.find(Account, actor.account)
    assert seen is not None
    right, kept = verified(seen.password_hash, old), hashed(new)  # slow, so before the transaction
    with acting(deployment, actor, at) as act:
        account = act.tx.find(Account, actor.account)
        assert account is not None
        if not right or account.password_hash != seen.password_hash:
            raise Invalid([FieldProblem("old", "原密码不正确。")], "密码没有修改。")
        forget_count(act, OLD_PASSWORD)
        if old == new:
            raise Invalid([FieldProblem("new", "新密码不能与原密码相同。")], "密码没有修改。")
        if _without_digits(old) == _without_digits(new):
            raise Invalid([FieldProblem("new", "新密码不能只改动原密码中的数字。")], "密码没有修改。")
        check_password(new, account.login, deployment.access)
        change = {"password_hash": kept, "must_change": False, "password_set_at": at}
        act.tx.update(Account, {"id": account.id}, change)
        reached("password.changed")
        end_other_sessions(act.tx, account.id, token_hash(token), at)
        act.event("account.password_changed")


def _without_digits(password: str) -> str:
    return re.sub("[0-9]", "", password)
