"""People of the registry on their pages: found by name and number, everything about one of them on one page."""

import re

import pytest
from conftest import Town, report_answers

from xunfang.casework import Case
from xunfang.store import connection


def person_of(town: Town, case: str) -> str:
    with connection(town.deployment.database) as reader:
        found = reader.find(Case, case)
    assert found is not None
    return found.person


def found_by(town: Town, login: str, text: str) -> str:
    """Return the list that looking for a name or a number leads to."""
    browser = town.client(login)
    answer = browser.post("/people/", {"q": text})
    assert text not in answer.headers["Location"]
    page: str = browser.get(answer.headers["Location"]).text
    return page


@pytest.mark.parametrize("text", ["孙桂兰", report_answers()["id_number"], f" {report_answers()['id_number']} "])
def test_somebody_is_found_by_name_or_whole_number_and_shown_masked(town: Town, text: str) -> None:
    case = town.report().case
    page = found_by(town, "township", text)
    assert f'href="/people/{person_of(town, case)}"' in page
    assert report_answers()["id_number"] not in page.replace(f'value="{text.strip()}"', "")


def test_half_a_number_finds_nobody(town: Town) -> None:
    town.report()
    assert "没有找到" in found_by(town, "township", report_answers()["id_number"][:14])


def test_who_sees_nobody_of_that_place_finds_nobody(town: Town) -> None:
    town.report()
    assert "没有找到" in found_by(town, "sibling", "孙桂兰")


def test_the_list_goes_by_places_for_a_township_and_by_cases_for_a_department(town: Town) -> None:
    task = town.dispatched()
    link = f'href="/people/{person_of(town, task.case)}"'
    assert link in town.client("township").get("/people/").text
    assert link in town.client("township").get("/people/?show=cases").text
    assert link in town.client("clerk").get("/people/").text
    assert link not in town.client("teacher").get("/people/").text


@pytest.mark.parametrize(("query", "shown"), [
    ("category=disabled", True), ("category=orphan", False), ("programme=medical-aid", False),
    ("place=370304102201", True), ("place=370304103", False), ("place=nowhere", True),
])  # fmt: skip
def test_the_list_is_filtered_by_place_category_and_programme(town: Town, query: str, shown: bool) -> None:
    case = town.report(categories=["disabled"]).case
    page = town.client("township").get(f"/people/?{query}").text
    assert (f'href="/people/{person_of(town, case)}"' in page) is shown


def test_the_page_of_a_person_tells_it_all_and_leads_to_the_case_and_back(town: Town) -> None:
    task = town.dispatched(categories=["disabled"])
    person = person_of(town, task.case)
    page = town.client("township").get(f"/people/{person}").text
    assert f'href="/cases/{task.case}"' in page
    assert "应于" in page
    assert re.search(r"138\*{4}1234", page)
    assert f'href="/people/{person}"' in town.client("township").get(f"/cases/{task.case}").text


def test_the_number_is_revealed_with_a_reason_that_is_kept(town: Town) -> None:
    person, number = person_of(town, town.report().case), report_answers()["id_number"]
    browser = town.client("township")
    told = browser.post(f"/people/{person}/reveal", {"field": "id_number", "reason": "电话核实入户时间"})
    assert number in told.text
    assert number not in browser.get(f"/people/{person}").text
    for field, reason, status in (("illness", "电话核实入户时间", 404), ("phone", "看看", 422)):
        assert browser.post(f"/people/{person}/reveal", {"field": field, "reason": reason}).status_code == status
