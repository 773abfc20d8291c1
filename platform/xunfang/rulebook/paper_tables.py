"""Tables of a template by their columns: read where they are written in that one way, and written back in it.

The way is the plainest there is, so that whoever reads the template as text reads it too: heads, then one row, or one
row for each of several things, and what stands there when there are none. Any other table stays a matter of text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import NamedTuple

MOST_COLUMNS, MOST_HEAD, WHOLE = 12, 20, 100
LEFT, CENTRE, RIGHT = "left", "center", "right"
ALIGNED = (LEFT, CENTRE, RIGHT)
_ALIGNED_SO = {LEFT: "靠左", CENTRE: "居中", RIGHT: "靠右"}
ROW = "row"
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TABLE = re.compile(r"<table\b[^<>]*>.*?</table>", re.DOTALL)
_TOKEN = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|<[^<>]*>)", re.DOTALL)
_FOR = re.compile(r"\{%-? for ([a-z_]\w*) in ([a-z_][\w.]*)(?: *\| *default\(\[\]\))? -?%\}")
_COL = re.compile(r'<col((?: (?:class|data-width|data-align)="[a-z0-9]+")*)>')
_TD = re.compile(r'<td(?: class="(c)")?>')
_NONE = re.compile(r'<td(?: class="c")? colspan="(\d+)"(?: class="c")?>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([a-z0-9]+)"')
_WORD = re.compile(r"\{%-?\s*(\w+)")
_OPENS = ("if", "for", "with", "set_block", "macro", "filter", "call")
_LAYOUT_WIDTHS = {"a": 15, "b": 20, "c": 30}
"""How wide in percent the columns are that the layouts name."""


class Column(NamedTuple):
    """A column: its head, what each cell says as the template writes it, its width in percent (0: what is left)."""

    head: str
    cell: str
    width: int = 0
    align: str = LEFT


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table by its columns. `rows` names the things of which each has a row, "" for one row; `none` stands there
    when there are none of them; in the cells each is called `name`."""

    columns: tuple[Column, ...]
    rows: str = ""
    none: str = ""
    name: str = ROW


@dataclass(frozen=True, slots=True)
class Placed:
    """A table in the text of a template, from character to character; `table` None where it is written otherwise."""

    begins: int
    ends: int
    text: str
    table: PaperTable | None


class _OtherwiseError(Exception):
    """A table is not written by columns."""


def tables_in(text: str) -> tuple[Placed, ...]:
    """Return the tables of a template in the order of its text."""
    seen = _COMMENT.sub(lambda found: " " * len(found[0]), text)
    places = [(found.start(), found.end()) for found in _TABLE.finditer(seen)]
    return tuple(Placed(begins, ends, text[begins:ends], table_of(text[begins:ends])) for begins, ends in places)


def table_of(text: str) -> PaperTable | None:
    """Return the table that a text writes by its columns, None for any other."""
    try:
        return _Reader(text).table()
    except _OtherwiseError:
        return None


def written(table: PaperTable) -> str:
    """Return a table as a template writes it."""
    cells = "".join(f"<td>{column.cell}</td>" for column in table.columns)
    row = [f"<tr>{cells}</tr>"]
    if table.rows:
        none = f'<tr><td class="c" colspan="{len(table.columns)}">{escape(table.none, quote=False)}</td></tr>'
        otherwise = ["{% else %}", none] if table.none else []
        begin = f"{{% for {table.name} in {table.rows} | default([]) %}}"
        row = [begin, *row, *otherwise, "{% endfor %}"]
    heads = "".join(f"<th>{escape(column.head, quote=False)}</th>" for column in table.columns)
    cols = "".join(map(_col, table.columns))
    lines = [f"<colgroup>{cols}</colgroup>", f"<thead><tr>{heads}</tr></thead>", *row]
    return "\n".join(['<table class="fixed">', *lines, "</table>"])


def _col(column: Column) -> str:
    width = f' data-width="{column.width}"' if column.width else ""
    align = f' data-align="{column.align}"' if column.align != LEFT else ""
    return f"<col{width}{align}>"


def faults(table: PaperTable) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with a table that somebody put together: the column (-1: the whole), and a sentence."""
    if not 0 < len(table.columns) <= MOST_COLUMNS:
        yield -1, f"一张表有1到{MOST_COLUMNS}列。"
    if sum(column.width for column in table.columns) > WHOLE:
        yield -1, "各列的宽度加起来超过了100%，请改窄几列，或者有一列选“余下的宽度”。"
    if any(sign in table.none for sign in "{}"):
        yield -1, "没有的时候写的字里不能有花括号。"
    for place, column in enumerate(table.columns):
        yield from ((place, told) for told in _column_faults(column))
    if table.columns and table_of(written(table)) != table:
        yield -1, "这张表写不成按列的样子，请检查各列的内容。"


def _column_faults(column: Column) -> Iterator[str]:
    if not column.head.strip():
        yield "请写表头。"
    if len(column.head) > MOST_HEAD:
        yield f"表头不超过{MOST_HEAD}个字。"
    if any(sign in column.head for sign in "{}"):
        yield "表头里不能有花括号。"


def is_text(cell: str) -> bool:
    """Return whether a cell says the same words every time."""
    return not any(sign in cell for sign in "{}<>")


def told_apart(before: PaperTable | None, after: PaperTable | None) -> str:
    """Return in words what makes one table of another."""
    if after is None:
        return "删去"
    heads = [column.head for column in after.columns]
    if before is None:
        return f"新增，列有{'、'.join(heads)}"
    return "；".join(_differences(before, after, heads)) or "改写法"


def _differences(before: PaperTable, after: PaperTable, heads: Sequence[str]) -> Iterator[str]:
    had = {column.head: column for column in before.columns}
    added, gone = [head for head in heads if head not in had], [head for head in had if head not in heads]
    kept = [head for head in had if head in heads]
    changed = [column.head for column in after.columns if had.get(column.head, column).cell != column.cell]
    told = (("加列", added), ("删列", gone), ("改列", changed))
    yield from (f"{what}{'、'.join(f'“{head}”' for head in which)}" for what, which in told if which)
    for column, look, was, now in _looks(before, after):
        yield f"“{column}”一列的{look}由{was}改为{now}"
    if kept != [head for head in heads if head in had]:
        yield f"列的顺序改为{'、'.join(heads)}"
    if before.rows != after.rows:
        yield "改各行写什么"
    if before.none != after.none:
        yield f"没有的时候写“{after.none}”" if after.none else "没有的时候不写"


def _looks(before: PaperTable, after: PaperTable) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is set otherwise of the columns that both have: the column, what of it, as it was, as it is."""
    had = {column.head: column for column in before.columns}
    for column in after.columns:
        was = had.get(column.head, column)
        if was.width != column.width:
            yield column.head, "宽度", _wide(was.width), _wide(column.width)
        if was.align != column.align:
            yield column.head, "对齐", _ALIGNED_SO[was.align], _ALIGNED_SO[column.align]


def _wide(width: int) -> str:
    return f"{width}%" if width else "余下的宽度"


def looks_changed(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield in words how columns of tables are set in one text of a template and in another, where they differ.

    Only tables by columns tell it, and only where both texts have as many: else nobody knows which became which.
    """
    was, now = tables_in(before), tables_in(after)
    for one, other in zip(was, now, strict=True) if len(was) == len(now) else ():
        for head, look, had, has in _looks(one.table, other.table) if one.table and other.table else ():
            yield f"“{head}”一列的{look}：{had}", f"“{head}”一列的{look}：{has}"


class _Reader:
    """Reads one table token by token; whatever is not expected ends it."""

    def __init__(self, text: str) -> None:
        self._tokens = [token for token in _TOKEN.split(text) if token]
        self._at = 0

    def table(self) -> PaperTable:
        self._take('<table class="fixed">')
        looks = self._looks()
        heads = self._heads()
        body = self._passes("<tbody>")
        loop = _FOR.fullmatch(self._peek())
        rows, name = (loop[2], loop[1]) if loop else ("", ROW)
        self._at += bool(loop)
        cells = self._cells()
        none = self._none(len(cells)) if loop else ""
        if body:
            self._take("</tbody>")
        self._take("</table>")
        if len(cells) != len(heads) or len(looks) not in (0, len(cells)) or self._peek():
            raise _OtherwiseError
        looks = looks or [(0, LEFT)] * len(cells)
        columns = zip(heads, cells, looks, strict=True)
        return PaperTable(tuple(_column(head, *cell, *look) for head, cell, look in columns), rows, none, name)

    def _peek(self) -> str:
        """Return the next token but white space, "" at the end."""
        while self._at < len(self._tokens) and not self._tokens[self._at].strip():
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _passes(self, token: str) -> bool:
        found = self._peek() == token
        self._at += found
        return found

    def _take(self, token: str) -> None:
        if not self._passes(token):
            raise _OtherwiseError

    def _looks(self) -> list[tuple[int, str]]:
        """Return the width and the alignment of each column, as far as they are said."""
        found = []
        if self._passes("<colgroup>"):
            while col := _COL.fullmatch(self._peek()):
                self._at += 1
                found.append(_look(dict(_ATTRIBUTE.findall(col[1]))))
            self._take("</colgroup>")
        return found

    def _heads(self) -> list[str]:
        head, found = self._passes("<thead>"), []
        self._take("<tr>")
        while self._passes("<th>"):
            found.append(unescape(self._words("</th>")))
        self._take("</tr>")
        if head:
            self._take("</thead>")
        return found

    def _words(self, end: str) -> str:
        """Return plain words up to a closing tag."""
        word = self._tokens[self._at] if self._tokens[self._at : self._at + 1] != [end] else ""
        self._at += bool(word)
        if not is_text(word) or self._tokens[self._at : self._at + 1] != [end]:
            raise _OtherwiseError
        self._at += 1
        return word

    def _cells(self) -> list[tuple[str, str]]:
        """Return what each cell of a row says, and its own alignment."""
        found = []
        self._take("<tr>")
        while cell := _TD.fullmatch(self._peek()):
            self._at += 1
            found.append((self._cell(), CENTRE if cell[1] else ""))
        self._take("</tr>")
        return found

    def _cell(self) -> str:
        begins = self._at
        while self._at < len(self._tokens) and self._tokens[self._at] != "</td>":
            if re.match(r"</?(?:t[dhr]|table|thead|tbody|col)\b", self._tokens[self._at]):
                raise _OtherwiseError
            self._at += 1
        inside = self._tokens[begins : self._at]
        if self._at == len(self._tokens) or not _balanced(inside):
            raise _OtherwiseError
        self._at += 1
        return "".join(inside)

    def _none(self, columns: int) -> str:
        said = ""
        if self._passes("{% else %}"):
            self._take("<tr>")
            cell = _NONE.fullmatch(self._peek())
            if not cell or int(cell[1]) != columns:
                raise _OtherwiseError
            self._at += 1
            said = unescape(self._words("</td>"))
            self._take("</tr>")
        self._take("{% endfor %}")
        return said


def _look(attributes: dict[str, str]) -> tuple[int, str]:
    name, width, align = (attributes.get(key, "") for key in ("class", "data-width", "data-align"))
    if (name and name not in _LAYOUT_WIDTHS) or (width and not width.isdecimal()) or align not in ("", *ALIGNED):
        raise _OtherwiseError
    return int(width or _LAYOUT_WIDTHS.get(name, 0)), align or LEFT


def _column(head: str, cell: str, own: str, width: int, align: str) -> Column:
    return Column(head, cell, width, own or align)


def _balanced(tokens: Sequence[str]) -> bool:
    """Return whether what the statements of a cell begin ends within it."""
    open_: list[str] = []
    for word in (found[1] for token in tokens if (found := _WORD.match(token))):
        if word.startswith("end"):
            if not open_ or open_.pop() != word.removeprefix("end"):
                return False
        elif word in _OPENS:
            open_.append(word)
        elif word in ("block", "extends") or (word in ("else", "elif") and not open_):
            return False
    return not open_
