"""Duties on their pages: in the queue beside the tasks of cases, on a page and a list of their own, handed in."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import JURISDICTION, PEOPLE, TOWNSHIP, Town, open_town, owe
from flask import Flask

from xunfang.rulebook.model import Quota, Rulebook
from xunfang.rules.units import unit_label
from xunfang.store import DutyPeriod, Task, connection
from xunfang.worktime import Every

OURS = f"township:{TOWNSHIP}"
LABEL, BILLS = "困难线索办理落实情况月报", "居民医保大额住院费用人员名单"


@pytest.fixture
def monthly(town: Town) -> DutyPeriod:
    return owe(town, "township-monthly", OURS)


@pytest.fixture
def bills(town: Town) -> DutyPeriod:
    return owe(town, "insured-inpatient-bills", "medical-insurance-bureau")


def status(town: Town, owed: DutyPeriod) -> str:
    with connection(town.deployment.database) as reader:
        found = reader.find(DutyPeriod, owed.id)
    assert found is not None
    return found.status


def task_of(town: Town, owed: DutyPeriod) -> Task:
    with connection(town.deployment.database) as reader:
        found = reader.first(Task, about=owed.id)
    assert found is not None
    return found


def test_the_queue_shows_it_beside_the_tasks_of_cases_late_ones_first(town: Town, bills: DutyPeriod) -> None:
    town.dispatched()
    page = town.client("clerk").get("/").text
    assert page.index("2026年8月") < page.index("孙桂兰")
    assert f'href="/duties/{bills.id}"' in page
    assert BILLS in page
    assert "定期任务" in page
    assert 'id="b-late"' in page
    assert len(re.findall(r'name="picked"', page)) == 2


def test_its_page_tells_what_is_owed_to_whom_by_when_and_why(
    town: Town, rulebook: Rulebook, monthly: DutyPeriod
) -> None:
    page = town.client("township").get(f"/duties/{monthly.id}").text
    to = unit_label(rulebook, "service-centre")
    for told in (LABEL, "2026年8月", "逾期", to, "2026-09-05 23:59", "每月5日", "这个期限怎么算出来的", "为什么要报"):
        assert told in page, told
    assert "没有的也要零报告" in page
    assert "下达定期任务" in page
    assert "计入的工作日" not in page  # a day of the calendar; nothing was counted
    for act in ("/hand-in", "/report-nil", "/claim", "/note-duty"):
        assert act in page
    assert "/waive" not in page


def test_it_is_handed_in_on_its_form_and_read_by_whom_it_goes_to(town: Town, monthly: DutyPeriod) -> None:
    browser, address = town.client("township"), f"/duties/{monthly.id}/hand-in"
    form = browser.get(address).text
    assert 'name="households_visited"' in form
    key = re.search(r'name="submission_id" value="(\w+)"', form)
    assert key is not None
    answers = {"version": "1", "submission_id": key[1], "period": "2026-08", "households_visited": "40",
               "clues_found": "3", "clues_closed": "2"}  # fmt: skip
    short = browser.post(address, answers)
    assert (short.status_code, 'value="40"' in short.text) == (422, True)
    sent = browser.post(address, {**answers, "reporter": "钱明"})
    assert (sent.status_code, sent.location) == (303, f"/duties/{monthly.id}?done=hand-in")
    assert browser.post(address, {**answers, "reporter": "钱明"}).status_code == 303  # its answer was lost
    assert "已报送。" in browser.get(sent.location).text
    read = town.client("leader").get(f"/duties/{monthly.id}").text
    assert "钱明" in read
    assert "已报送（逾期）" in read
    assert status(town, monthly) == "reported"
    assert browser.get(address).status_code == 404


def test_without_a_form_a_few_words_do_and_nothing_is_a_report_too(town: Town, bills: DutyPeriod) -> None:
    browser, address = town.client("clerk"), f"/duties/{bills.id}/hand-in"
    assert 'name="reason"' in browser.get(address).text
    assert "请填写报送内容" in browser.post(address, {"version": "1", "reason": ""}).text
    assert browser.post(address, {"version": "1", "reason": "名单共12人"}).status_code == 303
    assert "名单共12人" in town.client("leader").get(f"/duties/{bills.id}").text
    again = owe(town, "relapse-monitoring", "medical-insurance-bureau")
    done = browser.post(f"/tasks/{task_of(town, again).id}/report-nil", {"version": "1", "duty": again.id})
    assert done.location == f"/duties/{again.id}?done=report-nil"
    assert status(town, again) == "nil"


def test_only_whom_it_concerns_sees_it(town: Town, monthly: DutyPeriod, bills: DutyPeriod) -> None:
    for login in ("sibling", "teacher", "worker"):
        browser = town.client(login)
        assert browser.get(f"/duties/{monthly.id}").status_code == 404
        assert LABEL not in browser.get("/duties/").text
        assert browser.post(f"/duties/{monthly.id}/hand-in", {"version": "1"}).status_code == 404
    assert LABEL in town.client("township").get("/duties/").text
    assert BILLS not in town.client("township").get("/duties/").text
    both = town.client("leader").get("/duties/").text
    assert (LABEL in both, BILLS in both) == (True, True)
    assert town.client("leader").get(f"/duties/{monthly.id}/hand-in").status_code == 404  # it is not theirs to hand in


def test_the_list_shows_what_is_missing_and_what_came(town: Town, monthly: DutyPeriod, bills: DutyPeriod) -> None:
    town.client("clerk").post(f"/tasks/{task_of(town, bills).id}/report-nil", {"version": "1", "duty": bills.id})
    leader = town.client("leader")
    for show, told in (("open", {LABEL}), ("late", {LABEL, BILLS}), ("done", {BILLS}), ("all", {LABEL, BILLS})):
        page = leader.get(f"/duties/?show={show}").text
        assert {each for each in (LABEL, BILLS) if each in page} == told, show
    assert "零报告（逾期）" in leader.get("/duties/").text
    assert leader.get("/duties/?show=nonsense").status_code == 200


def test_it_is_waived_by_whom_it_goes_to_and_urged_from_the_supervision(town: Town, monthly: DutyPeriod) -> None:
    leader, task = town.client("leader"), task_of(town, monthly)
    assert LABEL in leader.get("/supervision/").text
    urged = leader.post("/tasks/several/urge", {"picked": [f"{task.id}:1"], "list": "supervision"})
    assert LABEL in urged.text
    assert "1项已办好" in urged.text
    told = {"version": "1", "reason": "并入专项行动报送", "duty": monthly.id}
    assert leader.post(f"/tasks/{task.id}/waive", told).location == f"/duties/{monthly.id}?done=waive"
    assert "免报" in town.client("township").get(f"/duties/{monthly.id}").text
    assert LABEL not in town.client("township").get("/").text


def test_the_page_of_the_other_forms_is_not_for_it(town: Town, monthly: DutyPeriod) -> None:
    browser, task = town.client("township"), task_of(town, monthly)
    assert browser.get(f"/tasks/{task.id}/complete").status_code == 404
    assert browser.post(f"/tasks/{task.id}/complete", {"version": "1", "outcome": "granted"}).status_code in (404, 409)
    assert (
        browser.post(
            f"/tasks/{task.id}/transfer", {"version": "1", "to_unit": "housing-bureau", "reason": "试"}
        ).status_code
        == 409
    )


def test_the_record_tells_it_by_name(town: Town, monthly: DutyPeriod) -> None:
    page = town.client("auditor").get("/audit/?kind=casework").text
    assert f"下达定期任务：{LABEL}" in page


def test_its_pages_tell_how_much_is_to_be_done(tmp_path: Path, rulebook: Rulebook, web: Flask) -> None:
    quota = Quota("households_visited", "", Fraction(40), Fraction(600), Every.YEAR)
    checked = replace(rulebook.duties["township-monthly"], quota=quota)
    rules = replace(rulebook, duties={**rulebook.duties, checked.id: checked})
    town = open_town(tmp_path, {JURISDICTION: rules}, PEOPLE.values(), web)
    owed = owe(town, "township-monthly", OURS)
    said = "“走访户数”每月不少于40、全年不少于600；2026年以前各期已做0，本期（第9期，共12期）不少于40"
    browser = town.client("township")
    assert said in browser.get(f"/duties/{owed.id}").text
    assert f"{said}。" in browser.get(f"/duties/{owed.id}/hand-in").text
    town.deployment.database.close()
