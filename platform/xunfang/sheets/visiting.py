"""A list of people to visit as a workbook to take along: heads on every page, numbers as text, room to write."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]

WIDTHS = (6, 12, 22, 16, 22, 26, 14, 14, 20, 14)
_HEAD = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#EDF1F5"}
_CELL = {"border": 1, "valign": "vcenter", "text_wrap": True, "num_format": "@"}


def visiting_sheet(title: str, subtitle: str, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook of one sheet: a title over all columns, what it is about, the heads and a row for each line.

    Every cell is text: nothing that people typed becomes a formula, and no number loses its first or last digits.
    """
    kept = BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet("走访名单")
    named = book.add_format({"bold": True, "font_size": 16, "align": "center_across"})
    sheet.write_string(0, 0, title, named)
    for column in range(1, len(heads)):
        sheet.write_blank(0, column, None, named)
    sheet.write_string(1, 0, subtitle, book.add_format({"align": "left"}))
    head, cell = book.add_format(_HEAD), book.add_format(_CELL)
    for column, text in enumerate(heads):
        sheet.write_string(2, column, text, head)
        sheet.set_column(column, column, WIDTHS[min(column, len(WIDTHS) - 1)])
    for row, line in enumerate(lines, 3):
        sheet.set_row(row, 32)
        for column, text in enumerate(line):
            sheet.write_string(row, column, text, cell)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(0, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L内含个人信息，请妥善保管，用后销毁&R第 &P 页，共 &N 页")
    book.close()
    return kept.getvalue()
