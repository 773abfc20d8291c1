"""The port and the database belong to one server; a dead one gives both back by itself."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from xunfang.cli.alone import DatabaseInUse, OnlyServer
from xunfang.cli.port import PortTaken, open_port
from xunfang.errors import Refused

HOLDS = """
import sys, time
from xunfang.cli.alone import OnlyServer
held = OnlyServer(sys.argv[1], "http://127.0.0.1:1/")
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_second_server_of_one_database_is_told_who_has_it_and_a_killed_one_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'xunfang.db'}"
    other = subprocess.Popen([sys.executable, "-c", HOLDS, url], stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(DatabaseInUse, match=f"http://127.0.0.1:1/，进程号 {other.pid}"):
        OnlyServer(url, "")
    other.send_signal(signal.SIGKILL)
    other.wait()
    other.stdout.close()
    OnlyServer(url, "").give_back()
    assert (tmp_path / "new" / "xunfang.db.server").stat().st_mode & 0o777 == 0o600


def test_a_database_that_is_no_file_may_have_many_servers() -> None:
    OnlyServer("postgresql://somewhere/xunfang", "")
    OnlyServer("postgresql://somewhere/xunfang", "")


def test_a_port_is_opened_alone_even_beside_one_that_would_share(port: int) -> None:
    with closing(socket.socket()) as sharing:
        sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sharing.bind(("127.0.0.1", port))
        sharing.listen()
        with pytest.raises(PortTaken, match=f"端口 {port} .*（进程号 {os.getpid()}）.*--port"):
            open_port("127.0.0.1", port)
    with closing(open_port("127.0.0.1", port)):
        with pytest.raises(PortTaken):
            open_port("127.0.0.1", port)
        with closing(socket.socket()) as sharing:
            sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            with pytest.raises(OSError, match="in use"):
                sharing.bind(("127.0.0.1", port))


def test_an_address_that_is_not_ours_is_told(port: int) -> None:
    with pytest.raises(Refused, match="--host"):
        open_port("192.0.2.1", port)
    with pytest.raises(Refused, match="--host"):
        open_port("no-such-host.invalid", port)


def test_the_orphans_of_a_killed_server_are_waited_for(port: int, tmp_path: Path) -> None:
    script = tmp_path / "orphan.py"
    script.write_text(
        "import socket, sys, time\n"
        f"s = socket.create_server(('127.0.0.1', {port}))\n"
        "print('listens', flush=True)\ntime.sleep(1)\n"
    )
    orphan = subprocess.Popen([sys.executable, str(script), "web", "--fd", "4"], stdout=subprocess.PIPE)
    assert orphan.stdout is not None
    orphan.stdout.readline()
    open_port("127.0.0.1", port, patience=60).close()
    orphan.wait()
    orphan.stdout.close()


def test_a_holder_that_ends_before_it_is_looked_at_is_no_other_program(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", port)) as held:

        def gone(_port: int) -> list[tuple[int, str]]:
            held.close()
            return []

        monkeypatch.setattr("xunfang.cli.port._holders", gone)
        open_port("127.0.0.1", port).close()
    with socket.create_server(("127.0.0.1", port)):
        monkeypatch.setattr("xunfang.cli.port._holders", lambda _port: [])
        with pytest.raises(PortTaken, match="别的程序"):
            open_port("127.0.0.1", port)
