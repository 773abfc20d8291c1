"""Id numbers and masks; every person here is invented."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.identity import (
    CHECKS,
    age,
    birth_date,
    make_id,
    mask_id,
    mask_name,
    normalise_id,
    paper_key,
    paper_problem,
    resident_id_problem,
    sex,
)

TODAY = date(2026, 9, 29)
EXAMPLE = "11010519491231002X"  # the example printed in GB 11643-1999, appendix B


def test_the_example_of_the_standard_is_valid() -> None:
    assert resident_id_problem(EXAMPLE, TODAY) == ""
    assert make_id("110105", date(1949, 12, 31), 2) == EXAMPLE
    assert birth_date(EXAMPLE) == date(1949, 12, 31)
    assert sex(EXAMPLE) == "女"


@pytest.mark.parametrize(
    "text",
    ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X ", "110105　19491231\t002x"],
    ids=["a small x", "full-width digits", "blanks between the parts", "a full-width blank"],
)
def test_a_number_may_be_typed_with(text: str) -> None:
    assert normalise_id(text) == EXAMPLE
    assert resident_id_problem(text, TODAY) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写身份证号"),
        ("110105491231002", "15位旧身份证号已停用"),
        ("11010519491231002", "应为18位，现为17位"),
        ("1101051949123100200", "应为18位，现为19位"),
        ("11010519491231O02X", "前17位应为数字"),
        ("1101051949123100٢X", "前17位应为数字"),
        ("110105194912310X2X", "前17位应为数字"),
        ("110105194913310020", "不是有效的出生日期"),
        ("110105202302290020", "不是有效的出生日期"),
        ("110105000012310020", "不是有效的出生日期"),
        (make_id("110105", date(2026, 9, 30), 1), "晚于今天"),
        (make_id("110105", date(1895, 1, 1), 1), "过早"),
        ("110105194912310021", "校验码不符"),
        ("110105194912310120", "校验码不符"),
    ],
)
def test_a_number_is_refused(text: str, sentence: str) -> None:
    assert sentence in resident_id_problem(text, TODAY)


def test_a_child_born_today_and_a_residence_permit_are_accepted() -> None:
    assert resident_id_problem(make_id("110105", TODAY, 8), TODAY) == ""
    assert resident_id_problem(make_id("810000", date(1985, 3, 4), 17), TODAY) == ""


@given(
    region=st.integers(110000, 839999).map(str),
    birth=st.dates(date(1900, 1, 1), TODAY),
    serial=st.integers(0, 999),
    place=st.integers(0, 16),
    step=st.integers(1, 9),
)
def test_a_made_number_is_valid_and_one_wrong_digit_is_noticed(
    region: str, birth: date, serial: int, place: int, step: int
) -> None:
    number = make_id(region, birth, serial)
    wrong = f"{number[:place]}{(int(number[place]) + step) % 10}{number[place + 1 :]}"

    assert resident_id_problem(number, TODAY) == ""
    assert birth_date(number) == birth
    assert sex(number) == ("男" if serial % 2 else "女")
    assert resident_id_problem(wrong, TODAY) != ""


@pytest.mark.parametrize(("region", "serial"), [("1101", 1), ("11010X", 1), ("110105", 1000), ("110105", -1)])
def test_a_number_is_not_made_of_nonsense(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="6位数字"):
        make_id(region, TODAY, serial)


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1949, 12, 31), date(2026, 12, 30), 76),
        (date(1949, 12, 31), date(2026, 12, 31), 77),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2026, 9, 29), date(2026, 9, 29), 0),
    ],
)
def test_age_in_full_years(birth: date, on: date, years: int) -> None:
    assert age(make_id("110105", birth, 1), on) == years


@pytest.mark.parametrize(
    ("number", "masked"),
    [(EXAMPLE, "110105************"), ("h12345678", "H1*******"), ("A123", "****"), ("", "")],
)
def test_an_id_number_is_masked(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张小三", "张*三"),
        ("张三", "张*"),
        ("欧阳小明", "欧**明"),
        ("古丽·阿合买提", "古*****提"),
        ("张", "张*"),
        (" ", ""),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


PAPERS = json.loads((Path(__file__).parent / "papers.json").read_text("utf-8"))


@pytest.mark.parametrize(("check", "text", "said"), PAPERS)
def test_the_number_of_a_paper_is_checked_by_its_kind(check: str, text: str, said: str) -> None:
    told = paper_problem(check, text, TODAY)
    assert (said in told) if said else told == ""


def test_every_check_is_tried() -> None:
    assert {check for check, _, _ in PAPERS} == CHECKS


def test_number_and_kind_are_one_persons() -> None:
    assert paper_key("resident-id", EXAMPLE.lower()) == paper_key("foreign-residence", EXAMPLE) == EXAMPLE
    assert paper_key("passport", "e1234 5678") == paper_key("passport", "E12345678")
    assert paper_key("passport", "12345678") != paper_key("taiwan-permit", "12345678")
    assert paper_key("home-return-permit", "H1234567801") == paper_key("home-return-permit", "H12345678")


@pytest.mark.parametrize("number", ["USA110074010101", "E12345678", "12345678", "1234567890A"])
def test_no_day_of_birth_is_read_from_another_paper(number: str) -> None:
    with pytest.raises(ValueError, match=number):
        birth_date(number)
