"""Keeping the machinery running: trying a parked job again, noting that a session is in use, trusting the clock."""

from contextlib import suppress
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.errors import NotFound
from xunfang.store import Busy, Job, NoRoom, Seen, retry_job, touch_session, transaction
from xunfang.store.life import CLOCK


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


def trust_clock(deployment: Deployment, at: datetime) -> None:
    """Take this moment for the latest ever seen, after somebody has made sure of it: the worker goes on at once."""
    for jurisdiction in deployment.rulebooks.current:
        with acting(deployment, machinery(jurisdiction, "校准时钟"), at) as act:
            act.tx.update(Seen, {"name": CLOCK}, {"at": at})
            act.event("clock.trusted")
