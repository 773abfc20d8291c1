"""Identities 统一身份认证账号: which account of ours somebody of an issuer is, as an administrator has bound it."""

from datetime import datetime

from xunfang.actions.accounts import account_of
from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.places import ANYWHERE, Place
from xunfang.actions.signing_in import ISSUER, open_by_identity
from xunfang.errors import Conflict, FieldProblem, Invalid, NotSignedIn
from xunfang.store import Identity, Keys, connection, end_sessions

_LONGEST = 200


def identity_mark(keys: Keys, issuer: str, name: str) -> str:
    """Return the keyed hash by which an identity is found; what it is called lies sealed."""
    return keys.blind_index(f"{issuer}|{name}", kind="identity")


def bind_identity(deployment: Deployment, actor: Actor, account_id: str, issuer: str, name: str, at: datetime) -> None:
    """Bind an account to what an issuer calls its person, in place of what it was bound to; raises Invalid, Conflict.

    Somebody who is bound already, wherever, is bound to nobody else. Whoever entered by what it was bound to is out.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise Invalid([FieldProblem("identity", "请填写统一身份认证中的账号标识。", "FIELD_MISSING")], "没有绑定。")
    with acting(deployment, actor, at, "administer") as act:
        account = account_of(act, account_id)
        if act.tx.delete(Identity, account=account.id):
            end_sessions(act.tx, account.id, at, ISSUER)
        mark = identity_mark(deployment.keys, issuer, name)
        found = Identity(
            mark=mark, issuer=issuer, name=name, account=account.id, jurisdiction=account.jurisdiction, bound_at=at
        )
        if not act.tx.insert_unless(found, "mark"):
            raise Conflict("这个统一身份认证账号已经绑定了别的账号，不能再绑。", "IDENTITY_TAKEN")
        act.event("account.identity_bound", data={"login": account.login})


def unbind_identity(deployment: Deployment, actor: Actor, account_id: str, at: datetime) -> None:
    """Let nobody enter an account by an issuer any more, nor stay who has; raises NotFound, Conflict."""
    with acting(deployment, actor, at, "administer") as act:
        account = account_of(act, account_id)
        if not act.tx.delete(Identity, account=account.id):
            raise Conflict("这个账号没有绑定统一身份认证。", "IDENTITY_NOT_BOUND")
        end_sessions(act.tx, account.id, at, ISSUER)
        act.event("account.identity_unbound", data={"login": account.login})


def bound_identity(deployment: Deployment, account_id: str) -> str:
    """Return what an account is bound to, "" when to nothing."""
    with connection(deployment.database) as reader:
        found = reader.first(Identity, account=account_id)
    return found.name if found else ""


def enter_by_identity(
    deployment: Deployment, issuer: str, name: str, at: datetime, before: str = "", place: Place = ANYWHERE
) -> str:
    """Return the token of a new session for whom an issuer has named.

    Nobody gets an account or a right by that: it must be bound. Raises NotSignedIn, and CodeWanted where the account
    has a second factor of ours.
    """
    with connection(deployment.database) as reader:
        found = reader.find(Identity, identity_mark(deployment.keys, issuer, name))
    if found is None:
        raise NotSignedIn(
            "您的统一身份认证账号还没有绑定本系统的账号，请联系本地安全管理员；有用户名和密码的，可以直接登录。",
            "IDENTITY_UNKNOWN",
        )
    return open_by_identity(deployment, found.account, at, before, place)
