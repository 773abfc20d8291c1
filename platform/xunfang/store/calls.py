"""Calls between processes over a PostgreSQL server, on connections of their own and never within a transaction.

A notification sent inside a transaction makes all commits wait for one another (510 a second instead of 5,800).
"""

import os
from contextlib import suppress
from typing import Any

import psycopg2

from xunfang.store.dialects import AddressUnusable, without_password
from xunfang.store.failures import telling

_CHANNEL = "xunfang_bell"
_CONNECT_SECONDS = 5
_left_behind: list[Any] = []
"""Connections that this process was forked with: to close them here would close them for our parent."""


class Calls:
    """Calls and listens on one server; nothing is opened before the first use, and a forked process opens its own."""

    def __init__(self, url: str) -> None:
        if not url.startswith("postgresql://"):
            raise AddressUnusable(f"门铃地址 {without_password(url)} 无法使用。")
        self._url = url
        self._raw: Any = None
        self._pid = 0

    def call(self) -> None:
        """Call everybody who listens; raises Unreachable and whatever else the server says, in words."""
        with telling():
            self._say(self._open_one() or self._raw, f"NOTIFY {_CHANNEL}")

    def called(self) -> bool:
        """Return whether anybody called since the last time this was asked.

        True also when listening has only begun, or begun again: what was called before that is not known.
        """
        with telling():
            if begun := self._open_one():
                self._say(begun, f"LISTEN {_CHANNEL}")
                return True
            self._raw.poll()
            heard = bool(self._raw.notifies)
            self._raw.notifies.clear()
        return heard

    def close(self) -> None:
        """Close this process's connection."""
        if self._raw is not None and self._pid == os.getpid():
            with suppress(psycopg2.Error):
                self._raw.close()
        self._raw = None

    def _open_one(self) -> Any:
        """Return a connection that had to be opened, None where one of this process is open already."""
        if self._raw is not None and self._pid != os.getpid():
            _left_behind.append(self._raw)
            self._raw = None
        if self._raw is not None and not self._raw.closed:
            return None
        name = f"xunfang-{os.getpid()}"
        self._raw = psycopg2.connect(self._url, connect_timeout=_CONNECT_SECONDS, application_name=name)
        self._raw.autocommit = True
        self._pid = os.getpid()
        return self._raw

    def _say(self, raw: Any, statement: str) -> None:
        with raw.cursor() as cursor:
            cursor.execute(statement)
