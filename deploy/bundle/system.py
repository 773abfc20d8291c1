"""Debian's packages with everything that they stand on, as a repository of their own from which apt installs."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

LIST = Path(__file__).resolve().parents[1] / "packages.txt"


def wanted() -> list[str]:
    """Return the names of the packages that an installation needs."""
    return [line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def fetch_packages(into: Path, machine: str) -> list[dict[str, str]]:
    """Download the packages for a machine with all that they need, and return the entries of their repository.

    Nothing of this system's own packages is taken for granted or changed. Raises CalledProcessError.
    """
    into.mkdir()
    with TemporaryDirectory(prefix="xunfang-apt-") as name:
        apt = [*_apart(Path(name), machine)]
        _run("apt-get", *apt, "update")
        _run("apt-get", *apt, "install", "--yes", "--download-only", "--no-install-recommends", *wanted())
        for package in sorted((Path(name) / "cache" / "archives").glob("*.deb")):
            shutil.copy(package, into / package.name.replace("%3a", "_"))
    entries = [_entry(package) for package in sorted(into.glob("*.deb"))]
    text = "\n".join("".join(f"{key}: {value}\n" for key, value in entry.items()) for entry in entries)
    (into / "Packages").write_text(text, "utf-8")
    return entries


def _apart(folder: Path, machine: str) -> Iterator[str]:
    """Yield the options that keep apt to a folder, as if nothing were installed."""
    for each in ("lists/partial", "cache/archives/partial"):
        (folder / each).mkdir(parents=True)
    (folder / "status").touch()
    settings: Mapping[str, object] = {
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        "APT::Architecture": machine,
        "APT::Architectures": machine,
        "APT::Sandbox::User": "",
        "Acquire::Retries": 2,
        "Acquire::http::Timeout": 20,
    }
    for name, value in settings.items():
        yield from ("-o", f"{name}={value}")


def _entry(package: Path) -> dict[str, str]:
    """Return the fields of a package that apt wants to know, in their order."""
    told = _run("dpkg-deb", "--field", str(package))
    fields: dict[str, str] = {}
    for line in told.splitlines():
        if line[:1].isspace():
            continue  # the long description
        name, _, value = line.partition(": ")
        fields[name] = value
    content = package.read_bytes()
    place = {"Filename": f"./{package.name}", "Size": str(len(content)), "SHA256": hashlib.sha256(content).hexdigest()}
    return {"Package": fields.pop("Package"), **fields, **place}


def _run(*command: str) -> str:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
