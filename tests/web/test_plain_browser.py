"""The machines in the offices are old: nothing in script or style that Chromium 86 lacks, nothing from outside."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "platform" / "xunfang" / "web"
STYLE = sorted((WEB / "static").glob("*.css"))
SCRIPT = sorted((WEB / "static").glob("*.js"))
PAGES = sorted((WEB / "templates").rglob("*.html"))

TOO_NEW_IN_STYLE = {
    ":has(": 105, ":is(": 88, ":where(": 88, "aspect-ratio": 88, "accent-color": 93, "inset:": 87, "@container": 105,
    "@layer": 99, "color-mix(": 111, "dvh": 108, "svh": 108, "text-wrap": 114, ":focus-visible(": 0,
    "overflow: clip": 90, "inline-size:": 87, "scrollbar-gutter": 94, "oklch(": 111, "subgrid": 117,
    ":user-invalid": 119, "&:": 112,
}  # fmt: skip
TOO_NEW_IN_SCRIPT = {
    ".at(": 92, "structuredClone": 98, "Object.hasOwn": 93, ".findLast": 97, ".toSorted": 110, "replaceChildren": 86,
    "||=": 85, "&&=": 85, "??=": 85, ".groupBy": 117, "static {": 94, "crypto.randomUUID": 92, "showModal": 37,
    "AbortSignal.timeout": 103, "import(": 63, "await ": 55,
}  # fmt: skip


@pytest.mark.parametrize("path", STYLE, ids=lambda path: path.name)
def test_style_needs_no_newer_browser(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert [word for word in TOO_NEW_IN_STYLE if word in text] == []


@pytest.mark.parametrize("path", SCRIPT, ids=lambda path: path.name)
def test_script_needs_no_newer_browser(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert [word for word in TOO_NEW_IN_SCRIPT if word in text] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_hold_no_inline_script_or_style_and_nothing_foreign(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r"""\son[a-z]+\s*=|\sstyle\s*=|javascript:|<style|(?:src|href)=["']?(?:https?:)?//""", text) == []
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("path", STYLE + SCRIPT, ids=lambda path: path.name)
def test_assets_fetch_nothing_from_outside(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"@import|url\(|https?://", text) == []


def test_no_module_marks_text_as_safe() -> None:
    """But for the cells of wide tables, which test_cells.py holds against a template, whatever was typed."""
    marking = {path.name for path in WEB.rglob("*.py") if "Markup" in path.read_text("utf-8")}
    assert marking == {"cells.py"}
