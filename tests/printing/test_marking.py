"""A draft cannot be taken for the paper itself."""

import io

from pypdf import PdfReader

from printing.orders import order
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
