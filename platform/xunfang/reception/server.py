"""Granian on a socket that somebody else opened and keeps open: what comes while this process is dead waits in it."""

import asyncio
import contextlib
import resource
import signal
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from xunfang.reception.desk import Reception
from xunfang.reception.door import hold_door, open_door

HEADER_SECONDS = 15
"""Within so many seconds the line and headers of a request must be there; an idle connection ends after as many."""
HEADER_BYTES = 32 * 1024
CONNECTIONS = 10_000
BACKLOG = 1024
LAST_CALL_SECONDS = 1.0
"""How long those who were let in already are given their turn, while nobody new comes in."""
CLOSING_SECONDS = 8.0
"""How long requests in hand may take once the server has been asked to end."""
_FLUSH_SECONDS = 0.2


class _Handed(Server):
    """Granian's embedded server, listening on a socket that was handed to it."""

    def __init__(self, fd: int, desk: Reception) -> None:
        super().__init__(
            desk,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            backpressure=_connections(),
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES),
            log_level=LogLevels.error,
        )
        self._fd = fd

    def _init_shared_socket(self) -> None:
        self._shd = SocketHolder(self._fd, False, BACKLOG)  # type: ignore[call-arg, assignment]


def _connections() -> int:
    """Return how many connections may be open at once: as many as the system lets us have, within reason."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = CONNECTIONS if most == resource.RLIM_INFINITY else most
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(64, min(CONNECTIONS, soft - 200))


async def serve_on(fd: int, desk: Reception) -> None:
    """Serve on a listening socket until SIGTERM or SIGINT; returns once what was in hand is answered, or is late.

    The door is left held: whoever keeps the socket opens it again, or closes the socket with nobody waiting before it.
    """
    open_door(fd)
    server = _Handed(fd, desk)
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    serving: asyncio.Task[Any] = loop.create_task(server.serve())
    leaving = loop.create_task(_leave(asked, fd, desk, server))
    try:
        await serving
    finally:
        leaving.cancel()
    await desk.finished(CLOSING_SECONDS)
    await asyncio.sleep(_FLUSH_SECONDS)


async def _leave(asked: asyncio.Event, fd: int, desk: Reception, server: _Handed) -> None:
    """Once asked to: let nobody in any more, answer those who are in and say good-bye to each, and then stop."""
    await asked.wait()
    hold_door(fd)
    desk.leaving = True
    await asyncio.sleep(LAST_CALL_SECONDS)
    server.stop()  # type: ignore[no-untyped-call]
