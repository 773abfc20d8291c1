"""The file store 文件库: papers and photos, encrypted, each kept once under the SHA-256 of its content."""

import hashlib
from datetime import datetime
from pathlib import Path

from xunfang.steps import reached
from xunfang.store.disk import private_folder, sync_folder, write_private, writing
from xunfang.store.ids import new_id
from xunfang.store.sealing import Keys, Place, SealBroken, key_of

_HEAD = 5
"""As many bytes of an envelope tell with which key it is sealed."""


class FileMissing(Exception):
    """The store has no file of this content."""


class FileStore:
    """Files below one folder. Their names on disk are keyed too, so that nobody can guess at a content by its hash."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.folder = folder
        self.keys = keys

    def put(self, content: bytes) -> str:
        """Keep a file and return the SHA-256 of its content; it is on disk, name and all, when this returns.

        Raises NoRoom when the disk will not take it.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if not self._can_be_opened(path):
            self._write(path, self.keys.seal(content, _place(sha256)))
        for folder in (path.parent, self.folder):  # also of a known file: whoever wrote it may have died before this
            sync_folder(folder)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the content that has this SHA-256; raises FileMissing, or SealBroken when the disk altered it."""
        return self.keys.open(self._read(sha256), _place(sha256))

    def envelope(self, sha256: str) -> bytes:
        """Return the file of this content as it lies on the disk, once it has been opened; raises as `get` does."""
        envelope = self._read(sha256)
        if hashlib.sha256(self.keys.open(envelope, _place(sha256))).hexdigest() != sha256:
            raise SealBroken(sha256)
        return envelope

    def key_of(self, sha256: str) -> bytes:
        """Return the id of the key that the file of this content is sealed with, b"" when there is no such file."""
        return _key_of(self._path(sha256))

    def seal_anew(self, sha256: str) -> None:
        """Seal a file with the key that seals now, unless it is; raises FileMissing, SealBroken, NoRoom."""
        if self.key_of(sha256) != self.keys.current:
            self._write(self._path(sha256), self.keys.sealed_anew(self._read(sha256), _place(sha256)))
            sync_folder(self._path(sha256).parent)

    def stored_as(self, sha256: str) -> str:
        """Return where below the folder the file of this content lies."""
        return self._path(sha256).relative_to(self.folder).as_posix()

    def has(self, sha256: str) -> bool:
        """Return whether a content is there; whether it opens is not looked at."""
        return self._path(sha256).exists()

    def drop(self, sha256: str) -> None:
        """Remove the file of this content, if there is one; the caller knows that nothing refers to it any more."""
        self._path(sha256).unlink(missing_ok=True)

    def clear_leftovers(self, before: datetime) -> int:
        """Remove what writers that died left half written before a moment; returns how many files it was."""
        parts = [part for part in self.folder.glob("*/*.part") if part.stat().st_mtime < before.timestamp()]
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)

    def _read(self, sha256: str) -> bytes:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise FileMissing(sha256) from error

    def _path(self, sha256: str) -> Path:
        name = self.keys.blind_index(sha256, kind="file")
        return self.folder / name[:2] / name

    def _can_be_opened(self, path: Path) -> bool:
        """Return whether a file is there whose key is at hand; one that nothing names keeps the key it had."""
        key = _key_of(path)
        return bool(key) and self.keys.knows(key)

    def _write(self, path: Path, envelope: bytes) -> None:
        part = path.with_name(f"{new_id()}.part")
        with writing(part):
            private_folder(path.parent)
            write_private(part, envelope)
            reached("file.written")
            part.replace(path)
        reached("file.renamed")


def _key_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return key_of(file.read(_HEAD))
    except FileNotFoundError:
        return b""


def _place(sha256: str) -> Place:
    return Place("file", "content", sha256)
