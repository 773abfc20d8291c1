"""Each jurisdiction's invented month plays, on any day, and leaves something in the queue of whoever signs in."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.clock import parse
from xunfang.demo.month import DemoLogin, load_demo
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import parse_document, read_files
from xunfang.rulebook.model import Rulebook
from xunfang.store import (
    Account,
    Case,
    Event,
    FileKeys,
    FileStore,
    Job,
    Keys,
    Task,
    connection,
    open_database,
    upgrade,
    verify_chain,
)

ROOT = Path(__file__).parents[2]
FILES = read_files(ROOT)
LAYERS = sorted(path.split("/")[1] for path in FILES if path.endswith("/demo.toml"))
MOMENTS = ("2026-11-25T10:30:00", "2026-11-22T04:50:00", "2026-03-02T19:30:00")
"""A workday, a day of rest, an evening. Each jurisdiction plays one of them here."""
PLAYED = [(layer, MOMENTS[place % len(MOMENTS)]) for place, layer in enumerate(LAYERS)]


def press(order: NoticeOrder) -> SimpleNamespace:
    return SimpleNamespace(pdf=b"%PDF-1.7 a sheet", pages=1)


class Played:
    def __init__(self, folder: Path, layer: str, moment: str) -> None:
        self.now = parse(moment)
        self.layer = layer
        self.rulebook: Rulebook = compile_rulebook(FILES, layer)
        database = open_database(f"sqlite:///{folder / 'town.db'}")
        provider = FileKeys(folder / "keys" / "data.key")
        provider.create()
        keys = Keys(provider)
        upgrade(database, keys, self.now)
        books = Rulebooks(database, {layer: self.rulebook})
        self.deployment = Deployment(database, keys, FileStore(folder / "files", keys), books)
        publish(self.deployment, FILES, self.now)
        self.logins = self.load()

    def load(self) -> list[DemoLogin]:
        return load_demo(self.deployment, FILES, self.layer, self.now, press)

    def rows(self, row: type) -> list:
        with connection(self.deployment.database) as reader:
            return reader.select(row)


@pytest.fixture(scope="module", params=PLAYED, ids=LAYERS)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    layer, moment = request.param
    found = Played(tmp_path_factory.mktemp(layer), layer, moment)
    yield found
    found.deployment.database.close()


def test_a_month_of_every_kind(played: Played) -> None:
    tasks = [task for task in played.rows(Task) if task.ended_at is None]
    cases = played.rows(Case)
    assert sum(task.overdue_at is not None for task in tasks) >= 2
    assert sum(task.overdue_at is None and task.due_at is not None for task in tasks) >= 3
    assert sum(case.closed_at is not None for case in cases) >= 3
    assert any(case.urgency == "emergency" and case.closed_at is None for case in cases)
    events = {event.name for event in played.rows(Event)}
    assert {"task.returned", "task.urged", "task.claimed", "flow.started", "case.closed", "task.supervised"} <= events


def test_jobs_did_not_fail_and_the_chain_holds(played: Played) -> None:
    jobs = played.rows(Job)
    assert not [job for job in jobs if job.status == "parked" or job.last_error]
    assert not [job for job in jobs if job.status == "ready" and job.run_at <= played.now]
    assert verify_chain(played.deployment.database, played.deployment.keys.chain) is None


def test_whoever_works_on_cases_finds_something_on_the_desk(played: Played) -> None:
    units = {task.unit for task in played.rows(Task) if task.ended_at is None}
    scopes = {case.residence for case in played.rows(Case) if case.closed_at is None}
    roles = played.rulebook.roles
    for account in played.rows(Account):
        does = {act for role in account.roles for act in roles[role].may}
        sees = account.division and any(place.startswith(account.division) for place in scopes)
        assert account.unit in units or sees or not does & {"submit", "claim", "complete", "urge"}, account.login


def test_a_second_load_does_nothing(played: Played) -> None:
    before = len(played.rows(Event))
    assert played.load() == played.logins
    assert len(played.rows(Event)) == before


def test_login_names_are_unique_over_all_jurisdictions() -> None:
    texts = [parse_document(path, FILES[path]).data for path in FILES if path.endswith("/demo.toml")]
    logins = [login["login"] for data in texts for login in data["logins"]]
    assert len(logins) == len(set(logins))
    assert {data["password"] for data in texts} == {"Xunfang#2021"}
    assert all(10 <= len(data["logins"]) <= 22 for data in texts)
