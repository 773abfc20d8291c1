"""What the people of a list say, column by column, some hundred of them at a time: so it comes out of the child."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from xunfang.sheets.cells import CellRefused, read, text
from xunfang.sheets.heads import Head
from xunfang.sheets.people import Person, people_of

Column = list[Any]


@dataclass(frozen=True, slots=True)
class Said:
    """Some people of a list: the row (from 0) of each, what stands in each column, None where nothing does.

    `refused` tells of cells that mean nothing: the place of the person, the column, why, and what stands there.
    """

    rows: Sequence[int]
    columns: Mapping[str, Column]
    refused: Sequence[tuple[int, str, str, Any]] = ()

    def person(self, place: int) -> dict[str, Any]:
        """Return what one of them says."""
        return {name: told for name, column in self.columns.items() if (told := column[place]) is not None}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read of a list: its head, which columns are of numbers and of names, and what kind each column is of."""

    head: Head
    each: str
    named: str
    kinds: Mapping[str, str]


def said_of(rows: Iterable[Sequence[Any]], wanted: Wanted, most: int) -> Iterator[Said]:
    """Yield what the people in the rows of a sheet say, so many at a time."""
    people = people_of(rows, wanted.head, wanted.each, wanted.named)
    while some := list(islice(people, most)):
        yield _said(some, wanted.kinds)


def _said(people: Sequence[Person], kinds: Mapping[str, str]) -> Said:
    columns: dict[str, Column] = {name: [None] * len(people) for name in kinds}
    refused = []
    for place, person in enumerate(people):
        for name, cell in person.cells.items():
            try:
                columns[name][place] = read(kinds[name], cell)
            except CellRefused as problem:
                refused.append((place, name, str(problem), text(cell)))
    return Said([person.row for person in people], columns, refused)
