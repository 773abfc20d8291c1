"""The folder that backups lie in: each under its moment, written under a name of passage, the oldest going last."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from xunfang.clock import local
from xunfang.errors import Refused
from xunfang.steps import reached
from xunfang.store.disk import private_folder, sync_folder

PART = ".part"
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-\d{6}")
_LOCK = "backup.lock"


class BackupRefused(Refused):
    """A backup was not made, or not restored, for a reason that lies outside of it."""

    code = "BACKUP_REFUSED"


class BackupBroken(Refused):
    """A backup is not whole, was altered, or is none; nothing of it was restored."""

    code = "BACKUP_BROKEN"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one who makes backups in a folder; raises BackupRefused when somebody else does."""
    private_folder(folder)
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupRefused(f"另一次备份正在 {folder} 中进行，没有再做一份。请等它做完。") from None
    finally:
        os.close(handle)


def begun(folder: Path, at: datetime) -> Path:
    """Return a new folder of passage for the backup of a moment; raises BackupRefused when there is one of it."""
    clear_leftovers(folder)
    named = folder / f"{local(at):%Y-%m-%d-%H%M%S}"
    if named.exists():
        raise BackupRefused(f"{named} 已经有了，没有再做一份。请过一会儿再试。")
    part = named.with_name(named.name + PART)
    part.mkdir(mode=0o700)
    return part


def finished(part: Path) -> Path:
    """Give a backup that was written whole its name, and return it."""
    named = part.with_name(part.name.removesuffix(PART))
    part.rename(named)
    sync_folder(part.parent)
    reached("backup.named")
    return named


def clear_leftovers(folder: Path) -> None:
    """Remove what those left who died while they wrote or removed a backup."""
    for each in folder.glob(f"*{PART}"):
        if _DATED.fullmatch(each.name.removesuffix(PART)):
            shutil.rmtree(each)


def named_in(folder: Path) -> list[Path]:
    """Return the backups in a folder, oldest first; whether they are whole is not looked at."""
    return sorted(each for each in folder.iterdir() if _DATED.fullmatch(each.name) and each.is_dir())


def remove(backup: Path) -> None:
    """Remove a backup: it loses its name first, so that a half of it never looks whole."""
    part = backup.with_name(backup.name + PART)
    backup.rename(part)
    sync_folder(backup.parent)
    reached("backup.dropping")
    shutil.rmtree(part)
