"""What conditions weigh, worked out: 8,000元 > 6 × 1,021元（2026-07-01起）= 6,126元, or how often and on which days."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from xunfang.rulebook.model import AnyOf, Condition, FactRef, Rulebook, Test
from xunfang.rules.conditions import HISTORY, amount_of, holds, right_side
from xunfang.rules.describe.conditions import fact_words, field_of

Facts = Mapping[str, Any]

_UNIT = re.compile(r"（[^（）]{1,3}）")
_COMPUTED = {"person", "computed"}
_WITH_UNIT = re.compile(r"(?P<name>.+?)（(?P<unit>[^（）/]{1,3})(?:/[^（）]+)?）")


def sums(rulebook: Rulebook, conditions: Iterable[Condition | None], facts: Facts, form: str = "") -> tuple[str, ...]:
    """Return how each amount that conditions compare with a standard stands to it, and what each history of a case is.

    An amount that was not told is left out, and of several ways in which a condition may hold those in which it does
    not. What puts a person into a category is worked out with it. `form` is the one that is being filled.
    """
    tests = (test for condition in conditions if condition is not None for test in _asked(rulebook, condition, facts))
    return tuple(dict.fromkeys(told for test in tests for told in _sum(rulebook, test, facts, form)))


def _asked(rulebook: Rulebook, condition: Condition, facts: Facts) -> Iterator[Test]:
    """Yield the tests by which a condition holds, or by which it does not."""
    if isinstance(condition, Test):
        yield condition
        for when in _behind(rulebook, condition):
            yield from _asked(rulebook, when, facts)
        return
    parts = condition.parts
    if isinstance(condition, AnyOf):
        parts = tuple(part for part in parts if holds(part, facts)) or parts
    for part in parts:
        yield from _asked(rulebook, part, facts)


def _behind(rulebook: Rulebook, test: Test) -> Iterator[Condition]:
    """Yield what puts somebody into the categories that a test asks for."""
    root, _, name = test.path.rpartition(".")
    entries = rulebook.lists[name].entries if root in _COMPUTED and name in rulebook.lists else {}
    for word in test.value if isinstance(test.value, tuple) else (test.value,):
        if (entry := entries.get(str(word))) and entry.when is not None:
            yield entry.when


def _sum(rulebook: Rulebook, test: Test, facts: Facts, form: str) -> Iterator[str]:
    if test.path.startswith(HISTORY):
        yield from filter(None, [facts.get(HISTORY, {}).get(test.path.removeprefix(HISTORY))])
    ref, actual = test.value, facts.get(test.path.removeprefix("answers."))
    if not isinstance(ref, FactRef) or not ref.path.startswith("standards."):
        return
    if isinstance(actual, bool) or not isinstance(actual, (int, float)):
        return
    name, unit = named(_title(rulebook, test.path, form))
    label, unit_of = named(fact_words(rulebook, ref.path))
    unit = unit or unit_of
    wanted, amount = right_side(ref, facts), amount_of(ref, facts)
    if wanted is None or amount is None:
        yield f"{name}{money(actual)}{unit}，{_missing(rulebook, ref, label, facts, form)}"
        return
    sign = ">" if actual > wanted else "<" if actual < wanted else "="
    worked_out = _worked_out(ref, wanted, amount.value, unit_of, f"{label}，{amount.since}起")
    yield f"{name}{money(actual)}{unit} {sign} {worked_out}"


def most_words(rulebook: Rulebook, most: float | FactRef, facts: Facts, unit: str) -> tuple[float | None, str]:
    """Return what a limit of an amount comes to, None where that is not known, and in words."""
    if not isinstance(most, FactRef):
        return most, f"{money(most)}{unit}"
    label, unit_of = named(fact_words(rulebook, most.path))
    comes_to, amount = right_side(most, facts), amount_of(most, facts)
    if comes_to is None or amount is None:
        return None, _missing(rulebook, most, label, facts, "")
    return comes_to, _worked_out(most, comes_to, amount.value, unit_of, f"{label}，{amount.since}起")


def _worked_out(ref: FactRef, wanted: float, value: float, unit: str, said: str) -> str:
    if ref.times == 1:
        return f"{money(value)}{unit}（{said}）"
    return f"{ref.times:g} × {money(value)}{unit}（{said}）= {money(wanted)}{unit}"


def _missing(rulebook: Rulebook, ref: FactRef, label: str, facts: Facts, form: str) -> str:
    if not ref.on:
        return f"今天还没有{label}可比"
    day = facts.get(ref.on)
    title = fact_words(rulebook, ref.on, form)
    if not day:
        return f"没有“{title}”，不知道比哪一天的{label}"
    return f"{day.isoformat() if isinstance(day, date) else str(day)[:10]}（{title}）还没有{label}可比"


def _title(rulebook: Rulebook, path: str, form: str) -> str:
    field = field_of(rulebook, path.rpartition(".")[2], form)
    return field.title if field and not path.startswith("computed.") else fact_words(rulebook, path, form)


def named(title: str) -> tuple[str, str]:
    """Return what an amount is called, and its unit: 救助金额（元） is 元 of 救助金额."""
    found = _WITH_UNIT.fullmatch(title)
    return (found["name"], found["unit"]) if found else (_UNIT.sub("", title), "")


def money(value: float) -> str:
    """Return an amount with its thousands set apart, and no more decimals than it has."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
