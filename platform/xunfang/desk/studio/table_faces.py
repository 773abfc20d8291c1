"""The tables of a paper as pages show them: which can be changed by their columns, and where a new one may go."""

from collections.abc import Sequence
from dataclasses import dataclass

from xunfang.desk.studio.paper_faces import FactGroup
from xunfang.desk.studio.table_edits import WORDS, Spot, gap_label, source_of, words_of
from xunfang.desk.studio.table_sources import Source, sources
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rulebook.paper_tables import Column, PaperTable, is_text, tables_in
from xunfang.rulebook.template_gaps import gaps


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table of a paper in the list: what it tells, and whether it can be changed by its columns."""

    nth: int
    said: str
    by_columns: bool
    text: str


@dataclass(frozen=True, slots=True)
class TablesFace:
    """The tables of a paper, and the places where a new one may be put: which, and how it is told."""

    lines: Sequence[TableLine]
    places: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ColumnFace:
    """A column as a form: `cell` is what is chosen, `words` what is typed where the cell says the same every time."""

    head: str
    cell: str
    words: str
    width: int
    align: str
    unknown: bool  # what its cells say is in no list
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class TableFace:
    """A table as it is put together. `problems` are of the whole."""

    spot: Spot
    rows: str
    name: str
    none: str
    columns: Sequence[ColumnFace]
    groups: Sequence[FactGroup]
    choices: Sequence[tuple[str, str]]  # what it can have rows for
    problems: Sequence[str]


def tables_face(rules: Rulebook, kind: NoticeKind, text: str) -> TablesFace:
    """Return the tables of a paper."""
    known = sources(rules, kind)
    placed = enumerate(tables_in(text))
    lines = [TableLine(n, _said(each.table, known), each.table is not None, each.text) for n, each in placed]
    return TablesFace(lines, [(n, gap_label(gap)) for n, gap in enumerate(gaps(text))])


def _said(table: PaperTable | None, known: Sequence[Source]) -> str:
    if table is None:
        return "不是按列写的，只能按文字改"
    return f"{'、'.join(column.head for column in table.columns)}；{source_of(known, table.rows).label}"


def table_face(
    table: PaperTable, spot: Spot, known: Sequence[Source], faults: Sequence[tuple[int, str]] = ()
) -> TableFace:
    """Return a table as a form."""
    source = source_of(known, table.rows).naming(table.name)
    choices = [(each.path, each.label) for each in known]
    if table.rows not in dict(choices):
        choices.append((table.rows, f"照原来的写法：{table.rows}"))
    columns = [
        _column(column, source, [told for place, told in faults if place == n])
        for n, column in enumerate(table.columns)
    ]
    whole = [told for place, told in faults if place < 0]
    return TableFace(spot, table.rows, table.name, table.none, columns, source.groups, choices, whole)


def _column(column: Column, source: Source, problems: Sequence[str]) -> ColumnFace:
    words = words_of(column.cell)
    chosen = WORDS if words else column.cell
    unknown = bool(column.cell) and not is_text(column.cell) and not source.label_of(column.cell)
    return ColumnFace(column.head, chosen, words, column.width, column.align, unknown, problems)
