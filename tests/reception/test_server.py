"""Granian on a socket that was opened before: whoever is slow or idle is ended, and what comes meanwhile waits."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

SECONDS = 60
SITE = Path(__file__).with_name("odd_site.py")


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        found.setblocking(False)
        yield found


def start(listening: socket.socket) -> "subprocess.Popen[bytes]":
    fd = listening.fileno()
    return subprocess.Popen([sys.executable, str(SITE), str(fd)], pass_fds=(fd,))


@pytest.fixture
def site(listening: socket.socket) -> Iterator["subprocess.Popen[bytes]"]:
    process = start(listening)
    yield process
    process.kill()
    process.wait()


def get(listening: socket.socket, path: str = "/", body: bytes | None = None) -> str:
    host, port = listening.getsockname()
    with urllib.request.urlopen(f"http://{host}:{port}{path}", body, SECONDS) as answer:
        return str(answer.read().decode())


def connect(listening: socket.socket, sent: bytes = b"") -> socket.socket:
    found = socket.create_connection(listening.getsockname(), SECONDS)
    found.sendall(sent)
    return found


def test_idle_and_half_sent_requests_end_by_themselves_and_hold_up_nobody(
    listening: socket.socket, site: "subprocess.Popen[bytes]"
) -> None:
    assert get(listening) == "done 0"
    unfinished = [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: "]
    slow = [connect(listening, sent) for sent in unfinished * 20]
    uploads = [connect(listening, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nx") for _ in range(20)]
    assert get(listening, body=b"x" * 5_000_000) == "done 5000000"
    for each in slow:
        assert each.recv(1000)[:12] in (b"", b"HTTP/1.1 408")
        each.close()
    for each in uploads:
        each.close()


def test_a_header_beyond_the_limit_is_refused(listening: socket.socket, site: "subprocess.Popen[bytes]") -> None:
    with connect(listening, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 200_000) as long:
        assert b" 431 " in long.recv(1000).partition(b"\r\n")[0]
    assert get(listening) == "done 0"


def test_who_comes_while_nobody_serves_waits_for_the_next(
    listening: socket.socket, site: "subprocess.Popen[bytes]"
) -> None:
    assert get(listening) == "done 0"
    site.kill()
    site.wait()
    with connect(listening, b"GET / HTTP/1.0\r\n\r\n") as early:
        again = start(listening)
        assert early.recv(1000).startswith(b"HTTP/1.0 200")
        again.kill()
        again.wait()


def test_asked_to_end_it_answers_what_it_has_in_hand_and_waits_for_nothing_unfinished(
    listening: socket.socket, site: "subprocess.Popen[bytes]"
) -> None:
    assert get(listening) == "done 0"
    with (
        connect(listening, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nx"),
        connect(listening, b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n") as slow,
    ):
        assert get(listening) == "done 0"  # by now the slow one is in hand
        site.terminate()
        assert "done 0" in "".join(iter(lambda: slow.recv(1000).decode(), ""))  # it says good-bye and closes
        assert site.wait(SECONDS) == 0
