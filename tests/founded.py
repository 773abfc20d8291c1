"""A folder as it stands before a test begins, made once in a process and copied for every test after that."""

from collections.abc import Callable, Hashable
from pathlib import Path
from tempfile import TemporaryDirectory

from databases import copy_databases, keep_as_template, kind_now

_KEPT: dict[Hashable, dict[Path, bytes | None]] = {}


def founded(folder: Path, key: Hashable, found: Callable[[Path], None]) -> None:
    """Fill a folder with what `found` makes of an empty one, which is asked once for each key.

    Whatever `found` opens it closes again: what is copied must be whole.
    """
    key = (kind_now(), key)
    if key not in _KEPT:
        with TemporaryDirectory() as name:
            found(Path(name))
            keep_as_template(Path(name))
            _KEPT[key] = {path.relative_to(name): _content(path) for path in sorted(Path(name).rglob("*"))}
    for path, content in _KEPT[key].items():
        if content is None:
            (folder / path).mkdir(mode=0o700, exist_ok=True)
        else:
            (folder / path).touch(mode=0o600)
            (folder / path).write_bytes(content)
    copy_databases(folder)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
