"""A table of a paper as somebody puts it together by its columns: what was posted, each step, the template with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape

from xunfang.desk.studio.table_sources import Source
from xunfang.errors import NotFound
from xunfang.rulebook.paper_tables import (
    ALIGNED,
    CENTRE,
    LEFT,
    MOST_COLUMNS,
    WHOLE,
    Column,
    PaperTable,
    Placed,
    is_text,
    tables_in,
)
from xunfang.rulebook.template_gaps import Gap, gaps

WORDS = "="
"""What stands for words of one's own where a fact may be chosen."""
PLACES: Mapping[str, str] = {
    "body": "正文", "slips": "附在后面的联", "remark": "附注", "opening": "称呼", "signature": "落款",
    "table": "表格处",
}  # fmt: skip
_PROPOSED = 4
_MOST_CELL, _MOST_WORDS = 2000, 60
Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a table stands, or is to stand, in a template: the nth of its tables, or after its nth gap."""

    nth: int
    new: bool

    @property
    def asked(self) -> dict[str, int]:
        """What names it in an address."""
        return {"after" if self.new else "at": self.nth}


def spot_of(asked: Mapping[str, str]) -> Spot:
    """Return the place that an address names; raises NotFound."""
    name = "after" if asked.get("after") else "at"
    text = asked.get(name, "")
    if not text.isdecimal() or len(text) > 4:
        raise NotFound
    return Spot(int(text), name == "after")


def placed_at(text: str, spot: Spot) -> Placed:
    """Return the table that stands at a place, or the empty place for a new one; raises NotFound."""
    found: Sequence[Placed] | Sequence[Gap] = gaps(text) if spot.new else tables_in(text)
    if spot.nth >= len(found):
        raise NotFound
    here = found[spot.nth]
    if isinstance(here, Gap):
        return Placed(here.at, here.at, "", PaperTable(()))
    if here.table is None:
        raise NotFound
    return here


def put(text: str, here: Placed, said: str) -> str:
    """Return a template with a table as it is `said` now in its place, "" to take it away."""
    before, after = text[: here.begins], text[here.ends :]
    if said and here.begins == here.ends:
        said = f"\n{said}" if after.startswith("\n") or not after else f"\n{said}\n"
    if not said and before.endswith("\n") and after.startswith("\n"):
        after = after[1:]
    return f"{before}{said}{after}"


def typed(posted: Lists, known: Sequence[Source]) -> PaperTable:
    """Return the table that was posted, each head without words called as its fact is."""
    rows, name = (next(iter(posted.get(key, ())), "")[:100] for key in ("rows", "name"))
    source = source_of(known, rows).naming(name or "row")
    lists = [posted.get(key, ()) for key in ("head", "cell", "words", "width", "align")]
    columns = [_column(source, *told) for told in zip(*lists, strict=False)]
    none = next(iter(posted.get("none", ())), "").strip()[:_MOST_WORDS] if rows else ""
    return PaperTable(tuple(columns[: MOST_COLUMNS + 1]), rows, none, name or "row")


def source_of(known: Sequence[Source], rows: str) -> Source:
    """Return the things that a table has rows for; things that only the template knows are called as it does."""
    return next((each for each in known if each.path == rows), replace(known[0], path=rows, label=rows))


def _column(source: Source, head: str, cell: str, words: str, width: str, align: str) -> Column:
    said = escape(words.strip()[:_MOST_WORDS], quote=False) if cell == WORDS else cell[:_MOST_CELL]
    wide = int(width) if width.isdecimal() and len(width) < 4 else 0
    named = " ".join(head.split()) or ("" if cell == WORDS else source.label_of(said))
    return Column(named[:100], said, min(wide, WHOLE), align if align in ALIGNED else LEFT)


def words_of(cell: str) -> str:
    """Return the words of a cell that says the same every time."""
    return unescape(cell) if is_text(cell) else ""


def arranged(table: PaperTable, do: str, known: Sequence[Source]) -> PaperTable:
    """Return a table after one step: a column added, moved or taken away, or other things to have rows for."""
    step, _, said = do.partition(":")
    place, columns = int(said) if said.isdecimal() and len(said) < 4 else 0, list(table.columns)
    if step == "add" and len(columns) < MOST_COLUMNS:
        columns.append(Column("", ""))
    elif step == "remove" and place < len(columns):
        columns.pop(place)
    elif step in ("up", "down") and place < len(columns):
        to = min(max(place + (1 if step == "down" else -1), 0), len(columns) - 1)
        columns.insert(to, columns.pop(place))
    elif step == "rows":
        return _with_rows(table, source_of(known, table.rows).naming(table.name))
    return replace(table, columns=tuple(columns))


def _with_rows(table: PaperTable, source: Source) -> PaperTable:
    """Return a table for other things: what its cells said of the former ones is to be chosen anew."""
    kept = [column if _is_of(table, source, column.cell) else column._replace(cell="") for column in table.columns]
    none = (table.none or "无") if table.rows else ""
    if not any(column.head or column.cell for column in kept):
        kept = proposed(source)
    return replace(table, columns=tuple(kept), none=none)


def _is_of(table: PaperTable, source: Source, cell: str) -> bool:
    whose = (f"{table.name}.", f"{{{{ {table.name} }}}}", "loop.")
    return not any(word in cell for word in whose) or bool(source.label_of(cell))


def proposed(source: Source) -> list[Column]:
    """Return the columns that a table of such things may begin with."""
    facts = source.groups[0].facts if source.path else [fact for group in source.groups for fact in group.facts]
    begin = [fact for fact in facts if source.path or fact[0].startswith("{{ person.")][:_PROPOSED]
    return [Column(said, cell, 10 if cell == "{{ loop.index }}" else 0, CENTRE) for cell, said in begin]


def gap_label(gap: Gap) -> str:
    """Return how a place for something new is told."""
    where = PLACES.get(gap.block, "另一块")
    return f"{where}：“{gap.after}”的后面" if gap.after else f"{where}：最前面"
