"""What planning costs: everybody of a county is held against its duties as a month begins, and again the next day."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import databases
from databases import KINDS, kept_in
from scale.seeds import pressed
from scale.waiting import holding
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.drawing import begin_draws
from xunfang.actions.duties import begin_duties
from xunfang.actions.jobs import handlers
from xunfang.actions.publishing import publish
from xunfang.actions.visits import begin_visits
from xunfang.casework.rows import Holding
from xunfang.clock import parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.store import FileKeys, FileStore, Keys, Person, connection, new_id, open_database, transaction, upgrade
from xunfang.store.jobs import next_due
from xunfang.worker import Worker

ROOT = Path(__file__).parents[2]
COUNTY = "3705-dongying"
BEGUN = parse("2026-09-20T10:00:00")
MONTH = parse("2026-10-01T00:00:20")
SHARES = (("disabled", 0.45), ("subsistence", 0.25), ("severe-illness", 0.15), ("orphan", 0.03), ("", 0.12))
"""Of which category the people are, and how many of them: three of five are visited quarterly, one of six monthly."""
CHUNK = 5000


def planning(people: int, kinds: Sequence[str] = KINDS) -> None:
    """Print, for each kind of database, what a month's first day and its second cost for so many people."""
    for kind in kinds:
        with ExitStack() as held:
            held.enter_context(kept_in(kind, kept_up=True))
            folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
            deployment = _opened(folder)
            peopled = _timed(partial(_people, deployment, people))
            print(f"{kind}: {people:,} people written in {peopled:.0f} s", flush=True)
            for what, begin, at in (
                ("duties of units", begin_duties, MONTH),
                ("visits, the first day", begin_visits, MONTH),
                ("draws", begin_draws, MONTH),
                ("visits, the next day", begin_visits, MONTH + timedelta(days=1)),
            ):
                _measure(deployment, what, begin, at)
            deployment.database.close()


def _opened(folder: Path) -> Deployment:
    rulebook = compile_rulebook(read_files(ROOT), COUNTY)
    database = open_database(databases.address(folder, "planned.db"))
    provider = FileKeys(folder / "data.key")
    provider.create()
    keys = Keys(provider)
    upgrade(database, keys, BEGUN)
    deployment = Deployment(database, keys, FileStore(folder / "files", keys), Rulebooks(database, {COUNTY: rulebook}))
    publish(deployment, read_files(ROOT), BEGUN)
    return deployment


def _people(deployment: Deployment, count: int) -> None:
    rulebook, chance = deployment.rulebooks.of(COUNTY), Random(7)
    villages = [place.code for place in rulebook.divisions.answering("village", rulebook.code)]
    names = [name for name, _ in SHARES]
    shares = [share for _, share in SHARES]
    for first in range(0, count, CHUNK):
        some = range(first, min(first + CHUNK, count))
        people = [_person(villages[n % len(villages)], n) for n in some]
        kinds = chance.choices(names, shares, k=len(people))
        held = [_held(person, category) for person, category in zip(people, kinds, strict=True) if category]
        with transaction(deployment.database, COUNTY) as tx:
            tx.insert_all([*people, *held])
    if deployment.database.dialect.mark != "?":
        with connection(deployment.database):
            deployment.database.run("ANALYZE")


def _person(village: str, n: int) -> Person:
    base = {"jurisdiction": COUNTY, "residence": village, "registration": village}
    return Person(id=new_id(), name=f"测试{n}", created_at=BEGUN, **base)


def _held(person: Person, category: str) -> Holding:
    base = {"jurisdiction": COUNTY, "residence": person.residence, "person": person.id}
    return Holding(
        id=new_id(), category=category, since=BEGUN.date() - timedelta(days=400), noted_at=BEGUN, source="list", **base
    )


def _measure(deployment: Deployment, what: str, begin: Callable[[Deployment, datetime], None], at: datetime) -> None:
    worker = Worker(deployment.database, handlers(deployment, pressed, lambda: at), lambda: at)
    worker._started = True
    begun, used = time.perf_counter(), time.process_time()
    with holding(deployment.database) as held:
        begin(deployment, at)
        for _ in _due(deployment, at):
            worker.run_next()
    took, used = time.perf_counter() - begun, time.process_time() - used
    longest = max(held, default=0.0) * 1000
    told = f"{took:>8.1f} s, {used:>7.1f} s of the processor, {len(held):>6,} pieces, longest {longest:.0f} ms"
    print(f"  {what:<24}{told}", flush=True)


def _due(deployment: Deployment, at: datetime) -> Iterator[None]:
    while next_due(deployment.database, at):
        yield


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
