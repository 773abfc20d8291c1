"""The offline bundle, but for what takes minutes (`make bundle-try`): what is pinned is listed and lies there."""

import json
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from datetime import UTC, datetime
from email.parser import HeaderParser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from bundle.lock import NotPinned, Pinned, read_lock
from bundle.make import write_sums
from bundle.sbom import FONTS, Unaccounted, Wheel, bill, font_component, read_wheel
from bundle.system import wanted

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
AT = datetime(2026, 11, 29, tzinfo=UTC)
HERE = {"python_version": "3.11", "sys_platform": "linux", "platform_python_implementation": "CPython"}
OUR_OWN = HeaderParser().parsestr("Name: xunfang\nVersion: 0.1.0\nLicense-Expression: Apache-2.0\n")


def _wheel_of(name: str, folder: Path) -> Wheel:
    """Return a wheel with the metadata of an installed package and nothing else in it."""
    told = distribution(name).read_text("METADATA")
    assert told is not None, name
    path = folder / f"{name}-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.dist-info/METADATA", told)
    return read_wheel(path)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Wheel]:
    folder = tmp_path_factory.mktemp("wheels")
    return [_wheel_of(each.name, folder) for each in read_lock(LOCK)]


@pytest.fixture(scope="module")
def pinned(wheels: list[Wheel]) -> list[Pinned]:
    hashes = {wheel.name: frozenset({wheel.sha256}) for wheel in wheels}
    return [Pinned(each.name, each.version, hashes[each.name]) for each in read_lock(LOCK)]


def _bill(wheels: list[Wheel], pinned: list[Pinned], others: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    told = HeaderParser().parsestr(str(OUR_OWN))
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]:
        told["Requires-Dist"] = each
    own = Wheel("xunfang", "0.1.0", "0" * 64, "xunfang-0.1.0-py3-none-any.whl", told)
    return bill(own, wheels, pinned, others or [], AT, HERE)


def test_the_bill_names_every_pinned_package_with_version_hash_and_licence(
    wheels: list[Wheel], pinned: list[Pinned]
) -> None:
    told = _bill(wheels, pinned)
    parts = {part["name"]: part for part in told["components"]}
    assert {(name, part["version"]) for name, part in parts.items()} == {
        (each.name, each.version) for each in read_lock(LOCK)
    }
    for name, part in parts.items():
        assert part["licenses"], f"{name} states no licence"
        assert part["hashes"][0]["content"] in next(each.hashes for each in pinned if each.name == name)
        assert part["purl"] == f"pkg:pypi/{name}@{part['version']}"
    assert "://" not in json.dumps(told)


def test_everything_pinned_is_needed_by_somebody(wheels: list[Wheel], pinned: list[Pinned]) -> None:
    needs = {each["ref"]: each["dependsOn"] for each in _bill(wheels, pinned)["dependencies"]}
    reached, waiting = set[str](), ["pkg:pypi/xunfang@0.1.0"]
    while waiting:
        ref = waiting.pop()
        waiting += [each for each in needs[ref] if each not in reached]
        reached.add(ref)
    assert needs.keys() == reached


def test_what_is_not_exactly_what_was_pinned_makes_no_bundle(wheels: list[Wheel], pinned: list[Pinned]) -> None:
    with pytest.raises(Unaccounted, match="is pinned and not there"):
        _bill(wheels[1:], pinned)
    with pytest.raises(Unaccounted, match="is there and not pinned"):
        _bill(wheels, pinned[1:])
    other = Pinned(pinned[0].name, pinned[0].version, frozenset({"0" * 64}))
    with pytest.raises(Unaccounted, match="is not the file that was pinned"):
        _bill(wheels, [other, *pinned[1:]])


@pytest.mark.parametrize(
    "line", ["flask>=3", "flask==3.1.3", "flask @ file:///x", "flask==3.1.3 \\\n    --hash=md5:00"]
)
def test_a_lock_that_leaves_something_open_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "lock").write_text(f"{LOCK.read_text('utf-8')}{line}\n", "utf-8")
    with pytest.raises(NotPinned, match="flask"):
        read_lock(tmp_path / "lock")


def test_fonts_are_listed_with_their_licence() -> None:
    for name in FONTS:
        part = font_component(ROOT / "var" / "fonts" / name)
        assert part["licenses"][0]["license"]["name"]
        assert re.fullmatch("[0-9a-f]{64}", part["hashes"][0]["content"])


def test_the_list_of_system_packages_is_the_one_that_the_set_up_installs() -> None:
    told = (ROOT / ".ci" / "setup").read_text("utf-8")
    assert set(wanted()) == {"python3", "python3-venv", *re.findall(r"apt_install (libpango.*?) \|\|", told)[0].split()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle with nothing to install in it: what is checked comes before."""
    made = tmp_path / "bundle"
    (made / "wheels").mkdir(parents=True)
    (made / "wheels" / "a.whl").write_bytes(b"wheel")
    about = {"name": "xunfang-test", "machine": "x86_64", "python": "3.11"}
    (made / "bundle.json").write_text(json.dumps(about, indent=1))
    shutil.copy(ROOT / "deploy" / "bundle" / "install", made)
    write_sums(made)
    return made


def _refused(folder: Path) -> str:
    places = [f"--{place}={folder.parent / place}" for place in ("program", "deployment", "data")]
    words = [word for each in places for word in each.split("=")]
    done = subprocess.run([str(folder / "install"), "--plain", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"], "something was written"
    return done.stderr


def test_every_file_is_in_the_checksums(folder: Path) -> None:
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    listed = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert listed == {"bundle.json", "install", "wheels/a.whl"}


def test_nothing_is_installed_of_a_bundle_that_was_changed_cut_or_added_to(folder: Path) -> None:
    wheel = folder / "wheels" / "a.whl"
    wheel.write_bytes(b"whee1")
    assert "不完整或被改动过" in _refused(folder)
    wheel.unlink()
    assert "不完整或被改动过" in _refused(folder)
    wheel.write_bytes(b"wheel")
    (folder / "wheels" / "b.whl").write_bytes(b"slipped in")
    assert "不符" in _refused(folder)


def test_nothing_is_installed_on_a_machine_or_python_that_it_is_not_for(folder: Path) -> None:
    about = (folder / "bundle.json").read_text()
    (folder / "bundle.json").write_text(about.replace("x86_64", "loongarch64"))
    write_sums(folder)
    assert "给 loongarch64 的机器用" in _refused(folder)
    here = about.replace("x86_64", os.uname().machine)
    (folder / "bundle.json").write_text(here.replace("3.11", "3.99"))
    write_sums(folder)
    assert "没有 Python 3.99" in _refused(folder)


HOSTS = {"127.0.0.1", "xunfang.example.gov.cn", "sso.example.gov.cn", "xunfang", "$host"}
"""Hosts that what is shipped may name: this machine and invented ones."""


def test_nothing_that_is_shipped_names_a_place_on_the_network() -> None:
    files = [LOCK, ROOT / "requirements-dev.lock", ROOT / "config.toml", ROOT / "Makefile", ROOT / "pyproject.toml"]
    for name in ("deploy", ".ci"):
        files += [path for path in (ROOT / name).rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for path in files:
        text = path.read_text("utf-8")
        assert set(re.findall(r"https?://([$]?[\w.-]*\w)", text)) <= HOSTS, path
        assert not re.search(r"--(extra-)?index-url|trusted-host", text), path
