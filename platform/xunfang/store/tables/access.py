"""Who may enter: accounts and their sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from xunfang.store.columns import References, Sealed
from xunfang.store.rows import table


@table("account", unique=[("login",)], indexes=[("jurisdiction", "unit")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person who signs in. `unit` is "service-centre" or, for one of many, "township:<division>".

    `division` is the prefix of what this account sees beyond its own tasks; empty for a department.
    `state` is "active" or "disabled". `locked_until` is for information: until then some place it was tried from is
    shut out, see `Tally`; it shuts nobody out itself. Without `password_set_at` the password is as old as the account.
    """

    id: str
    login: str
    name: str
    password_hash: str
    jurisdiction: str
    unit: str
    roles: tuple[str, ...]
    created_at: datetime
    division: str = ""
    phone: bytes | None = None
    state: str = "active"
    failed_count: int = 0
    locked_until: datetime | None = None
    must_change: bool = False
    version: int = 1
    password_set_at: datetime | None = None


@table("deputy", indexes=[("account", "ended_at"), ("deputy", "ended_at")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Deputy:
    """That one account stands in for another 代理 from a day through another, both included, unless ended before."""

    id: str
    jurisdiction: str
    account: Annotated[str, References("account")]
    deputy: Annotated[str, References("account")]
    since_on: date
    until_on: date
    named_by: str
    named_at: datetime
    ended_at: datetime | None = None


@table("session", key=("token_hash",), indexes=[("account", "ended_at"), ("ended_at", "last_seen_at")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in. Only a hash of its token is kept; `ends_at` is the latest it can last.

    `by` is empty for a password of ours, else what vouched for the person.
    """

    token_hash: str
    account: Annotated[str, References("account")]
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    by: str = ""


@table("tally", key=("kind", "who", "place"), indexes=[("ends_at",)])
@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often something was done or tried of late, so that nobody does it without end; forgotten at `ends_at`.

    `who` and `place` are keyed hashes of an account or login and of an address or browser, empty where only the other
    counts. `until`: nothing more before that moment; `told`: it is on record that the limit was reached.
    """

    kind: str
    who: str
    place: str
    count: int
    began_at: datetime
    ends_at: datetime
    until: datetime | None = None
    told: bool = False


@table("factor", key=("account",), indexes=[("jurisdiction", "account")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """The second factor 第二验证 of one account: what its authenticator app shares with us, once it was bound.

    `wanted_at`: since when the rules of the deployment want one. `pending` is a secret that was shown and not proved
    yet. `last_step` is the newest span of thirty seconds whose code was taken: no code is taken twice. `recovery` are
    keyed hashes of the codes that open once without the app. `reset_by` took it off last, at `reset_at`.
    """

    account: Annotated[str, References("account")]
    jurisdiction: str
    wanted_at: datetime | None = None
    secret: Annotated[str, Sealed()] = ""
    pending: Annotated[str, Sealed()] = ""
    last_step: int = 0
    recovery: Annotated[tuple[str, ...], Sealed()] = ()
    bound_at: datetime | None = None
    reset_at: datetime | None = None
    reset_by: str = ""


@table("identity", key=("mark",), unique=[("account",)], indexes=[("jurisdiction", "account")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """That an account is somebody of an issuer 统一身份认证. `mark` is a keyed hash of issuer and `name`."""

    mark: str
    issuer: str
    name: Annotated[str, Sealed()]
    account: Annotated[str, References("account")]
    jurisdiction: str
    bound_at: datetime
