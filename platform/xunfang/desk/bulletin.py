"""The monthly bulletin 简报: indicators with those of the month before, ranking, trend, and what is overdue by unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.desk.counting import CountingReadings
from xunfang.desk.faces.indicators import IndicatorRow, ScoreTable
from xunfang.desk.indicators import BAR
from xunfang.desk.moments import moment
from xunfang.desk.overdue import OverdueUnit, by_unit, due_words
from xunfang.desk.releases import Releases
from xunfang.rules.units import unit_label
from xunfang.store.scoped import scoped
from xunfang.worktime import Every, period_of

TEMPLATE = "bulletin.html"
_LEVELS = 10
"""So high is a bar of a trend on paper that is full."""
_LISTED = 5
"""So many things of each unit are named on paper; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What a month came to: its indicators, the ranking of the year up to it, and what is overdue now."""

    name: str
    unit: str
    day: date
    at: datetime
    rows: Sequence[IndicatorRow]
    scores: Sequence[ScoreTable]
    overdue: Sequence[OverdueUnit]

    @property
    def period(self) -> str:
        """The month it is of."""
        return f"{self.day.year}年{self.day.month}月"

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.name}工作月报"

    @property
    def number(self) -> str:
        """Which one of the year it is."""
        return f"{self.day.year}年第{self.day.month}期"

    @property
    def late(self) -> int:
        """How much is overdue in all."""
        return sum(unit.count for unit in self.overdue)


@dataclass(frozen=True, slots=True)
class BulletinReadings:
    """Answers what a bulletin says, within the sight of the person who asks."""

    deployment: Deployment

    def bulletin(self, actor: Actor, day: date, at: datetime) -> Bulletin:
        """Return the bulletin of the month that a day lies in."""
        counting, rules = CountingReadings(self.deployment), Releases(self.deployment.rulebooks, actor.jurisdiction)
        with scoped(self.deployment.database, actor.scope) as reader:
            found, whole = reader.overdue(at)
        return Bulletin(
            name=rules.in_force.info.name,
            unit=unit_label(rules.in_force, actor.unit),
            day=day,
            at=at,
            rows=counting.dashboard(actor, day),
            scores=counting.scores(actor, day.year, period_of(Every.MONTH, day).last),
            overdue=by_unit(found, whole, rules, at),
        )


def paper_of_bulletin(told: Bulletin, by: str) -> dict[str, Any]:
    """Return what the printed bulletin says."""
    return {
        "template": TEMPLATE,
        "ledger": {"title": f"{told.title}（{told.number}）"},
        "bulletin": {
            "name": told.name,
            "title": told.title,
            "number": told.number,
            "period": told.period,
            "unit": told.unit,
            "at": moment(told.at),
            "by": by,
            "rows": list(_rows(told.rows)),
            "scores": [_score(table) for table in told.scores if table.rows],
            "overdue": [_overdue(unit) for unit in told.overdue],
            "late": told.late,
            "more": False,  # all is counted; templates of counties may ask
        },
    }


def _rows(rows: Sequence[IndicatorRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        trend = [{"level": round(bar.height / BAR * _LEVELS), "now": bar.now} for bar in row.trend]
        came = row.came
        yield {
            "label": row.label,
            "period": row.period,
            "words": came.words,
            "part": came.part,
            "whole": came.whole,
            "points": came.points,
            "trend": trend,
            "before": row.trend[-2].words.partition("：")[2] if len(row.trend) > 1 else "",
        }


def _score(table: ScoreTable) -> dict[str, Any]:
    rows = [
        {"rank": row.rank, "label": row.label, "points": list(row.points), "whole": row.whole} for row in table.rows
    ]
    return {"kind": table.kind, "heads": list(table.heads), "most": table.most, "rows": rows}


def _overdue(unit: OverdueUnit) -> dict[str, Any]:
    items = [f"{item.what}，{due_words(item)}" for item in unit.items[:_LISTED]]
    rest = unit.count - len(items)
    return {"label": unit.label, "count": unit.count, "longest": unit.longest, "items": items, "rest": rest}
