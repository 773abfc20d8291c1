"""Where the lines of a paragraph end, so that every line but the last is full (GB/T 9704-2012, 28 characters a line).

WeasyPrint stretches only spaces and leaves a Chinese line ragged wherever a mark may not begin the next one. So the
lines are found here, the cheapest way over the whole paragraph: a line is stretched evenly between its Chinese
characters, or squeezed out of the blank halves of its marks.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from xunfang.printing.cells import Cell
from xunfang.printing.characters import MAX_WHOLE, is_wide, may_break, pieces

MAX_STRETCH = 9.0
MAX_SQUEEZE = 6.0
SINGLE_MARK = 0.25
GAP_SQUEEZE = 0.012
SPACE_STRETCH = 0.25
INFEASIBLE = math.inf


@dataclass(frozen=True, slots=True)
class Line:
    """One line: cells [start, end) and the letter spacing after each of them, in em."""

    start: int
    end: int
    gaps: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Squeeze:
    """How much of each kind of slack a squeezed line gives up, as shares between 0 and 1, and its price."""

    price: float
    paired: float = 0.0
    single: float = 0.0
    gaps: float = 0.0


class Measures:
    """Sums over a paragraph's cells that make the cost of any line a matter of a few subtractions."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        after = [_slack_after(cells, index) for index in range(len(cells))]
        self.paired = [both for both, _ in after]
        self.single = [one for _, one in after]
        self.wide = [int(_is_gap(cells, index)) for index in range(len(cells))]
        self.space = [int(cell.char == " ") for cell in cells]
        self._width = _sums([cell.width for cell in cells])
        self._paired, self._single = _sums(self.paired), _sums(self.single)
        self._wide, self._space = _sums(self.wide), _sums(self.space)

    def width(self, start: int, end: int) -> float:
        """Return the natural width of a line in em, without a trailing space."""
        trailing = self.cells[end - 1].width if self.cells[end - 1].char == " " else 0.0
        return self._width[end] - self._width[start] - trailing

    def slack(self, start: int, end: int) -> tuple[float, float, float]:
        """Return what a line's mark pairs, single marks and gaps can give up, in em."""
        last = max(end - 1, start)
        return (
            self._paired[last] - self._paired[start],
            self._single[last] - self._single[start],
            (self._wide[last] - self._wide[start]) * GAP_SQUEEZE,
        )

    def stretchable(self, start: int, end: int) -> tuple[float, float]:
        """Return the number of gaps and of spaces inside a line."""
        last = max(end - 1, start)
        return self._wide[last] - self._wide[start], self._space[last] - self._space[start]


def break_lines(cells: Sequence[Cell], measure: float, indent: float) -> list[Line]:
    """Return the lines of a paragraph set `measure` em wide, its first line `indent` em shorter."""
    if not cells:
        return []
    measures = Measures(cells)
    ends = _best_ends(measures, _breaks(cells, whole=True), measure, indent)
    ends = ends or _best_ends(measures, _breaks(cells, whole=False), measure, indent)
    ends = ends or _greedy_ends(measures, measure, indent)
    starts = [0, *ends[:-1]]
    return [
        Line(start, end, _gaps(measures, start, end, measure - (0 if start else indent), last=end == len(cells)))
        for start, end in zip(starts, ends, strict=True)
    ]


def _sums(values: Sequence[float]) -> list[float]:
    return list(accumulate(values, initial=0.0))


def _slack_after(cells: Sequence[Cell], index: int) -> tuple[float, float]:
    """Return the slack of the gap after a cell: (between two marks, beside a single mark)."""
    if index + 1 >= len(cells):
        return 0.0, 0.0
    right, left = cells[index].right, cells[index + 1].left
    close_then_mark = right > 0 and (cells[index + 1].right > 0 or left > 0)
    if close_then_mark or (cells[index].left > 0 and left > 0):
        return right + left, 0.0
    return 0.0, min(right, SINGLE_MARK) + min(left, SINGLE_MARK)


def _is_gap(cells: Sequence[Cell], index: int) -> bool:
    if index + 1 >= len(cells) or cells[index + 1].width == 0:
        return False
    here, following = cells[index].char, cells[index + 1].char
    return (
        " " not in (here, following) and (is_wide(here) or is_wide(following)) and here + following not in ("——", "……")
    )


def _breaks(cells: Sequence[Cell], *, whole: bool) -> list[int]:
    """Return where lines may end; with `whole`, only overlong pieces are broken inside."""
    text = "".join(cell.char for cell in cells)
    ends: list[int] = []
    for start, end in pieces(text):
        wide = sum(cell.width for cell in cells[start:end]) > MAX_WHOLE
        ends.extend(range(start + 1, end) if wide or not whole else ())
        ends.append(end)
    return [end for end in ends if end == len(text) or may_break(text[end - 1], text[end])]


def _best_ends(measures: Measures, breaks: Sequence[int], measure: float, indent: float) -> list[int]:
    """Return the line ends of the cheapest way through the paragraph, or nothing when there is no way."""
    starts = [0, *breaks]
    cost = [0.0] + [INFEASIBLE] * len(breaks)
    origin = [0] * len(starts)
    for index, start in enumerate(starts[:-1]):
        if cost[index] == INFEASIBLE:
            continue
        room = measure - (0 if start else indent)
        for target in range(index + 1, len(starts)):
            price = _price(measures, start, starts[target], room)
            if price is None:
                break
            if cost[index] + price < cost[target]:
                cost[target], origin[target] = cost[index] + price, index
    return _walk(starts, origin) if cost[-1] < INFEASIBLE else []


def _walk(starts: Sequence[int], origin: Sequence[int]) -> list[int]:
    ends, index = [], len(starts) - 1
    while index:
        ends.append(starts[index])
        index = origin[index]
    return ends[::-1]


def _price(measures: Measures, start: int, end: int, room: float) -> float | None:
    """Return what a line costs; None once it is so wide that a longer one is not worth looking at."""
    spare = room - measures.width(start, end)
    if spare < -MAX_SQUEEZE:
        return None
    if end == len(measures.cells) and spare >= 0:
        return 30.0 if end - start <= 2 and start else 0.0
    if spare > MAX_STRETCH:
        return INFEASIBLE
    if spare < 0:
        return _squeeze(measures, start, end, -spare).price
    return _stretch_price(measures, start, end, spare)


def _stretch_price(measures: Measures, start: int, end: int, spare: float) -> float:
    if spare < 1e-6:
        return 0.0
    gaps, spaces = measures.stretchable(start, end)
    rest = max(spare - SPACE_STRETCH * spaces, 0.0)
    if not gaps:
        return INFEASIBLE if rest else 0.0
    each = rest / gaps
    return min(4 * (each / 0.02) ** 2, 400.0) + (200.0 if each > 0.12 else 0.0)


def _squeeze(measures: Measures, start: int, end: int, need: float) -> Squeeze:
    """Return how a line too wide by `need` em is made to fit: blank at its end first, then pairs, marks, all gaps."""
    paired, single, gaps = measures.slack(start, end)
    stages = ((measures.cells[end - 1].right, 1.0), (paired, 2.0), (single, 6.0), (gaps, 10.0))
    shares, price = [], 0.0
    for slack, rate in stages:
        share = min(need / slack, 1.0) if slack > 0 and need > 1e-9 else 0.0
        need -= share * slack
        price += rate * share
        shares.append(share)
    if need > 1e-6:
        return Squeeze(INFEASIBLE, 1.0, 1.0, 1.0)
    return Squeeze(price, shares[1], shares[2], shares[3])


def _gaps(measures: Measures, start: int, end: int, room: float, *, last: bool) -> tuple[float, ...]:
    spare = room - measures.width(start, end)
    if spare < -1e-6:
        return _squeezed_gaps(measures, start, end, _squeeze(measures, start, end, -spare))
    if last or spare < 1e-6:
        return (0.0,) * (end - start)
    return _stretched_gaps(measures, start, end, spare)


def _squeezed_gaps(measures: Measures, start: int, end: int, squeeze: Squeeze) -> tuple[float, ...]:
    inner = [
        -squeeze.paired * measures.paired[index]
        - squeeze.single * measures.single[index]
        - squeeze.gaps * GAP_SQUEEZE * measures.wide[index]
        for index in range(start, end - 1)
    ]
    return (*inner, 0.0)


def _stretched_gaps(measures: Measures, start: int, end: int, spare: float) -> tuple[float, ...]:
    gaps, spaces = measures.stretchable(start, end)
    to_space = min(SPACE_STRETCH, spare / spaces) if spaces else 0.0
    to_gap = (spare - to_space * spaces) / gaps if gaps else 0.0
    inner = [to_space * measures.space[index] + to_gap * measures.wide[index] for index in range(start, end - 1)]
    return (*inner, 0.0)


def _greedy_ends(measures: Measures, measure: float, indent: float) -> list[int]:
    """Return ends that at least keep inside the measure, for text that no rule can set (one endless word)."""
    ends, start = [], 0
    for end in range(1, len(measures.cells) + 1):
        if end - start > 1 and measures.width(start, end) > measure - (0 if start else indent):
            ends.append(end - 1)
            start = end - 1
    return [*ends, len(measures.cells)]
