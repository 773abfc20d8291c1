"""What each font can print and how wide, as the breaking of lines must know it."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from xunfang.printing.fonts import CHAINS


class Face:
    """One font file: which characters it has and how wide they are, in em."""

    def __init__(self, role: str, path: Path) -> None:
        self.role = role
        self._font = TTFont(str(path), lazy=True, fontNumber=0)
        self._cmap: dict[int, str] = self._font.getBestCmap()
        self._units: int = self._font["head"].unitsPerEm
        self._bounds: dict[str, tuple[float, float]] = {}

    @cached_property
    def _widths(self) -> Mapping[str, tuple[int, int]]:
        metrics: Mapping[str, tuple[int, int]] = self._font["hmtx"].metrics
        return metrics

    def has(self, char: str) -> bool:
        """Return whether the font can print the character."""
        return ord(char) in self._cmap

    def width(self, char: str) -> float:
        """Return the advance of the character in em."""
        return self._widths[self._cmap[ord(char)]][0] / self._units

    def blank(self, char: str) -> tuple[float, float]:
        """Return the blank left and right of a mark's ink, in em, less a hair, at most half an em each."""
        if char not in self._bounds:
            self._bounds[char] = self._measure(char)
        return self._bounds[char]

    def _measure(self, char: str) -> tuple[float, float]:
        glyphs = self._font.getGlyphSet()
        pen = BoundsPen(glyphs)
        glyphs[self._cmap[ord(char)]].draw(pen)
        if pen.bounds is None:
            return 0.0, 0.0
        left, _, right, _ = (edge / self._units for edge in pen.bounds)
        return _slack(left), _slack(self.width(char) - right)


def _slack(blank: float) -> float:
    return min(max(blank - 0.04, 0.0), 0.5)


class Faces:
    """All faces of the press."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._by_role = {role: Face(role, path) for role, path in files.items()}

    def face_for(self, char: str, role: str) -> Face | None:
        """Return the first face of the role's chain that has the character, or None."""
        for name in CHAINS[role]:
            face = self._by_role.get(name)
            if face is not None and face.has(char):
                return face
        return None

    def first_of(self, role: str) -> str:
        """Return the family a style sheet gets for the role when nothing is said of fallbacks."""
        return next(name for name in CHAINS[role] if name in self._by_role)
