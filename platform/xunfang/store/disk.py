"""Writing to the disk so that it stays: private files, flushed files and folders."""

import os
from pathlib import Path

from xunfang.steps import reached


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


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
