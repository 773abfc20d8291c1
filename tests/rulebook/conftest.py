"""The county's files as they are shipped, read once."""

from pathlib import Path

import pytest

from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

ROOT = Path(__file__).parents[2]
BOSHAN = "370304-boshan"


@pytest.fixture(scope="session")
def files() -> dict[str, str]:
    return read_files(ROOT)


@pytest.fixture(scope="session")
def rulebook(files: dict[str, str]) -> Rulebook:
    return compile_rulebook(files, BOSHAN)
