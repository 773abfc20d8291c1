"""The units of systemd: understood by it, and tight by its own count."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy"
UNITS = sorted(path.name for kind in ("service", "socket", "timer") for path in SHIPPED.glob(f"*.{kind}"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
MOST_EXPOSED = 2.0
"""systemd calls 2.0 and less OK; a service with no limits has 9.6."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a machine on which the units are installed as `install` puts them."""
    assert shutil.which("systemd-analyze"), "缺少 systemd：请先运行 make setup-test"
    root = tmp_path_factory.mktemp("machine")
    own = root / "etc" / "systemd" / "system"
    own.mkdir(parents=True)
    for name in UNITS:
        shutil.copy(SHIPPED / name, own)
    for name in SERVICES:
        (own / f"{name}.d").mkdir()
        shutil.copy(SHIPPED / "hardened.conf", own / f"{name}.d")
    theirs = root / "usr" / "lib" / "systemd" / "system"
    theirs.mkdir(parents=True)
    for path in Path("/usr/lib/systemd/system").glob("*.target"):
        shutil.copy(path, theirs)
    program = root / "opt" / "xunfang" / "current" / "venv" / "bin" / "xunfang"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return root


def _analyzed(machine: Path, *words: str) -> str:
    command = ["systemd-analyze", f"--root={machine}", "--no-pager", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_systemd_finds_nothing_wrong(machine: Path) -> None:
    told = _analyzed(machine, "--man=no", "verify", *UNITS)
    assert told == ""


@pytest.mark.parametrize("service", SERVICES)
def test_systemd_calls_each_service_tight(machine: Path, service: str) -> None:
    told = _analyzed(machine, "--offline=yes", "security", service)
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert exposure, told
    assert float(exposure[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_runs_as_a_user_of_its_own_on_its_own_data(service: str) -> None:
    text = (SHIPPED / service).read_text("utf-8")
    assert {"User=xunfang", "StateDirectory=xunfang", "StateDirectoryMode=0700", "UMask=0077"} <= set(text.splitlines())
