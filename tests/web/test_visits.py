"""Visits on their pages: whom to see and why, a form for each, anybody else, and the list to take along."""

import io
from datetime import date, timedelta

import pytest
from conftest import JURISDICTION, TOWNSHIP, VILLAGE, Town
from openpyxl import load_workbook

from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.planning import open_whole
from xunfang.casework import OwedThing, Visit
from xunfang.store import Case, DutyPeriod, Person, connection, new_id

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
    assert "孙桂兰" in client.get(f"/visits/of/{thing.period}").text
    assert TOWNSHIP in thing.residence
    assert town.client("clerk").get(f"/visits/of/{thing.period}").status_code == 404


def test_people_out_of_sight_stand_in_no_list(town: Town, thing: OwedThing) -> None:
    with acting(town.deployment, machinery(JURISDICTION, "迁走"), town.at) as act:
        act.tx.update(Person, {"id": thing.person}, {"residence": "370304001001"})
        act.tx.update(Case, {"person": thing.person}, {"residence": "370304001001"})
    assert "孙桂兰" not in town.client("township").get(f"/visits/of/{thing.period}").text
