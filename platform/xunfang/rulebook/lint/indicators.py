"""Indicators that say nothing: a part that is all of the whole or never any of it, points that nobody can earn."""

from dataclasses import replace

from xunfang.rulebook.conditions import ALWAYS, AllOf
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.implication import implies
from xunfang.rulebook.lint.conditions import impossible
from xunfang.rulebook.lint.points import points
from xunfang.rulebook.model import Indicator, Score

_HINT = "whole 写总数算哪些，part 写其中达到要求的是哪些"
_PER_CENT = 100


def lint(draft: Draft) -> None:
    """Note every indicator that is the same whatever anybody does, and scores out of reach."""
    asked = {point.path: point for point in points(draft) if point.part == "indicators"}
    for indicator in draft.rules.indicators.values():
        whole, part = (asked[indicator.id, which, "where"] for which in ("whole", "part"))
        both = replace(part, condition=AllOf((whole.condition, part.condition)))
        if implies(whole.condition, part.condition):
            message = f"“{indicator.label}”永远是100%：凡计入总数的，都符合 part 的条件"
            path = (indicator.id, "part", "where")
            draft.findings.warning(draft.parts["indicators"], path, "INDICATOR_SETTLED", message, _HINT)
        elif whole.condition != ALWAYS and not any(impossible(draft, each) for each in (whole, part)):
            _never(draft, indicator, impossible(draft, both))
        if indicator.score:
            _score(draft, indicator, indicator.score)


def _never(draft: Draft, indicator: Indicator, clash: str) -> None:
    if clash:
        message = f"“{indicator.label}”永远是0：“{clash}”没有一个值同时符合 whole 和 part"
        draft.error("indicators", (indicator.id, "part", "where"), "INDICATOR_SETTLED", message, _HINT)


def _score(draft: Draft, indicator: Indicator, score: Score) -> None:
    path = (indicator.id, "score")
    if score.points == 0:
        message = f"“{indicator.label}”是 0 分，做得好坏都一样"
        hint = "得分的写大于 0 的数，扣分的写小于 0 的数；不计分的，删去 score"
        draft.error("indicators", (*path, "points"), "POINTS_OF_NOTHING", message, hint)
    if not 0 < score.full_at <= 1:
        what = "没有单位能得满分" if score.full_at > 1 else "没有做到一件也得满分"
        message = f"full_at 是得满分要达到的比例（部分除以总数，大于 0、不超过 1），写成 {score.full_at:g}，{what}"
        meant = f"是否想写 {score.full_at / 100:g}？" if 1 < score.full_at <= _PER_CENT else ""
        draft.error("indicators", (*path, "full_at"), "RATIO_OUTSIDE", message, f"{meant}百分之九十五写 0.95")
