"""Whatever a browser or a script sends for a form comes back as words at its field, never as a fault of ours."""

import pytest
from conftest import Town, report_answers
from werkzeug.datastructures import MultiDict

from xunfang.rulebook.model import Rulebook
from xunfang.web.forms import entries_of

ODD = [
    "NaN", "Infinity", "-Infinity", "1e400", "1e5", "9" * 5_000, "-0", "٣", "３", "0x10", "１２３４５", "\x00",
    "\u202e1", "{" * 2_000, "[" * 2_000, "null", "true", "1\n2", "' or 1=1 --", "<img src=x onerror=alert(1)>",
    "{{7*7}}", "\ud83d", "=cmd|' /C calc'!A0", "../../etc/passwd",
    "0001-01-01T00:00", "9999-99-99", "2026-13-45T99:99",
]  # fmt: skip
FORM = "/forms/clue-report"


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_an_odd_value_in_every_field_comes_back_in_words(town: Town, rulebook: Rulebook, value: str) -> None:
    worker = town.client("worker")
    form = rulebook.forms["clue-report"]
    sent = MultiDict({name: value.encode("utf-8", "replace").decode() for name in form.fields})
    answer = worker.post(FORM, sent, headers={"Accept": "application/json"})
    assert answer.status_code in (400, 422)
    assert any("一" <= sign <= "鿿" for sign in answer.json["message"])


def test_a_field_sent_many_times_counts_once(town: Town) -> None:
    worker = town.client("worker")
    sent = MultiDict([("name", text) for text in ("赵玥琳", "钱景堃") * 50] + [("hobby", "下棋")] * 50)
    answer = worker.post(FORM, sent, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "请填写“困难群众姓名”" not in answer.json["message"]


def test_more_parts_than_any_form_has_are_refused(town: Town) -> None:
    worker = town.client("worker")
    sent = MultiDict((f"x{n}", "1") for n in range(5_000))
    assert worker.post(FORM, sent).status_code in (400, 413, 422)


def test_a_number_pasted_with_blanks_is_neither_cut_nor_refused(town: Town, rulebook: Rulebook) -> None:
    worker = town.client("worker")
    page = worker.get(FORM).text
    for name in ("id_number", "phone"):
        assert 'maxlength="60"' in page.split(f'name="{name}"')[1].split(">")[0]
    number = report_answers()["id_number"]
    pasted = {**report_answers(), "id_number": f"\u202d{number[:6]} {number[6:14]} {number[14:]}\u202c"}
    plain = entries_of(rulebook.forms["clue-report"], pasted)
    sent = MultiDict([("submission_id", "d" * 32), *((name, text) for name, texts in plain.items() for text in texts)])
    assert worker.post(FORM, sent).status_code == 303


def test_what_contradicts_itself_is_asked_about_and_sent_once_it_is_confirmed(town: Town, rulebook: Rulebook) -> None:
    worker = town.client("worker")
    plain = entries_of(rulebook.forms["clue-report"], {**report_answers(), "sex": "male"})
    sent = [("submission_id", "e" * 32), *((name, text) for name, texts in plain.items() for text in texts)]
    asked = worker.post(FORM, MultiDict(sent))
    assert asked.status_code == 422
    assert '<input type="checkbox" name="x-confirmed" value="sex-and-number">' in asked.text
    assert "所选性别与身份证号不符，请核对性别和号码。" in asked.text
    assert worker.post(FORM, MultiDict([*sent, ("x-confirmed", "another")])).status_code == 422
    assert worker.post(FORM, MultiDict([*sent, ("x-confirmed", "sex-and-number")])).status_code == 303
