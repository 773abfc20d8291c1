"""The journal 运行日志: one line of JSON for each request, job and event of the machinery; no personal data, ever.

What a line may tell is a closed set: codes, ids, endpoints, numbers. Texts of failures stay out, whoever wrote them:
they may hold what somebody typed. Many processes write into one file of the day.
"""

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from xunfang import clock

MB = 1_000_000
FILE_BYTES = 20 * MB
"""A file of the day that has grown so large is followed by another."""
_NAMED = re.compile(r"xunfang-\d{4}-\d{2}-\d{2}\.\d{3}\.jsonl")
_FRAMES = 8
_OWN = "xunfang"
_TOLD = "journal"
_LONG_NUMBER = re.compile(r"(?<![0-9A-Fa-f-])\d[\d -]{5,}\d[Xx]?(?![0-9A-Fa-f-])")
"""What might be a number of a person or phone, wherever it got into a line; ids are hexadecimal and longer."""
_log = logging.getLogger(f"{_OWN}.{_TOLD}")


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the journal lies, for how many days, and how many megabytes of it at most."""

    folder: Path
    days: int = 180
    megabytes: int = 2000


def note(
    what: str,
    outcome: str,
    *,
    ms: float | None = None,
    jurisdiction: str = "",
    account: str = "",
    request: str = "",
    **codes: str | int,
) -> None:
    """Write one line: `what` happened, with which `outcome`, and how long it took.

    `codes` are endpoints, kinds, statuses and ids, never anything that somebody typed.
    """
    told: dict[str, Any] = {"what": what, "outcome": outcome}
    told |= {"ms": round(ms, 1)} if ms is not None else {}
    own = {"jurisdiction": jurisdiction, "account": account, "request": request, **codes}
    _log.info(what, extra={_TOLD: told | {name: value for name, value in own.items() if value != ""}})


def place_of(error: BaseException) -> dict[str, Any]:
    """Return of what kind a failure is and where it happened, without a word of its own."""
    return {"error": f"{type(error).__module__}.{type(error).__qualname__}", "at": [*_frames(error.__traceback__)]}


def code_of(error: BaseException) -> str:
    """Return what may be told of a failure in a word: its code, or its kind and place; never its words."""
    if code := getattr(error, "code", ""):
        return str(code)
    told = place_of(error)
    return " ".join((told["error"], *told["at"][-1:]))


def _frames(trace: TracebackType | None) -> list[str]:
    found = []
    while trace is not None:
        found.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-_FRAMES:]


def _told(record: logging.LogRecord) -> dict[str, Any]:
    if isinstance(given := getattr(record, _TOLD, None), dict):
        return given
    told: dict[str, Any] = {"what": "log", "outcome": record.levelname.lower(), "by": record.name}
    if record.name.partition(".")[0] == _OWN:  # others may say anything
        told["text"] = _LONG_NUMBER.sub("…", record.getMessage())[:500]
    if record.exc_info and record.exc_info[1] is not None:
        told |= place_of(record.exc_info[1])
    return told


class _Line(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = clock.local(clock.now()).isoformat(timespec="milliseconds")
        return json.dumps({"time": at, "process": os.getpid(), **_told(record)}, ensure_ascii=False)


class _Files(logging.Handler):
    """Appends each line to the newest file of the day, and clears away what is too old or too much."""

    def __init__(self, keeping: Keeping) -> None:
        super().__init__(logging.INFO)
        self._keeping = keeping
        self._path, self._handle = Path(), -1

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; where the disk will not take it, work goes on without."""
        with suppress(OSError):
            line = f"{self.format(record)}\n".encode()
            os.write(self._open_for(clock.local(clock.now()).strftime("%Y-%m-%d")), line)

    def _open_for(self, day: str) -> int:
        if self._handle < 0 or not self._path.name.startswith(f"xunfang-{day}.") or self._is_full():
            self.close()
            self._keeping.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path = next(path for path in self._names(day) if not _full(path))
            self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            clear_away(self._keeping)
        return self._handle

    def _is_full(self) -> bool:
        return os.fstat(self._handle).st_size >= FILE_BYTES or not self._path.exists()

    def _names(self, day: str) -> Iterator[Path]:
        return (self._keeping.folder / f"xunfang-{day}.{n:03}.jsonl" for n in range(1000))

    def close(self) -> None:
        """Let the file go."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        super().close()


def _full(path: Path) -> bool:
    return path.exists() and path.stat().st_size >= FILE_BYTES


def clear_away(keeping: Keeping) -> None:
    """Remove the files of days that are over, and the oldest beyond the room there is for all; never the newest."""
    files = sorted(path for path in keeping.folder.iterdir() if _NAMED.fullmatch(path.name))
    oldest = clock.local(clock.now()).date().toordinal() - keeping.days
    room = keeping.megabytes * MB
    for path in reversed(files[:-1]):
        room -= path.stat().st_size
        if room < FILE_BYTES or clock.parse(path.name[8:18]).date().toordinal() < oldest:
            path.unlink(missing_ok=True)


def keep_journal(keeping: Keeping) -> None:
    """Let everything that this process logs go into the journal, and its warnings to the console as well, line alike.

    What nobody caught is told by kind and place, in whichever thread it happened. Nothing is said of a line that cannot
    be written: what the library would say repeats the words of the record.
    """
    logging.raiseExceptions = False
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(logging.WARNING)
    root = logging.getLogger()
    for handler in (_Files(keeping), console):
        handler.setFormatter(_Line())
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger(_OWN).setLevel(logging.INFO)
    sys.excepthook = lambda _kind, error, _trace: _uncaught(error)
    threading.excepthook = lambda told: _uncaught(told.exc_value)


def _uncaught(error: BaseException | None) -> None:
    if error is not None:
        logging.getLogger(_OWN).error("nobody caught a failure", exc_info=error)
