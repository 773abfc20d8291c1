"""What a unit owes of a quota 任务量 for a period, from its earlier returns in the file."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.rows import DutyPeriod
from xunfang.rulebook.model import Duty
from xunfang.rules.quotas import Wanted, done_in, reported_words, wanted
from xunfang.worktime import Every, period_of


def wanted_of(draft: Draft, duty: Duty, owed: DutyPeriod, answers: Mapping[str, Any] | None = None) -> Wanted | None:
    """Return what is owed for a period, None for a duty without a quota; `answers` as they are handed in now."""
    if duty.quota is None or not owed.every:
        return None
    before = (row for row in draft.select(DutyPeriod, duty=duty.id) if row.answers and row.id != owed.id)
    reported = [done_in(duty.quota, row.begins_on, draft.answers[row.answers]) for row in before]
    period = period_of(Every(owed.every), owed.begins_on, owed.begins_on)
    now = done_in(duty.quota, owed.begins_on, answers or {})
    return wanted(draft.rulebook, duty, period, reported, now.out_of)


def told_of_quota(draft: Draft, duty: Duty, owed: DutyPeriod, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return how what is handed in stands to what was owed, for the record; nothing for a duty without a quota."""
    found = wanted_of(draft, duty, owed, answers)
    words = reported_words(found, done_in(duty.quota, owed.begins_on, answers).count) if found and duty.quota else ""
    return {"quota": words} if words else {}
