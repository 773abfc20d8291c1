"""The things that indicators count, as the rules' figures take them: made of the lines of ledgers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from xunfang.desk.lines import Line, lines_of
from xunfang.desk.releases import Releases
from xunfang.rules.figures import Thing
from xunfang.store.reading.settled import Settled
from xunfang.store.scoped import ScopedReader

_UNITS = {"case": ("task.units", "clue.unit")}
"""The facts that name who answers for a thing: the first that is known; of any other kind its own unit."""


def things_of(
    reader: ScopedReader, rules: Releases, of: str, found: Iterable[Settled], at: datetime, on: date | None = None
) -> list[tuple[Thing, Line]]:
    """Return things that are in sight, with the line that each shows; what is gone is left out.

    `on`: a past day as of which all is told.
    """
    days = {each.key: each for each in found}
    return [(_thing(line, days[line.key]), line) for line in lines_of(reader, rules, of, days, at, on)]


def of_people(reader: ScopedReader, things: Iterable[Thing]) -> list[Thing]:
    """Return things by whom they are really about: records that were found to be one person are one."""
    found = list(things)
    one = reader.one_of_each({each.person for each in found if each.person})
    return [replace(each, person=one.get(each.person, each.person)) for each in found]


def _thing(line: Line, days: Settled) -> Thing:
    return Thing(line.key, line.facts, _residence(line), _units(line), days.first, days.last, line.person)


def _units(line: Line) -> tuple[str, ...]:
    for path in _UNITS.get(line.of, (f"{line.of}.unit",)):
        if value := line.facts.get(path):
            return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
    return ()


def _residence(line: Line) -> str:
    return line.place or str(line.facts.get("person.residence") or line.facts.get("unit.division") or "")
