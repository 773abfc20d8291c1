"""A child program for tests: sets a paper as the press does and tells which words stand outside their frame."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xunfang.confinement import Answer, serve

SLACK = 1.0  # in CSS pixels, a quarter of a millimetre


def _prepare(settings: Mapping[str, Any]) -> Any:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from xunfang.printing.faces import Faces
    from xunfang.printing.fetching import NothingOutside
    from xunfang.printing.markup import read, write
    from xunfang.printing.rendering import render
    from xunfang.printing.typesetting import typeset

    faces, fonts = Faces({role: Path(path) for role, path in settings["fonts"].items()}), FontConfiguration()

    def measure(order: Mapping[str, Any], _: bytes) -> Answer:
        root = read(render(order["template"], order["templates"], order["facts"], order["layout"]))
        typeset(root, faces)
        html = weasyprint.HTML(string=f"<!DOCTYPE html>{write(root)}", url_fetcher=NothingOutside())
        pages = html.render(font_config=fonts).pages
        found = [found for n, page in enumerate(pages, 1) for found in _outside(page._page_box, n)]
        return Answer({"outside": found, "pages": len(pages), "cells": sum(_cells(page._page_box) for page in pages)})

    return measure


def _outside(page: Any, number: int) -> Iterator[str]:
    """Yield the words of a page that stand outside the paper, or outside the table cell they belong to."""
    for box, cell in _texts(page, None):
        x, y, right, bottom = _edges(box)
        if x < -SLACK or y < -SLACK or right > page.margin_width() + SLACK or bottom > page.margin_height() + SLACK:
            yield f"page {number}: {box.text!r} is off the paper"
        if cell is not None and (found := _crossed((x, y, right, bottom), cell)):
            yield f"page {number}: {box.text!r} crosses the {found} of its cell"


def _crossed(edges: tuple[float, float, float, float], cell: Any) -> str:
    left, top = cell.border_box_x(), cell.border_box_y()
    right, bottom = left + cell.border_width(), top + cell.border_height()
    sides = {"left": left - edges[0], "right": edges[2] - right, "top": top - edges[1], "bottom": edges[3] - bottom}
    return next((side for side, over in sides.items() if over > SLACK), "")


def _edges(box: Any) -> tuple[float, float, float, float]:
    return box.position_x, box.position_y, box.position_x + box.width, box.position_y + box.height


def _texts(box: Any, cell: Any) -> Iterator[tuple[Any, Any]]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TableCellBox):
        cell = box
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            yield box, cell
    else:
        for child in box.all_children() if isinstance(box, boxes.ParentBox) else ():
            yield from _texts(child, cell)


def _cells(box: Any) -> int:
    from weasyprint.formatting_structure import boxes

    own = isinstance(box, boxes.TableCellBox)
    return own + sum(_cells(child) for child in (box.all_children() if isinstance(box, boxes.ParentBox) else ()))


if __name__ == "__main__":
    raise SystemExit(serve(_prepare))
