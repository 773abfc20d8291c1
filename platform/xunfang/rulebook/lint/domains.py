"""What values are left to a fact when several tests must all hold: finite sets, intervals of numbers and of days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import ceil, floor, inf

from xunfang.rulebook.implication import parts_of
from xunfang.rulebook.model import AnyOf, Condition, FactRef, Operator, Test

_MOST_WAYS = 256
_NUMBERS = (Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW)
_SAYS_NOTHING = (Operator.IS_NOT, Operator.NONE, Operator.KNOWN)


@dataclass(frozen=True, slots=True)
class Span:
    """An interval; an open end leaves its own value out."""

    low: float = -inf
    high: float = inf
    above: bool = False
    below: bool = False

    def __and__(self, other: "Span") -> "Span":
        low, high = max(self.low, other.low), min(self.high, other.high)
        above = any(span.above for span in (self, other) if span.low == low)
        below = any(span.below for span in (self, other) if span.high == high)
        return Span(low, high, above, below)

    def whole(self) -> "Span":
        """Return the same interval among whole numbers, its ends taken in."""
        low = self.low if self.low == -inf else floor(self.low) + 1 if self.above else ceil(self.low)
        high = self.high if self.high == inf else ceil(self.high) - 1 if self.below else floor(self.high)
        return Span(low, high)

    @property
    def empty(self) -> bool:
        """Whether no value lies within."""
        return self.low > self.high or (self.low == self.high and (self.above or self.below))


@dataclass(frozen=True, slots=True)
class Domain:
    """What a fact can be at all: its kind, for a number its bounds, for a choice its options (None: not known)."""

    kind: str
    span: Span = Span()
    options: frozenset[str] | None = None


def ways(condition: Condition) -> list[list[Test]]:
    """Return the tests of each way in which a condition can hold; [] when there are too many to look at."""
    choices: list[list[list[Test]]] = []
    for part in parts_of(condition):
        if isinstance(part, Test):
            choices.append([[part]])
        else:
            options = part.parts if isinstance(part, AnyOf) else (part,)
            choices.append([way for option in options for way in ways(option)])
    count = 1
    for options_of_part in choices:
        count *= len(options_of_part)
    if count > _MOST_WAYS:
        return []
    return [[test for tests in way for test in tests] for way in product(*choices)]


def span_of(test: Test) -> Span | None:
    """Return the interval a test of a number or a day demands, None for any other test."""
    value = test.value.times if isinstance(test.value, FactRef) else _number(test.value)
    if value is None:
        return None
    match test.operator:
        case Operator.AT_LEAST:
            return Span(low=value)
        case Operator.ABOVE | Operator.AFTER:
            return Span(low=value, above=True)
        case Operator.AT_MOST:
            return Span(high=value)
        case Operator.BELOW | Operator.BEFORE:
            return Span(high=value, below=True)
        case Operator.IS:
            return Span(value, value)
    return None


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = value.isoformat() if isinstance(value, date) else value
    try:
        return float(date.fromisoformat(str(text)[:10]).toordinal()) if isinstance(text, str) else None
    except ValueError:
        return None


def left(tests: Sequence[Test], domain: Domain) -> bool:
    """Return whether some value of a fact meets all these tests; True wherever that is not certain."""
    told = [test for test in tests if not isinstance(test.value, FactRef)]
    unknown = any(test.operator is Operator.KNOWN and test.value is False for test in told)
    if unknown and any(test.operator not in _SAYS_NOTHING or test.value is True for test in tests):
        return False
    if domain.kind in {"integer", "number", "date", "moment"}:
        return not _span(told, domain).empty and _measured(tests)
    if domain.kind == "boolean":
        wanted = {test.value for test in told if test.operator is Operator.IS}
        return len(wanted - {test.value for test in told if test.operator is Operator.IS_NOT}) == len(wanted) < 2
    return _several(told) if domain.kind == "choices" else _one(told, domain)


def _measured(tests: Iterable[Test]) -> bool:
    """Return whether so many times of each amount can meet all that is asked of it; no amount is below nothing."""
    spans: dict[FactRef, Span] = {}
    for test in tests:
        if isinstance(test.value, FactRef) and (span := span_of(test)):
            spans[test.value.unit] = spans.get(test.value.unit, Span()) & span
    return not any(span.empty for span in spans.values())


def _span(tests: Iterable[Test], domain: Domain) -> Span:
    span = domain.span
    for found in filter(None, map(span_of, tests)):
        span &= found
    return span if domain.kind == "number" else span.whole()


def _words(tests: Iterable[Test], *operators: Operator) -> Iterator[frozenset[str]]:
    for test in tests:
        if test.operator in operators:
            yield frozenset(map(str, test.value if isinstance(test.value, tuple) else (test.value,)))


def _one(tests: Sequence[Test], domain: Domain) -> bool:
    allowed = domain.options
    for words in _words(tests, Operator.IS, Operator.IN, Operator.ANY):
        allowed = words if allowed is None else allowed & words
    for words in _words(tests, Operator.ALL):
        allowed = (words if allowed is None else allowed & words) if len(words) == 1 else frozenset()
    barred = frozenset().union(*_words(tests, Operator.NONE, Operator.IS_NOT))
    asked = any(test.operator not in _SAYS_NOTHING for test in tests)
    return not asked or allowed is None or bool(allowed - barred)


def _several(tests: Sequence[Test]) -> bool:
    barred = frozenset().union(*_words(tests, Operator.NONE))
    needed = frozenset().union(*_words(tests, Operator.ALL))
    return not needed & barred and all(words - barred for words in _words(tests, Operator.ANY, Operator.IN))


def always(tests: Sequence[Test], domain: Domain) -> bool:
    """Return whether every value of a fact that is told meets at least one of these tests."""
    if any(test.operator is Operator.KNOWN and test.value is True for test in tests):
        return True
    if domain.kind in {"integer", "number"}:
        spans = [span_of(test) for test in tests if test.operator in _NUMBERS]
        return any(span and (domain.span & span) == domain.span for span in spans)
    if domain.kind == "boolean":
        return {test.value for test in tests if test.operator is Operator.IS} == {True, False}
    if domain.kind != "choice" or domain.options is None:
        return False
    return domain.options <= frozenset().union(*_words(tests, Operator.IS, Operator.IN, Operator.ANY))
