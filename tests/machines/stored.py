"""A world on a database: real accounts, real acts and a worker run by hand, several counties in one installation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from machines.world import Promised, Recorded, tomorrow
from xunfang.actions import acting
from xunfang.actions.correcting import correct, do_to_report
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.following import follow_divisions
from xunfang.actions.handling import complete, do_to_case, do_to_task
from xunfang.actions.jobs import handlers
from xunfang.actions.papers import NoticeOrder, print_notice
from xunfang.actions.publishing import publish
from xunfang.actions.reminding import reconcile
from xunfang.actions.signing import do_to_paper
from xunfang.actions.submitting import submit
from xunfang.casework import VERBS, Asked, Case, Clue, Correction, Dispatch, Notice, Row, Task, Told, Wait
from xunfang.clock import local_date
from xunfang.division import DivisionTree
from xunfang.errors import Refused
from xunfang.printing.markup import read
from xunfang.printing.order import plain_facts
from xunfang.printing.rendering import render
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook, Unit
from xunfang.rules.units import instances
from xunfang.store import (
    Account,
    Event,
    FileKeys,
    FileStore,
    Job,
    Keys,
    ScopedReader,
    connection,
    new_id,
    open_database,
    transaction,
    upgrade,
)
from xunfang.store.jobs import next_due
from xunfang.worker import Worker
from xunfang.worktime import WorkCalendar

ROOT = Path(__file__).parents[2]
KINDS: tuple[type[Row], ...] = (Case, Dispatch, Task, Clue, Correction, Told, Wait, Notice)
STAFFED = 2
"""How many units of a kind that exists per division have somebody; work for the others goes up."""


class Installation:
    """One database with several jurisdictions, whose clock is turned by hand."""

    def __init__(
        self,
        folder: Path,
        rulebooks: Iterable[Rulebook],
        at: datetime,
        chance: Random,
        rules: Mapping[str, str] | None = None,
    ) -> None:
        """`rules`: the files that the rulebooks were compiled from, where they are not those of this repository."""
        self.at, self.folder = at, folder
        self.database = open_database(f"sqlite:///{folder / 'machine.db'}")
        provider = FileKeys(folder / "keys" / "data.key")
        provider.create()
        self.keys = Keys(provider)
        upgrade(self.database, self.keys, at)
        files = FileStore(folder / "files", self.keys)
        books = self._books({rulebook.id: rulebook for rulebook in rulebooks})
        self.deployment = Deployment(self.database, self.keys, files, books)
        publish(self.deployment, rules or read_files(ROOT), at)
        with transaction(self.database, "") as tx:
            for rulebook in books.current.values():
                for account in staff(rulebook, at, chance):
                    tx.insert(account)
        self._work_by()

    def _work_by(self) -> None:
        self.worker = Worker(self.database, handlers(self.deployment, _press, self.now), self.now)

    def now(self) -> datetime:
        return self.at

    def work(self, until: datetime) -> None:
        """Carry out every job due by a moment, each at its own."""
        while job := next_due(self.database, until):
            self.at = max(self.at, job.run_at)
            self.worker.run_next()
        self.at = max(self.at, until)

    def publish_days_off(self, rulebook: Rulebook) -> None:
        """Let a jurisdiction go by a calendar that knows more, find what that concerns, and count it anew."""
        self._go_by(rulebook)
        reconcile(self.deployment, self.at)
        self.work(self.at)

    def change_divisions(self, rulebook: Rulebook) -> None:
        """Let a jurisdiction know of divisions that change tomorrow, and let tomorrow begin."""
        self._go_by(rulebook)
        self.work(tomorrow(self.at))
        follow_divisions(self.deployment, self.at)
        self.work(self.at)

    def _go_by(self, rulebook: Rulebook) -> None:
        current = {**self.deployment.rulebooks.current, rulebook.id: rulebook}
        self.deployment = replace(self.deployment, rulebooks=self._books(current))
        self._work_by()

    def _books(self, current: Mapping[str, Rulebook]) -> Rulebooks:
        return Rulebooks(self.database, current, today=lambda: local_date(self.at))


def _press(order: NoticeOrder) -> Any:
    """Fill a paper as it would be printed, all but the setting of its pages."""
    read(render(order.template, order.templates, plain_facts(order.facts), order.layout))
    return SimpleNamespace(pdf=f"%PDF {order.template} {order.facts['notice']['number']}".encode(), pages=1)


def staff(rulebook: Rulebook, at: datetime, chance: Random) -> Iterator[Account]:
    """Yield the accounts of a jurisdiction: in each unit one with every role, one with some, and one with an office."""
    work = [role.id for role in rulebook.roles.values() if not {"administer", "operate", "audit"} & {*role.may}]
    offices = [role for role in rulebook.roles if role not in work]
    for kind in rulebook.units.values():
        for unit in () if kind.external else instances(rulebook, kind.id)[:STAFFED]:
            some = tuple(chance.sample(work, min(2, len(work))))
            for login, roles in (("all", tuple(work)), ("some", some), ("office", tuple(offices[:1]))):
                division = unit.partition(":")[2] or (rulebook.code if _looks_over(kind, login) else "")
                yield Account(
                    id=new_id(), login=f"{login}@{unit}@{rulebook.id}", name=f"测试{login}", password_hash="",
                    jurisdiction=rulebook.id, unit=unit, roles=roles, created_at=at, division=division,
                )  # fmt: skip


def _looks_over(kind: Unit, login: str) -> bool:
    """Whether an account of a unit for the whole jurisdiction sees all of it: one in those that direct casework."""
    return login == "all" and (not kind.may or bool({"confirm-dispatch", "supervise"} & {*kind.may}))


@dataclass
class Stored:
    """The world of one jurisdiction in an installation."""

    installation: Installation
    rulebook: Rulebook
    chance: Random

    def __post_init__(self) -> None:
        with connection(self.database) as reader:
            self.accounts = list(reader.every(Account, jurisdiction=self.rulebook.id))

    @property
    def database(self) -> Any:
        return self.installation.database

    @property
    def deployment(self) -> Deployment:
        return self.installation.deployment

    @property
    def at(self) -> datetime:
        return self.installation.at

    def rows(self) -> Mapping[str, Row]:
        with connection(self.database) as reader:
            cases = {case.id: case for case in reader.every(Case, jurisdiction=self.rulebook.id)}
            parts = [row for kind in KINDS[1:] for row in reader.every(kind)]
        return {**cases, **{row.id: row for row in parts if not isinstance(row, Case) and row.case in cases}}

    def owed(self) -> Mapping[str, Row]:
        """Return the tasks about what units owe besides cases."""
        with connection(self.database) as reader:
            return {task.id: task for task in reader.every(Task, jurisdiction=self.rulebook.id, case="")}

    def waiting(self) -> Sequence[Promised]:
        with connection(self.database) as reader:
            return list(reader.every(Job, status="ready"))

    def unheld(self) -> set[str]:
        with connection(self.database) as reader:
            return {event.task for event in reader.every(Event, name="task.unheld")}

    def recorded(self) -> int:
        with connection(self.database) as reader:
            return int(reader.database.run("SELECT COALESCE(MAX(n), 0) FROM event").fetchone()[0])

    def recorded_since(self, count: int) -> Sequence[Recorded]:
        with connection(self.database) as reader:
            found = (reader.first(Event, n=n) for n in range(count + 1, self.recorded() + 1))
            return [event for event in found if event]

    def new_id(self) -> str:
        return new_id()

    def person(self, *roles: str, unit: str) -> Actor:
        there = [one for one in self.accounts if one.unit.split(":")[0] == unit or one.unit == unit]
        if any(roles):
            able = [one for one in self.accounts if {*roles} & {*one.roles}]
            there = [one for one in there if one in able] or able
        found = there or self.accounts
        likely = [one for one in found if one.login.startswith("all")] or found
        return self.deployment.actor(self.chance.choice(likely if self.chance.random() < 0.85 else found))

    def sender(self, clue: Clue) -> Actor:
        return self.deployment.actor(next(one for one in self.accounts if one.id == clue.by))

    def people(self, task: Task) -> Iterator[Actor]:
        with connection(self.database) as reader:
            for account in sorted(self.accounts, key=lambda one: one.unit != task.unit):
                actor = self.deployment.actor(account)
                if ScopedReader(reader, actor.scope).sees_case(task.case):
                    yield actor

    def do(self, asked: Asked, cases: Iterable[Case]) -> None:
        assert isinstance(asked.actor, Actor)
        deployment, actor, at = self.deployment, asked.actor, self.at
        on = VERBS[asked.verb].on
        if asked.verb == "submit":
            assert asked.decision is not None
            submit(deployment, actor, asked.decision.form.id, asked.decision.answers, asked.submission, at)
        elif on == "report":
            self._do_to_report(asked, actor)
        elif asked.verb == "confirm-dispatch":
            confirm_dispatch(deployment, actor, asked.case, asked.version, asked.decided, at)
        elif asked.verb == "print":
            print_notice(deployment, actor, asked.case, "", asked.kind, at)
        elif asked.verb == "complete":
            told = (asked.task, asked.version, asked.outcome, asked.answers, asked.submission)
            complete(deployment, actor, *told, at)
        else:
            {"task": do_to_task, "case": do_to_case, "paper": do_to_paper}[on](deployment, asked, at)

    def _do_to_report(self, asked: Asked, actor: Actor) -> None:
        clue = self.rows()[asked.clue]
        assert isinstance(clue, Clue)
        if asked.verb == "correct":
            assert asked.decision is not None
            told = (clue.submission, asked.decision.answers, asked.submission)
            correct(self.deployment, actor, *told, self.at)
        else:
            do_to_report(self.deployment, replace(asked, submission=clue.submission), self.at)

    def do_both(self, first: Asked, second: Asked, cases: Iterable[Case]) -> tuple[Refused | None, Refused | None]:
        """Let the second begin when all of the first is written and nothing of it is committed."""
        begun: list[Future[Refused | None]] = []
        with ThreadPoolExecutor(1) as other, pytest.MonkeyPatch.context() as patch:

            def reached(step: str) -> None:
                if step == "act.written" and not begun:
                    begun.append(other.submit(self._in_thread, second))

            patch.setattr(acting, "reached", reached)
            refused = self._refusal(first)
            return refused, begun[0].result() if begun else self._refusal(second)

    def _in_thread(self, asked: Asked) -> Refused | None:
        try:
            return self._refusal(asked)
        finally:
            self.database.close()

    def _refusal(self, asked: Asked) -> Refused | None:
        try:
            self.do(asked, ())
        except Refused as refusal:
            return refusal
        return None

    def pass_time(self, until: datetime) -> None:
        self.installation.work(until)

    def publish_days_off(self, calendar: WorkCalendar) -> None:
        self.rulebook = replace(self.rulebook, calendar=calendar)
        self.installation.publish_days_off(self.rulebook)

    def change_divisions(self, divisions: DivisionTree) -> None:
        self.rulebook = replace(self.rulebook, divisions=divisions)
        self.installation.change_divisions(self.rulebook)
        self.__post_init__()
