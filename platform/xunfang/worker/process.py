"""A worker as a process of its own: sweeps now and then, at once when the bell rings, and ends cleanly on request."""

import logging
import signal
import threading
from datetime import timedelta
from types import FrameType

from xunfang.worker.far_bell import Rings
from xunfang.worker.loop import MOST_IN_ONE_SWEEP, Worker

EVERY = timedelta(seconds=15)
LISTEN_SECONDS = 0.2
_log = logging.getLogger(__name__)


def run_worker(worker: Worker, bell: Rings, every: timedelta = EVERY, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT comes, or `stop` is set; the job in hand is finished first.

    Signals are heeded in the main thread only; elsewhere `stop` is the way to end it.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        _stop_on_signal(stop)
    worker.heed(bell.note)
    while not stop.is_set():
        if _swept(worker, stop) < MOST_IN_ONE_SWEEP:
            _sleep(bell, every, stop)
    bell.close()


def _swept(worker: Worker, stop: threading.Event) -> int:
    try:
        return worker.sweep(stop.is_set)
    except Exception:  # a full disk or a busy database passes; a worker that gave up would not come back
        _log.exception("a sweep failed; the next one tries again")
        return 0


def _sleep(bell: Rings, every: timedelta, stop: threading.Event) -> None:
    for _ in range(max(1, round(every.total_seconds() / LISTEN_SECONDS))):
        if bell.heard() or stop.wait(LISTEN_SECONDS):
            return


def _stop_on_signal(stop: threading.Event) -> None:
    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
