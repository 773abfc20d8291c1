"""Reports 报表 as their pages show them: figures with what was counted, what lies behind one, and the table of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from xunfang.desk.faces.basis import ClauseFace
from xunfang.desk.faces.indicators import ThingRow


@dataclass(frozen=True, slots=True)
class FigureFace:
    """One figure: how it is counted, what that came to ("" where it was not counted yet), what was handed in instead.

    `things`: how many things or returns it counts; there is a list of them where it `opens`.
    """

    field: str
    title: str
    how: str
    counted: str
    things: int
    counted_at: datetime | None
    basis: tuple[ClauseFace, ...]
    opens: bool = True
    told: str = ""
    reason: str = ""

    @property
    def is_corrected(self) -> bool:
        """Whether what was handed in is another number."""
        return bool(self.reason)


@dataclass(frozen=True, slots=True)
class FilledFace:
    """What a form holds before anybody fills it in: the texts of its fields, and the figures with how they come."""

    entries: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, FigureFace]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """The figures of a report on its page: `sealed` as they were handed in; `table`: there is one to look at."""

    figures: tuple[FigureFace, ...] = ()
    sealed: bool = False
    table: bool = False
    counts: bool = False

    @property
    def not_nought(self) -> tuple[FigureFace, ...]:
        """The figures that are not nought: whoever reports nil is told of them."""
        return tuple(each for each in self.figures if each.counted not in ("", "0"))


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return behind a sum: whose it is, what it tells, and what is owed there ("" where nobody was asked)."""

    unit: str
    period: str
    told: str
    status: str
    duty: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FigureRows:
    """What lies behind one figure: things, or the returns that it sums; `after` is where it goes on."""

    duty: str
    label: str
    period: str
    unit: str
    figure: FigureFace
    things: tuple[ThingRow, ...] = ()
    returns: tuple[ReturnRow, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of the heads of a table, and over how many columns and rows it stands."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line: whose it is, its numbers as text and as numbers, and what is owed that it opens."""

    label: str
    cells: tuple[str, ...]
    values: tuple[int | float | None, ...]
    duty: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class TableFace:
    """A table of a report: heads, units and numbers of its columns, a line for each unit, and what they come to.

    `fields` are the names of the columns that open something, "" for one that is computed; `chain` who signs, by title.
    """

    duty: str
    title: str
    period: str
    unit: str
    heads: tuple[tuple[HeadCell, ...], ...]
    units: tuple[str, ...]
    fields: tuple[str, ...]
    lines: tuple[TableLine, ...]
    total: TableLine | None
    missing: tuple[str, ...]
    checks: tuple[str, ...]
    wrong: tuple[str, ...]
    chain: tuple[tuple[str, str], ...]
    own: tuple[FigureFace, ...] = ()
    basis: tuple[ClauseFace, ...] = ()

    @property
    def columns(self) -> int:
        """How many columns of numbers there are."""
        return len(self.fields)

    @property
    def stated(self) -> str:
        """The units of the columns, each once: 单位：户、人、元."""
        return "、".join(dict.fromkeys(unit for unit in self.units if unit))
