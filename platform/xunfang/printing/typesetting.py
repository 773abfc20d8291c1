"""A document tree made ready for the press: its body paragraphs broken into full lines, its titles by meaning.

Paragraphs inside <article> stand on the grid of 28 characters and are set here, except in tables and with the class
"free"; everything else is left to the renderer. A character from a fallback font gets a span of its own, for its other
metrics would otherwise widen the line and push the 22nd line off the page.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from xunfang.printing.breaking import Line, break_lines
from xunfang.printing.cells import Cell, MissingGlyphError, Run, cells_of
from xunfang.printing.faces import Faces
from xunfang.printing.markup import INLINE, Element
from xunfang.printing.titles import MAX_LINE, break_title

MEASURE = 28.0
INDENT = 2.0
ROLE_OF_CLASS = {"h": "hei", "k": "kai", "basis": "kai", "song": "song", "sans": "sans", "title": "title"}
ROLE_OF_TAG = {"h1": "title", "h2": "hei", "h3": "kai", "th": "hei"}
INLINE_OR_BREAK = INLINE | {"br"}
UNINDENTED = frozenset(("flush", "addressee"))
SQUEEZED = -0.03
"""A gap below this, in em, is the blank half of a mark given up."""

UNSEEN = frozenset(("style", "title", "meta"))


def typeset(root: Element, faces: Faces) -> None:
    """Set every body paragraph and title of a document in place.

    Raises MissingGlyphError for the first character, anywhere in it, that no font of the press has.
    """
    _check_glyphs(root, "body", faces)
    for element in _below(root):
        if element.tag == "h1":
            _set_title(element)
        elif element.tag == "article":
            _set_article(element, faces)


def _below(element: Element) -> Iterator[Element]:
    for child in list(element.elements()):
        yield child
        yield from _below(child)


def _check_glyphs(element: Element, role: str, faces: Faces) -> None:
    if element.tag in UNSEEN:
        return
    role = _role(element, role)
    for child in element.children:
        if isinstance(child, Element):
            _check_glyphs(child, role, faces)
            continue
        for char in child:
            if not char.isspace() and faces.face_for(char, role) is None:
                raise MissingGlyphError(char)


def _role(element: Element, inherited: str) -> str:
    for name in element.attributes.get("class", "").split():
        if name in ROLE_OF_CLASS:
            return ROLE_OF_CLASS[name]
    return ROLE_OF_TAG.get(element.tag, inherited)


def _set_title(element: Element) -> None:
    text = "".join("".join(element.texts()).split())
    keep = element.attributes.get("data-keep", "").split("|")
    width = int(element.attributes.get("data-width", "") or MAX_LINE)
    lines = break_title(text, keep, width)
    element.children = [part for line in lines for part in (line, Element("br"))][:-1]


def _set_article(article: Element, faces: Faces) -> None:
    for element in article.elements():
        if element.tag in ("div", "section"):
            _set_article(element, faces)
        elif element.tag == "p" and "free" not in element.classes and _holds_only_text(element):
            _set_paragraph(element, faces)


def _holds_only_text(element: Element) -> bool:
    """Return whether nothing is inside but text; a paragraph with a picture, list or table is left to the renderer."""
    return all(child.tag in INLINE_OR_BREAK and _holds_only_text(child) for child in element.elements())


def _set_paragraph(paragraph: Element, faces: Faces) -> None:
    role = _role(paragraph, "body")
    indent = 0.0 if paragraph.classes & UNINDENTED else INDENT
    parts = _between_breaks(_runs(paragraph, role, ()))
    paragraph.attributes["class"] = f"{paragraph.attributes.get('class', '')} set".strip()
    paragraph.children = []
    for place, runs in enumerate(parts):
        cells = cells_of(runs, faces)
        paragraph.children.extend("\n" if place else "")
        for line in break_lines(cells, MEASURE, 0.0 if place else indent):
            paragraph.children.extend("\n" if line.start else "")
            paragraph.children.extend(_line(line, cells, runs, faces.first_of(role)))


def _between_breaks(runs: Iterable[Run | None]) -> list[list[Run]]:
    """Return the runs between the breaks that the template itself makes, which are None among them."""
    parts: list[list[Run]] = [[]]
    for run in runs:
        if run is None:
            parts.append([])
        else:
            parts[-1].append(run)
    return parts


def _runs(element: Element, role: str, tags: tuple[tuple[str, str], ...]) -> Iterator[Run | None]:
    for child in element.children:
        if isinstance(child, str):
            yield Run(child, role, tags)
        elif child.tag == "br":
            yield None
        elif child.tag in INLINE:
            mark = (child.tag, child.attributes.get("class", ""))
            yield from _runs(child, _role(child, role), (*tags, mark))


def _line(line: Line, cells: list[Cell], runs: list[Run], face: str) -> Iterator[Element | str]:
    row = enumerate(zip(cells[line.start : line.end], (round(gap, 5) for gap in line.gaps), strict=True))
    for (run, family, gap, _), group in groupby(row, key=_likeness):
        text = "".join(cell.char for _, (cell, _) in group)
        yield _span(text, runs[run].tags, family if family != face else "", gap)


def _likeness(entry: tuple[int, tuple[Cell, float]]) -> tuple[int, str, float, int]:
    """Return what characters of one span share; a squeezed mark stands alone."""
    index, (cell, gap) = entry
    return cell.run, cell.face, gap, index if gap < SQUEEZED else -1


def _span(text: str, tags: tuple[tuple[str, str], ...], family: str, gap: float) -> Element | str:
    style = ";".join(part for part in (f"font-family:{family}" if family else "", _spacing(gap)) if part)
    content: Element | str = Element("span", {"style": style}, [text]) if style else text
    for tag, name in reversed(tags):
        content = Element(tag, {"class": name} if name else {}, [content])
    return content


def _spacing(gap: float) -> str:
    """Return the declaration for a gap; letter spacing would move a squeezed mark by half of it onto its neighbour."""
    if not gap:
        return ""
    return f"margin-right:{gap}em" if gap < SQUEEZED else f"letter-spacing:{gap}em"
