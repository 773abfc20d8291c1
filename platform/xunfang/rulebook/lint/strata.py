"""Samples: ratios that are none, strata that an earlier one takes all of, or that lie outside of what is drawn from.

What a stratum asks by itself is looked at with all other conditions.
"""

from collections.abc import Iterator, Sequence

from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.implication import implies
from xunfang.rulebook.lint.conditions import impossible
from xunfang.rulebook.lint.domains import ways
from xunfang.rulebook.lint.points import Point
from xunfang.rulebook.model import AllOf, Condition, Duty, Sample, Stratum
from xunfang.rulebook.positions import Path

_WORDS = frozenset({"all", "local"})


def lint(draft: Draft) -> None:
    """Note what is wrong with the sample of every duty."""
    for path, ratio in ratios(draft):
        if ratio not in _WORDS and not _is_share(ratio):
            message = f"抽查比例“{ratio}”不在 0 到 1 之间"
            hint = '百分之三十写 0.3；全部写 "all"；由下级定的写 "local"'
            draft.error("duties", path, "RATIO_OUTSIDE", message, hint)
    for duty in draft.rules.duties.values():
        if duty.sample:
            _strata(draft, duty, duty.sample)
            _draws_nothing(draft, duty, duty.sample)


def ratios(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Yield every ratio of a sample, that of the rest and those of strata, and where it stands."""
    for duty in draft.rules.duties.values():
        if duty.sample:
            yield (duty.id, "sample", "ratio"), duty.sample.ratio
            for index, stratum in enumerate(duty.sample.strata):
                if stratum.ratio:
                    yield (duty.id, "sample", "strata", index, "ratio"), stratum.ratio


def _is_share(ratio: str) -> bool:
    try:
        return 0 <= float(ratio) <= 1
    except ValueError:
        return False


def _strata(draft: Draft, duty: Duty, sample: Sample) -> None:
    for index, stratum in enumerate(sample.strata):
        path: Path = (duty.id, "sample", "strata", index)
        if earlier := _taken_by(stratum, sample.strata[:index]):
            named = "、".join(f"第{number}层" for number in earlier)
            message = f"第{index + 1}层永远是空的：凡符合它的都先归{named}"
            draft.error("duties", path, "STRATUM_SWALLOWED", message, "请调整先后，或删去其中一层")
        elif duty.for_ and not _impossible_alone(draft, stratum.when) and (fact := _outside(draft, duty, stratum.when)):
            message = f"第{index + 1}层永远是空的：“{fact}”没有一个值能同时符合 for 和这一层的条件"
            draft.error("duties", (*path, "when"), "STRATUM_EMPTY", message, "请检查同一项的几个条件")


def _taken_by(stratum: Stratum, earlier: Sequence[Stratum]) -> list[int]:
    """Return the numbers of the earlier strata that take all a stratum could have; none where anything is left."""
    takers = [
        next((n for n, other in enumerate(earlier, 1) if implies(AllOf(tuple(way)), other.when)), 0)
        for way in ways(stratum.when)
    ]
    return sorted(set(takers)) if all(takers) else []


def _outside(draft: Draft, duty: Duty, when: Condition) -> str:
    """Return a fact of which no value meets what the duty falls on at all and a stratum of it; "" where one may."""
    return impossible(draft, _point(AllOf((duty.for_ or ALWAYS, when))))


def _impossible_alone(draft: Draft, when: Condition) -> bool:
    return bool(impossible(draft, _point(when)))


def _point(when: Condition) -> Point:
    return Point("duties", (), when, "", None, about=True)


def _draws_nothing(draft: Draft, duty: Duty, sample: Sample) -> None:
    shares = [sample.ratio, *(stratum.ratio for stratum in sample.strata if not stratum.count)]
    counted = sample.minimum or sample.at_least or any(stratum.count for stratum in sample.strata)
    if not counted and all(_is_share(ratio) and not float(ratio) for ratio in shares):
        message, hint = "比例是 0，又没有至少抽几个，一件也抽不到", "请写明比例，或者 minimum、at_least"
        draft.error("duties", (duty.id, "sample", "ratio"), "SAMPLE_OF_NOTHING", message, hint)
