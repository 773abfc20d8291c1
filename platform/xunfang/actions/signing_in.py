"""Who enters: sign in, sign out, change one's own password."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from xunfang.access_rules import AccessRules
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.entry import Try, code_try_of, count_try, entered, first_knock, halfway, note_failed, try_of
from xunfang.actions.factors import is_bound, note_wanted, take_code
from xunfang.actions.limiting import OLD_PASSWORD, forget_count, limited, spend
from xunfang.actions.passwords import check_password, decoy, hashed, verified
from xunfang.actions.places import ANYWHERE, Place
from xunfang.errors import FieldProblem, Invalid, NotSignedIn
from xunfang.steps import reached
from xunfang.store import (
    Account,
    Keys,
    Reader,
    SealBroken,
    Session,
    connection,
    end_other_sessions,
    end_session,
    transaction,
)
from xunfang.store import Place as SealedAt


def token_hash(token: str) -> str:
    """Return the hash under which a session is kept; the token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


class CodeWanted(Exception):
    """The password was right; the session opens with a code of the second factor. `ticket` is what to bring along."""

    def __init__(self, ticket: str) -> None:
        super().__init__("a code is wanted")
        self.ticket = ticket


def sign_in(
    deployment: Deployment, login: str, password: str, at: datetime, before: str = "", place: Place = ANYWHERE
) -> str:
    """Return the token of a new session; raises NotSignedIn, with the same words whatever was wrong, TooOften.

    Raises CodeWanted where the account has a second factor: no session is opened then. Too many failures in a row shut
    the `place` they came from out of the account for a while, and nobody else; the try is counted before the password
    is looked at. `before` is the token that the browser came with: its session ends, so that nobody goes on under a
    token that was known before the sign-in.
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
            _check_served(deployment, account)
            if not is_bound(tx, account):
                entered(tx, one, at)
                return _open_session(Act(tx, deployment, deployment.actor(account), at), account, before)
            halfway(tx, one)
            ticket = _ticket(deployment.keys, account, at)
        else:
            until, ticket = note_failed(tx, one, at), ""
            if account is not None:
                _note_failure(Act(tx, deployment, deployment.actor(account), at), account, until if last else None)
    if ticket:
        raise CodeWanted(ticket)
    raise NotSignedIn(_wrong(rules), "SIGN_IN_REFUSED")


def sign_in_with_code(
    deployment: Deployment, ticket: str, code: str, at: datetime, before: str = "", place: Place = ANYWHERE
) -> str:
    """Return the token of a new session for a ticket of `CodeWanted` and a code of the second factor.

    Codes are counted as passwords are, each by itself. Raises NotSignedIn, TooOften.
    """
    rules = deployment.access
    with connection(deployment.database) as reader:
        known, by = _of_ticket(reader, deployment.keys, ticket, at)
        first = try_of(reader, deployment, known.login, known, place, at)
    one = code_try_of(first, deployment, known.login)
    with _knocks_noted(deployment, known, one, at), transaction(deployment.database, known.jurisdiction) as tx:
        last = count_try(tx, rules, one, at)
    with transaction(deployment.database, known.jurisdiction) as tx:
        account, _ = _of_ticket(tx, deployment.keys, ticket, at)
        _check_served(deployment, account)
        act = Act(tx, deployment, deployment.actor(account), at)
        if not (wrong := take_code(act, account, code)):
            entered(tx, first, at)
            entered(tx, one, at)
            return _open_session(act, account, before, by)
        until = note_failed(tx, one, at)
        _note_failure(act, account, until if last else None, wrong)
    raise NotSignedIn(
        f"验证码不正确或已经用过，请等应用换出新的再输。连续输错{rules.failures}次，将锁定{rules.locked_minutes}分钟。",
        "CODE_REFUSED",
    )


def open_by_identity(deployment: Deployment, account_id: str, at: datetime, before: str, place: Place) -> str:
    """Return the token of a session for somebody whom an issuer of identities has named; raises as `sign_in` does."""
    with connection(deployment.database) as reader:
        known = reader.find(Account, account_id)
        assert known is not None
        one = try_of(reader, deployment, known.login, known, place, at)
    with transaction(deployment.database, known.jurisdiction) as tx:
        account = tx.find(Account, account_id)
        if account is None or account.state != "active":
            raise NotSignedIn("您的账号已停用，请联系本地安全管理员。", "SIGN_IN_REFUSED")
        _check_served(deployment, account)
        if is_bound(tx, account):
            raise CodeWanted(_ticket(deployment.keys, account, at, by=ISSUER))
        entered(tx, one, at)
        return _open_session(Act(tx, deployment, deployment.actor(account), at), account, before, ISSUER)


ISSUER = "oidc"
"""By what a session was opened that was not opened by a password of ours."""


def _check_served(deployment: Deployment, account: Account) -> None:
    if account.jurisdiction not in deployment.rulebooks.current:
        raise NotSignedIn("本辖区的系统暂停使用：规则文件有问题，尚未改正。请联系系统管理员。", "NOT_SERVED")


TICKET_LASTS = timedelta(minutes=5)
_TICKET = SealedAt("ticket", "sign-in", "")


def _ticket(keys: Keys, account: Account, at: datetime, by: str = "") -> str:
    """Return what proves for a while that the password of an account was typed; nobody else can make one."""
    told = {"account": account.id, "password": _print_of(account), "at": int(at.timestamp()), "by": by}
    return urlsafe_b64encode(keys.seal_values(told, _TICKET)).decode()


def _of_ticket(reader: Reader, keys: Keys, ticket: str, at: datetime) -> tuple[Account, str]:
    """Return who has shown the first factor, and by what; raises NotSignedIn when that is over."""
    try:
        told = keys.open_values(urlsafe_b64decode(ticket), _TICKET)
    except (SealBroken, ValueError):
        told = {}
    account = reader.find(Account, told["account"]) if told else None
    age = at.timestamp() - told.get("at", 0)
    fresh = 0 <= age < TICKET_LASTS.total_seconds()
    if account is None or account.state != "active" or not fresh or told["password"] != _print_of(account):
        raise NotSignedIn("输入验证码的时间过了，请重新输入用户名和密码。", "TICKET_OVER")
    return account, str(told["by"])


def _print_of(account: Account) -> str:
    """Return by what it is known whether a password is still the same; it lies sealed in the ticket."""
    return hashlib.sha256(account.password_hash.encode()).hexdigest()[:16]


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


def _open_session(act: Act, account: Account, before: str, by: str = "") -> str:
    end_session(act.tx, token_hash(before), act.at)
    note_wanted(act, account)
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=token_hash(token),
        account=account.id,
        csrf=secrets.token_urlsafe(24),
        created_at=act.at,
        last_seen_at=act.at,
        ends_at=act.at + act.deployment.access.longest,
        by=by,
    )
    act.tx.insert(session)
    reached("sign-in.opened")
    act.event("account.signed_in", data={"way": by} if by else {})
    return token


def _note_failure(act: Act, account: Account, locked_until: datetime | None, wrong: str = "密码不对") -> None:
    if locked_until is not None:
        act.tx.update(Account, {"id": account.id}, {"locked_until": locked_until})
        act.event("account.locked", data={"failures": act.deployment.access.failures})
    act.event("account.refused", data={"because": wrong if account.state == "active" else "账号已停用"})


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
