"""Events on their pages: declared, seen by everybody there on every page, raised, lowered, closed; by whom alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import JURISDICTION, PEOPLE, TOWNSHIP, VILLAGE, Browser, Person, Town, open_town
from flask import Flask

from cold import COLD, in_the_cold
from xunfang.actions.jobs import handlers
from xunfang.rulebook.model import Rulebook
from xunfang.store import Alert, DutyPeriod, connection
from xunfang.store.jobs import next_due
from xunfang.worker import Worker
from xunfang.worktime import Every

CHIEF = Person("chief", f"township:{TOWNSHIP}", ("leader",), TOWNSHIP)
TOLD = {"kind": COLD.id, "level": "orange", "places": TOWNSHIP, "begins": "", "reason": "区气象台9时发布寒潮橙色预警"}


@pytest.fixture
def cold(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    town = open_town(tmp_path, {JURISDICTION: in_the_cold(rulebook)}, (*PEOPLE.values(), CHIEF), web)
    yield town
    town.deployment.database.close()


def work(town: Town) -> None:
    worker = Worker(town.deployment.database, handlers(town.deployment, lambda order: None, town.now), town.now)  # type: ignore[arg-type, return-value]
    while next_due(town.deployment.database, town.now()):
        worker.run_next()


def alert(town: Town) -> Alert:
    with connection(town.deployment.database) as reader:
        (found,) = reader.select(Alert)
    return found


def declared(town: Town, login: str = "leader", **told: str) -> Browser:
    browser = town.client(login)
    assert browser.post("/alerts/declare", {**TOLD, **told}).status_code == 303
    work(town)
    return browser


def statuses(town: Town, duty: str) -> set[str]:
    with connection(town.deployment.database) as reader:
        return {row.status for row in reader.select(DutyPeriod, duty=duty)}


def test_the_form_offers_the_levels_the_own_places_and_what_will_be_owed(cold: Town) -> None:
    page = cold.client("leader").get("/alerts/declare").text
    for told in (
        "黄色预警",
        "橙色预警",
        "红色预警",
        "博山区",
        "域城镇",
        "启动后，所选地方的各单位须做",
        "寒潮排查：",
        "4小时",
    ):
        assert told in page, told
    own = cold.client("chief").get("/alerts/declare").text
    assert f'value="{TOWNSHIP}"' in own
    assert f'value="{VILLAGE}"' in own
    assert 'value="370304103"' not in own


def test_it_is_declared_and_its_page_tells_what_came_of_it(cold: Town) -> None:
    browser = cold.client("leader")
    sent = browser.post("/alerts/declare", TOLD)
    assert sent.status_code == 303
    assert "已启动" in browser.get(sent.location).text
    work(cold)
    page = browser.get(f"/alerts/{alert(cold).id}").text
    for told in (
        "正在进行，现为橙色预警",
        "域城镇",
        "区气象台9时发布寒潮橙色预警",
        "寒潮每日探访",
        "解除应急响应",
        "调整级别",
    ):
        assert told in page, told
    assert "寒潮应急响应" not in browser.get("/alerts/").text.split("<main")[0]
    assert "正在进行" in browser.get("/alerts/").text
    queue = browser.get("/").text.split("</p>", 1)[1]
    assert f'href="/alerts/{alert(cold).id}"' in queue  # it lies in the queue until it is closed
    assert ("正在进行" in queue, "待签收</span>" in queue) == (True, False)


def test_whatever_is_wrong_is_told_at_once_and_what_was_typed_stays(cold: Town) -> None:
    browser = cold.client("leader")
    answer = browser.post("/alerts/declare", {**TOLD, "level": "", "places": "", "reason": "区气象台发布"})
    assert answer.status_code == 422
    for told in ("请选择级别", "请选择在哪些地方启动", "区气象台发布", "有2处需要修改"):
        assert told in answer.text, told
    declared(cold)
    again = browser.post("/alerts/declare", TOLD)
    assert (again.status_code, "正在进行，级别不低于所选" in again.text) == (409, True)
    assert "区气象台9时发布寒潮橙色预警" in again.text


def test_everybody_there_sees_a_line_on_every_page_and_nobody_elsewhere(cold: Town) -> None:
    declared(cold)
    line = "寒潮应急响应（橙色预警）"
    for login in ("worker", "township", "leader", "clerk"):  # a department works for the whole district
        for path in ("/", "/duties/", "/inbox/"):
            assert line in cold.client(login).get(path).text, (login, path)
    for login in ("sibling", "other-worker", "admin", "auditor"):
        assert line not in cold.client(login).get("/", follow_redirects=True).text, login
    work(cold)
    close(cold, cold.client("leader"))
    assert line not in cold.client("worker").get("/").text


def close(town: Town, browser: Browser) -> None:
    found = alert(town)
    form = browser.get(f"/alerts/{found.id}/close").text
    assert 'name="reason"' in form
    told = {"version": str(found.version), "reason": "寒潮过去，无人受冻", "submission_id": "0" * 31 + "7"}
    assert browser.post(f"/alerts/{found.id}/close", told).status_code == 303
    work(town)


def test_it_is_raised_and_lowered_and_closed_by_its_declarer(cold: Town) -> None:
    browser = declared(cold, level="yellow")
    found = alert(cold)
    address = f"/alerts/{found.id}/level"
    wrong = browser.post(address, {"version": str(found.version), "level": "yellow", "reason": "升"})
    assert (wrong.status_code, "请选择与现在不同的级别" in wrong.text) == (422, True)
    up = browser.post(address, {"version": str(found.version), "level": "red", "reason": "气象台升级"})
    assert up.status_code == 303
    work(cold)
    assert statuses(cold, "cold-daily") == {"owed"}
    assert "提高应急响应级别：寒潮（红色预警，原为黄色预警）" in browser.get(f"/alerts/{found.id}").text
    stale = browser.post(address, {"version": str(found.version), "level": "yellow", "reason": "降"})
    assert stale.status_code == 409
    close(cold, browser)
    page = browser.get(f"/alerts/{found.id}").text
    assert "寒潮过去，无人受冻" in page
    assert "已解除" in page
    assert statuses(cold, "cold-daily") == statuses(cold, "cold-round") == {"withdrawn"}
    assert "已停止" in cold.client("township").get("/duties/").text


def test_whoever_may_not_finds_no_button_and_no_way(cold: Town) -> None:
    declared(cold)
    found = alert(cold)
    for login in ("township", "worker", "clerk", "chief"):
        browser = cold.client(login)
        page = browser.get(f"/alerts/{found.id}").text
        assert "正在进行" in page
        assert "调整级别" not in page
        assert browser.get(f"/alerts/{found.id}/close").status_code in (403, 404)
        assert browser.post(f"/alerts/{found.id}/level", {"version": "1", "level": "red"}).status_code == 403
    assert "启动应急响应" not in cold.client("township").get("/alerts/").text
    assert cold.client("admin").get("/alerts/").status_code == 403


def test_one_ahead_says_so(cold: Town) -> None:
    browser = declared(cold, begins="2026-09-30T08:00")
    assert "将于" in browser.get("/").text
    assert "尚未开始" in browser.get("/alerts/").text
    assert statuses(cold, "cold-round") == set()


def test_a_form_that_outlived_its_session_comes_back_with_everything(cold: Town) -> None:
    browser = cold.client("leader")
    stale = browser.client.post("/alerts/declare", data={**TOLD, "csrf": "stale"})
    assert (stale.status_code, "区气象台9时发布寒潮橙色预警" in stale.text) == (400, True)


def test_a_county_that_knows_no_event_has_no_page_in_its_menu(town: Town) -> None:
    page = town.client("leader").get("/").text
    assert "/alerts/" not in page
    assert town.client("leader").get("/alerts/declare").status_code == 404


def test_the_record_tells_it_by_name(cold: Town) -> None:
    cold.client("leader").post("/alerts/declare", TOLD)
    assert "启动应急响应：寒潮（橙色预警）" in cold.client("auditor").get("/audit/?kind=casework").text
    work(cold)
    page = cold.client("auditor").get("/audit/?kind=casework").text
    assert "下达定期任务：寒潮" in page


def test_the_guide_tells_how_to_declare_to_those_who_may(cold: Town) -> None:
    leader, clerk = (cold.client(login).get("/guide/").text for login in ("leader", "clerk"))
    for told in ("遇到极端天气等：应急响应", '<b class="press">启动应急响应</b>', '<b class="press">解除应急响应</b>'):
        assert told in leader, told
    assert "遇到极端天气等：应急响应" in clerk
    assert '<b class="press">启动应急响应</b>' not in clerk


def test_the_guide_of_a_county_that_knows_no_event_tells_of_none(town: Town) -> None:
    assert "应急响应" not in town.client("leader").get("/guide/").text


@pytest.fixture
def weekly(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    """The county with a report each week in whose place the daily one of a cold wave stands."""
    plain = replace(rulebook.duties["contact-roster"], id="weekly", label="周报", every=Every.WEEK, due=None, form="")
    rules = in_the_cold(rulebook, weekly=replace(plain, to=("township",)))
    daily = replace(rules.duties["cold-daily"], instead_of="weekly")
    rules = replace(rules, duties={**rules.duties, daily.id: daily})
    town = open_town(tmp_path, {JURISDICTION: rules}, (*PEOPLE.values(), CHIEF), web)
    yield town
    town.deployment.database.close()


def test_the_pages_say_what_stands_in_place_of_what(weekly: Town) -> None:
    browser = declared(weekly)
    assert statuses(weekly, "weekly") == {"replaced"}
    page = browser.get(f"/alerts/{alert(weekly).id}").text
    assert "周报" in page
    assert "平时的任务，期间以“寒潮每日探访”代替" in page
    assert "以应急任务代替" in weekly.client("worker").get("/duties/").text
    with connection(weekly.deployment.database) as reader:
        owed = reader.first(DutyPeriod, duty="weekly", unit=f"village:{VILLAGE}")
    assert owed
    record = weekly.client("worker").get(f"/duties/{owed.id}").text
    assert "应急响应期间以应急任务代替，本期不用报" in record
    assert "“寒潮”应急响应（橙色预警）进行期间以“寒潮每日探访”代替" in record
