"""A whole deployment in a temporary folder, on the real rules, with invented people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from browsing import chromium, serving
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium

import databases
from founded import founded
from xunfang.actions import passwords
from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, Rulebooks, machinery
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.signing_in import token_hash
from xunfang.actions.storing import store
from xunfang.actions.submitting import submit
from xunfang.casework import Asked, Decided, File, advance
from xunfang.checking.examiner import Examiner
from xunfang.clock import parse
from xunfang.desk import Readings
from xunfang.identity import make_id
from xunfang.rulebook.compile import compile_rulebook, files_of
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.store import (
    Account,
    Database,
    Dispatch,
    DutyPeriod,
    Event,
    FileKeys,
    FileStore,
    Keys,
    Session,
    Task,
    connection,
    new_id,
    open_database,
    publish_release,
    transaction,
    upgrade,
)
from xunfang.web import Site, create_web

ROOT = Path(__file__).parents[2]
JURISDICTION = "370304-boshan"
NOW = parse("2026-09-29T10:00:00+08:00")
PASSWORD = "Right-Horse-9"
VILLAGE, TOWNSHIP = "370304102201", "370304102"


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    login: str
    unit: str
    roles: tuple[str, ...]
    division: str = ""
    jurisdiction: str = JURISDICTION


PEOPLE = {
    person.login: person
    for person in (
        Person("worker", f"village:{VILLAGE}", ("reporter",), VILLAGE),
        Person("other-worker", "village:370304001001", ("reporter",), "370304001001"),
        Person("clerk", "medical-insurance-bureau", ("clerk",)),
        Person("colleague", "medical-insurance-bureau", ("clerk",)),
        Person("teacher", "education-sports-bureau", ("clerk",)),
        Person("builder", "housing-bureau", ("clerk",)),
        Person("charity", "charity-federation", ("clerk",)),
        Person("township", f"township:{TOWNSHIP}", ("clerk",), TOWNSHIP),
        Person("sibling", "township:370304103", ("clerk",), "370304103"),
        Person("leader", "service-centre", ("leader", "clerk"), "370304"),
        Person("admin", "service-centre", ("security-administrator",)),
        Person("operator", "service-centre", ("administrator",)),
        Person("auditor", "service-centre", ("auditor",)),
        Person("rule-keeper", "service-centre", ("rule-editor", "rule-reviewer")),
    )
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-relation", action="store_true", help="ask by wrong methods in every relation too")
    parser.addoption("--postgresql", action="store_true", help="ask the whole matrix on PostgreSQL, behind its walls")


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(ROOT), JURISDICTION)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply, as the accounts here are: what it costs in earnest is asked in tests/actions/test_hashing.py."""
    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=1024))


@dataclass
class Town:
    """A running site: its clock can be turned, and anybody can walk in."""

    app: Flask
    deployment: Deployment
    at: datetime

    def now(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)

    def client(self, login: str) -> "Browser":
        token = f"token-of-{login}-{new_id()}"
        with transaction(self.deployment.database, "") as tx:
            account = tx.first(Account, login=login)
            assert account is not None
            ends = self.at + timedelta(hours=12)
            csrf = f"csrf-{new_id()}"
            tx.insert(
                Session(
                    token_hash=token_hash(token),
                    account=account.id,
                    csrf=csrf,
                    created_at=self.at,
                    last_seen_at=self.at,
                    ends_at=ends,
                )
            )
        client = self.app.test_client()
        client.set_cookie("xunfang", token)
        return Browser(client, csrf)

    def actor(self, login: str) -> Any:
        with connection(self.deployment.database) as reader:
            account = reader.first(Account, login=login)
        assert account is not None
        return self.deployment.actor(account)

    def events(self) -> int:
        """Return how many events there are: whatever was done has left one."""
        with connection(self.deployment.database) as reader:
            return len(reader.select(Event))

    def dispatched(self, login: str = "worker", **changes: Any) -> Any:
        """Return a reported case that the leader has sent out as proposed, with its lead task."""
        told = self.report(login, **changes)
        with connection(self.deployment.database) as reader:
            waiting = reader.first(Dispatch, case=told.case, status="proposed")
        assert waiting is not None
        decided = [Decided(row["lead"], tuple(row["assist"])) for row in waiting.proposed]
        confirm_dispatch(self.deployment, self.actor("leader"), told.case, waiting.version, decided, self.at)
        return next(task for task in self.tasks(told.case) if task.role == "lead")

    def tasks(self, case: str) -> list[Task]:
        """Return the open tasks of a case."""
        with connection(self.deployment.database) as reader:
            return reader.select(Task, case=case, ended_at=None)

    def task(self, task: str) -> Task:
        """Return one task as it stands."""
        with connection(self.deployment.database) as reader:
            found = reader.find(Task, task)
        assert found is not None
        return found

    def report(self, login: str = "worker", **changes: Any) -> Any:
        answers = {**report_answers(), **changes}
        answers = {name: value for name, value in answers.items() if value is not None}
        return submit(self.deployment, self.actor(login), "clue-report", answers, new_id(), self.at)


@dataclass
class Browser:
    """A signed-in client that sends the token of its pages along."""

    client: FlaskClient
    csrf: str

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


def owe(town: Town, duty: str, unit: str, begins_on: str = "2026-09-01") -> DutyPeriod:
    """Let a unit owe something for the period that begins on a day, as the worker does."""
    with acting(town.deployment, machinery(JURISDICTION, "试报"), town.at) as act:
        told = {"duty": duty, "unit": unit, "begins_on": begins_on}
        asked = Asked(verb="open-duty", actor=act.actor, payload=told)
        store(act, advance(act.rules(), File(), asked, town.at, new_id))
    with connection(town.deployment.database) as reader:
        found = reader.first(DutyPeriod, duty=duty, unit=unit)
    assert found is not None
    return found


def report_answers() -> dict[str, Any]:
    """Return an acceptable report about an invented person."""
    return {
        "found_at": "2026-09-29T08:30:00+08:00", "finder_role": "village-cadre", "name": "孙桂兰",
        "id_number": make_id("370304", date(1958, 3, 14), 224), "phone": "13805331234", "residence": VILLAGE,
        "difficulty": "因脑梗住院，自付医药费较多，家中仅靠务农收入。", "needs": ["medical"],
        "illness": "脑梗死", "willing": True, "consent": True, "urgency": "ordinary",
    }  # fmt: skip


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    town = open_town(tmp_path, {JURISDICTION: rulebook}, PEOPLE.values(), web)
    yield town
    town.deployment.database.close()


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Flask:
    """The application, its pages compiled once; `open_town` lets it serve another site."""
    town = open_town(tmp_path_factory.mktemp("web"), {JURISDICTION: rulebook}, ())
    town.deployment.database.close()
    return town.app


def open_town(
    folder: Path, rulebooks: Mapping[str, Rulebook], people: Iterable[Person], web: Flask | None = None
) -> Town:
    """Return a site that serves these jurisdictions, with these people in it; the caller closes its database.

    An application given serves it, and no other site from then on; without one the site has its own.
    """
    staff, served = tuple(people), [(jurisdiction, rulebook.digest) for jurisdiction, rulebook in rulebooks.items()]
    founded(folder, (__name__, *served, staff), lambda empty: _found(empty, rulebooks, staff))
    database, keys = _opened(folder)
    upgrade(database, keys, NOW)
    deployment = Deployment(database, keys, FileStore(folder / "files", keys), Rulebooks(database, rulebooks))
    town = Town(app=None, deployment=deployment, at=NOW.astimezone(UTC))  # type: ignore[arg-type]
    site = Site(deployment, Readings(deployment), town.now, brand="测试平台", examiner=_EXAMINER)
    town.app = web or create_web(site)
    town.app.extensions["xunfang"] = site
    return town


def _opened(folder: Path) -> tuple[Database, Keys]:
    provider = FileKeys(folder / "keys" / "data.key")
    provider.create()
    return open_database(databases.address(folder, "town.db")), Keys(provider)


def _found(folder: Path, rulebooks: Mapping[str, Rulebook], people: Iterable[Person]) -> None:
    """Publish the rules and make the accounts."""
    database, keys = _opened(folder)
    upgrade(database, keys, NOW)
    with transaction(database, "") as tx:
        for jurisdiction, rulebook in rulebooks.items():
            publish_release(tx, rulebook.digest, jurisdiction, files_of(read_files(ROOT), rulebook.chain), NOW)
        for person in people:
            tx.insert(_account(person))
    database.close()


_EXAMINER = Examiner()
"""One for all sites: its children begin with the first draft that somebody asks about."""


@cache
def _hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)


def _account(person: Person) -> Account:
    return Account(
        id=new_id(), login=person.login, name=f"测试{person.login}", password_hash=_hash(),
        jurisdiction=person.jurisdiction, unit=person.unit, division=person.division, roles=person.roles,
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A real browser, for one module."""
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """Where the town can be reached by a browser."""
    with serving(town.app) as address:
        yield address
