"""The port: opened by the main process before anything else, so that two servers never share one."""

import contextlib
import errno
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from xunfang.errors import Refused

BACKLOG = 1024
READER_SECONDS = 30
"""Who takes nothing of an answer for so long is no longer waited for."""
HEIR_SECONDS = 20.0
"""How long the last children of a server that was killed are waited for."""
_LISTENS = "0A"


class PortTaken(Refused):
    """Another program listens at the address; the message says which, as far as it can be known."""

    code = "PORT_TAKEN"


def open_port(host: str, port: int, patience: float = HEIR_SECONDS) -> socket.socket:
    """Return a socket that listens at the address, alone; raises PortTaken, or Refused for no address of ours.

    Children of a server that was killed still hold its port for a moment: they are waited for.
    """
    until, unseen = time.monotonic() + patience, 0
    while True:
        try:
            return _listening(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                text = f"不能监听 {host}:{port}（{error.strerror}）。请检查 --host 和 --port。"
                raise Refused(text, "NO_SUCH_ADDRESS") from None
        holders = list(_holders(port))
        unseen = 0 if holders else unseen + 1  # once: it has just ended; again: we may not see whose it is
        if time.monotonic() > until or unseen > 1 or (holders and not _orphaned(holders)):
            raise PortTaken(_told(port, holders))
        time.sleep(0.2)


def _listening(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        # Never SO_REUSEPORT: with it the system would give every second visitor to the other server.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # what is accepted inherits it
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, READER_SECONDS * 1000)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def _orphaned(holders: list[tuple[int, str]]) -> bool:
    """Return whether only children of ours hold the port, whose main process is gone: they are about to end."""
    return bool(holders) and all(" web --fd " in command for _, command in holders)


def _told(port: int, holders: list[tuple[int, str]]) -> str:
    mains = [holder for holder in holders if " web --fd " not in holder[1]] or holders
    if not mains:
        return f"端口 {port} 已被别的程序占用，寻访没有启动。请用 --port 另选一个端口，或先停掉占用它的程序。"
    pid, command = mains[0]
    what = f"“{command[:120].strip()}”"
    if " serve" in command and "xunfang" in command:
        what = "寻访的演示" if "--demo" in command else "寻访"
        return f"端口 {port} 上已经运行着{what}（进程号 {pid}），没有再启动一个。请先停掉它，或用 --port 另选一个端口。"
    return f"端口 {port} 已被{what}（进程号 {pid}）占用，寻访没有启动。请用 --port 另选一个端口，或先停掉它。"


def _holders(port: int) -> Iterator[tuple[int, str]]:
    """Yield number and command line of the processes that listen at a port, as far as the system lets us see them."""
    inodes = {f"socket:[{inode}]" for inode in _inodes(port)}
    for process in Path("/proc").glob("[0-9]*") if inodes else ():
        with contextlib.suppress(OSError):
            if any(_link(handle) in inodes for handle in (process / "fd").iterdir()):
                yield int(process.name), (process / "cmdline").read_text("utf-8", "replace").replace("\0", " ")


def _link(handle: Path) -> str:
    with contextlib.suppress(OSError):
        return str(handle.readlink())
    return ""


def _inodes(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text("ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9]
