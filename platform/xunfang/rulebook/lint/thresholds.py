"""Rows together: thresholds that leave a value to nobody, or give it to two, though each row by itself is sound."""

from collections.abc import Iterable, Iterator, Mapping
from math import inf

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.implication import parts_of
from xunfang.rulebook.lint.domains import Span, span_of
from xunfang.rulebook.model import (
    Call,
    Condition,
    Expression,
    Fact,
    FactRef,
    IntakeForm,
    Negate,
    Number,
    Operation,
    Operator,
    RoutingTable,
    Test,
)
from xunfang.rulebook.positions import Path

_LOW = {Operator.AT_LEAST: False, Operator.ABOVE: True}
_HIGH = {Operator.AT_MOST: False, Operator.BELOW: True}
_TWO = 2

Rows = Mapping[str, Condition]
"""Conditions that sort alike, each by what it is called."""


def lint(draft: Draft) -> None:
    """Note the gaps and the shared edges of thresholds in tables, limits, outcomes and computed choices."""
    for table in draft.rules.routing.values():
        rows = {f"{row.id}": row.when for row in table.rows}
        _edges(draft, "routing", (table.id,), rows, shared=_shared(table))
    for deadline in draft.rules.deadlines.values():
        cases = {str(case.limit): case.when for case in deadline.limits}
        _edges(draft, "deadlines", (deadline.id,), cases if len(cases) == len(deadline.limits) else {})
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            outcomes = {outcome.label: outcome.when for outcome in state.outcomes.values() if outcome.when}
            _edges(draft, f"flow:{flow.id}", ("states", state.id, "outcomes"), outcomes)
    for list_id, entries in draft.rules.lists.items():
        computed = {entry.label: entry.when for entry in entries.entries.values() if entry.when}
        _edges(draft, "lists", (list_id,), computed)


def _shared(table: RoutingTable) -> bool:
    """Return whether two rows of a table that both hold at one value would both be carried out."""
    return table.hit == "collect"


def _edges(draft: Draft, part: str, path: Path, rows: Rows, *, shared: bool = False) -> None:
    for (fact, unit), spans in _spans(rows).items():
        if len(spans) >= _TWO:
            for what in _gaps(spans.values(), unit, whole=unit is None and _is_whole(draft, fact)):
                message = f"“{fact}”{what}时没有一行符合"
                hint = "把其中一行的 below 改为 at_most，或 above 改为 at_least"
                draft.findings.warning(draft.parts[part], path, "THRESHOLD_GAP", message, hint)
            for value, names in _meeting(spans) if shared else ():
                message = f"“{fact}”恰好{_amount(value, unit)}时，“{'”“'.join(names)}”都符合"
                hint = "把其中一行的 at_most 改为 below，或 at_least 改为 above"
                draft.findings.warning(draft.parts[part], path, "THRESHOLD_SHARED", message, hint)


_Measured = tuple[str, FactRef | None]
"""A fact, and the amount that it is measured in so many times of; None where plain numbers bound it."""


def _spans(rows: Rows) -> dict[_Measured, dict[str, Span]]:
    """Return for each fact the interval that each row which bounds it as a number demands."""
    found: dict[_Measured, dict[str, Span]] = {}
    for name, condition in rows.items():
        for test in parts_of(condition):
            known = isinstance(test, Test) and test.operator in {**_LOW, **_HIGH, Operator.IS: 0}
            if known and isinstance(test, Test) and (span := span_of(test)):
                unit = test.value.unit if isinstance(test.value, FactRef) else None
                fact = (test.path.removeprefix("answers."), unit)
                found.setdefault(fact, {})[name] = found.get(fact, {}).get(name, Span()) & span
    return {fact: spans for fact, spans in found.items() if any(span.low != span.high for span in spans.values())}


def _amount(value: float, unit: FactRef | None) -> str:
    if unit is None:
        return f"为 {value:g} "
    return f"等于“{unit}”" if value == 1 else f"等于“{unit}”的 {value:g} 倍"


def _between(low: float, high: float, unit: FactRef | None) -> str:
    return f"在 {low:g} 与 {high:g} 之间" if unit is None else f"在“{unit}”的 {low:g} 倍与 {high:g} 倍之间"


def _is_whole(draft: Draft, fact: str) -> bool:
    """Return whether a fact only ever is a whole number."""
    name = fact.removeprefix("computed.")
    for form in draft.rules.forms.values():
        if name in form.fields and form.fields[name].kind != "integer":
            return False
        if any(item.name == name and not _whole(draft, form, item.expression) for item in form.computed):
            return False
    return True


def _whole(draft: Draft, form: IntakeForm, expression: Expression) -> bool:
    match expression:
        case Number(value):
            return float(value).is_integer()
        case Fact(path):
            return not path.startswith("standards.") and _is_whole(draft, path)
        case Negate(operand):
            return _whole(draft, form, operand)
        case Operation(operator, left, right):
            return operator in {"+", "-", "*"} and _whole(draft, form, left) and _whole(draft, form, right)
        case Call(function, arguments):
            counts = function in _COUNTING or (function == "round" and len(arguments) == 1)
            return counts or (function in _KEEPING and all(_whole(draft, form, each) for each in arguments))


_COUNTING = frozenset({"age", "count", "days"})
_KEEPING = frozenset({"min", "max"})


def _gaps(spans: Iterable[Span], unit: FactRef | None, *, whole: bool) -> Iterator[str]:
    """Yield each range of values between intervals that none of them covers, in words."""
    ranked = sorted((span.whole() if whole else span for span in spans), key=lambda span: (span.low, span.above))
    high, open_end = ranked[0].high, ranked[0].below
    for span in ranked[1:]:
        if whole and span.low > high + 1:
            yield _range(high + 1, span.low - 1)
        elif not whole and span.low == high and span.above and open_end:
            yield f"恰好{_amount(high, unit)}"
        elif not whole and span.low > high:
            yield _between(high, span.low, unit)
        if (span.high, not span.below) >= (high, not open_end):
            high, open_end = span.high, span.below


def _range(low: float, high: float) -> str:
    return f"恰好为 {low:g} " if low == high else f"为 {low:g} 至 {high:g} "


def _meeting(spans: Mapping[str, Span]) -> Iterator[tuple[float, list[str]]]:
    """Yield each value at which one interval ends and another begins, both taking it in."""
    for value in sorted({span.high for span in spans.values() if span.high != inf and not span.below}):
        ending = [name for name, span in spans.items() if span.high == value and not span.below and span.low < value]
        beginning = [name for name, span in spans.items() if span.low == value and not span.above and span.high > value]
        if ending and beginning:
            yield value, [*ending, *beginning]
