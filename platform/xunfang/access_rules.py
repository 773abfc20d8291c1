"""How people enter and how much they may do in an hour, as `[access]` in config.toml says."""

from collections.abc import Iterator, Mapping
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

    def expired(self, set_at: datetime, at: datetime) -> bool:
        """Return whether a password that was set at a moment must be changed by now.

        One from a day to come was set by a clock that had leapt: nobody knows how old it is.
        """
        old = at >= set_at + timedelta(days=self.password_days)
        return self.password_days > 0 and (old or set_at > at + timedelta(days=1))


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
}
"""Every single key, and between which whole numbers it may lie; a page tells every five minutes that somebody types.

0 reports, photos or reveals an hour are no limit at all.
"""


def access_problems(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield everything wrong in an `[access]` table, each as a sentence that names the key."""
    policy = told.get("policy", "dengbao")
    if policy not in PRESETS:
        yield f"“access.policy”只能写 {'、'.join(PRESETS)}，现为 {policy!r}"
    for key, value in told.items():
        if key in RANGES and not _fits(key, value):
            low, high = RANGES[key]
            yield f"“access.{key}”应为 {low} 至 {high} 之间的整数，现为 {value!r}"


def access_rules(told: Mapping[str, Any]) -> AccessRules:
    """Return the rules of an `[access]` table without problems: those of its policy, single keys put over them."""
    return replace(PRESETS[told.get("policy", "dengbao")], **{key: told[key] for key in RANGES if key in told})


def _fits(key: str, value: Any) -> bool:
    low, high = RANGES[key]
    return type(value) is int and low <= value <= high
