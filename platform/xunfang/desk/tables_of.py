"""Tables of reports 统计表: columns by the fields of a form, a line for each unit, what they come to, the checks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from xunfang.casework.reports import shown
from xunfang.desk.faces.reported import HeadCell, TableLine
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.computed import compute, half_up
from xunfang.rules.equations import equation_by_number, equation_problems, words
from xunfang.rules.reports import numbers_of

_CENTS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers: the field, or what is computed, and what stands over it."""

    name: str
    title: str
    section: str
    head: str
    unit: str
    computed: bool = False


def columns_of(form: IntakeForm) -> tuple[Column, ...]:
    """Return the columns of a form: its numbers in its own order, then what it computes and gives a title."""
    fields = (form.fields[name] for name in numbers_of(form))
    several = len({field.section for field in form.fields.values() if field.name in numbers_of(form)}) > 1
    found = [
        Column(each.name, each.title, form.sections.get(each.section, "") if several else "", each.head, each.unit)
        for each in fields
    ]
    return (*found, *(Column(name, title, "", "", "", True) for name, title in form.titles.items()))


def heads_of(columns: Sequence[Column], first: str) -> tuple[tuple[HeadCell, ...], ...]:
    """Return the rows of heads, the first column's over all of them: sections, what several share, and titles.

    What stands over nothing else reaches up, or down, as far as there is room.
    """
    levels = [level for level in (_section, _head) if any(level(column) for column in columns)]
    blocks = [list(_blocks(column, levels)) for column in columns]
    found = [list(_row(blocks, row)) for row in range(len(levels) + 1)]
    return ((HeadCell(first, 1, len(found)), *found[0]), *map(tuple, found[1:]))


def _section(column: Column) -> str:
    return column.section


def _head(column: Column) -> str:
    return column.head


@dataclass(frozen=True, slots=True)
class _Block:
    """A cell of the heads over one column: in which row it begins, over how many, and what makes it one with others."""

    row: int
    rows: int
    path: tuple[str, ...]


def _blocks(column: Column, levels: Sequence[Callable[[Column], str]]) -> Iterator[_Block]:
    texts = [*(level(column) for level in levels), column.title]
    begins, path = 0, tuple[str, ...]()
    for row, text in enumerate(texts):
        if text:
            path = (*path, text)
            whole = (*path, column.name) if row == len(levels) else path
            yield _Block(begins, row - begins + 1, whole)
            begins = row + 1


def _row(blocks: Sequence[Sequence[_Block]], row: int) -> Iterator[HeadCell]:
    here = [next((block for block in of_column if block.row == row), None) for of_column in blocks]
    for block, same in groupby(here):
        if block:
            is_title = row + block.rows == max(each.row + each.rows for of_column in blocks for each in of_column)
            yield HeadCell(block.path[-2] if is_title else block.path[-1], len(list(same)), block.rows)


def line_of(
    form: IntakeForm,
    columns: Sequence[Column],
    label: str,
    answers: Mapping[str, Any],
    duty: str = "",
    status: str = "",
) -> TableLine:
    """Return a line of a table: what was told, and what is computed from that."""
    facts = dict(answers)
    compute(form.computed, facts)
    values = tuple(_number(facts.get(column.name)) for column in columns)
    return TableLine(label, tuple(shown(value) for value in values), values, duty, status)


def _number(value: Any) -> int | float | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return half_up(value, _CENTS) if isinstance(value, float) else value


def checks_of(form: IntakeForm, columns: Sequence[Column]) -> Iterator[str]:
    """Yield what must hold between the columns, by their numbers, and how computed ones come about."""
    numbers = {column.name: place for place, column in enumerate(columns, 1)}
    yield from (equation_by_number(form, each, numbers) for each in form.equations)
    for computed in form.computed:
        if computed.name in form.titles:
            yield f"{form.titles[computed.name]}={words(form, computed.expression)}"


def wrong_in(form: IntakeForm, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what does not hold between the figures of a line."""
    return tuple(problem.message for problem in equation_problems(form, answers))
