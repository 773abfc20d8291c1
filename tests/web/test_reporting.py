"""A report: the form as the rules make it, every problem at its field, nothing typed lost, nothing done twice."""

import re
from datetime import date
from typing import Any

import pytest
from conftest import Town, report_answers

from xunfang.rulebook.model import Rulebook
from xunfang.store import Case, Clue, connection, transaction
from xunfang.web.forms import answers_of, entries_of, form_page

SUBMISSION = "c" * 32


def posted(**changes: Any) -> dict[str, Any]:
    """Return an acceptable report as a browser sends it."""
    shown = {name: value for name, value in {**report_answers(), **changes}.items() if value is not None}
    texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in shown.items()}
    return {**texts, "found_at": "2026-09-29T08:30", "submission_id": SUBMISSION}


def clues(town: Town) -> int:
    with connection(town.deployment.database) as reader:
        return len(reader.select(Clue))


def test_a_good_report_is_received_with_its_number_and_verdict(town: Town) -> None:
    browser = town.client("worker")
    answer = browser.post("/forms/clue-report", posted())
    assert answer.status_code == 303
    receipt = browser.get(answer.headers["Location"]).text
    assert "博救〔2026〕1号" in receipt
    assert "按时" in receipt


def test_the_receipt_of_an_emergency_says_who_has_it_in_hand(town: Town) -> None:
    browser = town.client("worker")
    urgent = posted(urgency="emergency", danger="当晚无处居住。")
    receipt = browser.get(browser.post("/forms/clue-report", urgent).headers["Location"]).text
    assert "并已交区医保分局办理" in receipt
    assert "等待分派" not in receipt


def test_the_receipt_of_what_waits_for_the_leader_names_nobody(town: Town) -> None:
    browser = town.client("worker")
    receipt = browser.get(browser.post("/forms/clue-report", posted()).headers["Location"]).text
    assert "按规定分派承办单位办理" in receipt
    assert "并已交" not in receipt


def test_the_same_report_sent_twice_makes_one_clue(town: Town) -> None:
    browser = town.client("worker")
    first, second = (browser.post("/forms/clue-report", posted()) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert clues(town) == 1


def test_a_script_is_told_where_the_receipt_is(town: Town) -> None:
    answer = town.client("worker").post("/forms/clue-report", posted(), headers={"Accept": "application/json"})
    assert answer.status_code == 201
    assert answer.json == {"location": f"/forms/sent/{SUBMISSION}"}


def test_every_problem_stands_at_its_field_and_nothing_typed_is_lost(town: Town) -> None:
    typed = posted(id_number="370304195803142240", phone="12", needs=["medical", "housing"], illness=None)
    answer = town.client("worker").post("/forms/clue-report", typed)
    assert answer.status_code == 422
    page = answer.text
    for field in ("id_number", "phone", "illness", "housing"):
        assert re.search(rf'<p class="problem" id="e-{field}">[^<]+</p>', page), field
        assert f'href="#f-{field}"' in page
    assert 'value="370304195803142240"' in page
    assert 'value="孙桂兰"' in page
    assert "因脑梗住院" in page
    assert re.search(r'name="needs" value="housing"[^>]* checked', page)
    assert SUBMISSION in page
    assert clues(town) == 0


def test_what_was_typed_is_never_taken_for_markup(town: Town) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    page = town.client("worker").post("/forms/clue-report", posted(name=evil, phone="12", difficulty=evil)).text
    assert evil not in page
    assert "&lt;img src=x" in page


def test_another_unit_never_reads_the_receipt(town: Town) -> None:
    location = town.client("worker").post("/forms/clue-report", posted()).headers["Location"]
    assert town.client("other-worker").get(location).status_code == 404


def test_the_worker_of_a_village_finds_it_chosen_already(town: Town) -> None:
    page = town.client("worker").get("/forms/clue-report").text
    assert re.search(r'<option value="370304102201" selected>', page)


def test_only_forms_that_open_a_case_are_offered(town: Town) -> None:
    browser = town.client("worker")
    assert browser.get("/forms/investigation-feedback").status_code == 404
    assert browser.get("/forms/no-such-form").status_code == 404


def test_every_form_of_the_rules_becomes_a_page(rulebook: Rulebook) -> None:
    for form in rulebook.forms.values():
        page = form_page(form, rulebook, {}, date(2026, 9, 29), SUBMISSION)
        shown = [each.name for section in page.sections for each in section.fields]
        assert sorted(shown) == sorted(form.fields)


def test_answers_and_entries_are_two_sides_of_one_thing(rulebook: Rulebook) -> None:
    form = rulebook.forms["clue-report"]
    answers = {**report_answers(), "household_size": 3, "household_income": 21600.5, "photos": ["a1", "b2"]}
    assert answers_of(form, entries_of(form, answers)) == answers


READ = {"３": 3, "12,000": 12000, "三口": "三口", "1e999": "1e999", "--": "--", "9" * 40: "9" * 40}


@pytest.mark.parametrize("text", READ)
def test_numbers_are_read_as_people_write_them_and_otherwise_kept(rulebook: Rulebook, text: str) -> None:
    form = rulebook.forms["clue-report"]
    assert answers_of(form, {"household_size": (text,)})["household_size"] == READ[text]


def test_a_unit_sees_what_became_of_its_reports_and_nobody_elses(town: Town) -> None:
    town.report()
    page = town.client("worker").get("/forms/").text
    assert "孙桂兰" in page
    assert "拟办分派" in page
    assert "孙桂兰" not in town.client("other-worker").get("/forms/").text


def test_a_report_can_be_put_right_as_long_as_its_case_goes_on(town: Town) -> None:
    told = town.report()
    worker = town.client("worker")
    assert "更正或撤回" in worker.get("/forms/").text
    with transaction(town.deployment.database, "") as tx:
        tx.update(Case, {"id": told.case}, {"closed_at": town.at, "outcome": "special-aid"})
    assert "更正或撤回" not in worker.get("/forms/").text
