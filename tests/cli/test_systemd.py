"""What systemd hands over and is told."""

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest

from dying import in_child
from xunfang.cli.systemd import READY, HandedWrongly, Systemd


def _handed(sockets: list[socket.socket]) -> Systemd:
    """Do in a child what systemd does before it starts a program."""
    for n, each in enumerate(sockets):
        os.dup2(each.fileno(), 3 + n)
    os.environ.update(LISTEN_FDS=str(len(sockets)), LISTEN_PID=str(os.getpid()))
    return Systemd()


def test_a_port_that_was_handed_over_is_taken_and_not_told_of_again() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:

        def take() -> None:
            systemd = _handed([held])
            port = systemd.port()
            assert port is not None
            assert port.getsockname() == held.getsockname()
            assert not port.get_inheritable()
            assert "LISTEN_FDS" not in os.environ
            assert Systemd().port() is None

        assert in_child(take) == 0


def test_what_is_no_one_port_is_refused(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as path, closing(socket.create_server(("127.0.0.1", 0))) as port:
        path.bind(str(tmp_path / "socket"))

        def refuse(*sockets: socket.socket) -> None:
            with pytest.raises(HandedWrongly, match="ListenStream"):
                _handed(list(sockets)).port()

        assert in_child(lambda: refuse(path)) == 0
        assert in_child(lambda: refuse(port, port)) == 0


def test_handles_of_somebody_else_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.setenv("LISTEN_PID", str(os.getpid() + 1))
    assert Systemd().port() is None


@pytest.mark.parametrize("abstract", [False, True])
def test_it_is_told_when_we_are_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:
    name = f"@xunfang-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as systemd:
        systemd.bind(f"\0{name[1:]}" if abstract else name)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        Systemd().tell(READY)
        assert systemd.recv(100) == b"READY=1"
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Systemd().tell(READY)  # nobody wants to know
