"""The second factor 第二验证: bound by its person, asked at the sign-in, taken off by another administrator.

A code is taken once. The secret is shown once, to its person, and is active only after a code of it was typed.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.accounts import account_named, account_of
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.entry import forget_tries
from xunfang.actions.limiting import CODE, OLD_PASSWORD, forget_count, limited, spend
from xunfang.actions.passwords import verified
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.acts import OFFICES
from xunfang.store import Account, Factor, Keys, Reader, connection, end_sessions
from xunfang.store.onetime import DIGITS, new_shared, step_shown

RECOVERY_CODES = 10
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class FactorStanding:
    """How an account stands with its second factor, for its own person.

    `bind_by`: until when it must be bound where that is wanted; `reset` tells who took it off, and when.
    """

    bound_at: datetime | None = None
    pending: str = ""
    codes_left: int = 0
    wanted: bool = False
    bind_by: datetime | None = None
    reset: tuple[str, datetime] | None = None

    def must_bind(self, at: datetime) -> bool:
        """Return whether nothing else may be done before it is bound."""
        return self.wanted and self.bound_at is None and self.bind_by is not None and at >= self.bind_by


def standing_of(reader: Reader, deployment: Deployment, account: Account, at: datetime) -> FactorStanding:
    """Return how an account stands with its second factor."""
    wanted = wants_factor(deployment, account)
    factor = reader.find(Factor, account.id)
    if factor is None:
        return FactorStanding(wanted=wanted, bind_by=deployment.access.bind_by(at) if wanted else None)
    return FactorStanding(
        bound_at=factor.bound_at,
        pending=factor.pending,
        codes_left=len(factor.recovery),
        wanted=wanted,
        bind_by=deployment.access.bind_by(factor.wanted_at or at) if wanted else None,
        reset=(factor.reset_by, factor.reset_at) if factor.reset_at and not factor.bound_at else None,
    )


def wants_factor(deployment: Deployment, account: Account) -> bool:
    """Return whether the rules of the deployment want a second factor of an account."""
    acts = deployment.actor(account).acts
    return deployment.access.wants_factor(account.roles, administers=not OFFICES.isdisjoint(acts))


def note_wanted(act: Act, account: Account) -> None:
    """Let the days of grace begin with the first sign-in at which a second factor is wanted."""
    if not wants_factor(act.deployment, account):
        return
    fresh = Factor(account=account.id, jurisdiction=account.jurisdiction, wanted_at=act.at)
    if not act.tx.insert_unless(fresh, "account"):
        act.tx.update(Factor, {"account": account.id, "wanted_at": None}, {"wanted_at": act.at})


def is_bound(reader: Reader, account: Account) -> bool:
    """Return whether a code is asked at the sign-in."""
    found = reader.find(Factor, account.id)
    return found is not None and found.bound_at is not None


def take_code(act: Act, account: Account, typed: str) -> str:
    """Take a code of the app, or one of recovery, for good; returns what was wrong with it, "" when it is taken."""
    factor, code = act.tx.find(Factor, account.id), _plain(typed)
    if factor is None or factor.bound_at is None:
        return "验证码不对"
    if len(code) == DIGITS and code.isdecimal():
        step = step_shown(factor.secret, code, act.at, factor.last_step)
        if step is None:
            return "验证码不对"
        act.tx.update(Factor, {"account": account.id}, {"last_step": step})
        return ""
    return _take_recovery(act, account, factor, code)


def _take_recovery(act: Act, account: Account, factor: Factor, code: str) -> str:
    mark = _recovery_mark(act.deployment.keys, account.id, code)
    if mark not in factor.recovery:
        return "恢复码不对"
    left = tuple(each for each in factor.recovery if each != mark)
    act.tx.update(Factor, {"account": account.id}, {"recovery": left})
    act.event("account.recovery_used", data={"login": account.login, "count": len(left)})
    body = f"您的账号刚刚用过一个恢复码，还剩{len(left)}个。不是本人操作的，请立即联系安全管理员。"
    _tell(act, account, "恢复码已使用", body)
    return ""


def _plain(typed: str) -> str:
    return "".join(typed.split()).replace("-", "").lower()[:64]


def _recovery_mark(keys: Keys, account: str, code: str) -> str:
    return keys.blind_index(f"{account}|{code}", kind="recovery code")


def begin_binding(deployment: Deployment, actor: Actor, password: str, at: datetime) -> None:
    """Make a secret to be shown, after the password was typed once more; an app that is bound stays so meanwhile.

    Raises Invalid, TooOften.
    """
    with limited(deployment, actor, at), acting(deployment, actor, at) as act:
        spend(act, OLD_PASSWORD)
    with connection(deployment.database, actor.jurisdiction) as reader:
        seen = reader.find(Account, actor.account)
    assert seen is not None
    right = verified(seen.password_hash, password)  # slow, so before the transaction
    with acting(deployment, actor, at) as act:
        if not right:
            raise Invalid([FieldProblem("password", "密码不正确。")], "没有开始绑定。")
        forget_count(act, OLD_PASSWORD)
        act.tx.insert_unless(Factor(account=seen.id, jurisdiction=seen.jurisdiction), "account")
        act.tx.update(Factor, {"account": seen.id}, {"pending": new_shared()})


def confirm_binding(deployment: Deployment, actor: Actor, code: str, at: datetime) -> tuple[str, ...]:
    """Bind the secret that was shown, by a code of it; returns new codes of recovery. Raises Invalid, TooOften."""
    _count(deployment, actor, at, "pending")
    with acting(deployment, actor, at) as act:
        account, factor = _own(act)
        step = step_shown(factor.pending, _plain(code), at, 0) if factor.pending else None
        if step is None:
            raise _wrong("没有绑定。")
        forget_count(act, CODE)
        fresh, marks = _new_recovery(act, account)
        change = {"secret": factor.pending, "pending": "", "last_step": step, "bound_at": at, "recovery": marks}
        act.tx.update(Factor, {"account": account.id}, {**change, "reset_at": None, "reset_by": ""})
        act.event("account.factor_bound", data={"login": account.login})
        return fresh


def renew_recovery(deployment: Deployment, actor: Actor, code: str, at: datetime) -> tuple[str, ...]:
    """Put new codes of recovery in place of all there were, by a code; raises Invalid, TooOften."""
    _count(deployment, actor, at, "bound_at")
    with acting(deployment, actor, at) as act:
        account = _shown(act, code, "恢复码没有更换。")
        fresh, marks = _new_recovery(act, account)
        act.tx.update(Factor, {"account": account.id}, {"recovery": marks})
        act.event("account.recovery_renewed", data={"login": account.login})
        return fresh


def unbind(deployment: Deployment, actor: Actor, code: str, at: datetime) -> None:
    """Take one's own second factor off, by a code, where it is not wanted; raises Conflict, Invalid, TooOften."""
    _count(deployment, actor, at, "bound_at")
    with acting(deployment, actor, at) as act:
        account, _ = _own(act)
        if wants_factor(deployment, account):
            raise Conflict("本单位要求您使用第二验证，不能自行解除；手机更换了的，请重新绑定。", "FACTOR_WANTED")
        _shown(act, code, "没有解除。")
        act.tx.delete(Factor, account=account.id)
        act.event("account.factor_removed", data={"login": account.login})


def reset_factor(deployment: Deployment, actor: Actor, account_id: str, at: datetime) -> None:
    """Take somebody else's second factor off, who has lost it, and end their sessions; they are told by whom.

    Raises NotFound, NotAllowed, Conflict: nobody takes off their own.
    """
    with acting(deployment, actor, at, "administer") as act:
        account = account_of(act, account_id)
        if account.id == actor.account:
            raise Conflict("不能解除自己的第二验证，请由另一位安全管理员办理。", "OWN_ACCOUNT")
        _reset(act, account, actor.name)


def reset_factor_from_console(deployment: Deployment, login: str, at: datetime) -> None:
    """Take a second factor off from the server's own console; raises NotFound."""
    account = account_named(deployment, login)
    with acting(deployment, machinery(account.jurisdiction, "控制台解除第二验证"), at) as act:
        _reset(act, account, "控制台")


def _reset(act: Act, account: Account, by: str) -> None:
    off = {"secret": "", "pending": "", "recovery": (), "bound_at": None, "reset_at": act.at, "reset_by": by}
    wanted = {"wanted_at": act.at if wants_factor(act.deployment, account) else None}
    if not act.tx.update(Factor, {"account": account.id}, {**off, **wanted}):
        raise Conflict(f"账号 {account.login} 没有绑定第二验证。", "FACTOR_NOT_BOUND")
    forget_tries(act.tx, act.deployment.keys, account.login)
    end_sessions(act.tx, account.id, act.at)
    act.event("account.factor_reset", data={"login": account.login})
    body = f"您的第二验证由{by}解除，请用密码登录后重新绑定。不是您要求的，请立即联系安全管理员。"
    _tell(act, account, "第二验证已解除", body)


def _tell(act: Act, account: Account, title: str, body: str) -> None:
    key = f"factor:{account.id}:{int(act.at.timestamp())}:{title}"
    act.tell(account.unit, "account", title, body, key=key, account=account.id)


def _count(deployment: Deployment, actor: Actor, at: datetime, what: str) -> None:
    """Count a try of a code against a secret there is: the one that is `bound_at` work, or the `pending` one."""
    with connection(deployment.database, actor.jurisdiction) as reader:
        factor = reader.find(Factor, actor.account)
    if factor is None or not getattr(factor, what):
        raise Conflict("还没有开始绑定第二验证，请刷新页面后再试。", "FACTOR_NOT_BOUND")
    with limited(deployment, actor, at), acting(deployment, actor, at) as act:
        spend(act, CODE)


def _own(act: Act) -> tuple[Account, Factor]:
    account, factor = act.tx.find(Account, act.actor.account), act.tx.find(Factor, act.actor.account)
    assert account is not None
    return account, factor or Factor(account=account.id, jurisdiction=account.jurisdiction)


def _shown(act: Act, code: str, outcome: str) -> Account:
    account, _ = _own(act)
    if take_code(act, account, code):
        raise _wrong(outcome)
    forget_count(act, CODE)
    return account


def _wrong(outcome: str) -> Invalid:
    return Invalid([FieldProblem("code", "验证码不正确或已经用过，请等应用换出新的验证码再输。")], outcome)


def _new_recovery(act: Act, account: Account) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return new codes of recovery, and the keyed hashes that are kept of them."""
    codes = ["".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    shown = tuple("-".join(code[n : n + 4] for n in range(0, _RECOVERY_LENGTH, 4)) for code in codes)
    return shown, tuple(_recovery_mark(act.deployment.keys, account.id, code) for code in codes)


def own_standing(deployment: Deployment, actor: Actor, at: datetime) -> FactorStanding:
    """Return how one stands with one's own second factor."""
    with connection(deployment.database, actor.jurisdiction) as reader:
        account = reader.find(Account, actor.account)
        assert account is not None
        return standing_of(reader, deployment, account, at)
