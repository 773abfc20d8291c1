"""The software bill of materials: CycloneDX 1.6, of what lies in the bundle and of nothing else."""

import hashlib
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from bundle.lock import Pinned, normalized

Component = dict[str, Any]

_FANDOL = ("Fandol", "GPL with font exception")
FONTS = {
    "FandolFang-Regular.otf": _FANDOL,
    "FandolKai-Regular.otf": _FANDOL,
    "FandolHei-Regular.otf": _FANDOL,
    "FandolSong-Bold.otf": _FANDOL,
    "HanaMinB.ttf": ("HanaMin", "HanaMin licence or SIL Open Font License 1.1"),
}
"""The fonts of papers that the bundle brings, by file: the family, and its licence."""


class Unaccounted(Exception):
    """Something lies in the bundle that the lock file does not allow, or is missing from it."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel as it lies in the bundle, with what it says of itself."""

    name: str
    version: str
    sha256: str
    file: str
    told: Message


def read_wheel(path: Path) -> Wheel:
    """Return what a wheel is and says of itself."""
    with zipfile.ZipFile(path) as archive:
        (metadata,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        told = HeaderParser().parsestr(archive.read(metadata).decode("utf-8"))
    return Wheel(normalized(told["Name"]), told["Version"], sha256_of(path), path.name, told)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bill(
    application: Wheel,
    wheels: Iterable[Wheel],
    pinned: Iterable[Pinned],
    others: Iterable[Component],
    at: datetime,
    environment: Mapping[str, str],
) -> dict[str, Any]:
    """Return the bill of materials of a bundle; `environment` answers the markers of requirements.

    Raises Unaccounted unless there is exactly one wheel for each pinned package, and its hash is one that was pinned.
    """
    by_name = {wheel.name: wheel for wheel in wheels}
    _check(by_name, {each.name: each for each in pinned})
    parts = [_component(wheel, "library") for _, wheel in sorted(by_name.items())]
    everybody = {application.name: application, **by_name}
    needs = _needs(everybody, environment)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{_serial(everybody.values())}",
        "version": 1,
        "metadata": {
            "timestamp": at.isoformat().replace("+00:00", "Z"),
            "component": _component(application, "application"),
        },
        "components": [*parts, *others],
        "dependencies": [
            {"ref": _ref(wheel), "dependsOn": sorted(_ref(everybody[each]) for each in needs[wheel.name])}
            for wheel in everybody.values()
        ],
    }


def _check(wheels: Mapping[str, Wheel], pinned: Mapping[str, Pinned]) -> None:
    wrong = [f"{name} is pinned and not there" for name in pinned.keys() - wheels.keys()]
    wrong += [f"{name} is there and not pinned" for name in wheels.keys() - pinned.keys()]
    for name in pinned.keys() & wheels.keys():
        if wheels[name].version != pinned[name].version or wheels[name].sha256 not in pinned[name].hashes:
            wrong.append(f"{wheels[name].file} is not the file that was pinned")
    if wrong:
        raise Unaccounted("; ".join(sorted(wrong)))


def _serial(wheels: Iterable[Wheel]) -> uuid.UUID:
    """Return the same number for the same contents."""
    return uuid.uuid5(uuid.NAMESPACE_OID, " ".join(sorted(f"{wheel.file}:{wheel.sha256}" for wheel in wheels)))


def _ref(wheel: Wheel) -> str:
    return f"pkg:pypi/{wheel.name}@{wheel.version}"


def _component(wheel: Wheel, kind: str) -> Component:
    return {
        "type": kind,
        "bom-ref": _ref(wheel),
        "name": wheel.name,
        "version": wheel.version,
        "description": wheel.told.get("Summary", ""),
        "purl": _ref(wheel),
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        "licenses": _licences(wheel.told),
        "properties": [{"name": "xunfang:file", "value": wheel.file}],
    }


def _licences(told: Message) -> list[dict[str, Any]]:
    """Return the licence as the package states it: an SPDX expression, else its classifiers, its words, its file."""
    if expression := told.get("License-Expression"):
        return [{"expression": expression}]
    names = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License :: ")]
    words = [line for line in (told.get("License") or "").splitlines() if line][:1]
    words = words or [f"as in its file {name}" for name in told.get_all("License-File", [])]
    return [{"license": {"name": name}} for name in dict.fromkeys(names or words)]


def _asked(wheel: Wheel, extras: Iterable[str], environment: Mapping[str, str]) -> Iterator[Requirement]:
    """Yield what a wheel asks for in this environment, with these extras of it."""
    for text in wheel.told.get_all("Requires-Dist", []):
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({**environment, "extra": each}) for each in ("", *extras)):
            yield need


def _needs(everybody: Mapping[str, Wheel], environment: Mapping[str, str]) -> dict[str, set[str]]:
    """Return what each wheel stands on, with the extras that others ask of it."""
    extras: dict[str, set[str]] = {}
    for wheel in everybody.values():
        for need in _asked(wheel, (), environment):
            extras.setdefault(normalized(need.name), set()).update(need.extras)
    return {
        name: {normalized(need.name) for need in _asked(wheel, extras.get(name, ()), environment)} & everybody.keys()
        for name, wheel in everybody.items()
    }


def font_component(path: Path) -> Component:
    """Return the entry of a font."""
    family, licence = FONTS[path.name]
    return {
        "type": "file",
        "bom-ref": f"font:{path.name}",
        "name": path.name,
        "description": family,
        "hashes": [{"alg": "SHA-256", "content": sha256_of(path)}],
        "licenses": [{"license": {"name": licence}}],
    }


def package_component(fields: Mapping[str, str]) -> Component:
    """Return the entry of a package of the system, from the fields of its repository."""
    name, version, machine = fields["Package"], fields["Version"], fields["Architecture"]
    return {
        "type": "library",
        "bom-ref": f"pkg:deb/debian/{name}@{version}?arch={machine}",
        "name": name,
        "version": version,
        "purl": f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={machine}",
        "hashes": [{"alg": "SHA-256", "content": fields["SHA256"]}],
        "properties": [{"name": "xunfang:file", "value": fields["Filename"]}],
    }
