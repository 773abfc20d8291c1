"""One language, two homes: the browser decides every condition exactly as the server does."""

import json
from pathlib import Path
from typing import Any

import pytest
from browsing import chromium

from xunfang.rulebook.model import AllOf, AnyOf, Condition, FactRef, Operator, Rulebook, Test
from xunfang.rules.conditions import holds
from xunfang.web.forms.conditions import as_json, for_page

CASES = json.loads((Path(__file__).parent / "conditions.json").read_text("utf-8"))
SCRIPT = Path(__file__).parents[2] / "platform" / "xunfang" / "web" / "static" / "conditions.js"


def condition(data: dict[str, Any]) -> Condition:
    if "all" in data or "any" in data:
        kind = AllOf if "all" in data else AnyOf
        return kind(tuple(condition(part) for part in data.get("all", data.get("any"))))
    value = data["value"]
    if isinstance(value, dict):
        value = FactRef(value["fact"], value.get("times", 1))
    return Test(data["path"], Operator(data["op"]), tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["says"]))
def test_the_server_decides(case: dict[str, Any]) -> None:
    assert holds(condition(case["when"]), case["facts"]) is case["holds"]


def test_the_table_covers_every_operator() -> None:
    told = json.dumps(CASES)
    assert [each for each in Operator if f'"op": "{each.value}"' not in told] == []


@pytest.mark.browser
def test_the_browser_decides_the_same(tmp_path: Path) -> None:
    sent = [{**case, "when": as_json(condition(case["when"]))} for case in CASES]
    with chromium(tmp_path) as browser:
        page = browser.new_page()
        page.add_script_tag(path=SCRIPT)
        decided = page.evaluate("cases => cases.map(each => window.xunfang.holds(each.when, each.facts))", sent)
    wrong = [case["says"] for case, answer in zip(CASES, decided, strict=True) if answer is not case["holds"]]
    assert wrong == []


def test_a_condition_on_what_the_page_does_not_know_is_left_to_the_server(rulebook: Rulebook) -> None:
    here = Test("needs", Operator.ANY, ("a",))
    elsewhere = Test("person.age", Operator.AT_LEAST, 60)
    assert for_page(here, {"needs"}) is not None
    assert for_page(AllOf((here, elsewhere)), {"needs"}) is None
    assert for_page(Test("needs", Operator.IS, FactRef("standards.x")), {"needs"}) is None
    assert for_page(Test("needs", Operator.IS, FactRef("needs", 2.0, "found_at")), {"needs"}) is None
