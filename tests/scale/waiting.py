"""How long people wait while a long job runs: each kind of job and command, in a county of as many tasks as wanted."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

import databases
from cold import COLD, cold_duties
from merged import changed, merging
from scale.counties import write_counties
from scale.people import People, at_work
from scale.seeds import COUNTY, NOW, ROOT, pressed
from scale.sites import Site, settings_in, site_on
from xunfang.actions.acting import acting
from xunfang.actions.alerts import declare
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.following import follow_divisions
from xunfang.actions.jobs import handlers
from xunfang.actions.moving import Move, move_cases
from xunfang.actions.publishing import publish
from xunfang.actions.rekeying import rotate
from xunfang.actions.reminding import reconciling
from xunfang.actions.replaying import replay
from xunfang.actions.watching import figures
from xunfang.app import open_deployment
from xunfang.backup import make_backup
from xunfang.backup.arriving import import_jurisdiction, remove_jurisdiction
from xunfang.backup.leaving import export_jurisdiction
from xunfang.casework.jobs import OPEN_DUTIES
from xunfang.doctor import examine
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.starting import Store
from xunfang.store import Database, FileKeys, Job, connection, look_through, release_lines, transaction, verify_chain
from xunfang.store.jobs import next_due
from xunfang.worker import Worker
from xunfang.worktime import Every

_HEADS = ("longest write", "99 of 100", "longest page", "99 of 100", "longest held")
SECRET = b"a long passphrase of a test"
_DATABASE, _SETTINGS = "grown.db", "config.toml"
LOST = 100
"""Of so many reminders one is taken away, for the reconciler to find."""
Stopping = Callable[[], bool]
LongJob = Callable[[Stopping], object]


def waiting(kinds: list[str], tasks: int, seconds: float, only: list[str], kept: Path | None = None) -> None:
    """Print for each kind of database, and each job, how long people waited for it at most.

    A county can be `kept` in a folder, and is taken from there the next time.
    """
    for kind in kinds:
        with site_on(kind, kept) as site:
            _grow(site, tasks)
            print(f"{kind:<26}{''.join(f'{head:>15}' for head in _HEADS)}   pieces   seconds")
            with at_work(site.deployment, COUNTY, site.folder) as people:
                for name, job in LONG.items():
                    if not only or name in only:
                        _measure(name, people, site.seed.database, seconds, job(site))
            if not only or {*only} & {ARRIVING, REMOVING}:
                _journey(site, site.folder / "elsewhere", seconds)


def _grow(site: Site, tasks: int) -> None:
    """Let the county have so many open tasks at least; one that was kept and has them stays as it is."""
    seed = site.seed
    with connection(seed.database, COUNTY):
        there = seed.database.run("SELECT COUNT(*) FROM task WHERE status = 'open'").fetchone()[0]
    if there >= tasks:
        return
    light = site.light
    site.grow(light, (tasks - there) * len(light) // sum(mould.open_tasks for mould in light))


def _measure(name: str, people: People, database: Database, seconds: float, job: LongJob) -> None:
    """Run a job, for so many seconds at most, and print how long people waited for what they began meanwhile."""
    time.sleep(1)  # whoever waited for the preparations has gone on
    begun = time.monotonic()
    with holding(database) as held:
        job(lambda: time.monotonic() - begun > seconds)
    ended = time.monotonic()
    time.sleep(0.5)
    writes, pages = people.writes(begun, ended), people.pages(begun, ended)
    figures_of = (writes.longest, writes.most, pages.longest, pages.most, max(held, default=0.0))
    told = "".join(f"{figure * 1000:>12.0f} ms" for figure in figures_of)
    print(f"  {name:<24}{told}{len(held):>9,}{ended - begun:>10.1f}", flush=True)


@contextmanager
def holding(database: Database) -> Iterator[list[float]]:
    """Note of each transaction of this process within the block how long it held the right to write.

    In seconds of the processor: what else the machine does meanwhile is not in it.
    """
    held, writing = list[float](), database.dialect.writing

    @contextmanager
    def noted(*given: Any) -> Iterator[None]:
        with writing(*given):
            begun = time.process_time()
            yield
            held.append(time.process_time() - begun)

    database.dialect.writing = noted  # type: ignore[method-assign]
    try:
        yield held
    finally:
        database.dialect.writing = writing  # type: ignore[method-assign]


def _worked(deployment: Deployment, stopping: Stopping, at: datetime = NOW) -> None:
    """Let a worker do what is due at a moment, until nothing is or time is up."""
    worker = Worker(deployment.database, handlers(deployment, pressed, lambda: at), lambda: at)
    worker._started = True
    while not stopping() and next_due(deployment.database, at):
        worker._run_due(stopping)


def _exhaust(pieces: Iterator[object], stopping: Stopping) -> None:
    for _ in takewhile(lambda _: not stopping(), pieces):
        pass


def _nothing(site: Site) -> LongJob:
    return lambda stopping: time.sleep(5)


def _reconcile(site: Site) -> LongJob:
    with connection(site.seed.database, COUNTY):
        ready = site.seed.database.run("SELECT id FROM job WHERE kind = 'remind' AND status = 'ready'").fetchall()
    lost = [key for (key,) in ready[::LOST]]
    for first in range(0, len(lost), 500):
        with transaction(site.seed.database, COUNTY) as tx:
            for key in lost[first : first + 500]:
                tx.delete(Job, id=key)
    return lambda stopping: _exhaust(reconciling(site.deployment, NOW), stopping)


def _follow(site: Site) -> LongJob:
    rules = compile_rulebook(changed(read_files(ROOT), merging, NOW.date()), COUNTY)
    deployment = site.by(rules)

    def job(stopping: Stopping) -> None:
        follow_divisions(deployment, NOW)
        _worked(deployment, stopping)

    return job


def _cold(site: Site) -> Rulebook:
    rules = site.seed.rulebook
    return replace(rules, alerts={COLD.id: COLD}, duties={**rules.duties, **cold_duties(rules)})


def _alert(site: Site) -> LongJob:
    deployment = site.by(_cold(site))
    actor = Actor("leader", "测速", COUNTY, "service-centre", COUNTY[:6], ("leader",), ACTS)

    def job(stopping: Stopping) -> None:
        declare(deployment, actor, COLD.id, "orange", (COUNTY[:6],), "", "气象台发布预警", NOW)
        _worked(deployment, stopping)

    return job


def _open_duties(site: Site) -> LongJob:
    rules = site.seed.rulebook
    daily = replace(cold_duties(rules)["cold-daily"], id="round", while_="", from_level="", every=Every.DAY)
    deployment = site.by(replace(rules, duties={**rules.duties, daily.id: daily}))
    payload = {"day": NOW.date().isoformat(), "piece": 0, "key": "measured"}

    def job(stopping: Stopping) -> None:
        with acting(deployment, machinery(COUNTY, "测速"), NOW) as act:
            act.jobs([act.new_job(OPEN_DUTIES, "measured", payload, NOW)])
        _worked(deployment, stopping)

    return job


def _reseal(site: Site) -> LongJob:
    def job(stopping: Stopping) -> None:
        rotate(site.deployment, FileKeys(site.folder / "keys" / "data.key"), NOW)
        _worked(site.deployment, stopping)

    return job


def _replay(site: Site) -> LongJob:
    since = NOW - timedelta(days=366)
    return lambda stopping: _exhaust(replay(site.deployment, site.seed.rulebook, since, NOW), stopping)


def _move(site: Site) -> LongJob:
    files = {**read_files(ROOT)}
    path = f"workflows/{COUNTY}/jurisdiction.toml"
    files[path] += "\n# another release\n"
    rules = replace(compile_rulebook(files, COUNTY))
    publish(site.by(rules), files, NOW)
    with connection(site.seed.database) as reader:
        lines = {line.current: line for line in release_lines(reader, COUNTY)}
    move = Move(COUNTY, lines[False], lines[True])
    return lambda stopping: _exhaust(move_cases(site.by(rules), move, NOW, dry=False), stopping)


def _remind(site: Site) -> LongJob:
    """Return what a day brings: reminders, breaches, escalations."""
    return lambda stopping: _worked(site.deployment, stopping, NOW + timedelta(days=3))


def _verify(site: Site) -> LongJob:
    def job(stopping: Stopping) -> None:
        look_through(site.seed.database)
        verify_chain(site.seed.database, site.deployment.keys.chain)

    return job


def _backup(site: Site) -> LongJob:
    return lambda stopping: make_backup(site.settings, site.store, site.folder / "shelf", NOW)


def _export(site: Site) -> LongJob:
    folder = site.folder / "leaving"
    return lambda stopping: export_jurisdiction(site.settings, site.store, COUNTY, folder, NOW, SECRET)


LONG: Mapping[str, Callable[[Site], LongJob]] = {
    "(nothing)": _nothing,
    "reconcile": _reconcile,
    "remind": _remind,
    "open-duties": _open_duties,
    "follow-divisions": _follow,
    "reseal": _reseal,
    "move-cases": _move,
    "replay": _replay,
    "metrics": lambda site: lambda stopping: figures(site.deployment, NOW),
    "doctor": lambda site: lambda stopping: examine(site.settings, site.deployment, NOW),
    "verify": _verify,
    "backup": _backup,
    "export-jurisdiction": _export,
    "alert-duties": _alert,
}
ARRIVING, REMOVING = "import-jurisdiction", "remove-jurisdiction"


def _journey(site: Site, folder: Path, seconds: float) -> None:
    """Let the county go to an installation where people of another one are at work, and away from there."""
    leaving = site.folder / "leaving"
    if not leaving.exists():
        export_jurisdiction(site.settings, site.store, COUNTY, leaving, NOW, SECRET)
    (other,) = write_counties(folder, 1)
    settings = settings_in(folder, other, databases.address(folder, "other.db"), "keys")
    deployment = open_deployment(settings)
    store = Store(deployment.database, deployment.keys, deployment.files)
    with at_work(deployment, other, folder) as people:
        measure = partial(_measure, people=people, database=store.database, seconds=seconds)
        measure("(nothing, elsewhere)", job=lambda stopping: time.sleep(5))
        measure(ARRIVING, job=lambda stopping: import_jurisdiction(settings, store, leaving, NOW, SECRET))
        again = folder / "leaving"
        export_jurisdiction(settings, store, COUNTY, again, NOW, SECRET)
        measure(REMOVING, job=lambda stopping: remove_jurisdiction(settings, store, again, NOW, SECRET))
    deployment.database.close()
