"""Reading a lock file: `name==version` with the hashes of every file that may be taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pinned:
    """One package of a lock file. `name` is normalized; `hashes` are SHA-256 of its files."""

    name: str
    version: str
    hashes: frozenset[str]


class NotPinned(Exception):
    """A line of the lock file pins nothing, so that nobody could say what would be installed."""


def normalized(name: str) -> str:
    """Return a package's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(path: Path) -> list[Pinned]:
    """Return the packages of a lock file in its order; raises NotPinned for an entry without a version or hash."""
    text = path.read_text("utf-8")
    pinned = [
        Pinned(normalized(found["name"]), found["version"], frozenset(_HASH.findall(found["rest"])))
        for found in _ENTRY.finditer(text)
    ]
    loose = [*_loose_lines(text), *(each.name for each in pinned if not each.hashes)]
    if loose:
        raise NotPinned(f"{path.name}: {', '.join(loose)}")
    return pinned


def _loose_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if re.match(r"^[A-Za-z0-9]", line) and not _ENTRY.match(line):
            yield line
