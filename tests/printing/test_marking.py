"""A draft cannot be taken for the paper itself."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from printing.orders import order, small
from xunfang.printing import print_paper


def _pages(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_draft_says_so_on_every_page() -> None:
    marked = _pages(print_paper(order("refusal-notice", mark="草稿　待签发")).pdf)
    assert marked
    assert all("草稿待签发" in page for page in marked)


def test_a_paper_itself_bears_no_mark_and_is_laid_out_as_its_draft() -> None:
    plain, marked = print_paper(order("refusal-notice")), print_paper(order("refusal-notice", mark="草稿"))
    assert not any("草稿" in page for page in _pages(plain.pdf))
    assert [page.replace("草稿", "") for page in _pages(marked.pdf)] == _pages(plain.pdf)


@pytest.mark.parametrize(
    "style", ["display:none", "visibility:hidden", "font-size:0", "left:900mm", "position:static;display:none"]
)
def test_no_style_of_a_template_hides_the_mark(style: str) -> None:
    hidden = ";".join(f"{each} !important" for each in style.split(";"))
    plain = small(f"<style>div {{ {hidden} }} article {{ background: #fff }}</style><article><p>甲</p></article>")
    content = PdfReader(io.BytesIO(print_paper(replace(plain, mark="草稿")).pdf)).pages[0].extract_text()
    assert "草稿" in "".join(content.split())
