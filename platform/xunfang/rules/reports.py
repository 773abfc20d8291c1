"""Reports 报表 that are filled in beforehand: what their figures count, for whom, and what returns come to together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from xunfang.rulebook.fills import NUMBERS
from xunfang.rulebook.model import ALWAYS, Duty, Fill, Indicator, IntakeForm, Rulebook, Selection
from xunfang.rules.computed import compute
from xunfang.rules.duties import covered, rhythm_of
from xunfang.rules.figures import COUNTY, STANDING
from xunfang.rules.units import places_of
from xunfang.worktime import Every, Period, period_of

CLOSED, OPEN = "case:closed", "case:open"
"""The kinds of things counted that cases are by the day on which they were closed, or while they are open."""
_KINDS = {
    ("case", "closed"): CLOSED, ("case", STANDING): OPEN,
    ("entitlement", "begun"): "entitlement:begun", ("entitlement", "ended"): "entitlement:ended",
}  # fmt: skip
"""Things of which only some are looked through, by how they come to be counted."""
AT_END = "/end"
"""What stands behind a kind of things that are told as they stood when the period was over."""


@lru_cache(maxsize=64)
def counted_by(rulebook: Rulebook) -> tuple[Indicator, ...]:
    """Return everything that is counted night by night: the indicators, then the figures of reports."""
    reports = (figure_of(rulebook, duty, fill) for duty in rulebook.duties.values() for fill in duty.fills if fill.of)
    return (*rulebook.indicators.values(), *(each for each in reports if each))


def counted_as(indicator: Indicator) -> str:
    """Return the kind of things that are looked through for what is counted, told apart by which of their days."""
    of = indicator.whole.of
    kind = _KINDS.get((of, indicator.by), of)
    return kind + AT_END if indicator.at_end else kind


def looked_through(counted: str) -> str:
    """Return which things are looked through for a kind of things counted."""
    return counted.removesuffix(AT_END)


def told_on(counted: str, period: Period, today: date) -> date | None:
    """Return the past day as of which things of a kind are told, None for those told as they stand now."""
    return period.last if counted.endswith(AT_END) and period.last < today else None


def figure_of(rulebook: Rulebook, duty: Duty, fill: Fill) -> Indicator | None:
    """Return what a field of a report counts, as indicators are counted; None for a duty of no period."""
    every, unit = every_covered(rulebook, duty), rulebook.units.get(duty.of)
    if every is None or unit is None or not fill.of:
        return None
    form = rulebook.forms.get(duty.form)
    field = form.fields.get(fill.field) if form else None
    owner = "unit" if fill.whose else str(unit.per)
    basis = fill.basis if fill.basis.cites or fill.basis.practice else duty.basis
    per = (owner, every.value) if owner else (every.value,)
    return Indicator(
        id=figure_id(duty.id, fill.field),
        label=field.title if field else fill.field,
        per=per,
        whole=Selection(fill.of, fill.where),
        part=ALWAYS,
        score=None,
        basis=basis,
        sum=fill.sum,
        each=fill.each,
        by=fill.counts_by,
        at_end=True,
    )


def figure_id(duty: str, field: str) -> str:
    """Return under what the figure of a report is kept."""
    return f"{duty}/{field}"


def every_covered(rulebook: Rulebook, duty: Duty) -> Every | None:
    """Return how long the periods are on which a duty reports, None for one that does not recur."""
    return duty.covers.every if duty.covers else rhythm_of(rulebook, duty)


def period_covered(rulebook: Rulebook, duty: Duty, every: str, begins_on: date) -> Period:
    """Return the period on which is reported what is owed for one."""
    return covered(duty, period_of(Every(every), begins_on, begins_on))


def owners_for(rulebook: Rulebook, fill: Fill, unit: str) -> tuple[str, ...]:
    """Return for whom a figure is counted that a unit reports: itself, or the divisions it works in."""
    if fill.whose:
        return (unit,)
    kind = rulebook.units.get(unit.partition(":")[0])
    return places_of(rulebook, unit) if kind and kind.per else (COUNTY,)


def fills_of(rulebook: Rulebook, duty: Duty) -> tuple[Fill, ...]:
    """Return what the form of a duty is filled in with: as it says, then the sums of fields that its returns share."""
    named = {fill.field for fill in duty.fills}
    implied = (name for name in _shared(rulebook, duty) if name not in named)
    return (*duty.fills, *(_sum_of(name, duty) for name in implied))


SUM = "sum."
"""What stands before the name of a column of returns where its total is meant, which no field of the summary holds."""


def summing_fill(rulebook: Rulebook, duty: Duty, field: str) -> Fill | None:
    """Return how the total of a column of the returns comes about, None for anything else."""
    returns = rulebook.duties.get(duty.collects)
    form, name = rulebook.forms.get(returns.form) if returns else None, field.removeprefix(SUM)
    if not field.startswith(SUM) or form is None or name not in numbers_of(form):
        return None
    return _sum_of(name, duty, field)


def _sum_of(name: str, duty: Duty, field: str = "") -> Fill:
    return Fill(field or name, "", ALWAYS, "", "", "", "", sums=name, tells="", basis=duty.basis)


def _shared(rulebook: Rulebook, duty: Duty) -> Iterator[str]:
    returns = rulebook.duties.get(duty.collects)
    form, theirs = rulebook.forms.get(duty.form), rulebook.forms.get(returns.form) if returns else None
    if form and theirs:
        yield from (name for name in numbers_of(form) if name in numbers_of(theirs))


def numbers_of(form: IntakeForm) -> tuple[str, ...]:
    """Return the fields of a form that are numbers, in its order."""
    return tuple(name for name, field in form.fields.items() if field.kind in NUMBERS)


def period_word(period: Period) -> str:
    """Return a period as forms write it: 2026-09, 2026-Q3, 2026, else in words."""
    if period.every is Every.MONTH:
        return f"{period.first:%Y-%m}"
    if period.every is Every.QUARTER:
        return f"{period.first.year}-Q{(period.first.month + 2) // 3}"
    return f"{period.first.year}" if period.every is Every.YEAR else period.label


@dataclass(frozen=True, slots=True)
class Return:
    """What a unit handed in, or has still to, of what a duty collects. `key` is that of what is owed, "" for nothing.

    `status` is that of what is owed; "" where nobody was asked for it.
    """

    unit: str
    period: Period
    key: str = ""
    status: str = ""
    answers: Mapping[str, Any] | None = None
    at: datetime | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it is still to come."""
        return self.status in ("", "owed")


def missing_units(returns: Iterable[Return]) -> tuple[str, ...]:
    """Return the units whose returns are not in, each once."""
    return tuple(dict.fromkeys(each.unit for each in returns if each.is_missing))


def summed(returns: Iterable[Return], field: str) -> int | float:
    """Return what returns tell in a field, added up: who reported nil, or nothing there, adds nothing."""
    told = [(each.answers or {}).get(field) for each in returns]
    total = sum(each for each in told if isinstance(each, (int, float)) and not isinstance(each, bool))
    return round(total, 2) if isinstance(total, float) else total


def added_up(form: IntakeForm, returns: Iterable[Return]) -> dict[str, Any]:
    """Return the line that returns come to together, with what is computed from it anew: never a sum of averages."""
    given = list(returns)
    facts: dict[str, Any] = {name: summed(given, name) for name in numbers_of(form)}
    compute(form.computed, facts)
    return facts
