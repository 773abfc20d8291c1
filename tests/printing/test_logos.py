"""Columns and logos as the press sets them: widths and sides that a template names, marks really drawn."""

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from printing.orders import small
from xunfang.printing import Press, PrintError
from xunfang.printing.columns import set_columns
from xunfang.printing.logos import sent
from xunfang.printing.markup import read, write
from xunfang.rulebook.logos import drawn, pictured

DRAWN = drawn(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#fa0"/></svg>', "标"
)


def test_columns_have_the_width_and_the_side_they_name() -> None:
    body = (
        '<table><colgroup><col data-width="30"><col data-align="right"><col data-width="300" data-align="up">'
        "</colgroup>"
        "<thead><tr><th>甲</th><th>乙</th><th>丙</th></tr></thead><tr><td>1</td><td>2</td><td>3</td></tr>"
        '<tr><td class="c" colspan="3">无</td></tr></table>'
    )
    root = read(f"<html><head><title>样</title></head><body>{body}</body></html>")
    set_columns(root)
    made = write(root)
    assert (
        '<col data-width="30" style="width:30%"><col data-align="right"><col data-width="300" data-align="up">' in made
    )
    assert '<td>1</td><td style="text-align:right">2</td><td>3</td>' in made
    assert '<td class="c" colspan="3">无</td>' in made


def test_logos_are_drawn_and_only_those_that_are_named_are_sent(press: Press) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (30, 10), (0, 0, 255, 128)).save(made, "PNG")
    body = '<p>甲</p><img data-logo="county" data-width="40" data-align="right"><img data-logo="mark">'
    order = small(body)
    logos = {"logos/county.svg": DRAWN.text, "logos/mark.svg": pictured(made.getvalue(), "png", 30, 10, "图").text}
    order = replace(order, templates={**order.templates, **logos, "logos/other.svg": DRAWN.text})
    assert set(sent(order.templates)) == {"x.html", *logos}
    page = PdfReader(io.BytesIO(press.print_paper(order).pdf)).pages[0]
    assert len(page.images) == 1
    assert page.images[0].image is not None
    assert page.images[0].image.size == (30, 10)
    drawing = page.get_contents()
    assert drawing is not None
    assert b"1 0.666667 0 rg" in drawing.get_data() or b"1.0 0.666" in drawing.get_data()


@pytest.mark.parametrize(
    ("body", "text", "said"),
    [
        ('<img data-logo="other">', DRAWN.text, "没有名为“other”的徽标"),
        ('<img data-logo="county" data-width="2">', DRAWN.text, "5到156毫米"),
        ('<img data-logo="county">', DRAWN.text.replace("<rect", "<script/><rect"), "不能用"),
        ('<img data-logo="county">', DRAWN.text.replace('fill="#fa0"', 'fill="url(file:///etc/passwd)"'), "不能用"),
    ],
)
def test_a_logo_that_is_not_there_or_not_safe_is_refused(press: Press, body: str, text: str, said: str) -> None:
    order = small(body)
    with pytest.raises(PrintError, match=said):
        press.print_paper(replace(order, templates={**order.templates, "logos/county.svg": text}))


def test_a_template_cannot_bring_a_drawing_of_its_own(press: Press) -> None:
    said = base64.b64encode(DRAWN.text.encode()).decode()
    with pytest.raises(PrintError):
        press.print_paper(small(f'<img src="data:image/svg+xml;base64,{said}">'))
