"""What a row of a routing table says, in the names that people know, and the names back to what is written."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from xunfang.desk.studio.said_options import options_said
from xunfang.rulebook.called import Option
from xunfang.rulebook.condition_rows import Row, RowError, condition_of, rows_of
from xunfang.rulebook.conditions import Condition, ConditionParser
from xunfang.rulebook.model import Rulebook, UnitRef
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.words import unit_words

OTHER = "（按文字修改）"
_SHORT = {
    "含": "any", "包含": "any", "都含": "all", "不含": "none", "为": "is", "是": "is", "不是": "is_not", "属于": "in",
    "至少": "at_least", "至多": "at_most", "大于": "above", "小于": "below", "早于": "before", "晚于": "after",
}  # fmt: skip
"""How comparisons are written in a sheet, besides their full names."""


class UnreadableCell(ValueError):
    """A cell that says nothing that rules know; the message tells why, in Chinese."""


def condition_said(book: Rulebook, when: Any, form: str = "") -> str:
    """Return a condition as a clause, "" for none; what cannot be read is left out. `form` is what it is asked on."""
    if not isinstance(when, dict):
        return ""
    read: Condition = ConditionParser(lambda *_: None).parse(when, ())
    return condition_words(book, read, form)


def unit_said(book: Rulebook, value: Any) -> str:
    """Return a unit as a rule names it; the id of one that there is not."""
    ref = UnitRef(str(value.get("unit")), value.get("of", "residence")) if isinstance(value, dict) else UnitRef(value)
    return unit_words(book, ref) if ref.unit in book.units else str(ref.unit)


def units_said(book: Rulebook, values: Any) -> Sequence[str]:
    """Return units as a rule names them."""
    return [unit_said(book, value) for value in values] if isinstance(values, list) else []


class Names:
    """The names of one kind, each for one id only: those that several share are told with their id.

    Of those that share a name the only `usual` one goes by it alone.
    """

    def __init__(self, options: Iterable[Option], usual: Collection[str] = ()) -> None:
        found = tuple(options)
        times = Counter(option.label for option in found)
        often = Counter(option.label for option in found if option.value in usual)
        self._names = {
            each.value: each.label
            if times[each.label] == 1 or (each.value in usual and often[each.label] == 1)
            else f"{each.label}（{each.value}）"
            for each in found
        }
        self._ids = {name: value for value, name in self._names.items()}

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._names)

    def __contains__(self, said: str) -> bool:
        """Return whether a name is one of these."""
        return said in self._ids

    def name(self, value: str) -> str:
        """Return the name of an id."""
        return self._names.get(value, value)

    def id(self, said: str) -> str:
        """Return the id that is meant; raises UnreadableCell for a name that there is not."""
        said = said.strip()
        if said in self._ids:
            return self._ids[said]
        if said in self._names:
            return said
        raise UnreadableCell(f"没有名为“{said}”的")

    def longest(self, said: str) -> tuple[str, str]:
        """Return the id whose name a text begins with, and what comes after it; raises UnreadableCell."""
        known = {**{value: value for value in self._names}, **self._ids}
        found = max((name for name in known if said.startswith(name)), key=len, default="")
        if not found:
            raise UnreadableCell(f"“{said}”开头的不是任何一项")
        return known[found], said.removeprefix(found).strip()


class Words:
    """What cells of a sheet say, and which data that is; `facts` are those that the sheet asks for."""

    def __init__(self, book: Rulebook, facts: Collection[str] = ()) -> None:
        options = options_said(book)
        self._options = options
        self.units = Names(options("placed-units"))
        self.deadlines, self.notices = Names(options("deadlines")), Names(options("notices"))
        self.meetings, self.facts = Names(options("meetings")), Names(options("facts"), facts)
        self._how = {option.label: option.value for option in options("operators")} | _SHORT
        self._shortly = {value: short for short, value in reversed(_SHORT.items())}

    def unit(self, value: Any) -> str:
        """Return how a unit is written in a cell."""
        if isinstance(value, dict):
            return self.units.name(f"{value.get('unit')} of {value.get('of')}")
        return self.units.name(str(value))

    def unit_of(self, said: str) -> Any:
        """Return the unit that a cell says."""
        unit, of, place = self.units.id(said).partition(" of ")
        return {"unit": unit, "of": place} if of else unit

    def when(self, data: Any) -> str:
        """Return how a condition is written in a cell."""
        if not isinstance(data, dict) or not data:
            return ""
        rows = rows_of(data)
        return OTHER if rows is None else "；".join(self._row(row) for row in rows)

    def _row(self, row: Row) -> str:
        fact, how, said = row
        values = Names(self._options(f"values/{fact}"))
        told = "、".join(values.name(value) for value in said.split("、"))
        return f"{self.facts.name(fact)} {self._shortly.get(how, how)} {told}"

    def when_of(self, said: str) -> dict[str, Any] | None:
        """Return the condition that a cell says, None for none; raises UnreadableCell."""
        parts = [part.strip() for part in said.replace(";", "；").split("；") if part.strip()]
        try:
            return condition_of(list(self._rows(parts))) if parts else None
        except RowError as error:
            raise UnreadableCell(str(error)) from None

    def _rows(self, parts: Iterable[str]) -> Iterator[Row]:
        for part in parts:
            fact, rest = self.facts.longest(part)
            word = max((word for word in self._how if rest.startswith(word)), key=len, default="")
            if not word:
                raise UnreadableCell(f"“{part}”没有写怎么比，如“含”“为”")
            values = Names(self._options(f"values/{fact}"))
            said = rest.removeprefix(word).strip().replace("，", "、").replace(",", "、")
            yield (
                fact,
                self._how[word],
                "、".join(self._value(values, each) for each in said.split("、") if each.strip()),
            )

    def _value(self, values: Names, said: str) -> str:
        return values.id(said) if values else said.strip()


def listed(said: str) -> list[str]:
    """Return the names that a cell lists."""
    for sign in ("，", ",", "；", ";", "\n"):
        said = said.replace(sign, "、")
    return [each.strip() for each in said.split("、") if each.strip()]
