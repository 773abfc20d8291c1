"""The blocks of a TOML file as places in its text: a header, what stands under it, the comments that belong to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from xunfang.rulebook.positions import Path
from xunfang.rulebook.toml_syntax import (
    Parts,
    Statement,
    after_blank_lines,
    comments_above,
    comments_below,
    line_end,
    statements,
)


@dataclass(frozen=True, slots=True)
class Region:
    """One block of a file: its key, and from where to where it goes, its last line's break not included."""

    key: Path
    start: int
    end: int
    header: str
    parts: Parts
    is_array: bool
    starts_on: int  # where its first statement begins, behind the comments
    body: int  # where that begins which stands under its header


def regions_of(text: str) -> tuple[Region, ...]:
    """Return the blocks of a TOML text, the first being what stands before any header, even where that is nothing."""
    found = list(statements(text))
    opening = _opening(text, found)
    head = list(takewhile(lambda each: each.value, found))
    regions = [_head(text, head, found, opening)]
    keys = _Keys()
    for header, end, floor in _under_headers(text, found, opening):
        start = comments_above(text, header.line_start, floor)
        said = text[header.start : header.end]
        key = keys.of(header)
        regions.append(Region(key, start, end, said, header.parts, header.is_array, header.line_start, header.end))
    return tuple(regions)


def _opening(text: str, found: Sequence[Statement]) -> int:
    """Return where the comment ends that a file begins with: it is the file's, unless a header stands right below."""
    above_header = found and found[0].value is None and comments_above(text, found[0].line_start, 0) == 0
    if not text.startswith("#") or above_header:
        return 0
    return min(comments_below(text, line_end(text, 0)) + 1, len(text))


def _head(text: str, head: Sequence[Statement], found: Sequence[Statement], opening: int) -> Region:
    if head:
        start = comments_above(text, head[0].line_start, opening)
        end = _end(text, head[-1], found[len(head)] if len(found) > len(head) else None)
        return Region((), start, end, "", (), False, head[0].line_start, head[0].line_start)
    floor = found[0].line_start if found else len(text)
    start = comments_above(text, floor, opening) if found else min(after_blank_lines(text, opening), len(text))
    return Region((), start, start, "", (), False, start, start)


def _under_headers(text: str, found: Sequence[Statement], opening: int) -> Iterator[tuple[Statement, int, int]]:
    """Yield every header with the end of what stands under it, and the end of what stands before it."""
    places = [place for place, each in enumerate(found) if each.value is None]
    for place, following in zip(places, [*places[1:], len(found)], strict=False):
        last = found[following - 1]
        end = _end(text, last, found[following] if following < len(found) else None)
        before = min(found[place - 1].line_end + 1, found[place].line_start) if place else opening
        yield found[place], end, max(before, min(opening, found[place].line_start))


def _end(text: str, last: Statement, following: Statement | None) -> int:
    """Return where a block ends: comments directly below it are its own, unless they stand directly above the next."""
    below = comments_below(text, last.line_end)
    if following and comments_above(text, following.line_start, last.line_end + 1) <= below:
        return last.line_end
    return below


class _Keys:
    """Gives every header its whole key: the last element of a list so far stands for its name."""

    def __init__(self) -> None:
        self._counts: dict[Path, int] = {}

    def of(self, header: Statement) -> Path:
        path: Path = ()
        for part in header.parts[:-1]:
            path = self._last((*path, part))
        path = (*path, header.parts[-1])
        if header.is_array:
            self._counts[path] = self._counts.get(path, -1) + 1
        return self._last(path)

    def _last(self, path: Path) -> Path:
        return (*path, self._counts[path]) if path in self._counts else path


def comments_between(text: str) -> list[str]:
    """Return the comment lines that belong to none of the blocks."""
    regions = regions_of(text)
    starts, ends = [each.start for each in regions], [each.end for each in regions]
    between = "".join(text[end:start] + "\n" for end, start in zip([0, *ends], [*starts, len(text)], strict=True))
    return [line.strip() for line in between.split("\n") if line.strip()]
