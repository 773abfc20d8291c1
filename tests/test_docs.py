"""The pages tell the truth: every example on them compiles and holds, every class of the code is in the glossary."""

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

import xunfang.rulebook.model as model
from xunfang.cli.engine_scenarios import disagreements
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample import sample_answers

ROOT = Path(__file__).parents[1]
EXAMPLES = (ROOT / "docs" / "rules-by-example.md").read_text("utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
EXAMPLE_COUNTY = "999999-example"
_BLOCK = re.compile(r"^```(\w+) file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks() -> dict[str, str]:
    return {path: text for _, path, text in _BLOCK.findall(EXAMPLES)}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    root = tmp_path_factory.mktemp("deployment")
    for path, text in _blocks().items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return compile_rulebook(read_files(root), EXAMPLE_COUNTY)


def test_every_example_that_names_a_file_is_read_by_the_compiler() -> None:
    fences = len(re.findall(r"^```\w+ file=", EXAMPLES, re.MULTILINE))
    assert fences == len(_BLOCK.findall(EXAMPLES)) == len(_blocks())
    kinds = {path.split("/")[2].removesuffix(".toml") for path in _blocks() if path.startswith("workflows/999999")}
    assert kinds >= {
        "jurisdiction",
        "policies",
        "units",
        "routing",
        "deadlines",
        "flows",
        "duties",
        "feeds",
        "meetings",
        "alerts",
    }
    assert kinds >= {"notices", "ledgers", "indicators", "scenarios", "lists", "divisions.csv"}


def test_the_example_county_compiles_without_a_warning(example: Rulebook) -> None:
    assert example.chain == ("00-national", "99-example", EXAMPLE_COUNTY)
    assert [str(warning) for warning in example.warnings] == []


def test_the_example_scenarios_hold(example: Rulebook) -> None:
    assert example.scenarios
    for scenario in example.scenarios:
        assert [str(failure) for failure in (*run(example, scenario), *disagreements(example, scenario))] == []


def test_every_example_form_can_be_filled_in(example: Rulebook) -> None:
    for form in example.forms.values():
        assert sample_answers(example, form), form.id


def _public_classes() -> list[str]:
    classes = [thing for _, thing in inspect.getmembers(model, inspect.isclass) if dataclasses.is_dataclass(thing)]
    tables = (ROOT / "platform" / "xunfang" / "store" / "tables").glob("*.py")
    stored = [
        name for file in tables for name in re.findall(r"^class ([A-Z]\w+)", file.read_text("utf-8"), re.MULTILINE)
    ]
    return sorted({thing.__name__ for thing in classes} | set(stored))


@pytest.mark.parametrize("name", _public_classes())
def test_the_glossary_has_a_row_for(name: str) -> None:
    rows = [line for line in GLOSSARY.splitlines() if line.startswith("| ")]
    assert any(re.search(rf"\b{name}\b", row.split("|")[2]) for row in rows), f"docs/glossary.md has no row for {name}"
