"""The site that is besieged: `xunfang serve --demo` on one jurisdiction in a folder of its own, on this machine."""

import ipaddress
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLERK, PASSWORD = "yibao", "Xunfang#2021"
START_SECONDS = 300


@dataclass(frozen=True)
class Site:
    """Where the site is."""

    host: str
    port: int


def many_files() -> None:
    """Let this process open as many connections as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def site_at(address: str) -> Iterator[Site]:
    """Take a demonstration that runs already; anything but this machine is refused."""
    host, _, port = address.partition(":")
    if not ipaddress.ip_address(host).is_loopback:
        raise SystemExit("only a site on this machine is besieged")
    many_files()
    yield Site(host, int(port))


def free_port() -> int:
    """Return a port that nobody uses."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def started(nginx: bool) -> Iterator[Site]:
    """Start a demonstration, with nginx in front of it when that is wanted, and end it afterwards."""
    many_files()
    with tempfile.TemporaryDirectory(prefix="xunfang-siege-") as name:
        folder = Path(name)
        for part in ("forms", "workflows", "templates"):
            (folder / part).symlink_to(ROOT / part)
        (folder / "var").mkdir()
        (folder / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")
        (folder / "config.toml").write_text('serves = ["370304-boshan"]\n[web]\ngateways = ["127.0.0.1"]\n', "utf-8")
        port = free_port()
        command = [sys.executable, "-m", "xunfang", "--config", str(folder / "config.toml"), "serve", "--demo"]
        with running([*command, "--port", str(port)], port):
            if not nginx:
                yield Site("127.0.0.1", port)
                return
            front = free_port()
            with running(_nginx(folder, port, front), front):
                yield Site("127.0.0.1", front)


@contextmanager
def running(command: list[str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command that serves on a port, and give its process once it answers; it ends with the block."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(port, process)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.3)
    raise SystemExit("the site did not start")


def _nginx(folder: Path, port: int, front: int) -> list[str]:
    """Return the command of an nginx with the shipped settings, set on free ports and without TLS."""
    shipped = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    tried = "\n".join(line for line in shipped.splitlines() if "ssl_" not in line and "# only with TLS" not in line)
    tried = tried.replace("listen 443 ssl;", f"listen 127.0.0.1:{front};").replace(
        "127.0.0.1:8600", f"127.0.0.1:{port}"
    )
    (folder / "site.conf").write_text(tried, "utf-8")
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log; "
        f"worker_rlimit_nofile 8192; events {{ worker_connections 4096; }}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; "
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; "
        f"include {folder}/site.conf; }}\n",
        "utf-8",
    )
    return ["nginx", "-e", f"{folder}/nginx.log", "-c", str(folder / "nginx.conf")]
