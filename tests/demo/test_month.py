"""The invented month plays through the real acts, once, and leaves a believable queue whenever it is played."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.actions.signing_in import sign_in
from xunfang.clock import local_date, parse
from xunfang.demo import month as demo
from xunfang.demo.month import demo_logins, load_demo
from xunfang.demo.played import PlayedWorker
from xunfang.errors import Refused
from xunfang.rulebook.compile import compile_rulebook, digest_of
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.store import (
    Account,
    Case,
    Clue,
    Event,
    FileKeys,
    FileStore,
    Job,
    Keys,
    Message,
    Notice,
    Task,
    connection,
    open_database,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.worker.holder import this_holder

ROOT = Path(__file__).parents[2]
JURISDICTION = "370304-boshan"
FILES = read_files(ROOT)
MORNING = parse("2026-11-25T10:30:00")
PAPER = SimpleNamespace(pdf=b"%PDF-1.7 a sheet", pages=1)


def press(order: NoticeOrder) -> SimpleNamespace:
    return PAPER


@dataclass
class Played:
    deployment: Deployment
    logins: list[demo.DemoLogin]

    def rows(self, row: type) -> list:
        with connection(self.deployment.database) as reader:
            return reader.select(row)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(FILES, JURISDICTION)


def opened(folder: Path, rulebook: Rulebook, now: datetime) -> Deployment:
    database = open_database(f"sqlite:///{folder / 'town.db'}")
    provider = FileKeys(folder / "keys" / "data.key")
    provider.create()
    keys = Keys(provider)
    upgrade(database, keys, now)
    books = Rulebooks(database, {JURISDICTION: rulebook})
    deployment = Deployment(database, keys, FileStore(folder / "files", keys), books)
    publish(deployment, FILES, now)
    return deployment


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Iterator[Played]:
    deployment = opened(tmp_path_factory.mktemp("demo"), rulebook, MORNING)
    yield Played(deployment, load_demo(deployment, FILES, JURISDICTION, MORNING, press))
    deployment.database.close()


def test_a_month_that_was_cut_short_with_a_job_in_hand_goes_on(tmp_path: Path, rulebook: Rulebook) -> None:
    deployment = opened(tmp_path, rulebook, MORNING)
    dead = this_holder().rpartition("|")[0] + "|1"
    begun = MORNING - timedelta(days=400)
    job = Job(
        id="1" * 32,
        kind="print-circular",
        key="x",
        payload={"circular": "none"},
        run_at=begun,
        attempts=1,
        lease_until=MORNING,
        token="x",
        holder=dead,
        jurisdiction=JURISDICTION,
    )
    with transaction(deployment.database, JURISDICTION) as tx:
        tx.insert(job)
    PlayedWorker(deployment, press, begun).work_until(begun + timedelta(days=1))
    with connection(deployment.database) as reader:
        assert {each.status for each in reader.select(Job) if each.key == "x"} == {"done"}
    deployment.database.close()


def open_leads(played: Played) -> list[Task]:
    return [task for task in played.rows(Task) if task.ended_at is None and task.role == "lead"]


def test_something_is_overdue_and_something_due_today_and_soon(played: Played) -> None:
    leads = open_leads(played)
    assert sum(task.overdue_at is not None for task in leads) >= 2
    assert sum(task.due_at < MORNING for task in leads) == sum(task.overdue_at is not None for task in leads)
    days = Counter((local_date(task.due_at) - local_date(MORNING)).days for task in leads)
    assert days[0] >= 3
    assert days[1] >= 3


def test_every_way_a_case_can_go_is_there(played: Played) -> None:
    events = Counter(event.name for event in played.rows(Event))
    assert events["case.closed"] >= 5
    for name in (
        "clue.joined", "task.returned", "task.transferred", "dispatch.changed", "dispatch.sent_at_once",
        "flow.started", "task.urged", "person.revealed", "task.supervised", "task.escalated", "task.assisted",
    ):  # fmt: skip
        assert events[name] >= 1, name
    outcomes = {case.outcome for case in played.rows(Case) if case.closed_at}
    assert {"granted", "special-aid", "ineligible", "declined", "referred"} <= outcomes
    assert any(case.urgency == "emergency" and case.closed_at is None for case in played.rows(Case))
    assert any(not clue.in_time["report-clue"] for clue in played.rows(Clue))


def test_a_proposal_waits_and_one_waits_too_long(played: Played) -> None:
    waiting = [task for task in open_leads(played) if task.state == "dispatch"]
    assert len(waiting) >= 2
    assert any(task.overdue_at for task in waiting)


def test_papers_are_numbered_without_a_gap_in_the_order_of_time(played: Played) -> None:
    notices = played.rows(Notice)
    assert {notice.status for notice in notices} == {"draft", "issued"}  # one that came after hours still waits
    assert all(notice.n is None for notice in notices if notice.status == "draft")
    by_kind: dict[str, list[Notice]] = {}
    issued = [notice for notice in notices if notice.status == "issued"]
    for notice in sorted(issued, key=lambda notice: (notice.issued_at, notice.n)):
        by_kind.setdefault(notice.kind, []).append(notice)
    assert {"transfer-slip", "closing-notice", "refusal-notice", "supervision-notice"} <= by_kind.keys()
    for found in by_kind.values():
        assert [notice.n for notice in found] == list(range(1, len(found) + 1))


def test_jobs_ran_at_their_own_moments_and_none_failed(played: Played) -> None:
    jobs = played.rows(Job)
    assert not [job for job in jobs if job.status == "parked" or job.last_error]
    assert not [job for job in jobs if job.status == "ready" and job.run_at <= MORNING]
    for job in jobs:
        if job.status == "done":
            assert job.ended_at == job.run_at
    assert all(message.at <= MORNING for message in played.rows(Message))


def test_events_are_in_the_order_of_time_and_the_chain_holds(played: Played) -> None:
    moments = [event.at for event in played.rows(Event)[1:]]  # the first is the release, published in the present
    assert moments == sorted(moments)
    assert max(moments) <= MORNING
    assert verify_chain(played.deployment.database, played.deployment.keys.chain) is None


def test_each_login_enters(played: Played) -> None:
    logins = played.logins
    assert len({login.login for login in logins}) == len(logins) >= 12
    assert sign_in(played.deployment, logins[0].login, logins[0].password, MORNING)
    with connection(played.deployment.database) as reader:
        account = reader.first(Account, login=logins[0].login)
    assert account is not None
    assert not account.must_change
    assert demo_logins(played.deployment, FILES) == logins


def test_a_second_load_does_nothing(played: Played) -> None:
    before = len(played.rows(Event))
    later = MORNING + timedelta(days=3)
    assert load_demo(played.deployment, FILES, JURISDICTION, later, press) == played.logins
    assert len(played.rows(Event)) == before


@pytest.mark.parametrize("stop_after", [1, 40])
def test_a_load_cut_short_goes_on_where_it_stopped(
    stop_after: int, tmp_path: Path, rulebook: Rulebook, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = opened(tmp_path, rulebook, MORNING)
    left = [stop_after]

    def dying(tx: object, name: str, at: datetime) -> None:
        if name.startswith("demo-played"):
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
        note_seen(tx, name, at)

    note_seen = demo.note_seen
    monkeypatch.setattr(demo, "note_seen", dying)
    with pytest.raises(KeyboardInterrupt):
        load_demo(deployment, FILES, JURISDICTION, MORNING, press)
    monkeypatch.undo()
    load_demo(deployment, FILES, JURISDICTION, MORNING + timedelta(hours=2), press)
    again = Played(deployment, [])
    for row in (Case, Task, Clue, Notice):
        assert len(again.rows(row)) == len(played.rows(row))
    deployment.database.close()


@pytest.mark.parametrize("moment", ["2026-11-22T04:50:00", "2026-10-05T12:00:00", "2026-03-02T19:30:00"])
def test_it_plays_on_a_rest_day_in_a_holiday_and_in_the_evening(
    moment: str, tmp_path: Path, rulebook: Rulebook
) -> None:
    now = parse(moment)
    deployment = opened(tmp_path, rulebook, now)
    load_demo(deployment, FILES, JURISDICTION, now, press)
    played = Played(deployment, [])
    leads = open_leads(played)
    assert sum(task.overdue_at is not None for task in leads) >= 2
    next_office = min(local_date(task.due_at) for task in leads if task.due_at > now and task.state == "handling")
    assert sum(local_date(task.due_at) == next_office for task in leads) >= 2
    assert sum(case.closed_at is not None for case in played.rows(Case)) >= 5
    deployment.database.close()


def test_the_invented_month_is_no_rule(rulebook: Rulebook) -> None:
    path = f"workflows/{JURISDICTION}/demo.toml"
    changed = {**FILES, path: "password = 1"}
    assert path in FILES
    assert digest_of(changed) == digest_of(FILES)
    assert compile_rulebook(changed, JURISDICTION).digest == rulebook.digest


def test_a_county_without_a_script_has_no_demo(tmp_path: Path, rulebook: Rulebook) -> None:
    deployment = opened(tmp_path, rulebook, MORNING)
    without = {path: text for path, text in FILES.items() if not path.endswith("demo.toml")}
    assert load_demo(deployment, without, JURISDICTION, MORNING, press) == []
    deployment.database.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('password = "Xunfang#2021"', "", "password"),
        ('act = "confirm-dispatch", by = "zhuren" }', 'act = "confirm-dispatch", by = "paidan" }', "第 1 步"),
        ('base = "report"', 'base = "rapport"', "rapport"),
        ("[[logins]]", "[[logins]", "demo.toml"),
    ],
)
def test_a_script_that_cannot_be_played_says_where(
    old: str, new: str, said: str, tmp_path: Path, rulebook: Rulebook
) -> None:
    path = f"workflows/{JURISDICTION}/demo.toml"
    deployment = opened(tmp_path, rulebook, MORNING)
    broken = {**FILES, path: FILES[path].replace(old, new, 1)}
    with pytest.raises(Refused, match=said):
        load_demo(deployment, broken, JURISDICTION, MORNING, press)
    deployment.database.close()
