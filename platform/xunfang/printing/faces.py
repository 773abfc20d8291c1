"""What each font can print and how wide, as the breaking of lines must know it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from xunfang.printing.characters import SHRINKABLE_LEFT, SHRINKABLE_RIGHT
from xunfang.printing.fonts import CHAINS

HAIR = 0.04
"""Blank, in em, that always stays beside the ink of a squeezed mark."""


class Face:
    """One font file: which characters it has and how wide they are, in em. Read once; the file is closed again."""

    def __init__(self, role: str, path: Path) -> None:
        self.role = role
        with TTFont(str(path), lazy=True, fontNumber=0) as font:
            self._cmap: dict[int, str] = font.getBestCmap()
            self._units: int = font["head"].unitsPerEm
            self._widths: dict[str, tuple[int, int]] = font["hmtx"].metrics
            marks = [mark for mark in SHRINKABLE_LEFT | SHRINKABLE_RIGHT if self.has(mark)]
            self._blanks = {mark: self._measure(font, mark) for mark in marks}

    def has(self, char: str) -> bool:
        """Return whether the font can print the character."""
        return ord(char) in self._cmap

    def width(self, char: str) -> float:
        """Return the advance of the character in em."""
        return self._widths[self._cmap[ord(char)]][0] / self._units

    def blank(self, char: str) -> tuple[float, float]:
        """Return the blank left and right of a mark's ink, in em, less a hair, at most half an em each."""
        return self._blanks.get(char, (0.0, 0.0))

    def _measure(self, font: Any, mark: str) -> tuple[float, float]:
        glyphs = font.getGlyphSet()
        pen = BoundsPen(glyphs)
        glyphs[self._cmap[ord(mark)]].draw(pen)
        if pen.bounds is None:
            return 0.0, 0.0
        left, _, right, _ = (edge / self._units for edge in pen.bounds)
        return _slack(left), _slack(self.width(mark) - right)


def _slack(blank: float) -> float:
    return min(max(blank - HAIR, 0.0), 0.5)


class Faces:
    """All faces of the press, each read when the first character asks for it."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = dict(files)
        self._read: dict[str, Face] = {}

    def face_for(self, char: str, role: str) -> Face | None:
        """Return the first face of the role's chain that has the character, or None."""
        faces = (self._face(name) for name in CHAINS[role] if name in self._files)
        return next((face for face in faces if face.has(char)), None)

    def first_of(self, role: str) -> str:
        """Return the family a style sheet gets for the role when nothing is said of fallbacks."""
        return next(name for name in CHAINS[role] if name in self._files)

    def _face(self, role: str) -> Face:
        if role not in self._read:
            self._read[role] = Face(role, self._files[role])
        return self._read[role]
