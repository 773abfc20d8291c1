"""A small disk of the torture's own, which can be filled to the last byte and emptied again."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_APART = "XUNFANG_TORTURE_APART"
_PIECE = 1024 * 1024


def go_apart() -> bool:
    """Continue in a mount namespace of our own, whose disks vanish with us; returns whether there is one.

    Only root may have one without more ado.
    """
    if os.getuid() != 0:
        return False
    if _APART not in os.environ:
        os.execvpe("unshare", ["unshare", "--mount", "--", sys.executable, *sys.argv], {**os.environ, _APART: "1"})
    return True


def lay_disk(folder: Path, megabytes: int) -> None:
    """Put a disk of so many megabytes, in memory, at a new folder; raises CalledProcessError."""
    folder.mkdir()
    options = f"size={megabytes}m,mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "xunfang-torture", str(folder)], check=True)


def drop_disk(folder: Path) -> None:
    """Take a disk away, whoever still looks at it."""
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Ballast:
    """What fills a disk until it is dropped."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "ballast"
        handle = os.open(self._file, os.O_CREAT | os.O_WRONLY)
        piece, at = _PIECE, 0
        while piece:  # until not even a byte finds room: others write meanwhile
            try:
                os.posix_fallocate(handle, at, piece)
                at += piece
            except OSError:
                piece //= 16
        os.close(handle)

    def drop(self) -> None:
        """Make room again."""
        with suppress(FileNotFoundError):
            self._file.unlink()
