"""The rules of the county the product ships, compiled once."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

settings.register_profile("shared", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")  # the machine may be busy: what counts is that the answer is right

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(ROOT), "370304-boshan")
