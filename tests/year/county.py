"""A county's installation whose clock is turned by hand: everybody's account, and the worker at its own moments."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from databases import address
from xunfang.access_rules import AccessRules
from xunfang.actions.alerts import watch_alerts
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.drawing import begin_draws
from xunfang.actions.duties import begin_duties
from xunfang.actions.figures import begin_counting, count_again
from xunfang.actions.following import follow_divisions
from xunfang.actions.moving import Move, move_cases
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.actions.reminding import reconcile
from xunfang.actions.visits import begin_visits
from xunfang.clock import local, local_date
from xunfang.errors import Refused
from xunfang.rulebook.model import Rulebook, Unit
from xunfang.rules.units import instances, kind_of, superior_of
from xunfang.store import Account, FileKeys, FileStore, Keys, connection, new_id, open_database, transaction, upgrade
from xunfang.store.jobs import next_due
from xunfang.store.releases import release_line
from xunfang.store.rows import model_of
from xunfang.worker import Worker
from xunfang.worker.parts import parts
from year.rules import Edition

OFFICES = {"administer", "operate", "audit"}
MEMBERS = 2
"""So many people work in a unit, and one more where rosters are drafted."""


class County:
    """One jurisdiction in a database, from the first of January on."""

    def __init__(self, folder: Path, first: Edition) -> None:
        self.at, self.jurisdiction, self.rulebook = first.at, first.rulebook.id, first.rulebook
        self.database = open_database(address(folder, "year.db"))
        provider = FileKeys(folder / "keys" / "data.key")
        provider.create()
        self.keys = Keys(provider)
        upgrade(self.database, self.keys, self.at)
        self.deployment = Deployment(
            self.database,
            self.keys,
            FileStore(folder / "files", self.keys),
            self._books(first.rulebook),
            access=AccessRules(reports_hourly=0),
        )
        self.lost: list[int] = []
        publish(self.deployment, first.files, self.at)
        with transaction(self.database, "") as tx:
            for account in everybody(first.rulebook, self.at):
                tx.insert(account)
        self._begin_to_work()
        self.meet_people()

    def _books(self, rulebook: Rulebook) -> Rulebooks:
        return Rulebooks(self.database, {self.jurisdiction: rulebook}, today=lambda: local_date(self.at))

    def _begin_to_work(self) -> None:
        self.worker = Worker(self.database, parts(self.deployment, printed, lambda: self.at), lambda: self.at)

    def now(self) -> Rulebook:
        """Return the rules in force, with the divisions of the day."""
        return self.deployment.rulebooks.of(self.jurisdiction)

    def pass_until(self, moment: datetime) -> None:
        """Carry out every job due by a moment, each at its own."""
        while job := next_due(self.database, moment):
            self.at = max(self.at, job.run_at)
            self.worker.run_next()
        self.at = max(self.at, moment)

    def begin_day(self, day: date) -> None:
        """Let the small hours pass as the machinery has them: what each day asks for, and once a week the search."""
        morning = local(datetime.combine(day, time()))
        self.pass_until(morning)
        for brief in (follow_divisions, begin_duties, begin_visits, begin_draws, watch_alerts):
            brief(self.deployment, self.at)
        self.pass_until(morning + timedelta(minutes=1))
        if day.day == 1:
            begin_counting(self.deployment, self.at)
            self.pass_until(self.at)
        if day.weekday() == 0:
            self.lost.append(reconcile(self.deployment, self.at))
            self.pass_until(self.at)
        if any(day in book.divisions.changes for book in (self.rulebook,)):
            self.meet_people()

    def go_by(self, edition: Edition) -> int:
        """Publish an edition, let everything follow it, and move open cases where it says so; return how many moved."""
        self.pass_until(edition.at)
        was, self.rulebook = self.rulebook, edition.rulebook
        self.deployment = replace(self.deployment, rulebooks=self._books(edition.rulebook))
        self._begin_to_work()
        publish(self.deployment, edition.files, self.at)
        moved = self._move(was, edition) if edition.moves else 0
        reconcile(self.deployment, self.at)
        self.pass_until(self.at)
        return moved

    def _move(self, was: Rulebook, edition: Edition) -> int:
        with connection(self.database, self.jurisdiction) as reader:
            lines = [release_line(reader, digest) for digest in (was.digest, edition.rulebook.digest)]
        assert lines[0]
        assert lines[1]
        move = Move(self.jurisdiction, lines[0], lines[1])
        return sum(not moved.stays for moved in move_cases(self.deployment, move, self.at, dry=False))

    def count(self) -> None:
        """Let every indicator be counted for every month of the year."""
        director, year = self.one_who("supervise"), local_date(self.at).year
        for month in range(1, 13):
            count_again(self.deployment, director, date(year, month, 1), self.at)
        self.pass_until(self.at)

    # people

    def meet_people(self) -> None:
        """Look anew who works where."""
        with connection(self.database) as reader:
            accounts = list(reader.every(Account, jurisdiction=self.jurisdiction, state="active"))
        self.by_unit: dict[str, list[Account]] = defaultdict(list)
        accounts.sort(key=lambda one: one.login)
        for account in accounts:
            self.by_unit[account.unit].append(account)
        self.by_id = {account.id: account for account in accounts}

    def actor(self, account: Account) -> Actor:
        return self.deployment.actor(account)

    def of(self, unit: str, place: int = 0) -> Actor:
        """Return one of a unit's people, or of the first above it where somebody works."""
        book = self.now()
        while unit not in self.by_unit or not self.by_unit[unit]:
            unit = superior_of(book, unit)
            assert unit, "nobody is there"
        there = self.by_unit[unit]
        return self.actor(there[place % len(there)])

    def one_who(self, act: str, role: str = "", unit: str = "") -> Actor:
        """Return somebody who may do an act, of a unit if there is one there."""
        found = [one for one in self.by_id.values() if not role or role in one.roles]
        near = [one for one in found if one.unit == unit] + [one for one in found if one.division == self.rulebook.code]
        able = (actor for one in (*near, *found) if act in (actor := self.actor(one)).acts)
        if (actor := next(able, None)) is None:
            raise Refused(f"没有人可以{act}")
        return actor

    def rows(self, row: type[Any], **where: Any) -> list[Any]:
        with connection(self.database, self.jurisdiction) as reader:
            return list(reader.every(row, **where))

    def keys_of(self, row: type[Any]) -> list[str]:
        with connection(self.database, self.jurisdiction) as reader:
            model = model_of(row)
            here = model.select(model.id).where(model.jurisdiction == self.jurisdiction)
            return [found["id"] for found in reader.fetch(here.order_by(model.id))]

    def find(self, row: type[Any], key: str) -> Any:
        with connection(self.database, self.jurisdiction) as reader:
            return reader.find(row, key)


def printed(order: NoticeOrder) -> Any:
    """Print nothing: pages are set elsewhere."""
    number = order.facts["notice"]["number"] if "notice" in order.facts else ""
    return SimpleNamespace(pdf=f"%PDF {order.template} {number}".encode(), pages=1)


def everybody(rulebook: Rulebook, at: datetime) -> Iterator[Account]:
    """Yield the accounts of a county: in each unit some with every role of casework, and the three administrators."""
    work = [role.id for role in rulebook.roles.values() if not OFFICES & {*role.may}]
    offices = [role.id for role in rulebook.roles.values() if OFFICES & {*role.may}]
    for kind in rulebook.units.values():
        for unit in () if kind.external else instances(rulebook, kind.id):
            division = unit.partition(":")[2] or (rulebook.code if _looks_over(kind) else "")
            for n in range(MEMBERS + _drafts(rulebook, unit)):
                yield account_of(rulebook, unit, tuple(work), division, f"{unit}#{n}", at)
    where = next(kind.id for kind in rulebook.units.values() if not kind.per and not kind.external)
    for role in offices:
        yield account_of(rulebook, where, (role,), "", f"office#{role}", at)


def account_of(
    rulebook: Rulebook, unit: str, roles: tuple[str, ...], division: str, login: str, at: datetime
) -> Account:
    """Return an account that nobody signs in with."""
    return Account(
        id=new_id(), login=f"{login}@{rulebook.id}", name=f"测试{login[-12:]}", password_hash="",
        jurisdiction=rulebook.id, unit=unit, roles=roles, created_at=at, division=division,
    )  # fmt: skip


def _looks_over(kind: Unit) -> bool:
    """Whether those of a unit for the whole jurisdiction see all of it: those that direct casework."""
    return not kind.may or bool({"confirm-dispatch", "supervise"} & {*kind.may})


def _drafts(rulebook: Rulebook, unit: str) -> bool:
    """Whether a unit drafts rosters: that takes three people, one to draft, one to review and one to sign."""
    return any(roster.drafted_by == kind_of(unit) for roster in rulebook.rosters.values())
