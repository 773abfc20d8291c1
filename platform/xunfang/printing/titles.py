"""Where a title breaks: by meaning, never inside an organ's name, in a trapezoid or diamond (GB/T 9704-2012, 7.3.1)."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from xunfang.printing.characters import may_break, pieces

MAX_LINE = 20
"""Characters of 2号 type in a line 156 mm wide."""

MAX_LINES = 4
_KINDS = re.compile(r"的(?:通知|通报|函|意见|方案|报告|请示|批复|决定|公告|通告|纪要|告知书|通知书|通知单)+$")
_CHEAP_BEFORE = ("关于", "印发", "转发", "批转")
_FAIR_BEFORE = ("工作方案", "实施方案", "实施意见", "实施细则", "专项", "有关", "若干")
LINE_PRICE = 3.0


def break_title(title: str, keep: Iterable[str] = (), width: int = MAX_LINE) -> list[str]:
    """Return the lines of a title. `keep` are names that must not be torn apart; `width` is in characters."""
    if len(title) <= width:
        return [title]
    prices = _prices(title, [name for name in keep if name])
    fewest = -(-len(title) // width)
    choices = [
        cuts
        for count in range(fewest, min(fewest + 1, MAX_LINES) + 1)
        for cuts in _cuts(prices, count)
        if _fits(title, cuts, width)
    ]
    if not choices:
        return [title[start : start + width] for start in range(0, len(title), width)]
    return _lines(title, min(choices, key=lambda cuts: _cost(len(title), cuts, prices)))


def _prices(title: str, keep: Sequence[str]) -> dict[int, float]:
    """Return the price of ending a line before each position where that is allowed at all."""
    allowed = {end for _, end in pieces(title) if end < len(title) and may_break(title[end - 1], title[end])}
    held, good = _held(title, keep)
    return {position: _price(title, position, good) for position in sorted(allowed - held)}


def _held(title: str, keep: Sequence[str]) -> tuple[set[int], set[int]]:
    held: set[int] = set()
    good: set[int] = set()
    for name in keep:
        for match in re.finditer(re.escape(name), title):
            held.update(range(match.start() + 1, match.end()))
            good.add(match.end())
    if kind := _KINDS.search(title):
        held.update(range(kind.start(), kind.end()))
    return held, good


def _price(title: str, position: int, good: set[int]) -> float:
    if position in good:
        return -6.0
    if title.startswith(_CHEAP_BEFORE, position):
        return 0.0
    if title.startswith(_FAIR_BEFORE, position):
        return 2.0
    if title[position - 1] in "、，的和及与":
        return 2.0
    return 20.0 if title[position] in "的和及与之" else 12.0


def _cuts(prices: dict[int, float], lines: int) -> Iterable[tuple[int, ...]]:
    return combinations(prices, lines - 1)


def _lengths(total: int, cuts: Sequence[int]) -> list[int]:
    return [end - start for start, end in zip((0, *cuts), (*cuts, total), strict=True)]


def _fits(title: str, cuts: Sequence[int], width: int) -> bool:
    return all(length <= width for length in _lengths(len(title), cuts))


def _cost(total: int, cuts: Sequence[int], prices: dict[int, float]) -> float:
    lengths = _lengths(total, cuts)
    steps = [abs(after - before) for before, after in pairwise(lengths)]
    uneven = sum(0.8 * max(step - 6, 0) + (2.0 if step < 2 else 0.0) for step in steps)
    return (
        LINE_PRICE * len(lengths) + sum(prices[cut] for cut in cuts) + uneven + (0.0 if _is_shapely(lengths) else 10.0)
    )


def _is_shapely(lengths: Sequence[int]) -> bool:
    """Return whether the lines form a trapezoid, either way up, or a diamond."""
    peak = lengths.index(max(lengths))
    rising, falling = list(lengths[: peak + 1]), list(lengths[peak:])
    return rising == sorted(rising) and falling == sorted(falling, reverse=True)


def _lines(title: str, cuts: Sequence[int]) -> list[str]:
    return [title[start:end] for start, end in zip((0, *cuts), (*cuts, len(title)), strict=True)]
