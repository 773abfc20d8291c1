"""Caps 上限: how much of a programme a person has had already, and whether what is to be given goes beyond."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.rulebook.model import Cap, FactRef, Outcome, Rulebook
from xunfang.rules.amounts import money, most_words, named
from xunfang.rules.describe.conditions import fact_words
from xunfang.worktime import months_away

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grant:
    """Something given to a person: of which programme, on which day, and what its case told by then.

    `source` is the case, the state and the unit in which it was decided, `flow` that of the case.
    """

    programme: str
    on: date
    told: Facts
    source: tuple[str, str, str]
    flow: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a person stands to a cap, in words, and whether that is beyond it."""

    cap: Cap
    words: str
    beyond: bool

    def __str__(self) -> str:
        return f"{self.cap.label}：{self.words}"


def granted_by(outcome: Outcome, facts: Facts) -> str:
    """Return the programme that an outcome grants, named outright or by an answer; "" for one that grants none."""
    return str(facts.get(outcome.grants.removeprefix("$answers."), outcome.grants)) if outcome.grants else ""


def judge(
    rulebook: Rulebook, programme: str, facts: Facts, before: Iterable[Grant], day: date, flow: str = ""
) -> tuple[Judged, ...]:
    """Return how a person would stand to each cap of a programme if a flow granted it on a day by these facts."""
    earlier = [grant for grant in before if grant.programme == programme]
    caps = _caps(rulebook, programme, flow)
    return tuple(_with_this(rulebook, cap, facts, _counted(cap, earlier, facts, day), day) for cap in caps)


def standing_to(
    rulebook: Rulebook, programme: str, facts: Facts, before: Iterable[Grant], day: date, flow: str = ""
) -> tuple[Judged, ...]:
    """Return how a person stands to each cap of a programme on a day, before anything more is granted in a flow."""
    earlier = [grant for grant in before if grant.programme == programme]
    caps = _caps(rulebook, programme, flow)
    return tuple(_so_far(rulebook, cap, facts, _counted(cap, earlier, facts, day), day) for cap in caps)


def _caps(rulebook: Rulebook, programme: str, flow: str) -> tuple[Cap, ...]:
    caps = rulebook.programmes[programme].caps if programme in rulebook.programmes else ()
    return tuple(cap for cap in caps if not cap.flows or flow in cap.flows)


def _counted(cap: Cap, earlier: Iterable[Grant], facts: Facts, day: date) -> list[Grant]:
    """Return what counts towards a cap on a day, oldest first."""
    first = months_away(day, -cap.months) if cap.months else day.replace(month=1, day=1)
    of_these = [grant for grant in earlier if not cap.flows or grant.flow in cap.flows]
    found = [
        grant for grant in of_these if first <= grant.on <= day and all(_alike(grant, facts, name) for name in cap.same)
    ]
    return sorted(found, key=lambda grant: (grant.on, grant.source))


def _alike(grant: Grant, facts: Facts, name: str) -> bool:
    """Return whether two cases told the same of a field; what one of them did not tell is not the same."""
    then, now = (_words(told.get(name)) for told in (grant.told, facts))
    return bool(then & now)


def _words(value: Any) -> set[str]:
    if value in (None, "", [], ()):
        return set()
    return set(map(str, value)) if isinstance(value, (list, tuple)) else {str(value)}


def _with_this(rulebook: Rulebook, cap: Cap, facts: Facts, counted: Sequence[Grant], day: date) -> Judged:
    if not cap.sum:
        times = len(counted) + 1
        words = f"{_had(cap, counted, day)}，本次是第{times}次，最多{cap.at_most:g}次"
        return Judged(cap, words, not isinstance(cap.at_most, FactRef) and times > cap.at_most)
    unit, this = _unit(rulebook, cap), _amount(facts.get(cap.sum))
    total = sum((_amount(grant.told.get(cap.sum)) for grant in counted), this)
    most, told = most_words(rulebook, cap.at_most, facts, unit)
    sign = "，" if most is None else " > " if total > most else " = " if total == most else " < "
    together = f"加本次{money(this)}{unit}，共{money(total)}{unit}"
    return Judged(cap, f"{_had(cap, counted, day, unit)}，{together}{sign}{told}", most is None or total > most)


def _so_far(rulebook: Rulebook, cap: Cap, facts: Facts, counted: Sequence[Grant], day: date) -> Judged:
    if not cap.sum:
        full = not isinstance(cap.at_most, FactRef) and len(counted) >= cap.at_most
        return Judged(cap, f"{_had(cap, counted, day)}，最多{cap.at_most:g}次", full)
    unit, had = _unit(rulebook, cap), sum(_amount(grant.told.get(cap.sum)) for grant in counted)
    most, told = most_words(rulebook, cap.at_most, facts, unit)
    left = f"，还可以给予{money(max(most - had, 0))}{unit}" if most is not None else ""
    return Judged(cap, f"{_had(cap, counted, day, unit)}，上限{told}{left}", most is None or had >= most)


def _had(cap: Cap, counted: Sequence[Grant], day: date, unit: str = "") -> str:
    when = f"近{cap.months}个月" if cap.months else f"{day.year}年"
    if not counted:
        return f"{when}没有给予过"
    if not cap.sum:
        return f"{when}已给予{len(counted)}次（{'、'.join(str(grant.on) for grant in counted)}）"
    each = "、".join(f"{grant.on} {money(_amount(grant.told.get(cap.sum)))}{unit}" for grant in counted)
    return f"{when}已给予{money(sum(_amount(grant.told.get(cap.sum)) for grant in counted))}{unit}（{each}）"


def _unit(rulebook: Rulebook, cap: Cap) -> str:
    return named(fact_words(rulebook, cap.sum))[1]


def _amount(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def beyond(judged: Iterable[Judged]) -> Iterator[Judged]:
    """Yield those caps beyond which a person would be."""
    return (each for each in judged if each.beyond)
