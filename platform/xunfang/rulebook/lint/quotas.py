"""Quotas of which one part never binds, because what each period asks for is more than all of them together."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Duty, Quota
from xunfang.worktime import USUAL_START, Every, period_of, periods_between


def lint(draft: Draft) -> None:
    """Note quotas over several periods that are reached anyway, and shares that come to more than there is."""
    for duty in draft.rules.duties.values():
        if duty.quota and duty.every:
            _never_binds(draft, duty, duty.quota, duty.every)


def _never_binds(draft: Draft, duty: Duty, quota: Quota, every: Every) -> None:
    whole = period_of(quota.within, USUAL_START)
    together = quota.at_least * len(periods_between(every, whole.first, whole.last))
    if together <= quota.in_all:
        return
    entry = draft.entry("duties", duty.id)["quota"]
    message = f"每期都做到 {entry['at_least']}，合计已超过 {entry['in_all']}，in_all 永远用不上"
    hint = "请核对每期、合计各是多少；只规定每期的，把 in_all 写成各期之和"
    draft.findings.warning(draft.parts["duties"], (duty.id, "quota", "in_all"), "QUOTA_NEVER_BINDS", message, hint)
