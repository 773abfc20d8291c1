"""What holds for every test: where temporary files lie, and how seldom the collector of cycles looks."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30
"""What the files of all tests may take at once, in bytes, several times over."""
_SELDOM = (10_000, 20, 50)
"""How much is made before the collector looks: a compiled rulebook is a hundred thousand objects, none of them lost."""


def _keep_files_in_memory() -> None:
    """Let temporary files, also of processes started, lie where writing them through costs no wait for a disk."""
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


_keep_files_in_memory()
gc.set_threshold(*_SELDOM)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector leave alone what stays to the end: thousands of tests and all modules."""
    gc.collect()
    gc.freeze()
