"""One server for one database: the main process holds a lock beside the file for as long as it lives."""

import fcntl
import os
from pathlib import Path

from xunfang.errors import Refused
from xunfang.store import Unreachable

_SQLITE = "sqlite:///"


class DatabaseInUse(Refused):
    """Another server works on this database."""

    code = "DATABASE_IN_USE"


class OnlyServer:
    """The right to be the one server of a database. The system itself gives it back when the process ends."""

    def __init__(self, url: str, said: str) -> None:
        """Take the right; `said` tells whoever comes later where we are. Raises DatabaseInUse, Unreachable.

        Several servers may share a database that is no file: that is what such a database is for.
        """
        self._handle = -1
        if url.startswith(_SQLITE):
            self._take(Path(url.removeprefix(_SQLITE)), said)

    def _take(self, database: Path, said: str) -> None:
        try:
            database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = database.with_name(f"{database.name}.server")
            self._handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unreachable(f"（{error.strerror}）") from None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.read(self._handle, 200).decode("utf-8", "replace").strip()
            self.give_back()
            raise DatabaseInUse(_told(database, other)) from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{said}，进程号 {os.getpid()}\n".encode(), 0)

    def give_back(self) -> None:
        """Let another server have the database."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _told(database: Path, other: str) -> str:
    where = f"（{other}）" if other else ""
    return (
        f"数据库 {database} 正由另一个寻访使用{where}，没有再启动一个。一个数据库只能有一个网站："
        "请先停掉那一个，或在 config.toml 的 [database] 中另写一个数据库。"
    )
