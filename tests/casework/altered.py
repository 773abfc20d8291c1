"""The first county's rules with a few lines written otherwise, and a scenario of their own played on both floors."""

import json
from collections.abc import Mapping
from functools import cache

from casework.county import BOSHAN, ROOT
from xunfang.cli.engine_scenarios import disagreements
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

W = f"workflows/{BOSHAN}"
STORY = f"{W}/scenarios/altered.toml"


@cache
def county_files() -> Mapping[str, str]:
    """Return the files of all layers as they are."""
    return read_files(ROOT)


def form_like(name: str, **changes: object) -> str:
    """Return a form as the county has it, with some of its keys written otherwise, or gone where they are None."""
    form = json.loads(county_files()[f"forms/{BOSHAN}/{name}.json"])
    whole = {key: value for key, value in {**form, **changes}.items() if value is not None}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def fields_of(name: str) -> dict[str, object]:
    """Return the fields of a form as the county has it."""
    fields: dict[str, object] = json.loads(county_files()[f"forms/{BOSHAN}/{name}.json"])["properties"]
    return fields


def altered(changes: Mapping[str, tuple[str, str]], more: Mapping[str, str] | None = None) -> Rulebook:
    """Compile the county with, by file, something put in the place of an old text; `more` are whole further files."""
    files = {**county_files(), **(more or {})}
    for name, (old, new) in changes.items():
        path = name if "/" in name and name.startswith(("forms/", "workflows/")) else f"{W}/{name}"
        assert old in files[path], f"“{old}” stands no longer in {path}"
        files[path] = files[path].replace(old, new, 1)
    return compile_rulebook(files, BOSHAN)


def both_floors(rulebook: Rulebook) -> list[str]:
    """Return every failure of the scenario `altered`, on the pure floor and where the engine does otherwise."""
    story = next(scenario for scenario in rulebook.scenarios if scenario.id == "altered")
    return [str(failure) for failure in (*run(rulebook, story), *disagreements(rulebook, story))]
