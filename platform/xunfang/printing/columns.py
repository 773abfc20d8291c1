"""Columns of a table as a template tells them: how wide each is, and on which side its cells are set."""

import re
from collections.abc import Iterator

from xunfang.printing.markup import Element

_WIDTH = re.compile(r"[1-9][0-9]?")
_ALIGNED = frozenset(("left", "center", "right"))
_PARTS = frozenset(("thead", "tbody"))


def set_columns(root: Element) -> None:
    """Give the tables of a document the widths and sides their columns name: `data-width` (percent), `data-align`."""
    for element in root.elements():
        if element.tag == "table":
            _set_table(element)
        set_columns(element)


def _set_table(table: Element) -> None:
    cols = [col for group in table.elements() if group.tag == "colgroup" for col in group.elements()]
    for col in cols:
        if _WIDTH.fullmatch(width := col.attributes.get("data-width", "")):
            col.attributes["style"] = f"width:{width}%"
    sides = [col.attributes.get("data-align", "") for col in cols]
    for row in _rows(table) if any(sides) else ():
        _set_row(row, sides)


def _rows(part: Element) -> Iterator[Element]:
    for element in part.elements():
        if element.tag == "tr":
            yield element
        elif element.tag in _PARTS:
            yield from _rows(element)


def _set_row(row: Element, sides: list[str]) -> None:
    """Set each cell of one column on its side; one across several columns stays as it is."""
    at = 0
    for cell in row.elements():
        across = int(cell.attributes.get("colspan", "1"))
        side = sides[at] if at < len(sides) else ""
        if cell.tag == "td" and across == 1 and side in _ALIGNED:
            cell.attributes["style"] = f"text-align:{side}"
        at += across
