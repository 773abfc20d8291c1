"""One server for one database: the main process holds a lock beside the file for as long as it lives.

Workers hold one together, so that nobody takes the database elsewhere while one of them goes on writing to it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
        self._handle = _opened(database, "server")
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


@contextmanager
def among_workers(url: str) -> Iterator[None]:
    """Be one of the workers of a database for the length of the block; a server's own counts them itself."""
    with _beside_workers(url, fcntl.LOCK_SH):
        yield


@contextmanager
def without_workers(url: str) -> Iterator[None]:
    """Let no worker be at a database for the length of the block; raises DatabaseInUse where one is."""
    with _beside_workers(url, fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def _beside_workers(url: str, way: int) -> Iterator[None]:
    if not url.startswith(_SQLITE):
        yield
        return
    database = Path(url.removeprefix(_SQLITE))
    handle = _opened(database, "workers")
    try:
        fcntl.flock(handle, way)
    except BlockingIOError:
        os.close(handle)
        raise DatabaseInUse(f"数据库 {database} 还有后台作业（xunfang work）在使用。请先停止它，再运行一次。") from None
    try:
        yield
    finally:
        os.close(handle)


def _opened(database: Path, who: str) -> int:
    """Return the handle of a lock beside a database; raises Unreachable."""
    try:
        database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(database.with_name(f"{database.name}.{who}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unreachable(f"（{error.strerror}）") from None


def _told(database: Path, other: str) -> str:
    where = f"（{other}）" if other else ""
    return (
        f"数据库 {database} 正由另一个寻访使用{where}，没有再启动一个。一个数据库只能有一个网站："
        "请先停掉那一个，或在 config.toml 的 [database] 中另写一个数据库。"
    )
