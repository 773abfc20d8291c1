"""The table of a report as it is printed or taken along: plain values, with who signs and what must hold below."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from xunfang.clock import local
from xunfang.desk.faces.reported import HeadCell, TableFace, TableLine

TEMPLATE = "report-table.html"
_NARROW = 16
"""So many columns fit across A4; wider ones are printed on A3."""


def above_of(table: TableFace) -> str:
    """Return the line under the title: who fills it in, for when, and what is counted in."""
    unit = f"　　单位：{table.stated}" if table.stated else ""
    return f"填报单位：{table.unit}　　报告期：{table.period}{unit}"


def signed_below(table: TableFace) -> list[str]:
    """Return who signs, and what must hold between the columns."""
    found = ["　　".join(f"{title}：{name or '　　　　'}" for title, name in table.chain)]
    return [*found, f"校核关系：{'；'.join(table.checks)}。"] if table.checks else found


def below_of(table: TableFace) -> list[str]:
    """Return the lines below: who signs, the checks, and whose returns are missing."""
    found = signed_below(table)
    if table.missing:
        found.append(f"尚未报来、没有计入的：{'、'.join(table.missing)}。")
    return found + [f"校核不符：{text}" for text in table.wrong]


def paper_of_table(table: TableFace) -> dict[str, Any]:
    """Return what the printed table says."""
    return {
        "template": TEMPLATE,
        "ledger": {"title": f"{table.period}{table.title}"},
        "table": {
            "title": table.title,
            "above": above_of(table),
            "heads": [[{"text": c.text, "columns": c.columns, "rows": c.rows} for c in row] for row in table.heads],
            "units": list(table.units),
            "numbers": list(range(1, table.columns + 1)),
            "lines": [_line(each) for each in lines_of(table)],
            "below": below_of(table),
            "own": [{"title": each.title, "told": each.told or each.counted} for each in own_beside(table)],
            "size": "A4" if table.columns <= _NARROW else "A3",
            "unit": table.unit,
        },
    }


def own_beside(table: TableFace) -> list[Any]:
    """Return the figures that a summary has besides what its columns sum."""
    return [each for each in table.own if each.field not in table.fields]


def lines_of(table: TableFace) -> tuple[TableLine, ...]:
    """Return the lines of a table, what they come to last."""
    return (*table.lines, *((table.total,) if table.total else ()))


def _line(line: TableLine) -> dict[str, Any]:
    return {"label": line.label, "cells": list(line.cells)}


def placed_heads(table: TableFace) -> Iterator[tuple[HeadCell, int, int]]:
    """Yield the heads of a table with the row and the column in which each begins."""
    taken: set[tuple[int, int]] = set()
    for row, heads in enumerate(table.heads):
        column = 0
        for head in heads:
            while (row, column) in taken:
                column += 1
            yield head, row, column
            taken |= {(row + down, column + right) for down in range(head.rows) for right in range(head.columns)}


def name_of(table: TableFace, at: datetime, ending: str) -> str:
    """Return what the file of a table is called."""
    return f"{table.period}{table.title}{local(at):%Y%m%d}.{ending}"
