"""Keeping the machinery running: trying a parked job again, noting that a session is in use, trusting the clock."""

from contextlib import suppress
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.errors import NotFound
from xunfang.store import Busy, Job, NoRoom, Seen, look_over, retry_job, touch_session, transaction
from xunfang.store.life import CLOCK, DATABASE, beat

DAMAGED = "请尽快停止服务，把数据目录原样复制留底，运行 xunfang verify 查明，再用最近一次完好的备份恢复。"


def try_again(deployment: Deployment, actor: Actor, job_id: str, at: datetime) -> None:
    """Make a parked job ready again with all its attempts; raises NotFound, NotAllowed."""
    with acting(deployment, actor, at, "operate") as act:
        job = act.tx.find(Job, job_id)
        own = job is not None and job.payload.get("jurisdiction") == actor.jurisdiction
        if job is None or not own or not retry_job(act.tx, job_id, at):
            raise NotFound("没有找到这项待重试的作业，它可能已经重新开始。")
        act.event("job.retried", data={"kind": job.kind, "job": job.id, "error": job.last_error})


def note_presence(deployment: Deployment, token_hash: str, at: datetime) -> None:
    """Keep a session in use from being taken for idle; upkeep of the session itself, so it leaves no event.

    Where it cannot be written, because the disk is full or the database busy, people may go on reading all the same.
    """
    with suppress(Busy, NoRoom), transaction(deployment.database) as tx:
        touch_session(tx, token_hash, at)


def note_soundness(deployment: Deployment, at: datetime) -> None:
    """Look over the whole database and note for the system page whether it is whole; holds nobody up."""
    broken = look_over(deployment.database).broken
    note = f"数据库文件有损坏（{'、'.join(broken)}）。{DAMAGED}" if broken else ""
    with transaction(deployment.database) as tx:
        beat(tx, DATABASE, at, note)


def note_damage(deployment: Deployment, at: datetime) -> None:
    """Note for the system page, where that can still be written, that somebody met a page that is not whole."""
    with suppress(Exception), transaction(deployment.database) as tx:
        beat(tx, DATABASE, at, f"有操作因数据库文件损坏没有完成。{DAMAGED}")


def trust_clock(deployment: Deployment, at: datetime) -> None:
    """Take this moment for the latest ever seen, after somebody has made sure of it: the worker goes on at once."""
    for jurisdiction in deployment.rulebooks.current:
        with acting(deployment, machinery(jurisdiction, "校准时钟"), at) as act:
            act.tx.update(Seen, {"name": CLOCK}, {"at": at})
            act.event("clock.trusted")
