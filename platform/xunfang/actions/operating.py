"""Keeping the machinery running: trying a parked job again, noting that a session is in use."""

from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.errors import NotFound
from xunfang.store import Job, retry_job, touch_session, transaction


def try_again(deployment: Deployment, actor: Actor, job_id: str, at: datetime) -> None:
    """Make a parked job ready again with all its attempts; raises NotFound, NotAllowed."""
    with acting(deployment, actor, at, "operate") as act:
        job = act.tx.find(Job, job_id)
        own = job is not None and job.payload.get("jurisdiction") == actor.jurisdiction
        if job is None or not own or not retry_job(act.tx, job_id, at):
            raise NotFound("没有找到这项待重试的作业，它可能已经重新开始。")
        act.event("job.retried", data={"kind": job.kind, "job": job.id, "error": job.last_error})


def note_presence(deployment: Deployment, token_hash: str, at: datetime) -> None:
    """Keep a session in use from being taken for idle; upkeep of the session itself, so it leaves no event."""
    with transaction(deployment.database) as tx:
        touch_session(tx, token_hash, at)
