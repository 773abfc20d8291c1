"""What a new jurisdiction is made of: a pasted list of places, a policy cut into clauses, its units."""

from datetime import date

import pytest

from xunfang.division import Division, DivisionTree, Level
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.county_units import units_offered, with_units
from xunfang.rulebook.division_lists import bare, read_list, rows_of
from xunfang.rulebook.new_county import NewCounty, above_of, county_files, series_word, stem_of
from xunfang.rulebook.policy_cutting import PolicyText, clauses_in

TODAY = date(2026, 11, 30)
PLACES = """统计用区划代码\t名称\t上级
370305001000\t闻韶街道\t临淄区
370305001001\t闻韶社区居委会\t闻韶街道
370305000000\t临淄区\t淄博市
370306001000\t某街道\t周村区
"""
POLICY = """临淄区实施办法
为及时发现困难群众，制定本办法。
一、工作目标
建立主动发现网络。
二、工作流程
（一）发现
1.当日上报镇（街道）。
2．五日内反馈。
（二）办理
按时办理。
接着办理。
"""


def test_a_list_is_read_as_statistics_print_it() -> None:
    found = read_list(rows_of(PLACES), "370305")
    assert [(one.code, one.name, one.level) for one in found.divisions] == [
        ("370305001", "闻韶街道", Level.TOWNSHIP),
        ("370305001001", "闻韶社区居委会", Level.VILLAGE),
    ]
    assert (found.problems, found.others) == ((), 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("370305001,闻韶街道\n370305001,别的街道", "前面已经有了"),
        ("3703050011 闻韶街道", "位数不对"),
        ("370305001", "没有名称"),
        ("370305001 闻韶街道\n齐都镇 博物村", "第2行没有代码"),
        ("代码,名称,上级\n370305001,闻韶街道,\n370305001001,东村,齐都镇", "按代码在闻韶街道以下"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_by_its_line(text: str, told: str) -> None:
    assert told in "".join(read_list(rows_of(text), "370305").problems)


@pytest.mark.parametrize(
    ("told", "code"),
    [("370305001001", "370305001001"), ("370305001000", "370305001"), ("370305000000", "370305"), ("370300", "3703"),
     ("370000000000", "37"), ("370304102201000", "370304102201"), ("370310", "370310")],
)  # fmt: skip
def test_a_code_is_known_without_the_zeros_that_fill_it_up(told: str, code: str) -> None:
    assert bare(told) == code


def test_a_policy_is_cut_by_its_own_numbers() -> None:
    assert clauses_in(POLICY) == [
        ("0-1", "临淄区实施办法"),
        ("0-2", "为及时发现困难群众，制定本办法。"),
        ("一-1", "建立主动发现网络。"),
        ("二(一)1-1", "当日上报镇（街道）。"),
        ("二(一)2-1", "五日内反馈。"),
        ("二(二)-1", "按时办理。"),
        ("二(二)-2", "接着办理。"),
    ]


def county(model: str = "", policy: PolicyText | None = None) -> NewCounty:
    own = Division("370305", "临淄区", Level.COUNTY)
    above = above_of("370305", DivisionTree([Division("37", "山东省", Level.PROVINCE)]), "淄博市")
    places = (*above, own, *read_list(rows_of(PLACES), "370305").divisions)
    return NewCounty("370305-linzi", "临淄区", "临", places, "", model, policy)


def test_a_county_of_what_is_above_it_has_the_units_that_were_kept_by_their_names(files: dict[str, str]) -> None:
    above = {path: text for path, text in files.items() if path.split("/")[1] in ("00-national", "37-shandong")}
    policy = PolicyText("LZ", "临淄区实施办法", "", "", date(2026, 10, 1), POLICY)
    made = {**above, **county_files(county(policy=policy), TODAY, above, None).files}
    offers = units_offered(made, "370305-linzi")
    assert {each.id: each.per for each in offers} == {"township": "township", "village": "village", "civil-affairs": ""}
    kept = {each.id: each.label for each in offers}
    assert with_units(made, "370305-linzi", kept) == made, "nothing chosen, nothing written"
    named = with_units(made, "370305-linzi", {**kept, "civil-affairs": "临淄区民政局"})
    rules = compile_rulebook(named, "370305-linzi")
    assert rules.units["civil-affairs"].label == "临淄区民政局"
    assert rules.clauses["LZ-二(一)2-1"].text == "五日内反馈。"
    whole = named["workflows/370305-linzi/policies/LZ.txt"]
    assert all(clause.text in whole for clause in rules.clauses.values() if clause.policy == "LZ")
    assert rules.divisions.label("370305001001") == "山东省淄博市临淄区闻韶街道闻韶社区居委会"
    without = with_units(made, "370305-linzi", {id: label for id, label in kept.items() if id != "village"})
    assert "village" not in [each.id for each in units_offered(without, "370305-linzi")]


@pytest.mark.parametrize(
    ("name", "stem"), [("临淄区", "临淄"), ("单县", "单县"), ("天水市", "天水"), ("河鱼乡", "河鱼乡")]
)
def test_a_name_without_what_kind_of_place_it_is(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_the_word_of_number_series_is_that_of_the_name_or_none() -> None:
    assert series_word({"x": 'number = "临社救〔{year}〕{n}号"\n'}, "临淄区") == "临"
    assert series_word({"x": 'number = "社救〔{year}〕{n}号"\n'}, "临淄区") == ""
