"""Do something in a forked child that is struck at a named step, as a power cut would strike it."""

import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from xunfang import steps
from xunfang.steps import STEPS


def in_child(work: Callable[[], object], at: str = "") -> int:
    """Do some work in a child aimed at `<step>:<n>`; returns the signal it died of, 0 when it lived to the end."""
    pid = os.fork()
    if pid == 0:
        try:
            steps.aim(at)
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(70)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed instead of dying"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def passes(work: Callable[[], object], count_in: Path) -> Counter[str]:
    """Return how often some work passes each step; it is done in a child."""

    def counted() -> None:
        seen: Counter[str] = Counter()

        class Watch(str):
            """Looks like no step at all, and notes each it is compared with."""

            def __eq__(self, step: object) -> bool:
                seen[str(step)] += 1
                return False

            __hash__ = str.__hash__

        steps._aim.step = Watch()
        work()
        count_in.write_text("\n".join(f"{step} {seen[step]}" for step in STEPS if seen[step]))

    assert in_child(counted) == 0
    pairs = (line.split() for line in count_in.read_text().splitlines())
    return Counter({step: int(times) for step, times in pairs})


def several(times: int) -> list[int]:
    """Return the first, the second, a middle and the last of so many passes."""
    return sorted({1, min(2, times), (times + 1) // 2, times})


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder whose files cost no wait for a disk: a killed process, unlike a power cut, loses nothing there."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="xunfang-", dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def together(*works: Callable[[], object]) -> None:
    """Do several works in children of their own, begun at one moment, and wait until all have ended well."""
    waiting, go = os.pipe()
    pids = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            try:
                os.close(go)
                os.read(waiting, 1)
                work()
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(70)
        pids.append(pid)
    os.close(go)
    os.close(waiting)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * len(pids)
