"""Visits on their pages: whom to see and why, a form for each, anybody else, and the list to take along."""

import io
import re
from datetime import date, timedelta

import pytest
from conftest import JURISDICTION, TOWNSHIP, VILLAGE, Town
from counties import photo_of
from openpyxl import load_workbook

from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.wholes import open_whole
from xunfang.casework import Asked, Drawing, OwedThing, Visit
from xunfang.casework.drawing import Candidate, make
from xunfang.clock import parse
from xunfang.rules.drawing import Lot
from xunfang.store import Case, DutyPeriod, Person, Task, connection, new_id
from xunfang.worktime import Every, Period

SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))
OURS = f"village:{VILLAGE}"


def owes_visit(town: Town) -> OwedThing:
    """Let the village owe a visit to the person of a report."""
    case_id = town.report().case
    with connection(town.deployment.database) as reader:
        case = reader.find(Case, case_id)
    assert case is not None
    with acting(town.deployment, machinery(JURISDICTION, "试走访"), town.at) as act:
        whole = open_whole(act, act.rules(), ("patrol", OURS, "month", SEPTEMBER[0]), 0)
        thing = OwedThing(
            id=new_id(), jurisdiction=JURISDICTION, residence=VILLAGE, duty="patrol", asks="patrol", subject="visit",
            matter="visit", about=case.person, person=case.person, period=whole, unit=OURS, every="month",
            begins_on=SEPTEMBER[0], ends_on=SEPTEMBER[1], planned_at=town.at, due_at=town.at + timedelta(days=1),
        )  # fmt: skip
        act.tx.insert(thing)
    return thing


@pytest.fixture
def thing(town: Town) -> OwedThing:
    return owes_visit(town)


def test_the_list_tells_whom_to_see_why_and_by_when(town: Town, thing: OwedThing) -> None:
    page = town.client("worker").get("/visits/").text
    for told in ("孙桂兰", "138****1234", "困难群众摸排巡查", "待走访 1", f"/visits/{thing.id}/form"):
        assert told in page, told
    assert "13805331234" not in page
    assert "孙桂兰" not in town.client("other-worker").get("/visits/").text
    assert town.client("other-worker").get(f"/visits/{thing.id}/form").status_code == 404


def test_one_tap_and_the_visit_is_of_that_person_whatever_is_typed(town: Town, thing: OwedThing) -> None:
    client = town.client("worker")
    page = client.get(f"/visits/{thing.id}/form").text
    assert 'value="孙桂兰"' in page
    assert f'data-form="/visits/{thing.id}/form"' in page
    told = {"visited_on": "2026-09-29", "name": "孙桂", "residence": VILLAGE, "found_difficulty": "false"}
    answer = client.post(f"/visits/{thing.id}/form", {**told, "submission_id": new_id()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/visits/?done=visit")
    with connection(town.deployment.database) as reader:
        visit = reader.first(Visit, person=thing.person)
        whole = reader.find(DutyPeriod, thing.period)
    assert visit is not None
    assert whole is not None
    assert whole.status == "visited"


def test_a_visit_is_read_on_the_page_of_the_person_with_its_photo_by_whoever_sees_it(
    town: Town, thing: OwedThing
) -> None:
    client = town.client("worker")
    photo = client.post("/photos", {"photo": (io.BytesIO(photo_of("门前")), "a.jpg")}).json["id"]
    told = {"visited_on": "2026-09-29", "name": "孙桂兰", "residence": VILLAGE, "found_difficulty": "false"}
    told |= {"photos": photo, "remarks": "药在按时吃。", "health": "chronic"}
    client.post(f"/visits/{thing.id}/form", {**told, "submission_id": new_id()})
    shown = f'src="/photos/{photo}"'
    for login in ("worker", "township"):
        page = town.client(login).get(f"/people/{thing.person}").text
        assert (shown in page, "药在按时吃。" in page, "走访情况" in page) == (True, True, True)
        assert page.count("患慢性病") == 0, "how somebody is lies sealed"
    assert "药在按时吃。" not in town.client("sibling").get(f"/people/{thing.person}").text
    assert town.client("township").get(f"/photos/{photo}").status_code == 200
    assert town.client("sibling").get(f"/photos/{photo}").status_code == 404


def test_what_is_wrong_comes_back_with_everything_typed(town: Town, thing: OwedThing) -> None:
    told = {"visited_on": "2099-01-01", "name": "孙桂兰", "residence": VILLAGE, "remarks": "门锁着"}
    answer = town.client("worker").post(f"/visits/{thing.id}/form", told)
    assert answer.status_code == 422
    assert "门锁着" in answer.text


def test_anybody_else_is_visited_by_the_same_form(town: Town) -> None:
    client = town.client("worker")
    assert "走访名单以外的人" in client.get("/visits/").text
    told = {"visited_on": "2026-09-29", "name": "路人", "residence": VILLAGE, "found_difficulty": "false"}
    assert client.post("/visits/anybody/visit", told).status_code == 303
    assert client.get("/visits/anybody/clue-report").status_code == 404


def test_the_list_to_take_along_is_text_in_every_cell_and_masked(town: Town, thing: OwedThing) -> None:
    client = town.client("worker")
    book = load_workbook(io.BytesIO(client.get("/visits/list.xlsx").data))
    sheet = book.active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0][:4] == ("序号", "姓名", "现居住地", "联系电话")
    assert rows[1][:2] == ("1", "孙桂兰")
    assert "****" in str(rows[1][3])
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$3")
    page = client.get("/visits/print").text
    assert "孙桂兰" in page
    assert "走访人签字" in page


def test_whoever_is_above_sees_the_names_through_the_duty(town: Town, thing: OwedThing) -> None:
    client = town.client("township")
    page = client.get(f"/duties/{thing.period}").text
    assert f'href="/visits/of/{thing.period}"' in page
    assert "共 1 人，已走访 0 人" in page
    assert "填写并报送" not in page
    assert ("待完成" in page, "待报送" in page) == (True, False)
    assert "孙桂兰" in client.get(f"/visits/of/{thing.period}").text
    assert TOWNSHIP in thing.residence
    assert town.client("clerk").get(f"/visits/of/{thing.period}").status_code == 404


def test_people_out_of_sight_stand_in_no_list(town: Town, thing: OwedThing) -> None:
    with acting(town.deployment, machinery(JURISDICTION, "迁走"), town.at) as act:
        act.tx.update(Person, {"id": thing.person}, {"residence": "370304001001"})
        act.tx.update(Case, {"person": thing.person}, {"residence": "370304001001"})
    assert "孙桂兰" not in town.client("township").get(f"/visits/of/{thing.period}").text


def drawn_for(town: Town) -> str:
    """Let the district's civil affairs draw from one person, for last month; returns what it owes as a whole."""
    thing = owes_visit(town)
    with acting(town.deployment, machinery(JURISDICTION, "试抽取"), town.at) as act:
        key = ("destitute-spot-check", "civil-affairs", "month", SEPTEMBER[0])
        whole = act.tx.find(DutyPeriod, open_whole(act, act.rules(), key, 0, town.at))
        task = act.tx.first(Task, about=whole.id) if whole else None
        assert whole is not None
        assert task is not None
        one = Candidate(Lot(thing.person, 0, VILLAGE), thing.person, VILLAGE)
        month = Period(*SEPTEMBER, Every.MONTH)
        duty = act.rules().duties["destitute-spot-check"]
        payload = {"made": make(act.rules(), duty, (one,), "5eed", 1, month)}
        carry_out(act, Asked(verb="draw-sample", actor=act.actor, task=task.id, payload=payload), whole)
    return whole.id


def test_the_page_tells_how_it_was_drawn_and_draws_again(town: Town) -> None:
    whole, client = drawn_for(town), town.client("leader")
    page = client.get(f"/duties/{whole}").text
    for told in ("怎么抽的", "5eed", "核对一致", "2026-09-01至2026-09-30", "抽取抽查名单", "其余", "30%"):
        assert told in page, told
    assert re.search(r"从 <strong[^>]*>1</strong> 件中抽 <strong[^>]*>1</strong> 件", page)
    assert "孙桂兰" in client.get(f"/visits/of/{whole}").text
    with acting(town.deployment, machinery(JURISDICTION, "改动"), town.at) as act:
        act.tx.update(Drawing, {"period": whole}, {"drawn": ()})
    assert "核对不一致" in client.get(f"/duties/{whole}").text


def test_what_happened_is_noted_and_owed_from_its_day(town: Town) -> None:
    client = town.client("leader")
    assert 'href="/duties/happened"' in client.get("/duties/").text
    assert "自然灾害、生产安全事故致困人员信息" in client.get("/duties/happened").text
    told = {"duty": "disasters", "day": "2026-09-28", "reason": "山洪，涉及两个村", "submission_id": new_id()}
    wrong = client.post("/duties/happened", {**told, "day": "2099-01-01"})
    assert (wrong.status_code, "山洪，涉及两个村" in wrong.text) == (422, True)
    answer = client.post("/duties/happened", told)
    assert client.post("/duties/happened", told).headers["Location"] == answer.headers["Location"]
    with connection(town.deployment.database) as reader:
        (owed,) = reader.select(DutyPeriod, duty="disasters")
        task = reader.first(Task, about=owed.id)
    assert (owed.unit, owed.begins_on, task and task.due_at) == (
        "emergency-management", date(2026, 9, 28), parse("2026-10-08T17:30:00"),
    )  # fmt: skip
    assert "山洪，涉及两个村" in client.get(answer.headers["Location"]).text
    assert town.client("worker").get("/duties/happened").status_code == 404
