"""A flow as a picture: each state a card with who does it and by when, at its foot a cell for each way on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xunfang.desk.studio.flow_layout import Box, Layout, Route, layout
from xunfang.desk.studio.flow_places import Card
from xunfang.rulebook.model import Flow, Rulebook, State
from xunfang.rules.describe.words import limit_words, unit_words

MOST = 40
"""A flow of more states is not drawn: its table tells it."""
BEGIN = "\0start"
_PAD, _TITLE, _SMALL, _CELL = 10.0, 22.0, 17.0, 17.0
"""Around texts, and the height of a line of each kind; the sizes of the letters are those of the style sheet."""
_TITLE_SIZE, _SMALL_SIZE = 15.0, 12.0
_WIDTHS = {0: 150.0, 1: 190.0, 2: 244.0}
_EACH_CELL = 106.0
_NOT_FIRST, _NOT_LAST = "，。、；：！？）】》”’", "（【《“‘"
_ASCII = 0.58


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: where it begins, and how it looks."""

    x: float
    y: float
    text: str
    look: str


@dataclass(frozen=True, slots=True)
class CellFace:
    """A cell at the foot of a card: the outcomes that lead the same way."""

    x: float
    y: float
    width: float
    height: float
    words: Sequence[Words]


@dataclass(frozen=True, slots=True)
class CardFace:
    """A state as it is drawn. `kind`: "start", "state" or "end"; `mark`: "", "changed" or "new" against the base."""

    id: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    words: Sequence[Words]
    cells: Sequence[CellFace]
    mark: str


@dataclass(frozen=True, slots=True)
class LineFace:
    """A line as it is drawn: its path, the head of its arrow, and whether it leads back."""

    path: str
    head: str
    back: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A flow as it is drawn, and what it tells whoever does not see it."""

    width: float
    height: float
    title: str
    told: str
    cards: Sequence[CardFace]
    lines: Sequence[LineFace]


def picture_of(book: Rulebook, flow: Flow, marks: Mapping[str, str]) -> Picture | None:
    """Return the picture of a flow, None for one of too many states; `marks`: how states stand to the base."""
    if len(flow.states) > MOST or flow.start not in flow.states:
        return None
    sketches = [_begin(book, flow), *(_sketch(book, flow, state) for state in flow.states.values())]
    by_id = {sketch.card.id: sketch for sketch in sketches}
    drawn = layout(tuple(sketch.card for sketch in sketches))
    return Picture(
        width=drawn.width,
        height=drawn.height,
        title=f"“{flow.label}”流程图",
        told=f"共{len(flow.states)}个环节，从“{flow.states[flow.start].label}”开始。各环节怎么办、办完到哪里，见下面的表。",
        cards=[_face(by_id[box.id], box, marks.get(box.id, "")) for box in drawn.boxes],
        lines=_lines(drawn),
    )


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A card before it has a place: its texts by kind, and those of its cells by where they lead."""

    card: Card
    kind: str
    title: Sequence[str]
    small: Sequence[str]
    cells: Mapping[str, Sequence[str]]
    foot: float


def _begin(book: Rulebook, flow: Flow) -> _Sketch:
    forms = [book.forms[form].title for form in flow.opens_on if form in book.forms]
    told = [f"《{forms[0]}》等{len(forms)}种表" if len(forms) > 1 else f"《{each}》" for each in forms[:1]]
    lines = wrapped(f"填报{told[0]}" if told else "由其他流程启动", 170.0 / _SMALL_SIZE)
    card = Card(BEGIN, 190.0, len(lines) * _SMALL + _PAD, (flow.start,))
    return _Sketch(card, "start", (), lines, {}, 0.0)


def _sketch(book: Rulebook, flow: Flow, state: State) -> _Sketch:
    ways: dict[str, list[str]] = {}
    for outcome in state.outcomes.values():
        ways.setdefault(outcome.to, []).append(outcome.label)
    stays = ways.pop(state.id, [])
    ways = {to: labels for to, labels in ways.items() if to in flow.states}
    wide = _WIDTHS.get(len(ways), len(ways) * _EACH_CELL)
    room = wide - 2 * _PAD
    title = wrapped(state.label, room / _TITLE_SIZE)
    told = [*_who(book, state), *(f"仍在本环节：{label}" for label in stays)]
    small = [line for each in told for line in wrapped(each, room / _SMALL_SIZE)]
    cells = {to: _cell(labels, wide / len(ways)) for to, labels in ways.items()}
    foot = max((len(lines) for lines in cells.values()), default=0) * _CELL + (_PAD if cells else 0.0)
    height = _PAD + len(title) * _TITLE + len(small) * _SMALL + _PAD / 2 + foot
    return _Sketch(
        Card(state.id, wide, height, tuple(ways)), "end" if state.ends else "state", title, small, cells, foot
    )


def _cell(labels: Sequence[str], width: float) -> Sequence[str]:
    room = (width - _PAD) / _SMALL_SIZE
    marked = labels if len(labels) == 1 else [f"·{label}" for label in labels]
    return [line for each in marked for line in wrapped(each, room)]


def _who(book: Rulebook, state: State) -> Iterator[str]:
    """Yield who does it, how long there is, and what is waited for."""
    if state.routes_by in book.routing:
        yield f"按“{book.routing[state.routes_by].label}”拟办"
    elif state.per_route:
        yield "各主办单位"
    elif state.meeting in book.meetings:
        yield book.meetings[state.meeting].label
    if state.unit:
        yield unit_words(book, state.unit)
    if state.waits:
        yield f"{'公示' if state.publishes else '等待'}{state.waits.text}"
    deadline = book.deadlines.get(state.deadline)
    if deadline and deadline.limits:
        words = [limit_words(case.limit).partition("（")[0] for case in deadline.limits]
        yield words[0] if len(set(words)) == 1 else f"{deadline.label}：看情形"


def wrapped(text: str, ems: float) -> list[str]:
    """Return a text in lines of so many letters; none begins with a mark that closes, or ends with one that opens."""
    lines, used = [""], 0.0
    for letter in text:
        wide = _ASCII if letter.isascii() else 1.0
        if used + wide > ems and lines[-1]:
            kept = len(lines[-1]) - (letter in _NOT_FIRST)
            while kept > 1 and lines[-1][kept - 1] in _NOT_LAST:
                kept -= 1
            lines[-1:] = [lines[-1][: max(kept, 1)], lines[-1][max(kept, 1) :]]
            used = float(len(lines[-1]))
        lines[-1] += letter
        used += wide
    return lines


# ----- with a place


def _face(sketch: _Sketch, box: Box, mark: str) -> CardFace:
    words: list[Words] = []
    middle, y = box.x + box.width / 2, box.y + _PAD / 2
    for lines, height, look in ((sketch.title, _TITLE, "name"), (sketch.small, _SMALL, "small")):
        for line in lines:
            y += height
            words.append(Words(middle, y - height * 0.25, line, look))
    return CardFace(
        sketch.card.id if sketch.kind != "start" else "",
        sketch.kind, box.x, box.y, box.width, box.height, words, list(_cells(sketch, box)), mark,
    )  # fmt: skip


def _cells(sketch: _Sketch, box: Box) -> Iterator[CellFace]:
    if not sketch.foot:
        return
    wide, top = box.width / len(box.cells), box.y + box.height - sketch.foot
    for n, to in enumerate(box.cells):
        x, lines = box.x + n * wide, sketch.cells[to]
        lead = (sketch.foot - len(lines) * _CELL) / 2
        words = [Words(x + wide / 2, top + lead + (k + 0.75) * _CELL, line, "way") for k, line in enumerate(lines)]
        yield CellFace(x, top, wide, sketch.foot, words)


def _lines(drawn: Layout) -> Sequence[LineFace]:
    """Return the lines, those that join on their way as one."""
    tops = {box.id: box.y for box in drawn.boxes}
    joined: dict[tuple[str, bool], list[Route]] = {}
    for route in drawn.routes:
        joined.setdefault((route.target, tops[route.target] < tops[route.source]), []).append(route)
    return [_line(routes, back=back) for (_, back), routes in joined.items()]


def _line(routes: Sequence[Route], *, back: bool) -> LineFace:
    turns = ("L".join(f"{x:.1f} {y:.1f}" for x, y in route.points) for route in routes)
    x, y = routes[0].points[-1]
    return LineFace("".join(f"M{each}" for each in turns), f"M{x:.1f} {y:.1f}l-4.5 -8h9z", back)


__all__ = ["CardFace", "CellFace", "LineFace", "Picture", "Words", "picture_of", "wrapped"]
