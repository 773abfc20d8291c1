"""Reports 报表 filled in beforehand: what stands in a form before anybody fills it in, and counting it anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.figures import Count, want_counts
from xunfang.casework import DutyPeriod
from xunfang.casework.reports import CountedFigure
from xunfang.errors import NotFound
from xunfang.rulebook.model import Duty, Fill, Indicator, Rulebook
from xunfang.rules.duties import PlannedDuty, collected_for, duty_due, of_unit, rhythm_of
from xunfang.rules.figures import Counted, number_of
from xunfang.rules.reports import (
    Return,
    counted_as,
    figure_of,
    fills_of,
    missing_units,
    owners_for,
    period_covered,
    period_word,
    summed,
    summing_fill,
)
from xunfang.rules.units import former_units, unit_label
from xunfang.store.reading.reported import ReportSource, Returned, returns_in
from xunfang.worktime import Every, Period, period_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a report is filled in with: its duty and period, the returns it collects, and how each field is filled."""

    rulebook: Rulebook
    duty: Duty
    owed: DutyPeriod
    period: Period
    returns: tuple[Return, ...]
    figures: tuple[CountedFigure, ...]
    fills: tuple[Fill, ...]

    def fill(self, field: str) -> Fill:
        """Return how a field is filled; raises NotFound for one that is not."""
        summing = summing_fill(self.rulebook, self.duty, field)
        found = next((fill for fill in self.fills if fill.field == field), summing)
        if found is None:
            raise NotFound()
        return found


def prepared_report(source: ReportSource, rulebook: Rulebook, owed: DutyPeriod) -> Prepared | None:
    """Return what the report that is owed is filled in with, None for a duty that fills nothing in."""
    duty = rulebook.duties.get(owed.duty)
    fills = fills_of(rulebook, duty) if duty and owed.every else ()
    if duty is None or not (fills or duty.collects):
        return None
    period = period_covered(rulebook, duty, owed.every, owed.begins_on)
    returns = tuple(_returns(source, rulebook, duty, owed)) if duty.collects else ()
    figures = tuple(_figures(source, rulebook, duty, owed, period, returns, fills))
    return Prepared(rulebook, duty, owed, period, returns, figures, fills)


def _figures(
    source: ReportSource,
    rulebook: Rulebook,
    duty: Duty,
    owed: DutyPeriod,
    period: Period,
    returns: Sequence[Return],
    fills: Sequence[Fill],
) -> Iterator[CountedFigure]:
    for fill in fills:
        if fill.sums:
            given = sum(each.answers is not None for each in returns)
            yield CountedFigure(fill.field, summed(returns, fill.sums), given)
        elif fill.of and (figure := figure_of(rulebook, duty, fill)):
            yield _counted(source, rulebook, owed, period, fill, figure)


def _counted(
    source: ReportSource, rulebook: Rulebook, owed: DutyPeriod, period: Period, fill: Fill, figure: Indicator
) -> CountedFigure:
    rows = source.counted(figure.id, period)
    if not rows:
        return CountedFigure(fill.field, None)
    found = [rows[owner] for owner in owners_for(rulebook, fill, owed.unit) if owner in rows]
    whole = Counted(sum(row.part for row in found), sum(row.whole for row in found))
    return CountedFigure(
        fill.field, number_of(figure, whole), whole.whole, max(row.counted_at for row in rows.values())
    )


def _returns(source: ReportSource, rulebook: Rulebook, duty: Duty, owed: DutyPeriod) -> Iterator[Return]:
    """Yield what is owed to a summary by every unit, in or not: also by one that was asked and is asked no more.

    What was reported to its unit stays there, whatever was merged since, and is looked for nowhere else.
    """
    every = rulebook.duties[duty.collects].every
    if every is None:
        return
    span, ours = period_of(Every(owed.every), owed.begins_on, owed.begins_on), set(_with_former(rulebook, owed.unit))
    rows = source.returned(duty.collects, every.value, span.first, span.last)
    left = {row.owed.id: row for row in rows if not row.owed.to or ours.intersection(row.owed.to)}
    for one in _wanted(rulebook, duty, owed):
        units = _with_former(rulebook, one.unit)
        known = [row for unit in units if (row := returns_in(rows, unit, one.begins_on))]
        found = [row for row in known if left.pop(row.owed.id, None) and _is_told(row, known)]
        yield from (_return(rulebook, row, owed.ended_at) for row in found)
        if not known:
            assert one.period is not None
            yield Return(one.unit, one.covers or one.period)
    yield from (_return(rulebook, row, owed.ended_at) for row in left.values() if row.owed.status != "waived")


def _with_former(rulebook: Rulebook, unit: str) -> tuple[str, ...]:
    return (unit, *former_units(rulebook, unit))


def _is_told(row: Returned, known: Sequence[Returned]) -> bool:
    """Return whether a return is told of: not one let off because the unit that followed owes the same."""
    return row is known[0] or row.owed.status != "waived"


def _wanted(rulebook: Rulebook, duty: Duty, owed: DutyPeriod) -> tuple[PlannedDuty, ...]:
    every = rhythm_of(rulebook, duty)
    period = period_of(Every(owed.every), owed.begins_on, owed.begins_on)
    dated = duty if duty.every else replace(duty, every=every, due=None)
    when = duty_due(dated, period, rulebook.calendar)
    return collected_for(rulebook, of_unit(rulebook, dated, owed.unit, period, when))


def _return(rulebook: Rulebook, found: Returned, until: datetime | None) -> Return:
    owed = found.owed
    period = period_covered(rulebook, rulebook.duties[owed.duty], owed.every, owed.begins_on)
    if until and owed.ended_at and owed.ended_at > until:  # it came once the summary was in
        return Return(owed.unit, period, owed.id, "owed")
    return Return(owed.unit, period, owed.id, owed.status, found.answers, owed.ended_at)


def words_for(prepared: Prepared, person: str) -> dict[str, str]:
    """Return the words that fields of a report are filled in with: of which period, by whom, and who is missing."""
    rulebook, owed = prepared.rulebook, prepared.owed
    missing = "、".join(unit_label(rulebook, unit) for unit in missing_units(prepared.returns))
    told = {
        "period": period_word(prepared.period),
        "unit": unit_label(rulebook, owed.unit),
        "person": person,
        "missing": missing or ("无" if prepared.returns else ""),
    }
    return {fill.field: told[fill.tells] for fill in prepared.fills if fill.tells}


def count_report_again(deployment: Deployment, actor: Actor, duty_period: str, at: datetime) -> None:
    """Let the figures of a report be counted anew; asked for often, it is done once a minute.

    Raises NotFound for what is out of sight, NotAllowed for whoever hands nothing in.
    """
    actor.need("complete", "submit")
    with acting(deployment, actor, at, dated=True) as act:
        owed = act.scoped.owed(duty_period)
        rulebook = act.rules(owed.release)
        duty = rulebook.duties.get(owed.duty)
        if duty is None or not owed.every:
            raise NotFound()
        period = period_covered(rulebook, duty, owed.every, owed.begins_on)
        counts = dict.fromkeys(
            Count(counted_as(figure), period) for fill in duty.fills if (figure := figure_of(rulebook, duty, fill))
        )
        if want_counts(act, counts, f"{at:%Y%m%d%H%M}"):
            act.event("figures.wanted", data={"duty": owed.duty, "day": period.first.isoformat()})
