"""The rules of the county the product ships, compiled once."""

from pathlib import Path

import pytest

from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(ROOT), "370304-boshan")
