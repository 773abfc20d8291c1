import pytest

from xunfang.printing import PrintError
from xunfang.printing.citations import citations, full_name, sources
from xunfang.printing.dates import day_list, rest_days
from xunfang.printing.words import (
    bare,
    chinese_number,
    joined,
    lines,
    money,
    needed,
    paper_date,
    paper_datetime,
    rounded,
    sentence,
)

PLAN = {"document": "某工作方案", "number": "某政办字〔2021〕27号", "clause": "X-1", "text": "跟踪“督办”事项。"}
LAW = {"document": "中华人民共和国社会救助法", "number": "某次会议通过", "clause": "社会救助法§45", "text": ""}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-10-12", "2026年10月12日"),
        ("2026-10-11T16:30:00+00:00", "2026年10月12日"),
        ("2026-09-01T08:30:00", "2026年9月1日"),
        ("", ""),
        (None, ""),
    ],
)
def test_dates(value: str | None, text: str) -> None:
    assert paper_date(value) == text


def test_a_moment_is_chinese_civil_time() -> None:
    assert paper_datetime("2026-10-12T09:05:00+00:00") == "2026年10月12日17时05分"


@pytest.mark.parametrize("value", ["昨天", "2026-13-01", "20261012"])
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(PrintError) as refused:
        paper_date(value + " ")
    assert refused.value.code == "FACT_INVALID"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"), (7, "七"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五"),
        (101, "一百零一"), (110, "一百一十"),
        (1010, "一千零一十"), (10_001, "一万零一"), (100_000, "十万"), (20_260_000, "二千零二十六万"),
        (100_000_005, "一亿零五"), (110_000_000, "一亿一千万"),
    ],
)  # fmt: skip
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese_number(number) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1060, "1060元"), ("1060.5", "1060.50元"), (0, "0元"), ("", ""), (26800.0, "26800.00元")]
)
def test_money(value: object, text: str) -> None:
    assert money(value) == text


def test_money_that_is_none_is_refused() -> None:
    with pytest.raises(PrintError, match="不是金额"):
        money("很多")


def test_texts_are_ended_and_joined_as_sentences() -> None:
    assert sentence("已核实，") == "已核实。"
    assert sentence("已核实！") == "已核实！"
    assert bare("每月1060元。") == "每月1060元"
    assert joined(["甲", "", None, "乙"]) == "甲、乙"
    assert lines("一\r\n\n 二 \n") == ["一", "二"]


def test_what_is_needed_is_named_when_it_is_missing() -> None:
    assert needed("张三", "姓名") == "张三"
    with pytest.raises(PrintError, match="缺少“姓名”") as refused:
        needed("", "姓名")
    assert refused.value.code == "PLACEHOLDER_MISSING"


def test_days_are_drawn_together() -> None:
    days = ["2026-09-30", "2026-10-12", "2026-10-08", "2026-10-09", "2026-10-10"]
    assert day_list(days) == "9月30日、10月8日至10日、10月12日"


def test_rest_days_carry_their_reason() -> None:
    skipped = [
        {"date": "2026-10-01", "reason": "国庆节"}, {"date": "2026-10-02", "reason": "国庆节"},
        {"date": "2026-10-03", "reason": "国庆节"}, {"date": "2026-10-17", "reason": "星期六"},
        {"date": "2026-10-18", "reason": "星期日"},
    ]  # fmt: skip
    assert rest_days(skipped) == "10月1日至3日（国庆节）、10月17日、18日（周末）"


def test_a_run_over_the_end_of_a_month_names_both() -> None:
    assert day_list(["2026-10-31", "2026-11-01", "2026-11-02"]) == "10月31日至11月2日"


def test_short_organ_names_stand_in_full() -> None:
    assert full_name("区民政局", "甲乙区") == "甲乙区民政局"
    assert full_name("甲乙区民政局", "甲乙区") == "甲乙区民政局"
    assert full_name("某镇服务站", "甲乙区") == "某镇服务站"
    for name, place in (("市场监督管理局", "甲乙市"), ("乡村振兴办公室", "甲乙乡"), ("市中街道办事处", "甲乙市")):
        assert full_name(name, place) == name
    for name, place in (
        ("市市场监督管理局", "甲乙市"),
        ("市民政局", "甲乙市"),
        ("乡乡村振兴办", "甲乙乡"),
        ("乡村建所", "甲乙乡"),
    ):
        assert full_name(name, place) == place + name[1:]


def test_sources_are_cited_once_and_quoted_with_single_inner_marks() -> None:
    plan, law = "《某工作方案》（某政办字〔2021〕27号）", "《中华人民共和国社会救助法》第四十五条"
    assert sources([PLAN, LAW, PLAN]) == [plan, law]
    assert citations([PLAN, PLAN, LAW]) == f"{plan}“跟踪‘督办’事项”；{law}。"
    assert citations([]) == ""


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0.125, "0.13元"), ("1060.005", "1060.01元"), (2.675, "2.68元"), (1060, "1060元"), (2.5, "2.50元")],
)
def test_money_is_rounded_as_people_round(amount: object, words: str) -> None:
    assert money(amount) == words


def test_a_template_rounds_as_people_round() -> None:
    assert [rounded(2.5), rounded(3.5), rounded("0.125", 2)] == [3, 4, 0.13]
    with pytest.raises(PrintError):
        rounded("三")
