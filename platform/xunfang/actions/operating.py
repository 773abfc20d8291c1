"""Keeping the machinery running: trying a parked job again, noting that a session is in use, trusting the clock."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.timekeeping import doubt, take_for_right
from xunfang.errors import Conflict, NotFound
from xunfang.store import (
    Busy,
    Job,
    Lasting,
    NoRoom,
    any_expired,
    connection,
    end_expired,
    look_over,
    retry_job,
    touch_session,
    transaction,
)
from xunfang.store.jobs import forget_cancelled
from xunfang.store.life import DATABASE, beat
from xunfang.store.tallies import prune_tallies

DAMAGED = "请尽快停止服务，把数据目录原样复制留底，运行 xunfang verify 查明，再用最近一次完好的备份恢复。"


def lasting(deployment: Deployment) -> Lasting:
    """Return how long the sessions of a deployment last."""
    return Lasting(deployment.access.longest, deployment.access.idle)


def keep_house(deployment: Deployment, at: datetime) -> None:
    """End the sessions whose time is over and forget what was counted long ago; upkeep, so it leaves no event."""
    with connection(deployment.database) as reader:
        if not any_expired(reader, at, lasting(deployment)):
            return
    with transaction(deployment.database, "") as tx:
        end_expired(tx, at, lasting(deployment))
        prune_tallies(tx, at)


CANCELLED_KEPT = timedelta(days=30)
"""How long after its time a job that was not needed can still be looked at."""
_IN_ONE_PIECE = 500


def forgetting_cancelled(deployment: Deployment, at: datetime) -> Iterator[int]:
    """Forget in pieces the jobs that were cancelled, mostly reminders of work done in time: half of all jobs there are.

    Yields after each piece how many it were; upkeep, so it leaves no event.
    """
    forgotten = _IN_ONE_PIECE
    while forgotten == _IN_ONE_PIECE:
        with transaction(deployment.database, "") as tx:
            forgotten = forget_cancelled(tx, at - CANCELLED_KEPT, _IN_ONE_PIECE)
        yield forgotten


def try_again(deployment: Deployment, actor: Actor, job_id: str, at: datetime) -> None:
    """Make a parked job ready again with all its attempts; raises NotFound, NotAllowed."""
    with acting(deployment, actor, at, "operate") as act:
        job = act.tx.find(Job, job_id)
        own = job is not None and job.jurisdiction == actor.jurisdiction
        if job is None or not own or not retry_job(act.tx, job_id, at):
            raise NotFound("没有找到这项待重试的作业，它可能已经重新开始。")
        act.event("job.retried", data={"kind": job.kind, "job": job.id, "error": job.last_error})


PRESENCE_PATIENCE = 0.05
"""How many seconds a page waits, at most, to note that its session is in use: nobody's reading hangs on a mark."""


def note_presence(deployment: Deployment, token_hash: str, at: datetime) -> None:
    """Keep a session in use from being taken for idle; upkeep of the session itself, so it leaves no event.

    Where it cannot be written at once, because the disk is full or the database busy, people go on reading all the
    same; the next page tries again.
    """
    with suppress(Busy, NoRoom), transaction(deployment.database, "", PRESENCE_PATIENCE) as tx:
        touch_session(tx, token_hash, at)


def note_soundness(deployment: Deployment, at: datetime) -> None:
    """Look over the whole database and note for the system page whether it is whole; holds nobody up."""
    broken = look_over(deployment.database).broken
    note = f"数据库文件有损坏（{'、'.join(broken)}）。{DAMAGED}" if broken else ""
    with transaction(deployment.database, "") as tx:
        beat(tx, DATABASE, at, note)


def note_damage(deployment: Deployment, at: datetime) -> None:
    """Note for the system page, where that can still be written, that somebody met a page that is not whole."""
    with suppress(Exception), transaction(deployment.database, "") as tx:
        beat(tx, DATABASE, at, f"有操作因数据库文件损坏没有完成。{DAMAGED}")


def clock_doubt(deployment: Deployment, at: datetime) -> str:
    """Return why the clock cannot be trusted at this moment, "" when it can."""
    if deployment.uptime is None:
        return ""
    with connection(deployment.database) as reader:
        return doubt(reader, at, deployment.uptime())


CLOCK_OF_ALL = (
    "这个安装由几个辖区合用一个时钟，一个辖区的系统管理员不能替其他辖区确认。请管理服务器的人员核对时间，"
    "在服务器上执行 xunfang admin clock。"
)
VOUCHED_WITHIN = timedelta(minutes=10)
"""For so long what somebody read off a page is what they vouch for."""


def vouch_for_clock(deployment: Deployment, actor: Actor, shown: datetime, at: datetime) -> None:
    """Trust the clock on the word of somebody who was shown a moment; raises NotAllowed, Conflict when it moved on.

    Where several jurisdictions go by one clock nobody of one of them speaks for all: raises Conflict.
    """
    actor.need("operate")
    if deployment.rulebooks.several:
        raise Conflict(CLOCK_OF_ALL, "CLOCK_OF_ALL")
    if abs(at - shown) > VOUCHED_WITHIN:
        raise Conflict("您核对之后，服务器的时间又变了，没有确认。请刷新页面，重新核对。", "CLOCK_MOVED")
    trust_clock(deployment, at, actor)


def trust_clock(deployment: Deployment, at: datetime, actor: Actor | None = None) -> None:
    """Take this moment for the latest ever seen, after somebody has made sure of it: the worker goes on at once.

    Every jurisdiction of the installation has it on record.
    """
    passed = deployment.uptime() if deployment.uptime else None
    for jurisdiction in deployment.rulebooks.current:
        own = actor if actor is not None and actor.jurisdiction == jurisdiction else None
        with acting(deployment, own or machinery(jurisdiction, "校准时钟"), at) as act:
            take_for_right(act.tx, at, passed)
            act.event("clock.trusted")
