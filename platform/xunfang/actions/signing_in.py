"""Who enters: sign in, sign out, change one's own password."""

import hashlib
import re
import secrets
from datetime import datetime

from xunfang.access_rules import AccessRules
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.passwords import check_password, decoy, hashed, verified
from xunfang.errors import FieldProblem, Invalid, NotSignedIn
from xunfang.steps import reached
from xunfang.store import Account, Session, connection, end_session, transaction


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
    act.event("account.refused", data={"because": _cause(account, locked=locked)})


def _cause(account: Account, *, locked: bool) -> str:
    if account.state != "active":
        return "账号已停用"
    return "账号已锁定" if locked else "密码不对"


def sign_out(deployment: Deployment, actor: Actor, token: str, at: datetime) -> None:
    """End the session of a token."""
    with acting(deployment, actor, at) as act:
        end_session(act.tx, token_hash(token), at)
        act.event("account.signed_out")


def change_password(deployment: Deployment, actor: Actor, old: str, new: str, at: datetime, token: str = "") -> None:
    """Change one's own password and end one's other sessions; raises Invalid."""
    with connection(deployment.database) as reader:
        seen = reader.find(Account, actor.account)
    assert seen is not None
    right, kept = verified(seen.password_hash, old), hashed(new)  # slow, so before the transaction
    with acting(deployment, actor, at) as act:
        account = act.tx.find(Account, actor.account)
        assert account is not None
        if not right or account.password_hash != seen.password_hash:
            raise Invalid([FieldProblem("old", "原密码不正确。")], "密码没有修改。")
        if old == new:
            raise Invalid([FieldProblem("new", "新密码不能与原密码相同。")], "密码没有修改。")
        if _without_digits(old) == _without_digits(new):
            raise Invalid([FieldProblem("new", "新密码不能只改动原密码中的数字。")], "密码没有修改。")
        check_password(new, account.login, deployment.access)
        change = {"password_hash": kept, "must_change": False, "password_set_at": at}
        act.tx.update(Account, {"id": account.id}, change)
        reached("password.changed")
        for session in act.tx.select(Session, account=account.id, ended_at=None):
            if session.token_hash != token_hash(token):
                end_session(act.tx, session.token_hash, at)
        act.event("account.password_changed")


def _without_digits(password: str) -> str:
    return re.sub("[0-9]", "", password)
