"""How many jobs a worker does in a second while people write in the same county, and how long those wait meanwhile."""

import argparse
import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from databases import address, kept_in
from scale.people import in_child
from scale.waiting import waiting
from xunfang.clock import now
from xunfang.store import (
    Database,
    FileKeys,
    Job,
    Keys,
    Message,
    NewEvent,
    Transaction,
    add_job,
    append_event,
    connection,
    new_id,
    open_database,
    transaction,
    upgrade,
)
from xunfang.worker import Worker

COUNTY = "j"
EVENTS = 8
"""A report writes about as many events and rows in one transaction."""


class Note:
    """A small job: it writes one message and one event, as a reminder does."""

    brief = True

    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    def prepare(self, job: Job) -> None: ...

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        write(tx, self.keys, job.key, 1)


def write(tx: Transaction, keys: Keys, key: str, events: int) -> None:
    message = Message(id=new_id(), key=key, jurisdiction=COUNTY, unit="u", kind="k", title="t", body="b", at=now())
    tx.insert(message)
    for _ in range(events):
        append_event(tx, keys.chain, NewEvent(at=now(), jurisdiction=COUNTY, name="task.reminded"))


def person(url: str, keys: Keys, told: Path) -> None:
    """Write as fast as it goes until the process is ended; notes how long each act took."""
    database = open_database(url)
    upgrade(database, keys, now())
    with told.open("w") as log:
        while True:
            began = time.monotonic()
            with transaction(database, COUNTY) as tx:
                write(tx, keys, new_id(), EVENTS)
            log.write(f"{time.monotonic() - began:.4f}\n")
            log.flush()


def measure(kind: str, people: int, seconds: float) -> str:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir="/dev/shm")))
        stack.enter_context(kept_in(kind))
        provider = FileKeys(folder / "data.key")
        provider.create()
        url, keys = address(folder, "jobs.db"), Keys(provider)
        database = open_database(url)
        upgrade(database, keys, now())
        put(database)
        logs = [folder / f"{n}.log" for n in range(people)]
        pids = [in_child(lambda log=log: person(url, keys, log)) for log in logs]  # type: ignore[misc]
        time.sleep(1)
        began = time.monotonic()
        Worker(database, {"note": Note(keys)}, now).sweep(lambda: time.monotonic() - began > seconds)
        took = time.monotonic() - began
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        with connection(database) as reader:
            done = sum(1 for _ in reader.every(Job, status="done"))
        database.close()
        waits = sorted(float(line) for log in logs for line in log.read_text().split())
        slow = waits[int(len(waits) * 0.99)] if waits else 0.0
        return (
            f"{kind}：{people} 人同时写，作业 {done / took:.1f} 件/秒，"
            f"人的操作 {len(waits) / (took + 1):.0f} 次/秒，百分之九十九在 {slow * 1000:.0f} 毫秒以内"
        )


def put(database: Database) -> None:
    with transaction(database, COUNTY) as tx:
        for n in range(2000):
            add_job(tx, "note", f"note:{n}", {}, now(), jurisdiction=COUNTY)


def main() -> None:
    given = argparse.ArgumentParser(description="后台作业在多人同时写时每秒办多少件")
    given.add_argument("--kinds", nargs="*", default=["sqlite", "postgresql"])
    given.add_argument("--people", nargs="*", type=int, default=[0, 7])
    given.add_argument("--seconds", type=float, default=6.0)
    given.add_argument("--long", type=int, help="改量每一种长作业进行时别人要等多久：一个县有多少项未办结的任务")
    given.add_argument("--only", nargs="*", default=[], help="只量这几种长作业")
    given.add_argument("--kept", type=Path, help="造好的县留在这个文件夹里，下次接着用（一次一种数据库）")
    asked = given.parse_args()
    if asked.kept and len(asked.kinds) != 1:
        given.error("--kept 一次只留一种数据库，请同时写 --kinds sqlite 或 --kinds postgresql")
    if asked.long:
        waiting(asked.kinds, asked.long, asked.seconds, asked.only, asked.kept)
        return
    for kind in asked.kinds:
        for people in asked.people:
            print(measure(kind, people, asked.seconds), flush=True)


if __name__ == "__main__":
    main()
