"""The files of one backup, each with the hash of its content, sealed by a passphrase where there is one."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xunfang.backup.shelf import PART, BackupBroken
from xunfang.store import SealBroken
from xunfang.store.disk import private_folder, sync_folder, writing
from xunfang.store.passphrase import Passphrase, pieces_of

SEALED = ".sealed"


class Content(NamedTuple):
    """What was written of a file, before it was sealed: the SHA-256 of it, and how many bytes."""

    sha256: str
    size: int


class Box:
    """A folder whose files are written once; their names are paths below it, sealed ones end so on the disk."""

    def __init__(self, folder: Path, passphrase: Passphrase | None) -> None:
        self.folder = folder
        self.passphrase = passphrase

    def put(self, name: str, pieces: Iterable[bytes]) -> Content:
        """Write a file and return what it holds; it is on the disk when this returns, its name with `settle`."""
        counted = _Counted(pieces)
        write_pieces(self._place(name), self.passphrase.seal(name, counted) if self.passphrase else counted)
        return counted.content

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield what is in a file; raises BackupBroken where it is sealed and was altered, OSError."""
        raw = pieces_of(self._place(name))
        try:
            yield from self.passphrase.open(name, raw) if self.passphrase else raw
        except SealBroken:
            raise BackupBroken(f"备份中的 {name} 被改动、截断或损坏，解不开。请改用另一份备份。") from None

    def content(self, name: str) -> Content:
        """Return what a file holds now; raises as `pieces` does."""
        counted = _Counted(self.pieces(name))
        for _ in counted:
            pass
        return counted.content

    def has(self, name: str) -> bool:
        """Return whether there is a file of this name."""
        return self._place(name).is_file()

    def names(self, beside: str) -> set[str]:
        """Return the names of all files there are, links left out, but the one that lies in clear beside them."""
        found = set()
        for folder, _, files in os.walk(self.folder):
            paths = (Path(folder, file) for file in files)
            found |= {path.relative_to(self.folder).as_posix() for path in paths if not path.is_symlink()}
        ending = SEALED if self.passphrase else ""
        return {
            name.removesuffix(ending) if name.endswith(ending) else f"（未加密）{name}" for name in found - {beside}
        }

    def settle(self) -> None:
        """Put the names of all files on the disk."""
        for folder, _, _ in os.walk(self.folder):
            sync_folder(Path(folder))

    def _place(self, name: str) -> Path:
        return self.folder / (f"{name}{SEALED}" if self.passphrase else name)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file for its owner only, piece by piece; its content is on the disk when this returns.

    Raises NoRoom when the disk will not take it.
    """
    private_folder(path.parent)
    part = path.with_name(f"{path.name}{PART}")
    with writing(part):
        with open(part, "xb", opener=_private) as file:
            _write_through(file, pieces)
        part.replace(path)


_AT_ONCE = 8 << 20
"""How many bytes are written through to the disk at once: whoever commits meanwhile waits for as many at most."""


def _write_through(file: BinaryIO, pieces: Iterable[bytes]) -> None:
    waiting = 0
    for piece in pieces:
        file.write(piece)
        waiting += len(piece)
        if waiting >= _AT_ONCE:
            _settle(file)
            waiting = 0
    _settle(file)


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _Counted:
    """Pieces that are counted and hashed as they pass."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._hash, self._size = pieces, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._hash.update(piece)
            self._size += len(piece)
            yield piece

    @property
    def content(self) -> Content:
        """What has passed."""
        return Content(self._hash.hexdigest(), self._size)
