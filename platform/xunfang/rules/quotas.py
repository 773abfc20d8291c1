"""What is owed of a quota 任务量 in one period, from what was done in the earlier ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from xunfang.rulebook.model import Duty, Quota, Rulebook
from xunfang.rules.describe.words import EVERY
from xunfang.worktime import Every, Period, period_of, periods_between

_WHOLE = {Every.MONTH: "全月", Every.QUARTER: "全季度", Every.HALF_YEAR: "半年", Every.YEAR: "全年"}


@dataclass(frozen=True, slots=True)
class Done:
    """What a unit reported for a period: so much, out of so much (None where that was not asked)."""

    begins_on: date
    count: float
    out_of: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a unit owes of a quota in a period, the `nth` of so many `rounds`; None while nobody told of how much.

    `done`: in the earlier ones. `words` tell all of it.
    """

    needed: int | None
    done: float
    nth: int
    rounds: int
    words: str

    def short(self, count: float) -> float:
        """Return how much of it is left when so much was done."""
        return max(0, (self.needed or 0) - count)


def whole_of(quota: Quota, day: date) -> Period:
    """Return the longer period over which a quota is added up."""
    return period_of(quota.within, day)


def done_in(quota: Quota, begins_on: date, answers: Mapping[str, Any]) -> Done:
    """Return what a report tells that was done; nothing told is nothing done."""
    out_of = _number(answers.get(quota.out_of)) if quota.out_of else None
    return Done(begins_on, _number(answers.get(quota.counts)) or 0, out_of)


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def wanted(
    rulebook: Rulebook, duty: Duty, period: Period, reported: Iterable[Done], out_of: float | None = None
) -> Wanted:
    """Return what is owed in a period of a duty that has a quota, from everything reported; `out_of` as told now.

    In the last period it is what is left of the whole, in the others what each period asks for. Of shares no more is
    owed than there is left. Where nobody told now of how much, it is as told last.
    """
    quota = duty.quota
    assert quota is not None
    assert duty.every is not None
    whole = whole_of(quota, period.first)
    earlier = sorted((each for each in reported if whole.first <= each.begins_on < period.first), key=_begins)
    rounds = periods_between(duty.every, whole.first, whole.last, duty.starting)
    done, total = sum(each.count for each in earlier), out_of
    for each in earlier if out_of is None else ():
        total = each.out_of if each.out_of is not None else total
    needed = _needed(quota, done, total, last=period.first == rounds[-1].first)
    nth = rounds.index(period) + 1
    return Wanted(needed, done, nth, len(rounds), _words(rulebook, duty, quota, whole, done, needed, nth, len(rounds)))


def _begins(done: Done) -> date:
    return done.begins_on


def _needed(quota: Quota, done: float, total: float | None, *, last: bool) -> int | None:
    if quota.out_of and total is None:
        return None
    of = Fraction(total or 0) if quota.out_of else Fraction(1)
    each, left = ceil(quota.at_least * of), max(0, ceil(quota.in_all * of - Fraction(done)))
    if quota.out_of:
        return left if last else min(each, max(0, ceil(of - Fraction(done))))
    return max(each, left) if last else each


def _words(
    rulebook: Rulebook, duty: Duty, quota: Quota, whole: Period, done: float, needed: int | None, nth: int, rounds: int
) -> str:
    this = f"本期（第{nth}期，共{rounds}期）"
    unknown = f"{this}按报送的“{title_of(rulebook, duty, quota.out_of)}”计算"
    owed = unknown if needed is None else f"{this}不少于{needed}"
    before = f"{whole.label}以前各期已做{done:g}，" if nth > 1 else ""
    return f"{quota_words(rulebook, duty, quota)}；{before}{owed}"


def quota_words(rulebook: Rulebook, duty: Duty, quota: Quota) -> str:
    """Return a quota as people say it: “抽查户数”每季度不少于10、全年不少于50."""
    every = EVERY[duty.every] if duty.every else "每期"
    each, whole = _amount(rulebook, duty, quota, quota.at_least), _amount(rulebook, duty, quota, quota.in_all)
    over = _WHOLE.get(quota.within, "合计")
    all_of = f"{over}内全部做到" if quota.out_of and quota.in_all == 1 else f"{over}不少于{whole}"
    return f"“{title_of(rulebook, duty, quota.counts)}”{every}不少于{each}、{all_of}"


def _amount(rulebook: Rulebook, duty: Duty, quota: Quota, amount: Fraction) -> str:
    if not quota.out_of:
        return str(amount)
    share = "全部" if amount == 1 else f"{amount.denominator}分之{amount.numerator}"
    return f"“{title_of(rulebook, duty, quota.out_of)}”的{share}"


def title_of(rulebook: Rulebook, duty: Duty, name: str) -> str:
    """Return what the form of a duty calls a field."""
    form = rulebook.forms.get(duty.form)
    return form.fields[name].title if form and name in form.fields else name


def reported_words(found: Wanted, count: float) -> str:
    """Return how a report stands to what was owed: 本期不少于14，报10，少4."""
    if found.needed is None:
        return ""
    short = found.short(count)
    return f"本期不少于{found.needed}，报{count:g}" + (f"，少{short:g}" if short else "")
