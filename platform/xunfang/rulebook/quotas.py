"""Quotas 任务量: how much of something a duty wants in each period, and in all over several."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.findings import did_you_mean
from xunfang.worktime import Every

if TYPE_CHECKING:  # duties stand on these
    from xunfang.rulebook.kinds.duties import Duty

ALL = "all"
_SHARE = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")
NESTED = {
    Every.QUARTER: (Every.TEN_DAYS, Every.HALF_MONTH, Every.MONTH),
    Every.HALF_YEAR: (Every.TEN_DAYS, Every.HALF_MONTH, Every.MONTH, Every.QUARTER),
    Every.YEAR: (Every.TEN_DAYS, Every.HALF_MONTH, Every.MONTH, Every.QUARTER, Every.HALF_YEAR),
    Every.MONTH: (Every.TEN_DAYS, Every.HALF_MONTH),
}
"""Which periods fill each longer one: so many of them and no part of another."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much a duty wants of what it reports: `at_least` in each period, `in_all` over those `within` a longer one.

    `counts` is the number of the duty's form that is added up. With `out_of`, the number of all there are, both are
    shares of that.
    """

    counts: str
    out_of: str
    at_least: Fraction
    in_all: Fraction
    within: Every


def quota_in(entry: Entry) -> Quota | None:
    """Return the quota of a duty, None where it has none; an amount that cannot be read is noted."""
    if "quota" not in entry.data:
        return None
    quota = entry.sub("quota")
    shares = "out_of" in quota.data
    return Quota(
        counts=quota.text("counts"),
        out_of=quota.text("out_of"),
        at_least=_amount(quota, "at_least", shares=shares),
        in_all=_amount(quota, "in_all", shares=shares),
        within=Every(quota.data["within"]),
    )


def _amount(entry: Entry, key: str, *, shares: bool) -> Fraction:
    value: Any = entry.data[key]
    share = Fraction(1) if value == ALL else _share(str(value))
    if shares and share is not None:
        return share
    if not shares and isinstance(value, int) and value > 0:
        return Fraction(value)
    message, whole = f"“{value}”不能作为任务量", '写整数，如 10；按几分之几的，还要写 out_of = "<总数字段>"'
    hint = '写了 out_of 的，写几分之几，如 "1/3"，全部写 "all"' if shares else whole
    entry.error(key, "QUOTA_UNREADABLE", message, hint)
    return Fraction(1)


def _share(text: str) -> Fraction | None:
    found = _SHARE.fullmatch(text)
    return Fraction(int(found[1]), int(found[2])) if found and int(found[1]) <= int(found[2]) else None


def check_quota(draft: Draft, duty: "Duty") -> None:
    """Note a quota of a duty not owed for each period, over no whole periods, or of fields that its form has not."""
    quota = duty.quota
    if quota is None:
        return
    others = {"on": duty.on, "while": duty.while_, "satisfied_by": duty.satisfied_by, "collects": duty.collects}
    if mixed := [key for key, value in others.items() if value]:
        message = f"写了 quota 的任务按期报送，不能同时写 {'、'.join(mixed)}"
        draft.error("duties", (duty.id, mixed[0]), "DUTY_MIXED", message, "请分成两项定期任务")
    elif duty.every not in NESTED.get(quota.within, ()):
        message = f"各期（{duty.every or '没有写 every'}）合不成整的“{quota.within}”，不知道哪几期合计"
        hint = 'every 写 "ten days"、"half month"、"month"、"quarter"、"half-year"，within 写更长的、能由各期合成的'
        draft.error("duties", (duty.id, "quota", "within"), "QUOTA_WITHIN", message, hint)
    _check_fields(draft, duty, quota)


def _check_fields(draft: Draft, duty: "Duty", quota: Quota) -> None:
    form = draft.rules.forms.get(duty.form)
    if form is None:
        if not duty.form:
            message = "任务量要从报送的表单里数，这项任务没有表单"
            draft.error("duties", (duty.id, "quota"), "QUOTA_FIELD_MISSING", message, '补上 form = "<表单编号>"')
        return
    numbers = {name for name, field in form.fields.items() if field.kind in ("integer", "number")}
    for key, name in (("counts", quota.counts), ("out_of", quota.out_of)):
        if name and name not in numbers:
            message = f"《{form.title}》中没有数字字段“{name}”"
            draft.error("duties", (duty.id, "quota", key), "QUOTA_FIELD_MISSING", message, did_you_mean(name, numbers))
