"""Several at once: what was ticked is done one by one, and the page says what became of each."""

import re
from datetime import date
from typing import Any

import pytest
from conftest import Town

from xunfang.identity import make_id
from xunfang.store import Dispatch, Event, Task, connection

BORN = date(1960, 1, 1)


def dispatched(town: Town, number: int) -> Any:
    return town.dispatched(name=f"测试{'甲乙丙丁'[number]}", id_number=make_id("370304", BORN, 300 + number))


def ticked(page: str) -> list[str]:
    return re.findall(r'form="several" name="picked" value="(\w+:\d+)"', page)


@pytest.fixture
def tasks(town: Town) -> list[Task]:
    return [dispatched(town, number) for number in range(3)]


def test_what_is_ticked_is_claimed_and_what_was_taken_meanwhile_is_told(town: Town, tasks: list[Task]) -> None:
    browser = town.client("clerk")
    page = browser.get("/").text
    assert sorted(ticked(page)) == sorted(f"{task.id}:1" for task in tasks)
    assert 'action="/tasks/several/claim"' in page
    town.client("colleague").post(f"/tasks/{tasks[0].id}/claim", {"version": "1"})
    got = browser.post("/tasks/several/claim", {"picked": ticked(page), "list": "queue"})
    assert got.status_code == 200
    assert "签收：2项已办好。1项没有办理" in got.text
    assert "测试甲" in got.text
    assert "已由测试colleague签收" in got.text
    assert [town.task(task.id).status for task in tasks] == ["claimed"] * 3
    assert ticked(browser.get("/").text) == []


def test_nothing_ticked_too_much_ticked_or_nonsense_does_nothing(town: Town, tasks: list[Task]) -> None:
    browser, before = town.client("clerk"), town.events()
    for picked in ([], [f"{n:032x}:1" for n in range(51)], ["no key"], ["abc:x"]):
        assert browser.post("/tasks/several/claim", {"picked": picked}).status_code == 400
    assert town.events() == before
    too_many = {"picked": [f"{n:032x}:1" for n in range(51)]}
    assert "一次最多办理50项" in browser.post("/tasks/several/claim", too_many).text
    assert {town.task(task.id).status for task in tasks} == {"open"}


def test_a_verb_that_is_not_for_many_has_no_such_address(town: Town, tasks: list[Task]) -> None:
    browser = town.client("clerk")
    for verb in ("transfer", "complete", "hand-over", "nonsense"):
        assert browser.post(f"/tasks/several/{verb}", {"picked": [f"{tasks[0].id}:1"]}).status_code == 404
    assert town.client("worker").post("/tasks/several/urge", {"picked": [f"{tasks[0].id}:1"]}).status_code == 403


def test_what_is_out_of_sight_is_told_without_a_name_and_leaves_its_trace(town: Town, tasks: list[Task]) -> None:
    browser = town.client("sibling")
    got = browser.post("/tasks/several/claim", {"picked": [f"{task.id}:1" for task in tasks]})
    assert "3项没有办理" in got.text
    assert "没有找到" in got.text
    assert "测试甲" not in got.text
    with connection(town.deployment.database) as reader:
        assert reader.select(Event, name="access.missed")
    assert {town.task(task.id).status for task in tasks} == {"open"}


def test_late_tasks_below_are_urged_at_once(town: Town, tasks: list[Task]) -> None:
    town.later(days=40)
    browser = town.client("leader")
    page = browser.get("/supervision/").text
    assert len(ticked(page)) == 6  # those who assist are late too
    got = browser.post("/tasks/several/urge", {"picked": ticked(page), "list": "supervision"})
    assert "催办：6项已办好。" in got.text
    assert 'href="/supervision/"' in got.text
    with connection(town.deployment.database) as reader:
        assert len(reader.select(Event, name="task.urged")) == 6


def test_dispatches_are_confirmed_as_proposed_but_not_what_came_back(town: Town, tasks: list[Task]) -> None:
    town.client("clerk").post(f"/tasks/{tasks[0].id}/return", {"version": "1", "reason": "参保地在外区"})
    waiting = town.report(name="测试丁", id_number=make_id("370304", BORN, 399))
    leader = town.client("leader")
    page = leader.get("/dispatch/").text
    with connection(town.deployment.database) as reader:
        back = reader.first(Dispatch, case=tasks[0].case, status="proposed")
        new = reader.first(Dispatch, case=waiting.case, status="proposed")
    assert back
    assert new
    assert ticked(page) == [f"{waiting.case}:{new.version}"]
    picked = [f"{waiting.case}:{new.version}", f"{tasks[0].case}:{back.version}"]
    got = leader.post("/dispatch/several", {"picked": picked, "list": "dispatch"})
    assert "分派：1项已办好。1项没有办理" in got.text
    assert "逐件确定" in got.text
    assert town.tasks(waiting.case)
    again = leader.post("/dispatch/several", {"picked": picked[:1], "list": "dispatch"})
    assert "已由测试leader批示" in again.text
