"""What holds for every test: where temporary files lie, how seldom the collector of cycles looks, who begins."""

import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from _pytest.assertion import rewrite
from hypothesis import HealthCheck, settings

_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30
"""What the files of all tests may take at once, in bytes, several times over."""
_SELDOM = (10_000, 20, 50)
"""How much is made before the collector looks: a compiled rulebook is a hundred thousand objects, none of them lost."""
_LONG = (
    "web/test_matrix.py", "year/test_year.py", "test_death.py", "web/test_studio_walks.py", "web/test_fuzzing.py",
    "cli/test_engine_scenarios.py", "web/test_browser.py", "web/test_studio_clauses.py", "web/test_walls.py",
    "web/test_injection.py", "cli/test_serving.py",
    "checking/test_judging.py", "rulebook/test_lint_mutants.py", "scale/test_lists.py", "browser/test_walk.py",
    "web/test_visits_browser.py", "scale/test_growing.py", "cli/test_restarting.py", "actions/test_rekeying.py",
    "reception/test_server.py", "deploy/test_nginx.py", "machines/test_casework.py", "demo/test_year.py",
    "printing/test_bombs.py", "rulebook/test_fuzz.py", "cli/test_commands.py", "photos/test_photos.py",
    "machines/test_stored.py", "printing/test_press.py", "cli/test_releasing.py", "store/test_upgrade.py",
    "test_together.py", "worker/test_death.py", "cli/test_console.py", "store/test_integrity.py",
    "prove/test_coverage.py", "test_lifeline.py", "machines/test_lived.py", "test_reviewed.py", "demo/test_month.py",
    "cli/test_leaving.py", "actions/test_heavy_papers.py", "web/test_rows.py", "web/test_conditions.py",
    "cli/test_starting.py", "store/test_point_in_time.py", "deploy/test_bundle.py", "store/test_server.py",
    "reception/test_desk.py", "printing/test_overflow.py", "test_adapt.py",
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


def pytest_configure(config: pytest.Config) -> None:
    """Rewrite the asserts of this process's share of the files, where nobody has: else each process rewrites all."""
    share, processes = os.environ.get("PYTEST_XDIST_WORKER", "")[2:], os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")
    state = config.stash.get(rewrite.assertstate_key, None)
    if not share or state is None or state.mode != "rewrite" or sys.dont_write_bytecode:
        return
    files = sorted(file for folder in map(Path, config.args) if folder.is_dir() for file in folder.rglob("test_*.py"))
    for file in files[int(share) :: int(processes)]:
        kept = rewrite.get_cache_dir(file) / f"{file.stem}{rewrite.PYC_TAIL}"
        if rewrite._read_pyc(file, kept) is None and rewrite.try_makedirs(kept.parent):
            told, code = rewrite._rewrite_test(file, config)
            rewrite._write_pyc(state, code, told, kept)


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
