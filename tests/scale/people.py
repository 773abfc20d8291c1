"""People at work while something long runs: one who reports every 20 ms and one who turns pages, each a process."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, takewhile
from pathlib import Path
from uuid import uuid4

from scale.browsers import quantile
from scale.seeds import NOW
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.submitting import submit
from xunfang.identity import make_id
from xunfang.rules.sample import sample_answers
from xunfang.store import Busy, Scope, ScopedReader, connection
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.reading.wanted import Horizon, QueueFilter

EVERY = 0.02
"""Seconds from one report to the next."""
FORM = "clue-report"
_HORIZON = Horizon(NOW, NOW, NOW)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long each of what was done within a time took, in seconds."""

    lasted: tuple[float, ...]

    @property
    def longest(self) -> float:
        """Return the longest."""
        return max(self.lasted, default=0.0)

    @property
    def most(self) -> float:
        """Return within which 99 of 100 were done."""
        return quantile(sorted(self.lasted), 0.99) if self.lasted else 0.0


class People:
    """Somebody who writes and somebody who reads, and what is noted of how long each time took."""

    def __init__(self, folder: Path) -> None:
        self.wrote, self.read = folder / "wrote.log", folder / "read.log"

    def writes(self, begun: float, ended: float) -> Waits:
        """Return the reports that were on their way between two moments of `time.monotonic`."""
        return _between(self.wrote, begun, ended)

    def pages(self, begun: float, ended: float) -> Waits:
        """Return the pages that somebody waited for between two moments."""
        return _between(self.read, begun, ended)


@contextmanager
def at_work(deployment: Deployment, county: str, folder: Path) -> Iterator[People]:
    """Let people of a county write and read for the length of the block."""
    people = People(folder)
    deployment.database.close()
    works = (
        lambda: _noted(people.wrote, EVERY, _reports(deployment, county)),
        lambda: _noted(people.read, EVERY / 2, _pages(deployment, county)),
    )
    pids = [in_child(work) for work in works]
    try:
        yield people
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def in_child(work: Callable[[], object]) -> int:
    """Let a child do some work until it is ended, and return its number."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(70)
    return pid


def _noted(log: Path, every: float, works: Iterator[Callable[[], object]]) -> None:
    """Do one thing after another while whoever began this lives; note when each was begun and how long it took."""
    parent = os.getppid()
    with log.open("w") as told:
        for work in takewhile(lambda _: os.getppid() == parent, works):
            begun = time.monotonic()
            with suppress(Busy):  # which is told in how long it took
                work()
            lasted = time.monotonic() - begun
            told.write(f"{begun:.4f} {lasted:.4f}\n")
            told.flush()
            time.sleep(max(0.0, every - lasted))


def _between(log: Path, begun: float, ended: float) -> Waits:
    lines = (line.split() for line in log.read_text().splitlines() if line.count(".") == 2)
    found = ((float(at), float(lasted)) for at, lasted in lines)
    return Waits(tuple(lasted for at, lasted in found if begun <= at < ended))


def _reports(deployment: Deployment, county: str) -> Iterator[Callable[[], object]]:
    rulebook = deployment.rulebooks.of(county)
    answers = {**sample_answers(rulebook, rulebook.forms[FORM]), "needs": ["medical"]}
    answers |= {"found_at": f"{NOW:%Y-%m-%dT}08:30"}
    place = str(answers["residence"])
    actor = Actor("reporter", "测速", county, f"village:{place}", place, ("reporter",), frozenset({"submit"}))
    for n in count():
        born = NOW.date().replace(year=1930) + timedelta(days=n // 450)
        entry = {**answers, "id_number": make_id(place[:6], born, n % 450 * 2 + 1)}
        yield lambda entry=entry: submit(deployment, actor, FORM, entry, uuid4().hex, NOW)  # type: ignore[misc]


def _pages(deployment: Deployment, county: str) -> Iterator[Callable[[], object]]:
    """Yield the first page of the queue and of the cases, again and again, as its centre reads them."""
    centre = Scope("reader", county, "service-centre", county.partition("-")[0], frozenset({"audit"}))

    def page(turn: int) -> object:
        with connection(deployment.database, county) as reader:
            desk = ScopedReader(reader, centre)
            if turn % 2:
                return desk.cases(CaseFilter(show="current"), "")
            return desk.queue(QueueFilter(below=True), _HORIZON, "")

    for n in count():
        yield lambda n=n: page(n)  # type: ignore[misc]
