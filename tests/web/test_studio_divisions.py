"""The wizards for divisions: what a change touches is told before anything is written, then it is one edit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import JURISDICTION, TOWNSHIP, Person, Town
from drafts import EDITOR, begun, drafting
from flask import Flask

from xunfang.desk.studio.readings import StudioReadings
from xunfang.rulebook.model import Rulebook

CLERK = Person("clerk", f"township:{TOWNSHIP}", ("clerk",))
TABLE = f"workflows/{JURISDICTION}/divisions.csv"


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    with drafting(tmp_path, rulebook, web, EDITOR, CLERK) as town:
        yield town


def test_a_township_is_merged_after_it_was_seen_what_that_touches(town: Town) -> None:
    browser = town.client("editor")
    at = begun(browser, "区划调整")
    places, wizard = f"{at}/divisions/", f"{at}/divisions/{TOWNSHIP}/merge"
    assert "域城镇" in browser.get(places).get_data(as_text=True)
    assert "没有找到" in browser.get(f"{places}?q=没有这里").get_data(as_text=True)
    assert "并入哪里" in browser.get(wizard).get_data(as_text=True)

    told = {"into": "370304103", "on": "2027-04-01"}
    unsure = browser.post(wizard, {**told, "on": ""})
    assert unsure.status_code == 422
    assert "从哪一天起" in unsure.get_data(as_text=True)
    plan = browser.post(wizard, told)
    page = plan.get_data(as_text=True)
    assert (plan.status_code, "域城镇自2027年4月1日起并入白塔镇" in page) == (200, True)
    assert "区划调整交接" in page, "by which job it is handed over"
    assert "测试clerk（域城镇" in page, "whose account moves is told"
    assert "1个" in page.partition("账号")[2][:120]

    readings: StudioReadings = town.app.extensions["xunfang"].readings.studio
    key = at.split("/")[2]
    assert (
        readings.drafted(town.actor("editor"), key).files[TABLE]
        == readings.drafted(town.actor("editor"), key).base[TABLE]
    )
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert browser.post(wizard, {**told, "apply": "yes", "seen": "0"}).status_code == 409
    assert browser.post(wizard, {**told, "apply": "yes", "seen": seen}).status_code == 303
    draft = readings.drafted(town.actor("editor"), key)
    assert f"{TOWNSHIP},域城镇,township,,2027-03-31,370304103" in draft.files[TABLE].splitlines()
    assert "到2027-03-31为止，由白塔镇接续" in browser.get(places).get_data(as_text=True)
    assert browser.get(wizard).status_code == 404, "what ends is not changed again"

    shown = browser.get(at).get_data(as_text=True)
    edit = shown.partition('name="edit" value="')[2].partition('"')[0]
    assert browser.post(f"{at}/undo", {"edit": edit}).status_code == 303
    draft = readings.drafted(town.actor("editor"), key)
    assert draft.files[TABLE] == draft.base[TABLE]
