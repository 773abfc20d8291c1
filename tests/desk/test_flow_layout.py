"""Drawing flows: nothing lies on anything else, and every line leads, turn by turn, where it should."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xunfang.desk.studio.flow_layout import Box, Card, Layout, Point, Route, layout
from xunfang.desk.studio.flow_pictures import BEGIN, MOST, picture_of, wrapped
from xunfang.rulebook.model import Rulebook

Graph = tuple[tuple[int, ...], ...]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw to which others each of some boxes leads."""
    count = draw(st.integers(1, 8))
    others = [sorted(set(range(count)) - {n}) for n in range(count)]
    return tuple(
        tuple(draw(st.lists(st.sampled_from(each), max_size=4, unique=True)) if each else ()) for each in others
    )


def cards_of(graph: Graph) -> tuple[Card, ...]:
    return tuple(
        Card(f"s{n}", max(150.0, 106.0 * len(leads)), 60.0 + 25 * (n % 4), tuple(f"s{to}" for to in leads))
        for n, leads in enumerate(graph)
    )


@settings(max_examples=25)
@given(graphs())
@example(((1, 2), (0, 3), (3, 0), (1,)))  # two ways back to one box, one of them from below it
@example(((1,), (2, 3, 4), (4,), (4, 2), (1,)))
def test_nothing_lies_on_anything_else(graph: Graph) -> None:
    drawn = layout(cards_of(graph))
    check(drawn)
    edges = {(f"s{n}", f"s{to}") for n, leads in enumerate(graph) for to in leads}
    assert {(route.source, route.target) for route in drawn.routes} == edges
    assert len(drawn.boxes) == len(graph)


def check(drawn: Layout) -> None:
    """Assert what holds for every picture."""
    boxes = {box.id: box for box in drawn.boxes}
    for one, other in combinations(drawn.boxes, 2):
        assert not overlap(one, other), (one, other)
    for box in drawn.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawn.width
        assert box.y + box.height <= drawn.height
    for route in drawn.routes:
        leads_right(route, boxes)
        for box in drawn.boxes:
            assert not any(runs_through(a, b, box) for a, b in pairwise(route.points)), (route, box)
    for one, other in combinations(drawn.routes, 2):
        if one.target != other.target:
            assert not any(lie_together(a, b) for a in pairwise(one.points) for b in pairwise(other.points)), (
                one,
                other,
            )


def overlap(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def leads_right(route: Route, boxes: dict[str, Box]) -> None:
    source, target = boxes[route.source], boxes[route.target]
    (x, y), (end, top) = route.points[0], route.points[-1]
    assert y == pytest.approx(source.y + source.height)
    wide = source.width / len(source.cells)
    left = source.x + source.cells.index(route.target) * wide
    assert left < x < left + wide, "from its own cell"
    assert top == pytest.approx(target.y)
    assert target.x < end < target.x + target.width
    for a, b in pairwise(route.points):
        assert (abs(a[0] - b[0]) < 0.6) != (abs(a[1] - b[1]) < 0.6), "straight across or straight down"
    assert route.points[-2][1] < top, "the arrow points down"


def runs_through(a: Point, b: Point, box: Box) -> bool:
    low_x, high_x, low_y, high_y = min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])
    across = low_x < box.x + box.width - 0.6 and high_x > box.x + 0.6
    return across and low_y < box.y + box.height - 0.6 and high_y > box.y + 0.6


def lie_together(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Return whether two pieces run along one another."""
    for along, across in ((0, 1), (1, 0)):
        if (
            all(abs(a[across] - b[across]) < 0.6 for a, b in (one, other))
            and abs(one[0][across] - other[0][across]) < 2
        ):
            (a, b), (c, d) = (sorted(point[along] for point in piece) for piece in (one, other))
            if min(b, d) - max(a, c) > 0.6:
                return True
    return False


def test_the_flows_of_a_county_are_drawn_whole(rulebook: Rulebook) -> None:
    for flow in rulebook.flows.values():
        picture = picture_of(rulebook, flow, {flow.start: "changed"})
        assert picture is not None
        assert [card.id for card in picture.cards if card.mark] == [flow.start]
        assert {card.id for card in picture.cards} == {"", *flow.states}
        assert sum(card.kind == "start" for card in picture.cards) == 1
        assert picture.width < 1100, "it is read without shifting at a desk"
        for card in picture.cards:
            texts = [words.text for words in card.words]
            assert "".join(flow.states[card.id].label if card.id else "") in "".join(texts)
            for cell in card.cells:
                assert card.x - 0.1 <= cell.x
                assert cell.x + cell.width <= card.x + card.width + 0.1
                for words in cell.words:
                    assert len(words.text) * 12 <= cell.width, words.text
                    assert cell.y < words.y <= cell.y + cell.height
                ys = [words.y for words in cell.words]
                assert all(later - sooner >= 15 for sooner, later in pairwise(ys))


def lines_back(rulebook: Rulebook) -> Iterator[bool]:
    for flow in rulebook.flows.values():
        picture = picture_of(rulebook, flow, {})
        assert picture is not None
        yield from (line.back for line in picture.lines)


def test_what_leads_back_is_drawn_as_such(rulebook: Rulebook) -> None:
    assert set(lines_back(rulebook)) == {True, False}
    assert BEGIN not in {state for flow in rulebook.flows.values() for state in flow.states}
    assert MOST >= 20


def test_a_text_is_wrapped_as_chinese_is_set() -> None:
    assert wrapped("书面告知当事人和村（居）民委员会", 11.3) == ["书面告知当事人和村", "（居）民委员会"]
    assert wrapped("难以确定救助部门，上报", 8) == ["难以确定救助部", "门，上报"]
    assert wrapped("", 8) == [""]
