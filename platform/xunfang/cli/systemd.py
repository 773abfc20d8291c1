"""systemd, where it started us: it may hold the port for us, and wants to know when we are ready."""

import os
import socket

from xunfang.errors import Refused

_FIRST_HANDLE = 3
_TOLD_BY_IT = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET")
READY, STOPPING = "READY=1", "STOPPING=1"


class HandedWrongly(Refused):
    """What systemd handed over is no port that could be served."""

    code = "SOCKET_UNUSABLE"


class Systemd:
    """Whoever started this process; nothing of it is passed on to processes that this one starts."""

    def __init__(self) -> None:
        told = {name: os.environ.pop(name, "") for name in _TOLD_BY_IT}
        self._notify = told["NOTIFY_SOCKET"]
        self._handles = int(told["LISTEN_FDS"] or 0) if told["LISTEN_PID"] == str(os.getpid()) else 0

    def port(self) -> socket.socket | None:
        """Return the listening socket that was handed over, None when there is none; raises HandedWrongly.

        It outlives this process: who comes while nobody serves waits in it.
        """
        if not self._handles:
            return None
        handed = socket.socket(fileno=_FIRST_HANDLE)
        if self._handles > 1 or handed.family not in (socket.AF_INET, socket.AF_INET6):
            raise HandedWrongly("xunfang.socket 须只写一个 ListenStream，写成“地址:端口”，如 127.0.0.1:8600。")
        handed.set_inheritable(False)
        handed.setblocking(False)
        return handed

    def tell(self, state: str) -> None:
        """Tell it our state; nothing happens where nobody wants to know."""
        if not self._notify:
            return
        address = f"\0{self._notify[1:]}" if self._notify.startswith("@") else self._notify
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.sendto(state.encode(), address)
