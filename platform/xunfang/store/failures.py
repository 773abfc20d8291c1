"""When the database itself fails: what is told to a person instead of the library's own words."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import peewee
import psycopg2

from xunfang.errors import Refused
from xunfang.store.disk import NoRoom


class Busy(Refused):
    """The database could not be had in time; nothing was written and the person may simply try again."""

    status = 503
    code = "BUSY"

    def __init__(self) -> None:
        super().__init__("系统繁忙，本次操作没有保存，请稍后重试。")


class Damaged(Refused):
    """The file of the database is not whole; whoever reads on may be told what is wrong."""

    status = 503
    code = "DATABASE_DAMAGED"

    def __init__(self, where: str = "") -> None:
        super().__init__(
            f"数据库文件已损坏{where}，本次操作没有完成。请系统管理员停止服务，把整个数据目录原样复制留底，"
            "再用最近一次完好的备份恢复；做法见 docs/starting.md。"
        )


class ReadOnly(Refused):
    """The database can be read but not written."""

    status = 503
    code = "DATABASE_READ_ONLY"

    def __init__(self) -> None:
        super().__init__(
            "数据库文件或它所在的磁盘只能读、不能写，没有保存任何内容。请检查磁盘是否以只读方式挂载，"
            "以及数据库文件、所在目录是否归运行本程序的账户所有；用 PostgreSQL 的，检查是否连到了只读的备库。"
        )


class Unreachable(Refused):
    """The file of the database cannot be opened."""

    status = 503
    code = "DATABASE_UNREACHABLE"

    def __init__(self, why: str = "") -> None:
        super().__init__(f"数据库打不开{why}。请检查它所在的目录是否存在、归运行本程序的账户所有，磁盘是否正常。")


class ServerAway(Unreachable):
    """The server of the database does not answer, or does not let us in."""

    def __init__(self) -> None:
        Refused.__init__(
            self,
            "数据库服务器连不上，本次操作没有保存，请稍后重试。请系统管理员查看 PostgreSQL 是否在运行、"
            "config.toml 中 [database] 的地址和登录方式是否正确。",
        )


_FAILURES = (peewee.PeeweeException, sqlite3.DatabaseError, psycopg2.Error)
"""Reading on from a cursor raises the library's own."""


@contextmanager
def telling() -> Iterator[None]:
    """Raise a failure of the database as it is told to a person; anything else goes through as it is."""
    try:
        yield
    except (peewee.IntegrityError, sqlite3.IntegrityError, psycopg2.IntegrityError):
        raise
    except _FAILURES as error:
        if told := _told(error):
            raise told from error
        raise


_SAID: tuple[tuple[Callable[[], Refused], tuple[str, ...]], ...] = (
    (Damaged, ("malformed", "file is not a database", "file is encrypted")),
    (Damaged, ("invalid page in block", "could not read block", "missing chunk number", "corrupted")),
    (NoRoom, ("disk is full", "disk I/O error", "No space left on device", "could not extend file")),
    (ReadOnly, ("readonly database", "read-only")),
    (Unreachable, ("unable to open",)),
    (Busy, ("locked", "busy", "lock timeout", "deadlock detected", "too many clients", "connection slots")),
    (ServerAway, ("connection to server", "server closed the connection", "terminating connection")),
    (ServerAway, ("connection already closed", "could not translate host name", "could not receive data")),
)
"""What SQLite and PostgreSQL say, gravest first."""


def _told(error: BaseException) -> Refused | None:
    """Return a failure of the database as it is told to a person, None where that is not possible.

    SQLite undoes a transaction by itself when the disk is full, so that the error in hand may only be that undoing it
    once more failed; the cause then stands behind it.
    """
    cause: BaseException | None = error
    while cause is not None:
        for kind, words in _SAID:
            if any(word in str(cause) for word in words):
                return kind()
        cause = cause.__context__
    return None
