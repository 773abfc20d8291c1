"""Indicators 指标, what is counted, part over whole: indicators.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.facts import check_selection
from xunfang.rulebook.kind import Kind


@dataclass(frozen=True, slots=True)
class Selection:
    """What an indicator counts: a kind of thing and a condition on it."""

    of: str
    where: Condition


@dataclass(frozen=True, slots=True)
class Score:
    """How an indicator is scored: full points at `full_at`."""

    points: float
    full_at: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator 指标: part over whole, per unit and period; or a figure of a report, counted in the same way.

    Of such a figure `sum` is the fact that is added up, `each` "person" where everybody counts once, and `by` which day
    of a thing is to lie in the period, "" the usual one, or "standing" for what is there when it is over. `at_end`:
    things are told as they stood then, whenever they are counted.
    """

    id: str
    label: str
    per: tuple[str, ...]
    whole: Selection
    part: Condition
    score: Score | None
    basis: Basis
    sum: str = ""
    each: str = ""
    by: str = ""
    at_end: bool = False


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the indicators, by id."""
    found = {}
    for key, entry in draft.entries("indicators"):
        score = entry.data.get("score")
        whole = entry.sub("whole")
        found[key] = Indicator(
            id=key,
            label=entry.text("label"),
            per=entry.names("per"),
            whole=Selection(whole.text("of"), whole.condition_or_always("where")),
            part=entry.sub("part").condition_or_always("where"),
            score=Score(float(score["points"]), float(score.get("full_at", 1))) if score else None,
            basis=entry.basis(),
        )
    return {"indicators": found}


def link(draft: Draft) -> None:
    """Check what every indicator counts."""
    for indicator in draft.rules.indicators.values():
        _link_indicator(draft, indicator)


def _link_indicator(draft: Draft, indicator: Indicator) -> None:
    draft.check_basis("indicators", (indicator.id,), indicator.basis)
    of = indicator.whole.of
    check_selection(draft, "indicators", (indicator.id, "whole", "where"), of, indicator.whole.where)
    check_selection(draft, "indicators", (indicator.id, "part", "where"), of, indicator.part)


INDICATORS = Kind(
    "indicators", build, link, label="指标", heading="指标", cites=True, serves="indicator", lived="每夜统计，逐件可查"
)
