"""Jobs to test a worker with, also as a program of its own: it may be killed at any step and another must take over."""

import sys
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import databases
from xunfang.store import (
    Database,
    FileKeys,
    FileStore,
    Job,
    Keys,
    Message,
    NewEvent,
    Transaction,
    add_job,
    append_event,
    new_id,
    open_database,
    take_number,
    transaction,
    upgrade,
)
from xunfang.worker import Bell, Handler, Worker, run_worker

NOW = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)


class Site:
    """One installation in a folder, with its database there or where the folder tells."""

    def __init__(self, folder: Path) -> None:
        provider = FileKeys(folder / "data.key")
        provider.create()
        self.keys = Keys(provider)
        self.files = FileStore(folder / "files", self.keys)
        self.database: Database = open_database(databases.address_told(folder, "xunfang.db"))
        self.bell_url = f"sqlite:///{folder}/bell.db"
        upgrade(self.database, self.keys, NOW)

    def put(self, kind: str, how_many: int, run_at: datetime = NOW) -> None:
        with transaction(self.database, "") as tx:
            for n in range(how_many):
                add_job(tx, kind, f"{kind}:{n}", {"n": n}, run_at)

    def handlers(self) -> dict[str, Handler]:
        return {"issue": Issue(self), "flaky": Flaky(self), "slow": Slow(self)}

    def worker(self, at: datetime = NOW) -> Worker:
        return Worker(self.database, self.handlers(), lambda: at)


class Issue:
    """Makes a paper, numbers it, tells somebody, and records it."""

    brief = False

    def __init__(self, site: Site) -> None:
        self.site = site

    def prepare(self, job: Job) -> Generator[None, None, Any]:
        kept = self.site.files.put(f"paper {job.key}".encode())
        yield
        return kept

    def finish(self, tx: Transaction, job: Job, prepared: Any) -> None:
        number = take_number(tx, "j", "slip", 2026)
        tx.insert(
            Message(
                id=new_id(), key=f"told:{job.key}", jurisdiction="j", unit="u", kind="k", title=str(number),
                body=prepared, at=NOW,
            )
        )  # fmt: skip
        event = NewEvent(at=NOW, jurisdiction="j", name="notice.issued", data={"job": job.key, "n": number})
        append_event(tx, self.site.keys.chain, event)


class Flaky(Issue):
    """Fails the first time, with a person's data in the text of its failure."""

    def prepare(self, job: Job) -> Any:
        if job.attempts == 1:
            raise LookupError("测试甲 99999919700101001X")
        return super().prepare(job)


class Slow(Issue):
    """Says when it begins, and goes on when it is told to."""

    def prepare(self, job: Job) -> Any:
        print("begun", flush=True)
        sys.stdin.readline()
        return super().prepare(job)


def main(folder: str, how: str) -> None:
    site = Site(Path(folder))
    if how == "sweep":
        site.worker().sweep()
    else:
        run_worker(site.worker(), Bell(site.bell_url), timedelta(seconds=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
