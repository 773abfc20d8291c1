"""Lines are full, marks stand where they may, and no character is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xunfang.printing.breaking import Line, break_lines
from xunfang.printing.cells import Cell, Run, cells_of
from xunfang.printing.characters import CLOSE, OPEN
from xunfang.printing.faces import Faces

PROSE = (
    "对接到的困难线索快速作出救助响应，5个工作日内向区社会救助综合服务中心反馈调查处理情况，对基本生活困难的，"
    "各镇（街道）及时将符合条件的困难对象纳入城乡低保、特困人员供养、临时救助范围；对需要专项救助的，"
    "相关职能部门及时开展“医疗、教育、住房”等救助。《方案》（某政办字〔2021〕27号）自2026年10月12日起施行。"
)
HAN = st.sampled_from("困难群众线索转办核实情况社会救助服务中心")
MARKS = st.sampled_from("，。、；：（）《》“”〔〕！？")
LATIN = st.sampled_from(["2026年", "5%", "A4", "12345", "3.5", "PDF", "0533-0000000"])
TEXT = st.lists(st.one_of(HAN, HAN, HAN, HAN, HAN, MARKS, LATIN), min_size=1, max_size=160).map("".join)

CLAUSE = st.tuples(
    st.text("困难群众线索", min_size=2, max_size=9), st.sampled_from(["，", "。", "；", "（注）", "《办法》，", "”"])
)
SENTENCES = st.lists(CLAUSE.map("".join), min_size=1, max_size=30).map("".join)


def lines_of(text: str, faces: Faces) -> tuple[list[Cell], list[Line]]:
    cells = cells_of([Run(text, "body")], faces)
    return cells, break_lines(cells, 28.0, 2.0)


def extent(cells: list[Cell], line: Line) -> float:
    """Where the last glyph's box ends, less what its blank may hang over the edge."""
    last = cells[line.end - 1]
    width = sum(cell.width for cell in cells[line.start : line.end]) + sum(line.gaps)
    return width - (last.width if last.char == " " else 0.0)


def room(line: Line) -> float:
    return 28.0 if line.start else 26.0


def test_pure_chinese_is_set_exactly_on_the_grid(faces: Faces) -> None:
    _, lines = lines_of("困" * 100, faces)
    assert [line.end - line.start for line in lines] == [26, 28, 28, 18]
    assert all(set(line.gaps) == {0.0} for line in lines)


def test_every_line_of_prose_but_the_last_is_full(faces: Faces) -> None:
    cells, lines = lines_of(PROSE * 3, faces)
    assert len(lines) > 15
    for line in lines[:-1]:
        overhang = extent(cells, line) - room(line)
        assert -0.01 <= overhang <= cells[line.end - 1].right + 0.01
        assert max(line.gaps) < 0.13


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_lines_hold_the_whole_text_in_order(faces: Faces, text: str) -> None:
    cells, lines = lines_of(text, faces)
    assert [line.start for line in lines] == [0, *(line.end for line in lines[:-1])]
    assert lines[-1].end == len(cells) == len(text)


@settings(max_examples=150, deadline=None)
@given(SENTENCES)
def test_no_line_begins_or_ends_with_a_forbidden_mark(faces: Faces, text: str) -> None:
    cells, lines = lines_of(text, faces)
    for line in lines[1:]:
        assert cells[line.start].char not in CLOSE
        assert cells[line.start - 1].char not in OPEN


@pytest.mark.parametrize("mark", sorted("，。；：、？！）》”"))
def test_a_closing_mark_never_begins_a_line(faces: Faces, mark: str) -> None:
    for length in range(20, 60):
        cells, lines = lines_of("困" * length + mark + "难" * 40, faces)
        assert all(cells[line.start].char != mark for line in lines)


@pytest.mark.parametrize("mark", sorted("（《“〔"))
def test_an_opening_mark_never_ends_a_line(faces: Faces, mark: str) -> None:
    for length in range(20, 60):
        cells, lines = lines_of("困" * length + mark + "难" * 40, faces)
        assert all(cells[line.end - 1].char != mark for line in lines)


@pytest.mark.parametrize("piece", ["2026年", "0533-0000000", "〔2021〕27号", "——", "……", "12.5%"])
def test_numbers_and_dashes_stay_whole(faces: Faces, piece: str) -> None:
    for length in range(18, 32):
        cells, lines = lines_of("困" * length + piece + "难" * 40, faces)
        text = "".join(cell.char for cell in cells)
        assert any(piece in text[line.start : line.end] for line in lines)


def test_an_endless_word_is_broken_rather_than_left_to_run_off_the_page(faces: Faces) -> None:
    cells, lines = lines_of("https://example.gov.cn/" + "a1" * 80, faces)
    assert len(lines) > 2
    assert all(extent(cells, line) <= room(line) + 0.01 for line in lines)


def test_source_line_ends_and_indentation_leave_no_gap_in_chinese(faces: Faces) -> None:
    cells = cells_of([Run("  困难\n    群众 \n 3名 word\nword ", "body")], faces)
    assert "".join(cell.char for cell in cells) == "困难群众3名 word word"


def test_a_rare_character_comes_from_the_next_font_of_the_chain(faces: Faces) -> None:
    cells = cells_of([Run("镕𠮷龘", "body")], faces)
    assert [cell.face for cell in cells] == ["song", "rare", "song"]
