"""A kind of rule is said once: a module, a shape, words, and one line; everything else follows from these."""

import ast
import os
import shutil
import subprocess
import sys
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

import xunfang
from parsed import parsed, walked
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds import KINDS

HERE = Path(__file__).parent
ROOT = Path(xunfang.__file__).parent
TOLD_WITHIN_OTHERS = {"policies", "calendar", "lists"}
"""Clauses stand behind the rules that cite them, choices in conditions, days in explanations."""


def _modules(package: str) -> set[str]:
    found = (Path(str(each)) for each in files(package).iterdir())
    return {path.stem for path in found if path.suffix == ".py" and path.stem != "__init__"}


def test_each_kind_has_a_module_and_each_module_is_a_kind() -> None:
    assert _modules("xunfang.rulebook.kinds") == set(KINDS)


def test_each_kind_has_a_shape() -> None:
    shapes = files("xunfang.rulebook") / "shapes"
    assert [kind.id for kind in KINDS.values() if not (shapes / f"{kind.part}.json").is_file()] == []


def test_each_kind_has_words() -> None:
    assert {kind.id for kind in KINDS.values() if not kind.heading} == TOLD_WITHIN_OTHERS
    told = {kind.id for kind in KINDS.values() if kind.heading}
    assert [
        id for id in told if not callable(getattr(import_module(f"xunfang.rules.describe.{id}"), "lines", None))
    ] == []


ENGINE = ("actions", "casework", "desk")
READ_AS = {"jurisdiction": "info"}


@cache
def _read_by(floors: tuple[str, ...]) -> set[str]:
    """Return the names of everything that these floors read of something."""
    trees = [tree for file, tree in parsed().items() if file.split("/")[0] in floors]
    return {node.attr for tree in trees for node in walked(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.id != "policies"], ids=lambda kind: kind.id)
def test_a_kind_is_said_to_be_lived_when_the_engine_reads_it(kind: Kind) -> None:
    assert bool(kind.lived) == (READ_AS.get(kind.id, kind.id) in _read_by(ENGINE))


# ----- adding one

_MODULE = '''"""Oaths 承诺: oaths.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.kind import Kind


@dataclass(frozen=True, slots=True)
class Oath:
    """An oath."""

    id: str
    label: str
    by: str
    basis: Basis


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the oaths, by id."""
    found = draft.entries("oaths")
    return {"oaths": {key: Oath(key, each.text("label"), each.text("by"), each.basis()) for key, each in found}}


def link(draft: Draft) -> None:
    """Check who promises."""
    for oath in draft.rules.oaths.values():
        draft.check_name("oaths", (oath.id, "by"), oath.by, "units")
        draft.check_basis("oaths", (oath.id,), oath.basis)


OATHS = Kind("oaths", build, link, label="承诺", heading="公开承诺", labelled=True, cites=True, begins="# 承诺\\n")
'''
_SHAPE = """{"type": "object", "propertyNames": {"$ref": "#/$defs/id"}, "additionalProperties": {
"type": "object", "additionalProperties": false, "required": ["label", "by"], "properties": {
"label": {"$ref": "#/$defs/text"}, "by": {"$ref": "#/$defs/id"}, "practice": {"$ref": "#/$defs/text"}}}}
"""
_WORDS = '''"""Oaths in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe.lines import Line, line


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every oath."""
    for oath in rulebook.oaths.values():
        yield line(rulebook, oath.id, f"{rulebook.units[oath.by].label}承诺{oath.label}", oath.basis)
'''
_LAST = "    programmes: "
_USED = """
import sys
from pathlib import Path
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook, jurisdictions, merged_parts
from xunfang.rulebook.differences import differences
from xunfang.rulebook.editing import editor_schemas
from xunfang.rulebook.files import read_files
from xunfang.rulebook.scaffold import scaffold
from xunfang.rules.describe import sentence_of

files, layer = read_files(Path(sys.argv[1])), "370304-boshan"
path = f"workflows/{layer}/oaths.toml"
def oaths(by): return files | {path: f'[quick]\\nlabel = "当日答复"\\nby = "{by}"\\npractice = "本地承诺"\\n'}
unit = sorted(compile_rulebook(files, layer).units)[0]
print(sentence_of(compile_rulebook(oaths(unit), layer), "quick").text)
print([each.key for each in differences(merged_parts(oaths(unit), layer), merged_parts(files, layer))])
print(editor_schemas()["oaths"]["title"], "workflows/45-x/oaths.toml" in scaffold("45-x", "某地", set()))
try:
    compile_rulebook(oaths("nobody"), layer)
except RulebookError as error:
    print(*((each.file, each.key, each.code, each.message) for each in error.problems))
"""


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """The platform with one kind more: a module, a shape, words, and one line with its import."""
    root = tmp_path / "platform" / "xunfang"
    shutil.copytree(Path(str(xunfang.__file__)).parent, root, ignore=shutil.ignore_patterns("static", "__pycache__"))
    (root / "rulebook" / "kinds" / "oaths.py").write_text(_MODULE, "utf-8")
    (root / "rulebook" / "shapes" / "oaths.json").write_text(_SHAPE, "utf-8")
    (root / "rules" / "describe" / "oaths.py").write_text(_WORDS, "utf-8")
    registry = root / "rulebook" / "kinds" / "__init__.py"
    text = registry.read_text("utf-8").replace(_LAST, f"    oaths: Annotated[Mapping[str, Oath], OATHS]\n{_LAST}", 1)
    added = "from xunfang.rulebook.kinds.oaths import OATHS, Oath\n"
    at = text.index("from xunfang.rulebook.kinds.policies")
    registry.write_text(text[:at] + added + text[at:], "utf-8")
    return root.parent


def test_a_new_kind_is_read_checked_told_compared_and_begun(grown: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _USED, str(HERE / "county")],
        env=os.environ | {"PYTHONPATH": str(grown), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    told, differs, editor, wrong = run.stdout.splitlines()
    assert "承诺当日答复。（本地做法：本地承诺）" in told
    assert differs == "['quick.label', 'quick.by', 'quick.practice']"
    assert editor == "公开承诺（oaths.toml） True"
    assert wrong == "('workflows/370304-boshan/oaths.toml', 'quick.by', 'NAME_UNKNOWN', '没有名为“nobody”的单位')"
