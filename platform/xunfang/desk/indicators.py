"""Indicators 指标: the dashboard, one of them by owner, what it counts row by row, and the ranking of a year."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from xunfang.desk.faces.indicators import (
    Came,
    IndicatorFace,
    IndicatorRow,
    OwnerRow,
    ScoreRow,
    ScoreTable,
    ThingRow,
    TrendBar,
)
from xunfang.desk.labels import Labels
from xunfang.desk.lines import Line, words
from xunfang.division import digits_of
from xunfang.rulebook.model import CATEGORY, Indicator, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.facts import of_subject
from xunfang.rules.describe.words import EVERY, LEVELS, SUBJECTS
from xunfang.rules.figures import (
    COUNTY,
    Counted,
    Thing,
    Total,
    amount_of,
    counts_in,
    every_of,
    in_part,
    in_whole,
    lately,
    owner_kind,
    owners_of,
    shown,
    totals,
)
from xunfang.store.tables import Figure
from xunfang.worktime import Period

TREND = 6
"""So many periods are shown one after another."""
CHOICES = 12
BAR, _STEP = 40, 14
_NONE = "没有可计的"

ByOwner = Mapping[tuple[str, str, date], Figure]
Knows = Callable[[str], bool]
"""Whether somebody may know what anything came to for an owner."""


def by_owner(rulebook: Rulebook, figures: Iterable[Figure]) -> ByOwner:
    """Return figures of indicators by indicator, owner and first day."""
    return {(row.indicator, row.owner, row.begins_on): row for row in _as_ruled(rulebook, figures)}


def _as_ruled(rulebook: Rulebook, figures: Iterable[Figure]) -> Iterator[Figure]:
    """Yield the figures that are counted as the rules say now: not those for periods or owners of earlier ones."""
    for row in figures:
        indicator = rulebook.indicators.get(row.indicator)
        if indicator and row.every == every_of(indicator).value and _is_owner(indicator, row.owner):
            yield row


def _is_owner(indicator: Indicator, owner: str) -> bool:
    kind = owner_kind(indicator)
    if owner == COUNTY or kind == CATEGORY:
        return True
    if kind in (COUNTY, "unit"):
        return bool(kind) and not owner.isdigit()
    return owner.isdigit() and len(owner) == digits_of(kind)


def came(indicator: Indicator, counted: Counted) -> Came:
    """Return what an indicator came to, in words."""
    measured = shown(indicator, counted)
    told = f"{measured.value:.1%}" if measured.value is not None else _NONE
    points = f"{measured.points:g}" if measured.points is not None else ""
    return Came(measured.part, measured.whole, told, round((measured.value or 0) * 100, 1), points)


def indicator_row(indicator: Indicator, labels: Labels, figures: ByOwner, day: date) -> IndicatorRow:
    """Return an indicator for the period that a day lies in."""
    periods = lately(indicator, day, TREND)
    now = figures.get((indicator.id, COUNTY, periods[-1].first))
    return IndicatorRow(
        id=indicator.id,
        label=indicator.label,
        counts=_counts(labels.rulebook, indicator),
        per=kind_words(owner_kind(indicator)),
        period=periods[-1].label,
        begins_on=periods[-1].first,
        came=came(indicator, _counted(now)),
        trend=tuple(_trend(indicator, figures, periods)),
        counted_at=now.counted_at if now else None,
        basis=labels.basis(indicator.basis),
    )


def _counted(figure: Figure | None) -> Counted:
    return Counted(figure.part, figure.whole) if figure else Counted()


def _trend(indicator: Indicator, figures: ByOwner, periods: Sequence[Period]) -> Iterator[TrendBar]:
    for place, period in enumerate(periods):
        one = came(indicator, _counted(figures.get((indicator.id, COUNTY, period.first))))
        height = round(one.percent / 100 * BAR, 1)
        told = f"{period.label}：{one.words}" + (f"（{one.part}/{one.whole}）" if one.whole else "")
        yield TrendBar(place * _STEP, BAR - height, height, told, period is periods[-1])


def _counts(rulebook: Rulebook, indicator: Indicator) -> str:
    """Return what is counted, as a sentence."""
    of, subject = indicator.whole.of, SUBJECTS.get(indicator.whole.of, "事项")
    whole = condition_words(rulebook, of_subject(indicator.whole.where, of))
    part = condition_words(rulebook, of_subject(indicator.part, of))
    return f"{f'{whole}的' if whole else '全部'}{subject}中，{part}的占比"


def kind_words(kind: str) -> str:
    """Return what the owners of an indicator are called."""
    return LEVELS.get(kind) or EVERY.get(kind, "")


def owner_label(labels: Labels, kind: str, owner: str) -> str:
    """Return the name of an owner."""
    if owner == COUNTY:
        return "全部"
    if kind == "unit":
        return labels.unit(owner)
    return labels.entry(kind, owner) if kind == "category" else labels.place(owner)


def indicator_face(indicator: Indicator, labels: Labels, figures: ByOwner, day: date, knows: Knows) -> IndicatorFace:
    """Return an indicator for the period that a day lies in, by owner that somebody knows of, the best first.

    `figures` are those of all owners: by them places are told.
    """
    row = indicator_row(indicator, labels, figures, day)
    periods = lately(indicator, day, 1)
    owners = [
        (owner, came(indicator, _counted(figure)))
        for (of, owner, begins_on), figure in figures.items()
        if of == indicator.id and begins_on == periods[-1].first and owner != COUNTY and figure.whole
    ]
    kind = owner_kind(indicator)
    better = 1 if indicator.score and indicator.score.points < 0 else -1  # of what is taken away for, less is better
    ranked = sorted(owners, key=lambda each: (better * each[1].percent, -each[1].whole, each[0]))
    rows = tuple(
        OwnerRow(rank, owner, owner_label(labels, kind, owner), one)
        for (owner, one), rank in zip(ranked, ranks([one.percent for _, one in ranked]), strict=True)
        if knows(owner)
    )
    return IndicatorFace(row, rows, ())


def ranks(values: Sequence[float]) -> list[int]:
    """Return the places of values that are in order: what is equal shares a place."""
    found: list[int] = []
    for place, value in enumerate(values, 1):
        found.append(found[-1] if found and values[place - 2] == value else place)
    return found


def choices(indicator: Indicator | None, day: date) -> tuple[tuple[str, str], ...]:
    """Return the periods to choose from, newest first: the day that names each, and words."""
    if indicator is None:
        return ()
    return tuple((f"{each.first:%Y-%m}", each.label) for each in reversed(lately(indicator, day, CHOICES)))


def thing_row(indicator: Indicator, thing: Thing, line: Line) -> ThingRow:
    """Return one thing that was counted."""
    return ThingRow(
        key=thing.key,
        title=_title(line),
        name=words(line, "person.name") or words(line, "visit.name"),
        unit="、".join(line.labels.unit(unit) for unit in thing.units),
        on=thing.first,
        good=in_part(indicator, thing),
        case=line.case,
        duty=line.duty,
        person=line.person,
        amount=f"{amount_of(indicator, thing):.2f}".removesuffix(".00") if indicator.sum else "",
    )


_TITLES = {
    "case": ("case.number", "case.flow"), "clue": ("case.number", "clue.form"), "task": ("case.number", "task.state"),
    "duty": ("duty.duty", "duty.period"), "visit": ("visit.visited_on", "person.residence"),
    "notice": ("notice.number", "notice.kind"), "entitlement": ("entitlement.programme", "entitlement.state"),
    "person": ("person.residence",),
}  # fmt: skip


def _title(line: Line) -> str:
    return " ".join(filter(None, (words(line, path) for path in _TITLES[line.of])))


def is_shown(
    rulebook: Rulebook,
    indicator: Indicator,
    period: Period,
    owner: str,
    thing: Thing,
    good: bool | None,
    today: date | None = None,
) -> bool:
    """Return whether a figure counts a thing: for an owner, in a period, and as it should be or not."""
    if not counts_in(thing, period, indicator.by, today) or not in_whole(indicator, thing):
        return False
    if owner not in owners_of(rulebook, indicator, thing):
        return False
    return good is None or in_part(indicator, thing) is good


def score_tables(labels: Labels, figures: Iterable[Figure], knows: Knows) -> Iterator[ScoreTable]:
    """Yield the ranking of each kind of owner over the year that these figures are of.

    They are those of all owners: by them places are told, of those alone that somebody knows of.
    """
    rulebook = labels.rulebook
    found: dict[tuple[str, str], list[Counted]] = defaultdict(list)
    for row in _as_ruled(rulebook, figures):
        if row.owner != COUNTY:
            found[row.indicator, row.owner].append(_counted(row))
    scored = [one for one in rulebook.indicators.values() if one.score and owner_kind(one)]
    for kind in dict.fromkeys(owner_kind(one) for one in scored):
        of_kind = [one for one in scored if owner_kind(one) == kind]
        names = {one.id for one in of_kind}
        owners = sorted({owner for indicator, owner in found if indicator in names})
        ranking = totals(rulebook, {key: each for key, each in found.items() if key[0] in names}, owners)
        yield _score_table(labels, kind, of_kind, ranking, knows)


def _score_table(
    labels: Labels, kind: str, of_kind: Sequence[Indicator], ranking: Sequence[Total], knows: Knows
) -> ScoreTable:
    places = zip(ranks([total.whole for total in ranking]), ranking, strict=True)
    rows = [_score_row(labels, kind, of_kind, place, each) for place, each in places if knows(each.owner)]
    most = sum(one.score.points for one in of_kind if one.score and one.score.points > 0)
    return ScoreTable(kind_words(kind), tuple(_head(one) for one in of_kind), tuple(rows), f"{most:g}")


def _head(indicator: Indicator) -> str:
    assert indicator.score is not None
    return f"{indicator.label}（{indicator.score.points:g}）"


def _score_row(labels: Labels, kind: str, of_kind: Sequence[Indicator], place: int, total: Total) -> ScoreRow:
    points = tuple(f"{total.points[one.id]:g}" if one.id in total.points else "" for one in of_kind)
    return ScoreRow(place, owner_label(labels, kind, total.owner), points, f"{total.whole:g}")
