"""One act in progress: the transaction it writes in, who acts and when, its events and jobs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.timekeeping import sure_moment
from xunfang.casework.changes import Happened
from xunfang.casework.items import KINDS
from xunfang.casework.rows import About
from xunfang.clock import local_date
from xunfang.rulebook.model import Rulebook
from xunfang.steps import reached
from xunfang.store import (
    Case,
    Job,
    Message,
    NewEvent,
    Reader,
    ScopedReader,
    Task,
    Transaction,
    add_jobs,
    append_events,
    new_id,
    transaction,
)
from xunfang.store.jobs import add_jobs_later


@dataclass(frozen=True, slots=True)
class Look:
    """What a function of this floor reads through, for somebody at a moment."""

    tx: Reader
    deployment: Deployment
    actor: Actor
    at: datetime

    @property
    def scoped(self) -> ScopedReader:
        """Return the actor's scoped view, which sees what this act has written so far."""
        return ScopedReader(self.tx, self.actor.scope)

    def rules(self, release: str = "") -> Rulebook:
        """Return the rules of a release, or those in force, with the divisions of the day."""
        books = self.deployment.rulebooks
        found = books.release(release) if release else books.of(self.actor.jurisdiction)
        return found.on(local_date(self.at))

    def case(self, case_id: str) -> Case:
        """Return a case that certainly exists, whoever acts."""
        found = self.tx.find(Case, case_id)
        assert found is not None
        return found

    def about(self, task: Task) -> About:
        """Return what a task is about, whoever acts."""
        found = self.tx.find(KINDS[task.subject].row, task.case or task.about)
        assert isinstance(found, About)
        return found

    def task(self, task_id: str) -> Task:
        """Return a task that certainly exists, whoever acts."""
        found = self.tx.find(Task, task_id)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Act(Look):
    """What a function of this floor writes through. Nothing it does is seen by anybody before the commit."""

    tx: Transaction

    def event(
        self,
        name: str,
        *,
        case: str = "",
        task: str = "",
        data: Mapping[str, Any] | None = None,
        rule: str = "",
        row: str = "",
        cites: tuple[str, ...] = (),
    ) -> None:
        """Record what happened, in the transaction of the change itself. `data` never holds a sensitive value."""
        self.record([Happened(name=name, case=case, task=task, data=data or {}, rule=rule, row=row, cites=cites)])

    def record(self, events: Sequence[Happened]) -> None:
        """Record what happened, in its order, in the transaction of the change itself."""
        append_events(self.tx, self.deployment.keys.chain, [self._noted(event) for event in events])

    def _noted(self, event: Happened) -> NewEvent:
        return NewEvent(
            at=self.at,
            jurisdiction=self.actor.jurisdiction,
            name=event.name,
            case=event.case,
            task=event.task,
            actor=self.actor.account,
            actor_name=self.actor.name,
            unit=self.actor.unit,
            data=event.data,
            rule=event.rule,
            row=event.row,
            cites=event.cites,
        )

    def new_job(
        self, kind: str, key: str, payload: Mapping[str, Any], run_at: datetime, task: str = "", case: str = ""
    ) -> Job:
        """Return a job to be put with others."""
        of = self.actor.jurisdiction
        return Job(
            id=new_id(), kind=kind, key=key, payload=payload, run_at=run_at, task=task, case=case, jurisdiction=of
        )

    def jobs(self, jobs: Sequence[Job]) -> int:
        """Put jobs for the worker, but those whose key was ever put; returns how many are new."""
        return add_jobs(self.tx, jobs)

    def jobs_later(self, jobs: Sequence[Job]) -> None:
        """Put jobs, but those whose key was ever put, where nobody asks how many are new."""
        add_jobs_later(self.tx, jobs)

    def tell(self, unit: str, kind: str, title: str, body: str, *, key: str, **about: str) -> None:
        """Put a message into a unit's inbox; a second one of the same key does not come.

        `about`: the `case` and `task` it is about, and the `account` of the one member who reads it.
        """
        self.messages([self.new_message(unit, kind, title, body, key, **about)])

    def new_message(self, unit: str, kind: str, title: str, body: str, key: str, **about: str) -> Message:
        """Return a message to be put with others."""
        of = self.actor.jurisdiction
        return Message(
            id=new_id(), key=key, jurisdiction=of, unit=unit, kind=kind, title=title, body=body, at=self.at, **about
        )

    def messages(self, messages: Sequence[Message]) -> None:
        """Put messages into inboxes, but those whose key was ever put."""
        self.tx.insert_later_unless(messages, "key")


@contextmanager
def acting(deployment: Deployment, actor: Actor, at: datetime, need: str = "", *, dated: bool = False) -> Iterator[Act]:
    """Hold one act open: permission first, all writes in one transaction, the bell after the commit.

    A `dated` act writes moments that bind somebody (a deadline, a date on a paper, what was in time), so it waits for a
    clock that can be trusted. Raises NotAllowed when the actor's roles do not include `need`, ClockDoubtful.
    """
    if need:
        actor.need(need)
    if dated:
        sure_moment(deployment.database, lambda: at, deployment.uptime)
    with transaction(deployment.database, actor.jurisdiction) as tx:
        yield Act(tx, deployment, actor, at)
        reached("act.written")
    reached("act.committed")
    deployment.ring()
