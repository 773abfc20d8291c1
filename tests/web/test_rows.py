"""Rows on a form's page: typed, wrong, given back, taken away; with and without the page's script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import serving
from conftest import JURISDICTION, PEOPLE, Town, open_town, report_answers
from test_browser import PHONE, Walk

from rules.household import with_family
from xunfang.store import Submission, connection
from xunfang.web.forms import answers_of, entries_of

ROW = {"name": "周小川", "relation": "child", "income": "1,200"}


@pytest.fixture
def family_town(tmp_path: Path) -> Iterator[Town]:
    town = open_town(tmp_path, {JURISDICTION: with_family()}, PEOPLE.values())
    yield town
    town.deployment.database.close()


def posted(*rows: dict[str, str]) -> dict[str, str]:
    form = with_family().forms["clue-report"]
    plain = {name: texts[0] for name, texts in entries_of(form, report_answers()).items()}
    cells = {f"family.{place}.{column}": text for place, row in enumerate(rows) for column, text in row.items()}
    return {"submission_id": "c" * 32, **plain, **cells}


def test_rows_are_sent_counted_anew_and_an_empty_one_is_none(family_town: Town) -> None:
    worker = family_town.client("worker")
    empty = dict.fromkeys(ROW, "")
    answer = worker.post("/forms/clue-report", posted(empty, ROW, empty, {**ROW, "name": "吴秀英"}))
    assert answer.status_code == 303, answer.text
    with connection(family_town.deployment.database) as reader:
        (filled,) = reader.select(Submission)
    assert [(row["name"], row["income"]) for row in filled.answers["family"]] == [("周小川", 1200), ("吴秀英", 1200)]


def test_what_is_wrong_in_a_row_stands_at_its_field_and_everything_typed_comes_back(family_town: Town) -> None:
    worker = family_town.client("worker")
    answer = worker.post("/forms/clue-report", posted(ROW, {"name": "吴秀英", "income": "八百"}))
    assert answer.status_code == 422
    for words in (
        'href="#f-family.1.relation">家庭成员：第2人：请选择“与本人关系”。',
        'id="e-family.1.income">第2人：“月收入（元）”请填数字，如 1200 或 1200.50。',
        'name="family.1.income" type="text" inputmode="decimal" class="w-short" maxlength="200" autocomplete="off" '
        'value="八百"',
        'value="周小川"',
    ):
        assert words in answer.text


def test_the_row_that_stands_there_without_a_script_is_the_last(family_town: Town) -> None:
    form = with_family().forms["clue-report"]
    entries = {"family.n.name": ("吴秀英",), "family.0.name": ("周小川",), "family.x.name": ("谁",)}
    assert answers_of(form, entries)["family"] == [{"name": "周小川"}, {"name": "吴秀英"}]


@pytest.mark.browser
def test_somebody_on_a_phone_adds_rows_and_takes_one_away(browser: object, family_town: Town) -> None:
    with serving(family_town.app) as address:
        walk = Walk(browser, family_town, address, "worker", PHONE)  # type: ignore[arg-type]
        page = walk.go("/forms/clue-report")
        while not page.locator("[data-add-row]").is_visible():
            page.evaluate("document.querySelector('[data-next]').click()")
            page.evaluate(FILL)
        page.click("[data-add-row]")
        page.click("[data-next]")
        assert page.locator("[data-add-row]").is_hidden(), "an empty row is none, here as on the server"
        page.click("[data-back]")
        page.fill("[name='family.0.name']", "周小川")
        page.select_option("[name='family.0.relation']", "child")
        assert page.locator("[data-field='family.0.school']").is_hidden()
        page.check("[name='family.0.studies'][value=true]")
        assert page.locator("[data-field='family.0.school']").is_visible()
        page.click("[data-add-row]")
        page.fill("[name='family.1.name']", "吴秀英")
        assert page.locator("[data-field='family.1.school']").is_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE
        page.locator("[data-drop-row]").first.click()
        assert page.locator("[data-count]").all_inner_texts() == ["第1人"]
        page.reload()  # the draft kept on the phone has the row that was left
        assert page.locator("[name='family.1.name']").input_value() == "吴秀英"
        assert walk.complaints == []


FILL = """() => {
  const told = { found_at: '2026-09-29T08:30', finder_role: 'village-cadre', name: '孙桂兰' };
  Object.keys(told).forEach((name) => { document.querySelector(`[name=${name}]`).value = told[name]; });
}"""
