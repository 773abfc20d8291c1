"""What holds for every test: where temporary files lie, how seldom the collector of cycles looks, who begins."""

import gc
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30
"""What the files of all tests may take at once, in bytes, several times over."""
_SELDOM = (10_000, 20, 50)
"""How much is made before the collector looks: a compiled rulebook is a hundred thousand objects, none of them lost."""
_LONG = (
    "web/test_matrix.py", "web/test_walls.py", "web/test_fuzzing.py", "test_death.py", "browser/test_walk.py",
    "web/test_browser.py", "machines/test_casework.py", "machines/test_stored.py", "machines/test_lived.py",
    "web/test_injection.py", "web/test_rows.py", "rulebook/test_lint_mutants.py", "cli/test_engine_scenarios.py",
    "worker/test_death.py", "cli/test_commands.py", "cli/test_starting.py", "cli/test_restarting.py",
    "cli/test_serving.py", "store/test_point_in_time.py", "store/test_upgrade.py", "demo/test_month.py",
    "deploy/test_bundle.py", "deploy/test_nginx.py", "printing/test_bombs.py", "web/test_conditions.py",
)  # fmt: skip
"""Files that take long, the longest first: begun last, they would leave all other processes waiting for them."""


def _keep_files_in_memory() -> None:
    """Let temporary files, also of processes started, lie where writing them through costs no wait for a disk."""
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


def _try_the_same_examples() -> None:
    """Let whatever is generated be the same each time, and take as long as a busy machine takes.

    `XUNFANG_CHANCE=1 pytest tests/rules` looks for what nobody has thought of yet, in ever new examples.
    """
    settings.register_profile(
        "shared",
        deadline=None,
        max_examples=60,
        derandomize="XUNFANG_CHANCE" not in os.environ,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("shared")


_keep_files_in_memory()
_try_the_same_examples()
gc.set_threshold(*_SELDOM)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long files begin, then those with many tests; within a file all stays as it is."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(_LONG)}
    many = Counter(item.path for item in items)
    items.sort(key=lambda item: (places.get(item.path, len(places)), -many[item.path]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector leave alone what stays to the end: thousands of tests and all modules."""
    gc.collect()
    gc.freeze()
