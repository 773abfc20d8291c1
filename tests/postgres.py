"""A PostgreSQL server of the tests' own: an ordinary user's, in a temporary folder, reached by its socket only."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import psycopg2

_USER = "nobody"
_QUIET = (
    "-c",
    "listen_addresses=",
    "-c",
    "max_connections=60",
    "-c",
    "shared_buffers=32MB",
    "-c",
    "log_min_messages=fatal",
)

FOR_A_LARGE_COUNTY = ("shared_buffers=2GB", "effective_cache_size=8GB", "max_wal_size=8GB", "checkpoint_timeout=30min")
"""What a server for a large county is given; the tests' own is a small one."""


@cache
def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that is installed, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def name_in(address: str) -> str:
    """Return the name of the database at an address."""
    return address.split("/")[3].split("?")[0]


class Server:
    """A running server; it dies with the process that started it."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.folder, self.data, self._settings = folder, folder / "data", settings
        self._kept: set[str] = set()
        self._line: tuple[int, Any] = 0, None
        tools = programs()
        assert tools is not None, "缺少 PostgreSQL：请先运行 make setup-test"
        self._tools = tools
        self._as_files = " STRATEGY FILE_COPY" if int(tools.parent.name) >= 15 else ""  # before, the only way
        self._start_as: tuple[str, ...] = ()
        if os.getuid() == 0:  # the server refuses to be run by root
            shutil.chown(folder, _USER)
            self._start_as = ("setpriv", f"--reuid={_USER}", "--regid=nogroup", "--clear-groups")
        if not self.data.exists():
            self._make()
        self.process = self.start()

    def _make(self) -> None:
        given = (
            "--auth=trust",
            "--username=xunfang",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        )
        self.call("initdb", "--pgdata", str(self.data), *given)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server and wait until it answers; after a kill its own children may hold it up for a moment."""
        self.process = self._begin()
        self.revive()
        return self.process

    def revive(self) -> None:
        """Wait until the server answers; where it gave up, because it could not write, it is started again."""
        until = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < until, f"the server does not answer, see {self.folder}.log"
            time.sleep(0.02)
            if self.process.poll() is not None:
                self.process = self._begin()

    def _begin(self) -> "subprocess.Popen[bytes]":
        begin = ("setpriv", "--pdeathsig=QUIT", *self._start_as[1:], str(self._tools / "postgres"))
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            more = [word for each in self._settings for word in ("-c", each)]
            command = (*begin, "-D", str(self.data), "-c", f"unix_socket_directories={self.folder}", *_QUIET, *more)
            return subprocess.Popen(command, stdout=log, stderr=log, cwd="/")

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres")).close()
        except psycopg2.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End the server whatever is connected."""
        self.process.send_signal(3)
        self.process.wait()

    def url(self, database: str, user: str = "xunfang") -> str:
        """Return the address of one of its databases, for a user."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder), safe='')}"

    def database(self) -> str:
        """Make a new, empty database and return its address."""
        return self._made("template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")

    def copy(self, address: str) -> str:
        """Make a database as another one is that nobody is connected to, and return its address."""
        return self._made(name_in(address), urlsplit(address).username or "")

    def _made(self, template: str, user: str = "xunfang") -> str:
        name = f"n{uuid4().hex[:12]}"  # children that were forked make some too
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}{self._as_files}")
        return self.url(name, user)

    def keep(self, address: str) -> None:
        """Keep a database when others are dropped."""
        self._kept.add(name_in(address))

    def drop_loose(self) -> None:
        """Drop every database that is not kept, whoever is connected."""
        for (name,) in self.run("SELECT datname FROM pg_database WHERE datname ~ '^n[0-9a-f]{12}$'"):
            if name not in self._kept:
                self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str) -> list[tuple[str, ...]]:
        """Run one statement beside all databases and return its rows."""
        with closing(self._beside().cursor()) as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _beside(self) -> Any:
        """Return a connection that this process keeps: the server takes longer to begin one than to run most of these.

        After a fork the child has its own, and after a death of the server everybody another one.
        """
        process, kept = self._line
        with suppress(psycopg2.Error):
            if process == os.getpid() and kept is not None:
                with closing(kept.cursor()) as cursor:
                    cursor.execute("SELECT 1")
                return kept
        made = psycopg2.connect(self.url("postgres"))
        made.autocommit = True
        self._line = os.getpid(), made
        return made

    def give(self, path: Path) -> None:
        """Let the server have a file or folder that was made for it."""
        if os.getuid() == 0:
            shutil.chown(path, _USER)

    def call(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own programs as the server's user; raises CalledProcessError."""
        command = (*self._start_as, str(self._tools / program), *arguments)
        subprocess.run(command, check=True, capture_output=True, cwd="/")


@contextmanager
def server(within: Path | None = None, *settings: str) -> Iterator[Server]:
    """Run a server for the length of the block: in a folder, or in memory where the system has such a folder."""
    memory = Path("/dev/shm")
    within = within or (memory if memory.is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="xunfang-", dir=within) as name:
        outer = Path(name)
        outer.chmod(0o755)
        (outer / "pg").mkdir()
        running = Server(outer / "pg", *settings)
        try:
            yield running
        finally:
            running.stop()


@contextmanager
def lasting_server(folder: Path, *settings: str) -> Iterator[Server]:
    """Run a server for the length of the block whose data stay in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Server(folder, *settings)
    try:
        yield running
    finally:
        running.stop()
