"""The county's files as they are shipped, read once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

ROOT = Path(__file__).parents[2]
BOSHAN = "370304-boshan"
ENDLESS = 30.0
"""Seconds of processor, many times what a slow machine takes: only what explodes takes longer, and that takes hours."""


@contextmanager
def ending() -> Iterator[None]:
    """Fail when what is done within explodes."""
    started = time.process_time()
    yield
    assert time.process_time() - started < ENDLESS


@pytest.fixture(scope="session")
def files() -> dict[str, str]:
    return read_files(ROOT)


@pytest.fixture(scope="session")
def rulebook(files: dict[str, str]) -> Rulebook:
    return compile_rulebook(files, BOSHAN)
