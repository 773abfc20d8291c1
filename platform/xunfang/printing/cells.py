"""A paragraph as a row of cells: each character with its font, its width and the blank it can give up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xunfang.printing.characters import SHRINKABLE_LEFT, SHRINKABLE_RIGHT, is_mark_over, space_between
from xunfang.printing.faces import Faces
from xunfang.printing.order import PrintError


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style: the inline tags around it, outermost first, and the font role it is set in."""

    text: str
    role: str
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One character on paper; `width`, `left` and `right` (the blank before and after the ink of a mark) are in em."""

    char: str
    face: str
    width: float
    left: float
    right: float
    run: int


class MissingGlyphError(PrintError):
    """No font of the set has the character."""

    def __init__(self, char: str, where: str = "") -> None:
        self.char = char
        place = f"，出现在事实“{where}”中" if where else ""
        super().__init__(
            "GLYPH_MISSING",
            f"字体中没有“{char}”（U+{ord(char):04X}）{place}，无法打印。请改用规范字，或为部署配置含有该字的字体。",
        )


def cells_of(runs: Sequence[Run], faces: Faces) -> list[Cell]:
    """Return the cells of a paragraph, its white space made regular.

    Raises MissingGlyphError when a character is in none of the fonts of its role.
    """
    return [_cell(char, index, runs[index].role, faces) for char, index in _tidy(runs)]


def _tidy(runs: Sequence[Run]) -> Iterable[tuple[str, int]]:
    before, white = "", ""
    for index, run in enumerate(runs):
        for char in run.text:
            if char in " \t\r\n\f\u00a0":
                white += char
                continue
            if before and white and space_between(before, white, char):
                yield " ", index
            before, white = char, ""
            yield char, index


def _cell(char: str, run: int, role: str, faces: Faces) -> Cell:
    face = faces.face_for(char, role)
    if face is None:
        raise MissingGlyphError(char)
    width = 0.0 if is_mark_over(char) else face.width(char)
    left = face.blank(char)[0] if char in SHRINKABLE_LEFT else 0.0
    right = face.blank(char)[1] if char in SHRINKABLE_RIGHT else 0.0
    return Cell(char, face.role, width, left, right, run)
