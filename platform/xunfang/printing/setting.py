"""One paper from facts to PDF, as the child process does it."""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import weasyprint  # type: ignore[import-untyped]
from weasyprint.logger import LOGGER  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
from weasyprint.urls import FatalURLFetchingError  # type: ignore[import-untyped]

from xunfang.printing.cells import MissingGlyphError
from xunfang.printing.columns import set_columns
from xunfang.printing.faces import Faces
from xunfang.printing.fetching import NothingOutside
from xunfang.printing.fonts import FILES
from xunfang.printing.logos import set_logos
from xunfang.printing.marking import mark_pages
from xunfang.printing.markup import read, write
from xunfang.printing.order import PrintError
from xunfang.printing.rendering import render
from xunfang.printing.typesetting import typeset

MAX_PAGES = 60
MAX_PDF = 20 * 1024 * 1024


class Setter:
    """Sets papers with one set of fonts; slow to make, quick to use."""

    def __init__(self, faces: Faces) -> None:
        self._faces = faces
        self._fonts = FontConfiguration()

    def set_paper(
        self, template: str, templates: Mapping[str, str], facts: dict[str, Any], layout: str, mark: str = ""
    ) -> tuple[bytes, int]:
        """Return the PDF of a filled template and its number of pages; the same order gives the same bytes."""
        root = read(render(template, templates, facts, layout))
        set_columns(root)
        own = set_logos(root, templates)
        if mark:
            mark_pages(root, mark)
        try:
            typeset(root, self._faces)
        except MissingGlyphError as missing:
            raise MissingGlyphError(missing.char, where_is(facts, missing.char)) from None
        return self._press(f"<!DOCTYPE html>{write(root)}", own)

    def _press(self, html: str, own: frozenset[str]) -> tuple[bytes, int]:
        try:
            with _nothing_left_out():
                document = weasyprint.HTML(string=html, url_fetcher=NothingOutside(own)).render(font_config=self._fonts)
                pages = len(document.pages)
                if pages > MAX_PAGES:
                    raise PrintError("TOO_LONG", f"文书共{pages}页，超过{MAX_PAGES}页，请拆分后打印。")
                pdf: bytes = document.write_pdf(pdf_identifier=hashlib.sha256(html.encode()).digest()[:16])
        except FatalURLFetchingError as error:
            raise PrintError("TEMPLATE_BROKEN", f"文书不得引用外部内容：{error}") from None
        _check_fonts(font.family for font in document.fonts.values())
        if len(pdf) > MAX_PDF:
            raise PrintError("TOO_LARGE", f"文书文件超过{MAX_PDF // 1024 // 1024}兆字节，请减少图片。")
        return pdf, pages


@contextmanager
def _nothing_left_out() -> Iterator[None]:
    """Make an error of what the renderer would only note down: a seal it cannot read must not be missing unseen."""
    notes = _Notes(logging.ERROR)
    LOGGER.addHandler(notes)
    try:
        yield
    finally:
        LOGGER.removeHandler(notes)
    if notes.taken:
        raise PrintError("PICTURE_BROKEN", "文书中的图片（如印章）无法读取，请换一张PNG或JPEG图片后再打印。")


class _Notes(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.taken = False

    def emit(self, record: logging.LogRecord) -> None:
        """Remember that there was something to note."""
        self.taken = True


def where_is(facts: Any, char: str, path: str = "") -> str:
    """Return the path of the first fact that holds the character, or nothing when the template itself does."""
    if isinstance(facts, str):
        return path if char in facts else ""
    entries = facts.items() if isinstance(facts, dict) else enumerate(facts) if isinstance(facts, list) else ()
    for key, value in entries:
        if found := where_is(value, char, f"{path}.{key}" if path else str(key)):
            return found
    return ""


def _check_fonts(families: Any) -> None:
    strangers = sorted(set(families) - set(FILES))
    if strangers:
        raise PrintError("FONT_FOREIGN", f"文书用到了未登记的字体：{'、'.join(strangers)}。")
