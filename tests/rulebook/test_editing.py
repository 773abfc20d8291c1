"""The schemas for editors: current, self-contained, and content with every file that is shipped."""

import datetime
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from xunfang.rulebook.compile import FOLDERS
from xunfang.rulebook.editing import TITLES, editor_schemas
from xunfang.rulebook.kinds import KINDS

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schemas"


def test_there_is_one_for_every_kind_of_file() -> None:
    assert set(TITLES) == {*(kind.part for kind in KINDS.values()), "scenario"}
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(TITLES)


@pytest.mark.parametrize("kind", TITLES)
def test_the_page_in_docs_is_current(kind: str) -> None:
    written = json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8"))
    assert written == editor_schemas()[kind], "xunfang schemas -o docs/schemas"


@pytest.mark.parametrize("kind", TITLES)
def test_it_is_a_schema_that_reaches_nothing_outside(kind: str) -> None:
    schema = editor_schemas()[kind]
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert text.count('"$ref"') == text.count('"#/$defs/')
    assert all(f'"#/$defs/{name}"' in text for name in schema["$defs"])


def kind_of(path: Path) -> str:
    if path.suffix == ".json":
        return "form"
    folder = path.parent.name
    return FOLDERS.get(folder, "scenario" if folder == "scenarios" else path.stem)


def shipped() -> list[Path]:
    found = [*ROOT.glob("workflows/**/*.toml"), *ROOT.glob("forms/*/*.json")]
    return sorted(path for path in found if path.name not in {"demo.toml", "demo-year.toml", "base.toml"})


@cache
def validator(kind: str) -> Any:
    return Draft202012Validator(editor_schemas()[kind])


def as_editor_sees(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_editor_sees(item) for key, item in value.items()}
    return [as_editor_sees(item) for item in value] if isinstance(value, list) else value


def test_no_shipped_file_is_marked_wrong_by_an_editor() -> None:
    for path in shipped():
        text = path.read_text("utf-8")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        errors = [error.message for error in validator(kind_of(path)).iter_errors(as_editor_sees(data))]
        assert errors == [], path


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("deadlines", {"feedback": {"limits": [{"when": {"x": 1}}]}}),
        ("deadlines", {"feedback": {"reminds": ["at due"]}}),
        ("routing", {"clue": {"rows": [{"when": {"x": 1}}]}}),
        ("notices", {"slip": {"layout": "leter"}}),
        ("policies", {"documents": {"A": {"in_force": 2021}}}),
        ("scenario", {"label": "没有步骤"}),
    ],
)
def test_an_editor_marks_a_slip(kind: str, data: dict[str, Any]) -> None:
    assert list(validator(kind).iter_errors(data))


def test_a_layer_may_say_only_what_differs_and_drop_the_rest() -> None:
    assert not list(validator("units").iter_errors({"remove": ["b"], "a": {"remove": ["per"], "duty_phone": "1"}}))


def test_a_layer_may_add_a_holiday_to_an_inherited_year() -> None:
    page = (ROOT / "docs" / "adapt.md").read_text("utf-8")
    own = page.split("calendars/2026.toml\n", 1)[1].split("```", 1)[0]
    data = json.loads(json.dumps(tomllib.loads(own), default=str))
    assert not list(Draft202012Validator(editor_schemas()["calendar"]).iter_errors(data))
