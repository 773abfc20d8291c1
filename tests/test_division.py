"""The tree of divisions: one small county of every shape the real lists have."""

import pytest

from xunfang.division import Division, DivisionTree, Level, bounds

CSV = """code,name,level
97,云山省,province
9701,青河市,city
970101,东关区,county
970101001,城南街道,township
970101001001,桥头社区,village
970101001201,北店村,village
970101100,石门镇,township
970102,西关区,county
98,海滨市,province
9802,县,city
980229,北山县,county
980229221,清溪乡,township
"""


@pytest.fixture(scope="module")
def tree() -> DivisionTree:
    return DivisionTree.parse(CSV)


LABELS = {
    "a village in full": ("970101001201", "", "云山省青河市东关区城南街道北店村"),
    "a village below its county": ("970101001201", "970101", "城南街道北店村"),
    "a township below its city": ("970101001", "9701", "东关区城南街道"),
    "a village below its own township": ("970101001201", "970101001", "北店村"),
    "the very division it is to be below": ("970101", "970101", "东关区"),
    "a division below one elsewhere keeps what they do not share": ("970101001", "970102", "东关区城南街道"),
    "a county right under a municipality": ("980229221", "", "海滨市北山县清溪乡"),
    "an unknown code": ("970103", "", "970103"),
}


@pytest.mark.parametrize(("code", "below", "label"), LABELS.values(), ids=list(LABELS))
def test_the_label_of(code: str, below: str, label: str, tree: DivisionTree) -> None:
    assert tree.label(code, below) == label


def test_one_division_is_found(tree: DivisionTree) -> None:
    assert tree.get("970101100") == Division("970101100", "石门镇", Level.TOWNSHIP)
    assert tree.get("970101101") is None
    assert tree.name("970101100") == "石门镇"
    assert "970101100" in tree
    assert "970101101" not in tree
    assert len(tree) == 12


@pytest.mark.parametrize(
    ("code", "level", "found"),
    [
        ("970101001201", "township", "970101001"),
        ("970101001201", Level.COUNTY, "970101"),
        ("970101001201", Level.VILLAGE, "970101001201"),
        ("970101001", Level.VILLAGE, ""),
        ("970101001999", Level.TOWNSHIP, ""),
    ],
)
def test_the_ancestor(code: str, level: Level | str, found: str, tree: DivisionTree) -> None:
    assert tree.ancestor(code, level) == found


def test_children_and_levels(tree: DivisionTree) -> None:
    assert [found.name for found in tree.children("970101")] == ["城南街道", "石门镇"]
    assert [found.name for found in tree.children()] == ["云山省", "海滨市"]
    assert tree.children("970101100") == ()
    assert [found.code for found in tree.of_level(Level.COUNTY)] == ["970101", "970102", "980229"]
    assert [found.code for found in tree.of_level("township", within="970101")] == ["970101001", "970101100"]


def test_a_list_may_begin_in_the_middle() -> None:
    tree = DivisionTree.parse("code,name,level\n970101001,城南街道,township\n970101001001,桥头社区,village\n")

    assert tree.label("970101001001") == "城南街道桥头社区"
    assert [found.code for found in tree.children()] == ["970101001"]


@pytest.mark.parametrize("code", ["97", "9701", "970101", "970101001", "970101001001", ""])
def test_a_range_holds_exactly_what_lies_within(code: str, tree: DivisionTree) -> None:
    low, high = bounds(code)

    assert [d.code for d in tree if low <= d.code < high] == [d.code for d in tree if d.code.startswith(code)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,code\n", "第1行：表头"),
        ("code,name,level\n97,云山省,state\n", "第2行：级别“state”无法识别"),
        ("code,name,level\n971,云山省,province\n", "第2行：代码“971”与级别不符"),
        ("code,name,level\n９７,云山省,province\n", "第2行：代码“９７”与级别不符"),
        ("code,name,level\n97,云山省,province\n97,云山省,province\n", "第3行：区划代码 97 重复"),
        ("code,name,level\n97,,province\n", "第2行：97 没有名称"),
        ("code,name,level\n97,云山省\n", "第2行：应有代码、名称、级别三列，实有2列"),
    ],
)
def test_a_list_is_refused_by_its_line(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        DivisionTree.parse(text)


def test_excel_writes_a_mark_before_the_head() -> None:
    assert len(DivisionTree.parse("\ufeffcode,name,level\r\n97,云山省,province\r\n\r\n")) == 1
    assert len(DivisionTree.parse("")) == 0
