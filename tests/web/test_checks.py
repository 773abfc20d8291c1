"""What the phone says before the next section is what the server would say, and never more."""

import json
from datetime import date
from pathlib import Path

import pytest
from browsing import chromium

from xunfang.identity import make_id, paper_problem, resident_id_problem
from xunfang.numbers import read_number
from xunfang.phones import phone_problem

SCRIPT = Path(__file__).parents[2] / "platform" / "xunfang" / "web" / "static" / "checks.js"
GOOD = make_id("999999", date(1958, 3, 14), 224)
IDS = [
    GOOD, GOOD.lower(), f" {GOOD[:6]} {GOOD[6:]}", GOOD.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    GOOD[:17] + ("1" if GOOD[-1] != "1" else "2"), GOOD[:17], GOOD[:15], "三七〇三", "99999919580230224X",
]  # fmt: skip
NUMBERS = json.loads((Path(__file__).parents[1] / "numbers.json").read_text("utf-8"))
PHONES = json.loads((Path(__file__).parents[1] / "phones.json").read_text("utf-8"))


@pytest.mark.browser
def test_the_page_is_never_stricter_than_the_server_and_uses_its_words(tmp_path: Path) -> None:
    typed = [*(case[0] for case in PHONES["accepted"]), *PHONES["refused"]]
    with chromium(tmp_path) as browser:
        page = browser.new_page()
        page.add_script_tag(path=SCRIPT)
        ask = "([kind, texts]) => texts.map(text => window.xunfang.problem(kind, text, '这一项'))"
        ids, phones = page.evaluate(ask, ["resident-id", IDS]), page.evaluate(ask, ["phone", typed])
        numbers = page.evaluate(ask, ["integer", ["3", "３", "1,200", "1200元", "三口", "两万", "1，5"]])
        every = [*(case[0] for case in NUMBERS["read"]), *NUMBERS["doubtful"], *NUMBERS["none"]]
        read = page.evaluate("texts => texts.map(text => window.xunfang.numberOf(text))", every)
        moments = page.evaluate(ask, ["moment", ["2020-01-01T08:00", "2999-01-01T08:00", ""]])
    for text, said in zip(IDS, ids, strict=True):
        told = resident_id_problem(text, date(2026, 9, 29))
        assert said in ("", told) or "出生日期" in told, text  # the calendar is left to the server
    assert dict(zip(typed, phones, strict=True)) == {text: phone_problem(text) for text in typed}
    assert [bool(said) for said in ids] == [False] * 4 + [True] * 4 + [bool(ids[-1])]
    assert [bool(said) for said in numbers] == [False] * 4 + [True] * 3
    assert read == [read_number(text) for text in every]
    assert "看不出是多少" in numbers[-1]
    assert [bool(said) for said in moments] == [False, True, False]


@pytest.mark.browser
def test_the_page_checks_a_paper_by_its_kind_as_the_server_does(tmp_path: Path) -> None:
    papers = json.loads((Path(__file__).parents[1] / "papers.json").read_text("utf-8"))
    with chromium(tmp_path) as browser:
        page = browser.new_page()
        page.add_script_tag(path=SCRIPT)
        ask = "cases => cases.map(one => window.xunfang.paperProblem(one[0], one[1]))"
        said = page.evaluate(ask, papers)
    told = ["" if check == "none" else paper_problem(check, text, date(2026, 9, 29)) for check, text, _ in papers]
    assert said == told


@pytest.mark.browser
def test_the_page_holds_dates_against_their_bounds_as_the_server_does(tmp_path: Path) -> None:
    told = "name => ({found_at: {text: '2026-03-10T08:30', title: '发现时间'}}[name] || null)"
    ask = f"cases => cases.map(one => window.xunfang.outOfBounds(one[0], '日期', one[1], one[2], {told}))"
    with chromium(tmp_path) as browser:
        page = browser.new_page()
        page.add_script_tag(path=SCRIPT)
        cases = [
            ["2999-01-01", "", "today"], ["2020-01-01", "", "today"], ["2026-03-10", "found_at", ""],
            ["2026-03-09", "found_at", ""], ["2026-03-10T08:29", "found_at", ""], ["1999-12-31", "2000-01-01", ""],
            ["2026-03-09", "applied_on", ""], ["昨天", "found_at", "today"],
        ]  # fmt: skip
        said = page.evaluate(ask, cases)
    found = "“日期”不能早于“发现时间”（2026-03-10），请核对。"
    assert said == [
        "“日期”不能晚于今天，请核对。", "", "", found, found, "“日期”不能早于 2000-01-01 ，请核对。", "", "",
    ]  # fmt: skip
