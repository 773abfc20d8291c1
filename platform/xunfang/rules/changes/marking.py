"""Where two sentences differ, so that nobody compares them word by word."""

from collections.abc import Iterator
from difflib import SequenceMatcher

Stretch = tuple[str, bool]
"""Some words, and whether the other sentence lacks them."""
_TOO_SHORT = 2
_MOST_COMPARED = 4000
_LEAST_ALIKE = 0.3


def marked(before: str, after: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Return both sentences in stretches; nothing is marked where one is missing or they are not alike at all."""
    plain = (((before, False),) if before else (), ((after, False),) if after else ())
    if not before or not after or before == after or len(before) + len(after) > _MOST_COMPARED:
        return plain
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    blocks = [each for each in matcher.get_matching_blocks() if each.size >= _TOO_SHORT]
    if sum(each.size for each in blocks) < _LEAST_ALIKE * min(len(before), len(after)):
        return plain
    was = [(each.a, each.size) for each in blocks]
    now = [(each.b, each.size) for each in blocks]
    return tuple(_stretches(before, was)), tuple(_stretches(after, now))


def _stretches(text: str, alike: list[tuple[int, int]]) -> Iterator[Stretch]:
    at = 0
    for start, size in [*alike, (len(text), 0)]:
        if start > at:
            yield text[at:start], True
        if size:
            yield text[start : start + size], False
        at = start + size
