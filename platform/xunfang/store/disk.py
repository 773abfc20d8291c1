"""Writing to the disk so that it stays: private files, flushed files and folders; and what is said when it is full."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xunfang.errors import Refused
from xunfang.steps import reached

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


class NoRoom(Refused):
    """The disk is full or fails; nothing was written. What is kept already can still be read."""

    status = 503
    code = "NO_ROOM"

    def __init__(self, place: Path | None = None) -> None:
        super().__init__(
            "服务器磁盘已满或发生故障，本次操作没有保存。已保存的内容不受影响，仍可查看；请通知管理员清理磁盘后再试。"
        )
        self.place = place
        """Where it was written to, for the console: on a page nobody is shown a path."""


@contextmanager
def writing(part: Path) -> Iterator[None]:
    """Leave no half of a file behind when writing it fails; raises NoRoom when the disk will not take it."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom(part.parent) from error
        raise
    finally:
        part.unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; its content is on the disk when this returns, its name not yet."""
    middle = len(content) // 2
    with open(path, "xb", opener=_private) as file:
        file.write(content[:middle])
        file.flush()
        reached("file.begun")
        file.write(content[middle:])
        file.flush()
        os.fsync(file.fileno())


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner only, whatever the umask."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def private_database(path: Path) -> None:
    """See to it that only its owner may read an SQLite file and what SQLite puts beside it, whatever the umask.

    SQLite gives the files beside it the mode of the first. A file that is there is never opened here: closing it would
    drop the locks that SQLite holds on it in this process.
    """
    private_folder(path.parent)
    if not path.exists():
        part = path.with_name(f"{path.name}.{os.urandom(8).hex()}.part")
        with writing(part):
            write_private(part, b"")
            with suppress(FileExistsError):
                os.link(part, path)
    for each in (path, *beside(path)):
        with suppress(FileNotFoundError, PermissionError):
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)


def beside(path: Path) -> tuple[Path, ...]:
    """Return the files that SQLite keeps beside a database: its log and the index of it."""
    return tuple(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
