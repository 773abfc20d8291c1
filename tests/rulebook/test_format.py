"""The shapes of the rule files are frozen: whoever changes one also says how files of the old shape are read."""

import hashlib
from pathlib import Path

import pytest

from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.format import FORMAT

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "platform" / "xunfang" / "rulebook" / "shapes"
FROZEN = {1: "dd4932f4630ff2c4798bd2978c3a25e05c4c1afb7e848279888b20e8c3e9974e"}


def _digest() -> str:
    texts = (f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in sorted(SHAPES.glob("*.json")))
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def test_the_shapes_are_those_of_their_format() -> None:
    assert _digest() == FROZEN[FORMAT], (
        "A shape of the rule files has changed. If files written before still mean the same, put the new digest here; "
        "if not, count FORMAT up, add a function that reads the old shape, and keep the old digest."
    )


def test_files_of_a_later_format_are_refused() -> None:
    files = read_files(ROOT)
    path = "workflows/37-shandong/jurisdiction.toml"
    with pytest.raises(RulebookError, match="FORMAT_TOO_NEW"):
        compile_rulebook({**files, path: f"format = {FORMAT + 1}\n" + files[path]}, "37-shandong")
