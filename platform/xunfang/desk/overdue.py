"""What is overdue, unit by unit: counted and listed, as bulletins 简报 and circulars 通报 tell it; nobody is named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xunfang.clock import local, local_date
from xunfang.desk.releases import Releases
from xunfang.rules.duties import period_words
from xunfang.store.reading.overdue import Overdue, OverdueOf


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """One thing that is overdue: what it is, since when, and what of it opens."""

    what: str
    due_at: datetime
    days: int
    case: str
    duty: str


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    """What a unit has overdue, that due first first: `count` is how much in all, `items` are all of it or the first.

    `longest`: for how many days the oldest of it is overdue.
    """

    unit: str
    label: str
    items: tuple[OverdueItem, ...]
    count: int
    longest: int


def by_unit(
    found: Iterable[Overdue], whole: Mapping[str, OverdueOf], rules: Releases, now: datetime
) -> tuple[OverdueUnit, ...]:
    """Return what is overdue by unit, those with most first; `whole`: how much each has where that is not all."""
    units: dict[str, list[OverdueItem]] = {}
    for each in found:
        units.setdefault(each.unit, []).append(_item(each, rules, local_date(now)))
    labels = rules.labels()
    told = [_unit(unit, labels.unit(unit), items, whole.get(unit), local_date(now)) for unit, items in units.items()]
    return tuple(sorted(told, key=lambda each: (-each.count, -each.longest, each.label)))


def _unit(unit: str, label: str, items: list[OverdueItem], whole: OverdueOf | None, today: date) -> OverdueUnit:
    if whole:
        return OverdueUnit(unit, label, tuple(items), whole.count, (today - local_date(whole.due_at)).days)
    return OverdueUnit(unit, label, tuple(items), len(items), max(item.days for item in items))


def _item(each: Overdue, rules: Releases, today: date) -> OverdueItem:
    labels = rules.labels(each.release)
    if each.begins_on:
        period = period_words(labels.rulebook, each.state, each.every, each.begins_on)
        what = f"{labels.duty(each.state)}（{period}）"
    else:
        what = f"{each.number} {labels.item(each.subject, each.flow, each.state)}".strip()
    return OverdueItem(what, each.due_at, (today - local_date(each.due_at)).days, each.case, each.duty)


def due_words(item: OverdueItem) -> str:
    """Return since when something is overdue."""
    since = f"应于{local(item.due_at):%-m月%-d日}前办结"
    return f"{since}，已超期{item.days}天" if item.days else since
