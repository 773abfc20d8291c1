"""The server's side of the press: one warm child process, one order at a time, killed and started anew at need."""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import xunfang
from xunfang.printing.fonts import font_files, write_fontconfig
from xunfang.printing.frames import HangupError, receive, receive_json, send_json
from xunfang.printing.order import Paper, PrintError, PrintOrder, plain_facts

START_SECONDS = 60.0
PRINTS_PER_CHILD = 500
"""A child is replaced after so many papers, so that whatever the libraries leak stays bounded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one paper may cost: address space in bytes, processor and wall-clock time in seconds."""

    memory: int = 1_500_000_000
    cpu: int = 20
    wall: float = 30.0


class Press:
    """Prints orders one after another in a child process; safe to share between threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def print_paper(self, order: PrintOrder) -> Paper:
        """Return the finished paper. Raises PrintError; after any error the next order is printed as usual."""
        request = {
            "template": order.template,
            "templates": dict(order.templates),
            "facts": plain_facts(order.facts),
            "layout": order.layout,
        }
        with self._lock:
            return self._ask(self._ready(order), request)

    def warm_up(self, font_dir: Path, fonts: dict[str, str]) -> None:
        """Start the child before the first order comes."""
        with self._lock:
            self._child_for(font_files(font_dir, fonts))

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._drop()

    def abandon(self) -> None:
        """Forget a child that belongs to the process we were forked from; it goes on serving that one."""
        self._lock = threading.Lock()
        child, self._child = self._child, None
        if child is not None:
            child.abandon()

    def _ready(self, order: PrintOrder) -> "_Child":
        return self._child_for(font_files(order.font_dir, order.fonts))

    def _child_for(self, fonts: dict[str, Path]) -> "_Child":
        if self._child is not None and not self._child.serves(fonts):
            self._drop()
        if self._child is None:
            self._child = _Child(fonts, self._limits)
        return self._child

    def _ask(self, child: "_Child", request: dict[str, Any]) -> Paper:
        try:
            answer, pdf = child.ask(request)
        except (HangupError, ValueError):
            self._drop()
            raise PrintError(
                "TOO_HEAVY", "文书排版超出允许的时间或内存，已停止。请检查模板或减少内容后再打印。"
            ) from None
        except BaseException:
            self._drop()
            raise
        if "code" in answer:
            raise PrintError(str(answer["code"]), str(answer["message"]))
        return Paper(pdf, hashlib.sha256(pdf).hexdigest(), int(answer["pages"]))

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._child = None


class _Child:
    """A running child process and the folder its fonts are described in."""

    def __init__(self, fonts: dict[str, Path], limits: Limits) -> None:
        self._fonts, self._limits, self._printed = fonts, limits, 0
        folder = Path(tempfile.mkdtemp(prefix="xunfang-press-"))
        self._remove_folder = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "xunfang.printing.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_environment(folder, write_fontconfig(fonts, folder)),
            cwd=folder,
            start_new_session=True,
        )
        self._start()

    def serves(self, fonts: dict[str, Path]) -> bool:
        """Return whether the child is alive, not worn out, and has these fonts."""
        return self._process.poll() is None and self._fonts == fonts and self._printed < PRINTS_PER_CHILD

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Return the answer to one order and the PDF. Raises HangupError when the child died or was killed over it."""
        self._printed += 1
        with self._killed_after(self._limits.wall):
            send_json(self._orders, request)
            answer: dict[str, Any] = receive_json(self._answers)
            return answer, b"" if "code" in answer else receive(self._answers)

    def kill(self) -> None:
        """End the process and remove its folder."""
        self._process.kill()
        self._process.wait()
        self._remove_folder()
        self.abandon()

    def abandon(self) -> None:
        """Close our ends of the pipes without touching the process or its folder."""
        self._remove_folder.detach()
        self._orders.close()
        self._answers.close()

    def _start(self) -> None:
        start = {
            "memory": self._limits.memory,
            "cpu": self._limits.cpu,
            "fonts": {k: str(v) for k, v in self._fonts.items()},
        }
        try:
            with self._killed_after(START_SECONDS):
                send_json(self._orders, start)
                receive_json(self._answers)
        except (HangupError, ValueError):
            self.kill()
            raise PrintError("PRESS_DOWN", "打印程序无法启动，请检查安装是否完整。") from None

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
        timer = threading.Timer(seconds, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _environment(folder: Path, config: Path) -> dict[str, str]:
    """Return the child's whole environment; none of the server's secrets is in it."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    source = Path(xunfang.__file__).resolve().parent.parent
    return kept | {
        "FONTCONFIG_FILE": str(config),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(source),
    }


_PRESS = Press()
atexit.register(_PRESS.close)
os.register_at_fork(after_in_child=_PRESS.abandon)


def print_paper(order: PrintOrder) -> Paper:
    """Return the finished paper, printed by this server process's own warm press. Raises PrintError."""
    return _PRESS.print_paper(order)


def warm_up(font_dir: Path, fonts: dict[str, str]) -> None:
    """Start the press ahead of the first order, so that nobody waits the second or two it takes."""
    _PRESS.warm_up(font_dir, fonts)
