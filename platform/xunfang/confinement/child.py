"""The parent's side: one running child, its pipes, and the clock that kills it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import xunfang
from xunfang.confinement.frames import HangupError, receive, receive_json, send, send_json
from xunfang.confinement.limits import Limits

START_SECONDS = 60.0

Equip = Callable[[Path], Mapping[str, str]]
"""Puts what the child needs into its folder and returns more of its environment."""


class Confined:
    """A running child: `module` is run as a program that calls `serve`."""

    def __init__(
        self, module: str, limits: Limits, settings: Mapping[str, Any], equip: Equip = lambda folder: {}
    ) -> None:
        """Start the child. Raises HangupError when it does not come up."""
        self._limits, self.answered, self._ends = limits, 0, False
        folder = Path(tempfile.mkdtemp(prefix="xunfang-"))
        self._remove_folder = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment(folder) | dict(equip(folder)),
            cwd=folder,
            start_new_session=True,
        )
        self._start({"memory": limits.memory, "cpu": limits.cpu, "settings": dict(settings)})

    def alive(self) -> bool:
        """Return whether the child still runs and has neither said that it ends nor been struck."""
        return not self._ends and self._process.poll() is None

    def ask(self, order: Mapping[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Return what the child answers. Raises HangupError when it died or was killed over it."""
        self.tell(order, body)
        return self.hear()

    def tell(self, order: Mapping[str, Any], body: bytes = b"") -> None:
        """Give an order whose answer is heard later, so that the child works while we do. Raises HangupError."""
        self.answered += 1
        with self._killed_after(self._limits.wall):
            send_json(self._orders, order)
            send(self._orders, body)

    def hear(self) -> tuple[dict[str, Any], bytes]:
        """Return what the child answers to the order given last. Raises HangupError when it died or was killed."""
        with self._killed_after(self._limits.wall):
            head = receive_json(self._answers)
            self._ends = head["ends"]
            return head["told"], receive(self._answers, self._limits.answer)

    def kill(self) -> None:
        """End the child, with whatever it forked, and remove its folder."""
        self._strike()
        self._process.wait()
        self._remove_folder()
        self.abandon()

    def abandon(self) -> None:
        """Close our ends of the pipes without touching the child or its folder."""
        self._remove_folder.detach()
        self._orders.close()
        self._answers.close()

    def _start(self, start: Mapping[str, Any]) -> None:
        try:
            with self._killed_after(START_SECONDS):
                send_json(self._orders, start)
                self.refuses_outside = bool(receive_json(self._answers)["refuses_outside"])
        except HangupError:
            self.kill()
            raise

    def _strike(self) -> None:
        self._ends = True
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    @property
    def _orders(self) -> BinaryIO:
        assert self._process.stdin is not None
        return self._process.stdin  # type: ignore[return-value]

    @property
    def _answers(self) -> BinaryIO:
        assert self._process.stdout is not None
        return self._process.stdout  # type: ignore[return-value]

    @contextmanager
    def _killed_after(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._strike)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def environment(folder: Path) -> dict[str, str]:
    """Return a child's whole environment; none of the server's secrets is in it."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    source = Path(xunfang.__file__).resolve().parent.parent
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(source),
    }
