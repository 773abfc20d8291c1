"""One installation in a folder, whose web and worker are real processes: forked, aimed at, killed, started again."""

import contextlib
import ctypes
import logging
import mmap
import os
import pickle
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from argon2 import PasswordHasher
from werkzeug.serving import WSGIRequestHandler, make_server

from postgres import Server
from xunfang import app, clock, in_force, steps
from xunfang.access_rules import AccessRules
from xunfang.rulebook.model import Rulebook
from xunfang.settings import Settings, read_settings
from xunfang.store import Account, transaction
from xunfang.worker import Bell, run_worker

ROOT = Path(__file__).resolve().parents[2]
COUNTY = "370304-boshan"
VILLAGE = "370304102201"
BEGIN = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
PASSWORD = "Right-Horse-9"
FAILING, PRINTING = 0.04, 0.04
"""How often printing fails once, and how often a worker's life prints on the real press."""
_DEATH_SIGNAL, _SUBREAPER = 1, 36


class TurnedClock:
    """A clock that every process of the house shares and the test turns: real seconds run on it.

    When time passes the machine's own count of its running grows as well; when the clock leaps it does not.
    """

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(struct.pack("dd", (BEGIN - datetime.now(UTC)).total_seconds(), 0.0))
        with file.open("r+b") as shared:
            self._shared = mmap.mmap(shared.fileno(), 16)

    @property
    def _state(self) -> tuple[float, float]:
        """Return how many seconds the clock is ahead of the real one, and how many were let pass."""
        ahead, passed = struct.unpack("dd", self._shared[:])
        return ahead, passed

    def turn(self, by: timedelta) -> None:
        """Let time pass."""
        ahead, passed = self._state
        self._shared[:] = struct.pack("dd", ahead + by.total_seconds(), passed + by.total_seconds())

    def leap(self, by: timedelta) -> None:
        """Set the clock to another time, although none has passed."""
        ahead, passed = self._state
        self._shared[:] = struct.pack("dd", ahead + by.total_seconds(), passed)

    def now(self) -> datetime:
        return (datetime.now(UTC) + timedelta(seconds=self._state[0])).replace(microsecond=0)

    def uptime(self) -> clock.Uptime:
        real = datetime.now(UTC) - datetime.fromtimestamp(0, UTC)
        return clock.Uptime("torture", real + timedelta(seconds=self._state[1]))


def prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    """Make this process the parent of what its killed children leave behind."""
    prctl(_SUBREAPER, 1)


@dataclass
class House:
    """What the processes have in common. Nothing here holds the database open: it must not cross a fork."""

    folder: Path
    port: int
    clock: TurnedClock
    random: Random
    rulebook: Rulebook
    files: dict[str, str]
    server: Server | None = None
    """A PostgreSQL server of this house's own; without one its database is a file."""
    on_server: str = ""
    on_own_disk: bool = False
    """Whether all that is kept lies on a disk of its own, which may be filled."""

    def __post_init__(self) -> None:
        self.on_server = self.server.database() if self.server else ""

    @property
    def address(self) -> str:
        """Return the address of the database."""
        return self.on_server or f"sqlite:///{self.folder / 'data' / 'house.db'}"

    @property
    def disk(self) -> Path:
        """Return where everything lies that is kept."""
        return self.folder / "data"

    @property
    def settings(self) -> Settings:
        data = self.disk
        return replace(
            read_settings(ROOT / "config.toml"),
            serves=(COUNTY,),
            database=self.address,
            queue=f"sqlite:///{data / 'bell.db'}",
            files=data / "files",
            keys=f"file:{data / 'keys' / 'data.key'}",
            https=False,
            access=AccessRules(reports_hourly=0, photos_hourly=0, reveals_hourly=0),
        )

    def fork(self, work: Callable[[], None], log: str) -> int:
        """Do some work in a process of its own that dies with this one, and return its number."""
        pid = os.fork()
        if pid:
            return pid
        prctl(_DEATH_SIGNAL, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        out = os.open(self.folder / f"{log}.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        os.dup2(out, 1)
        os.dup2(out, 2)
        logging.basicConfig(level=logging.ERROR, force=True)
        try:
            work()
            os._exit(0)
        except BaseException:
            logging.exception("%s ended badly", log)
            os._exit(70)

    def serve(self) -> int:
        """Start the real `xunfang serve`: a main process that keeps a web process and a worker."""
        script = Path(__file__).with_name("served.py")
        command = [sys.executable, str(script), str(self.folder), "serve", "--port", str(self.port)]
        return self.fork(lambda: os.execv(sys.executable, command), "main")

    def furnish(self) -> None:
        """Write down what processes that are started, not forked, have in common with this one."""
        (self.folder / "rules").write_bytes(pickle.dumps((self.files, self.rulebook)))
        data = self.disk
        (self.folder / "config.toml").write_text(
            f'serves = ["{COUNTY}"]\n[database]\nurl = "{self.address}"\n'
            f'[queue]\nurl = "sqlite:///{data}/bell.db"\n[files]\npath = "{data}/files"\n'
            f'[keys]\ndata = "file:{data}/keys/data.key"\n',
            "utf-8",
        )

    def start(self, role: str, at: str = "", blow: signal.Signals = signal.SIGKILL) -> int:
        """Start the web or a worker, struck when it passes the step it is aimed at."""
        seed = self.random.random()
        work = {"web": self._web, "worker": partial(self._worker, seed)}[role]
        return self.fork(partial(self._aimed, work, at, blow), role)

    def _aimed(self, work: Callable[[], None], at: str, blow: signal.Signals) -> None:
        steps.aim(at, blow)
        self.install()
        work()

    def install(self) -> None:
        """Put the turned clock and the compiled rules in place of the real clock and of compiling once more."""
        clock.now = self.clock.now
        clock.uptime = self.clock.uptime
        in_force.read_what_can_be = lambda root: (self.files, ())  # type: ignore[assignment]
        in_force.compile_alone = lambda files, lost, name: (self.rulebook, ())  # type: ignore[assignment]

    def is_up(self, pid: int) -> bool:
        """Return whether a process that was started has got to its work."""
        return (self.folder / f"up-{pid}").exists()

    def _be_up(self) -> None:
        (self.folder / f"up-{os.getpid()}").touch()

    def _web(self) -> None:
        deployment = app.open_deployment(self.settings)
        flask = app.create_app(self.settings, deployment)

        class Silent(WSGIRequestHandler):
            timeout = 30

            def log(self, *given: Any) -> None: ...

        site = make_server("127.0.0.1", self.port, flask, threaded=True, request_handler=Silent)
        self._be_up()
        site.serve_forever()

    def _worker(self, seed: float) -> None:
        random = Random(seed)
        if random.random() > PRINTING:
            app.press_of = partial(quick_press, random)  # type: ignore[assignment]
        deployment = app.open_deployment(self.settings)
        worker = app.create_worker(deployment, self.settings, self.clock.now)
        self._be_up()
        run_worker(worker, Bell(self.settings.queue), timedelta(seconds=1))

    def people(self) -> None:
        """Make the accounts, in a process of its own; their passwords are cheap to verify."""
        self.install()
        deployment = app.open_deployment(self.settings)
        cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
        with transaction(deployment.database, "") as tx:
            for login, (unit, role, division) in ACCOUNTS.items():
                account = Account(
                    id=f"account-{login}", login=login, name=f"测试{login}", password_hash=cheap, jurisdiction=COUNTY,
                    unit=unit, roles=(role,), created_at=self.clock.now(), division=division,
                )  # fmt: skip
                tx.insert_unless(account, "login")


ACCOUNTS = {
    "worker": (f"village:{VILLAGE}", "reporter", VILLAGE),
    "leader": ("service-centre", "leader", "370304"),
    "clerk": ("medical-insurance-bureau", "clerk", ""),
    "admin": ("task-force", "administrator", ""),
}


def quick_press(random: Random, settings: Settings, order: Any) -> SimpleNamespace:
    if random.random() < FAILING:
        raise OSError("the paper is jammed")
    time.sleep(0.002)
    return SimpleNamespace(pdf=f"{order.template} {order.facts['notice']['number']}".encode(), pages=1)


def end(pid: int) -> None:
    """Kill a process and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def say(text: str) -> None:
    """Write a line at once."""
    print(text, flush=True)
    sys.stdout.flush()
