"""How people enter and how much they may do in an hour, as `[access]` in config.toml says."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

KINDS = ("", "一", "两", "三", "四")


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The rules of one deployment. Without `password_days` a password never expires."""

    idle_minutes: int = 30
    longest_hours: int = 10
    failures: int = 5
    locked_minutes: int = 30
    password_length: int = 10
    password_kinds: int = 3
    password_days: int = 90
    reports_hourly: int = 120
    photos_hourly: int = 600
    reveals_hourly: int = 60
    address_times: int = 20
    second_factor: str = "none"
    second_factor_roles: tuple[str, ...] = ()
    second_factor_grace_days: int = 7

    @property
    def idle(self) -> timedelta:
        """After how long without any sign of the person a session ends."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """How long a session lasts at most."""
        return timedelta(hours=self.longest_hours)

    @property
    def locked_for(self) -> timedelta:
        """How long the place from which too many tries failed stays shut out of an account."""
        return timedelta(minutes=self.locked_minutes)

    @property
    def password_words(self) -> str:
        """What a password must be, in words."""
        kinds = (
            f"，含大写字母、小写字母、数字、符号中的{KINDS[self.password_kinds]}种" if self.password_kinds > 1 else ""
        )
        return f"至少{self.password_length}位{kinds}，不含用户名，也不是常见的或有规律的密码"

    def wants_factor(self, roles: Collection[str], *, administers: bool) -> bool:
        """Return whether somebody with these roles, who holds an office of administration or not, must show one."""
        if self.second_factor == "all" or not {*self.second_factor_roles}.isdisjoint(roles):
            return True
        return self.second_factor == "administrators" and administers

    def bind_by(self, wanted_at: datetime) -> datetime:
        """Return until when somebody goes on without a second factor that was wanted since a moment."""
        return wanted_at + timedelta(days=self.second_factor_grace_days)

    def expired(self, set_at: datetime, at: datetime) -> bool:
        """Return whether a password that was set at a moment must be changed by now.

        One from a day to come was set by a clock that had leapt: nobody knows how old it is.
        """
        old = at >= set_at + timedelta(days=self.password_days)
        return self.password_days > 0 and (old or set_at > at + timedelta(days=1))


FACTOR_FOR = ("none", "administrators", "all")
"""Of whom a second factor can be wanted, besides single roles."""

OTHER_KEYS = ("policy", "second_factor", "second_factor_roles")
"""The keys of `[access]` that are no numbers."""

PRESETS: Mapping[str, AccessRules] = {
    "dengbao": AccessRules(),
    "asvs": AccessRules(password_length=12, password_kinds=1, password_days=0),
}
"""等级保护 asks for mixed characters and regular change; ASVS for length, and change only when there is a reason."""

RANGES: Mapping[str, tuple[int, int]] = {
    "idle_minutes": (10, 480),
    "longest_hours": (1, 24),
    "failures": (3, 20),
    "locked_minutes": (1, 1440),
    "password_length": (8, 64),
    "password_kinds": (1, 4),
    "password_days": (0, 365),
    "reports_hourly": (0, 1_000_000),
    "photos_hourly": (0, 1_000_000),
    "reveals_hourly": (0, 1_000_000),
    "address_times": (1, 1000),
    "second_factor_grace_days": (0, 90),
}
"""Every single key, and between which whole numbers it may lie; a page tells every five minutes that somebody types.

0 reports, photos or reveals an hour are no limit at all.
"""


def access_problems(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield everything wrong in an `[access]` table, each as a sentence that names the key."""
    policy = told.get("policy", "dengbao")
    if policy not in PRESETS:
        yield f"“access.policy”只能写 {'、'.join(PRESETS)}，现为 {policy!r}"
    if told.get("second_factor", "none") not in FACTOR_FOR:
        yield f"“access.second_factor”只能写 {'、'.join(FACTOR_FOR)}，现为 {told['second_factor']!r}"
    roles = told.get("second_factor_roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, str) and role for role in roles):
        yield f'“access.second_factor_roles”应写成角色编号的清单，如 ["leader"]，现为 {roles!r}'
    for key, value in told.items():
        if key in RANGES and not _fits(key, value):
            low, high = RANGES[key]
            yield f"“access.{key}”应为 {low} 至 {high} 之间的整数，现为 {value!r}"


def access_rules(told: Mapping[str, Any]) -> AccessRules:
    """Return the rules of an `[access]` table without problems: those of its policy, single keys put over them."""
    given: dict[str, Any] = {key: told[key] for key in (*RANGES, "second_factor") if key in told}
    given["second_factor_roles"] = tuple(told.get("second_factor_roles", ()))
    return replace(PRESETS[told.get("policy", "dengbao")], **given)


def _fits(key: str, value: Any) -> bool:
    low, high = RANGES[key]
    return type(value) is int and low <= value <= high
