"""One day's work of a county, from sign-in to supervision; every part of it may be done again and looks first."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from databases import address
from torture.invariants import damage, doubled, gaps, look, lost, wrong_reminders
from xunfang.actions import passwords
from xunfang.actions.accounts import AccountChange, change_account
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import complete, return_task, transfer
from xunfang.actions.jobs import handlers
from xunfang.actions.papers import NoticeOrder, open_notice
from xunfang.actions.publishing import publish
from xunfang.actions.reading import attach, reveal
from xunfang.actions.reminding import reconcile
from xunfang.actions.signing import do_to_paper, sign_several
from xunfang.actions.signing_in import change_password
from xunfang.casework import Asked, Decided
from xunfang.clock import parse
from xunfang.desk import Readings
from xunfang.identity import make_id
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample import sample_answers
from xunfang.store import (
    Account,
    Dispatch,
    Event,
    FileKeys,
    FileStore,
    Keys,
    Notice,
    Task,
    connection,
    open_database,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.store.jobs import claim_job
from xunfang.web import Site, create_web
from xunfang.worker import Worker
from xunfang.worker.holder import this_holder

COUNTY = "370304-boshan"
VILLAGE = "370304102201"
AT = parse("2026-09-29T10:00")
LATE = parse("2026-10-12T17:31")
REPORTS = 3
PASSWORD, CHANGED = "Right-Horse-9", "Left-Mule-8"
PEOPLE = {
    "worker": (f"village:{VILLAGE}", "reporter", VILLAGE),
    "leader": ("service-centre", "leader", "370304"),
    "clerk": ("medical-insurance-bureau", "clerk", ""),
    "admin": ("task-force", "security-administrator", ""),
}


@dataclass(frozen=True)
class Paper:
    pdf: bytes
    pages: int = 1


class Day:
    """A deployment in a folder and what is done in it within a day and the days until its tasks are late."""

    def __init__(self, folder: Path, rulebook: Rulebook) -> None:
        self.folder, self.rulebook = folder, rulebook
        self.acks = folder / "acks"
        self.now = AT
        provider = FileKeys(folder / "keys" / "data.key")
        provider.create()
        keys = Keys(provider)
        database = open_database(address(folder, "data.db"))
        upgrade(database, keys, AT)
        books = Rulebooks(database, {COUNTY: rulebook})
        self.deployment = Deployment(database, keys, FileStore(folder / "files", keys), books)

    def prepare(self) -> None:
        """Publish the rules and make the accounts, whose passwords are cheap to verify."""
        publish(self.deployment, {}, AT)
        cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
        with transaction(self.deployment.database, "") as tx:
            for login, (unit, role, division) in PEOPLE.items():
                account = Account(
                    id=login, login=login, name=f"测试{login}", password_hash=cheap, jurisdiction=COUNTY, unit=unit,
                    roles=(role,), created_at=AT, division=division,
                )  # fmt: skip
                tx.insert_unless(account, "login")

    def run(self) -> None:
        self.prepare()
        self.report()
        self.confirm()
        self.die_with_a_job_in_hand()
        self.work(AT + timedelta(minutes=10))
        self.work(AT + timedelta(minutes=50))  # what was jammed is printed now
        self.hand_on()
        self.confirm()
        self.finish()
        self.work(AT + timedelta(hours=3))
        self.sign(AT + timedelta(hours=4))
        self.set_right(AT + timedelta(hours=5))
        self.change_people()
        self.work(LATE)
        self.sign(LATE)
        self.work(LATE)
        self.deployment.database.close()

    def actor(self, login: str) -> Actor:
        with connection(self.deployment.database) as reader:
            account = reader.find(Account, login)
        assert account is not None
        return self.deployment.actor(account)

    def _tell(self, kind: str, key: str) -> None:
        with self.acks.open("a") as acks:
            acks.write(f"{kind} {key}\n")

    def report(self) -> None:
        """Sign in, attach a photo, and send each report until it is acknowledged, as a browser does."""
        site = Site(self.deployment, Readings(self.deployment), lambda: self.now, brand="测试平台")
        client = _serving(site).test_client()
        client.post("/login", data={"login": "worker", "password": PASSWORD, "csrf": _token(client, "/login")})
        csrf = _token(client, "/password/")
        script = {"Accept": "application/json"}
        self._tell("photo", attach(self.deployment, self.actor("worker"), "a.jpg", "image/jpeg", b"a photo", AT))
        for n in range(REPORTS):
            told = client.post("/forms/clue-report", data={**_entry(n), "csrf": csrf}, headers=script)
            assert told.status_code == 201, told.text
            self._tell("report", f"{n:032x}")

    def confirm(self) -> None:
        with connection(self.deployment.database) as reader:
            waiting = reader.select(Dispatch, status="proposed")
        for item in waiting:
            decided = [Decided(row["lead"], tuple(row["assist"])) for row in item.proposed]
            moment = AT + timedelta(minutes=5)
            confirm_dispatch(self.deployment, self.actor("leader"), item.case, item.version, decided, moment)
            self._tell("confirmed", item.id)

    def die_with_a_job_in_hand(self) -> None:
        """Leave a lease behind as a worker does that dies before anybody looks."""
        moment = AT + timedelta(minutes=6)
        claim_job(self.deployment.database, moment, timedelta(minutes=5), f"{this_holder()}0")

    def hand_on(self) -> None:
        """Give the second case's task back, and pass the third one's to another bureau."""
        given = (self.deployment, self.actor("clerk"))
        moment = AT + timedelta(hours=1)
        for (case, task), move in zip(self._leads()[1:3], ("returned", "transferred"), strict=True):
            with connection(self.deployment.database) as reader:
                done = reader.first(Event, case=case, name=f"task.{move}")
            if done is None and move == "returned":
                return_task(*given, task.id, task.version, "不归本局办理", moment)
            elif done is None:
                transfer(*given, task.id, task.version, "housing-bureau", "实为住房问题", moment)

    def _leads(self) -> list[tuple[str, Task]]:
        """Return each case in the order of the reports, with the newest lead task of its handling."""
        with connection(self.deployment.database) as reader:
            tasks = [task for task in reader.select(Task, state="handling") if task.role == "lead"]
        newest = {task.case: task for task in tasks}
        return sorted(newest.items())

    def finish(self) -> None:
        """Complete the first task, look at the person's number, and open its paper."""
        clerk, moment = self.actor("clerk"), AT + timedelta(hours=2)
        case, task = self._leads()[0]
        if task.status != "done":
            form = self.rulebook.forms["investigation-feedback"]
            answers = {**sample_answers(self.rulebook, form), "eligible": False, "emergency": False}
            answers["visited_on"] = str(moment.date())  # not before it was reported
            complete(self.deployment, clerk, task.id, task.version, "ineligible", answers, "f" * 32, moment)
        self._tell("done", "f" * 32)
        reveal(self.deployment, clerk, case, "id_number", "核对身份信息", moment)
        self._tell("revealed", "核对身份信息")
        with connection(self.deployment.database) as reader:
            paper = reader.first(Notice, case=case, kind="transfer-slip")
        assert paper is not None
        open_notice(self.deployment, self.actor("leader"), paper.id, moment)
        self._tell("opened", paper.id)

    def sign(self, moment: Any) -> None:
        """Let the leader sign every draft that waits, in one go."""
        with connection(self.deployment.database) as reader:
            waiting = reader.select(Notice, status="draft")
        told = [(paper.id, paper.version) for paper in waiting]
        assert sign_several(self.deployment, self.actor("leader"), "sign-off", told, "", moment) == (len(told), 0)
        for paper in waiting:
            self._tell("signed", paper.id)

    def set_right(self, moment: Any) -> None:
        """Deliver the closing notice, take the refusal out of force, and have another one made and signed."""
        self.work(moment)
        self._once("deliver", "closing-notice", "issued", moment)
        self._once("void-paper", "refusal-notice", "issued", moment)
        with connection(self.deployment.database) as reader:
            refusals = reader.select(Notice, kind="refusal-notice")
        if len(refusals) == 1:
            self._once("remake-paper", "refusal-notice", "void", moment)
        self.work(moment + timedelta(minutes=10))
        self.sign(moment + timedelta(minutes=20))

    def _once(self, verb: str, kind: str, status: str, moment: Any) -> None:
        """Do a verb to the first paper of a kind, unless that was done before."""
        with connection(self.deployment.database) as reader:
            paper = reader.select(Notice, kind=kind)[0]
        if paper.status == status:
            told = {"reason": "姓名写错", "way": "mail", "day": moment.date().isoformat(), "version": paper.version}
            asked = Asked(verb=verb, actor=self.actor("leader"), paper=paper.id, **told)
            do_to_paper(self.deployment, asked, moment)

    def change_people(self) -> None:
        """The clerk takes a new password; the administrator gives the worker another name."""
        passwords._hasher = lambda: PasswordHasher(time_cost=1, memory_cost=1024)  # type: ignore[assignment]
        with connection(self.deployment.database) as reader:
            done = reader.first(Event, name="account.password_changed")
        if done is None:
            change_password(self.deployment, self.actor("clerk"), PASSWORD, CHANGED, AT)
        change_account(self.deployment, self.actor("admin"), "worker", AccountChange(name="测试乙"), AT)

    def work(self, until: Any) -> None:
        self.now = until

        def nightly(at: Any) -> None:
            reconcile(self.deployment, at)

        made = handlers(self.deployment, self._press, lambda: self.now)
        Worker(self.deployment.database, made, lambda: self.now, nightly).sweep()

    def _press(self, order: NoticeOrder) -> Paper:
        """Print; the first sheet ever is jammed."""
        jam = self.folder / "jam"
        if not jam.exists():
            jam.touch()
            raise OSError("the paper is jammed")
        return Paper(f"{order.template} {order.facts['notice']['number']}".encode())


_served: list[Flask] = []


def _serving(site: Site) -> Flask:
    """Return the application, made once in a process and there in its children; it serves this site from now on."""
    if not _served:
        _served.append(create_web(site))
    _served[0].extensions["xunfang"] = site
    return _served[0]


def _token(client: FlaskClient, page: str) -> str:
    return client.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]


def _entry(n: int) -> dict[str, Any]:
    return {
        "found_at": "2026-09-29T08:30", "finder_role": "village-cadre", "name": "测试甲", "phone": "13805331234",
        "id_number": make_id("370304", parse("1960-01-01").date(), n), "residence": VILLAGE, "needs": ["medical"],
        "difficulty": "因脑梗住院，自付较多。", "illness": "脑梗死", "willing": "true", "consent": "true",
        "urgency": "ordinary", "submission_id": f"{n:032x}",
    }  # fmt: skip


def wrong(day: Day) -> list[str]:
    """Return everything that is lost, doubled or damaged after a day that was done to its end."""
    told = [tuple(line.split()) for line in day.acks.read_text().splitlines()]
    with closing(look(day.deployment.database.url, day.deployment.keys)) as reader:
        found = [*lost(reader, told), *doubled(reader), *gaps(reader), *damage(reader)]  # type: ignore[arg-type]
        found += wrong_reminders(reader, day.rulebook)
        found += _unlike(reader)
    if (broken := verify_chain(day.deployment.database, day.deployment.keys.chain)) is not None:
        found.append(f"the chain breaks at {broken}")
    if missing := reconcile(day.deployment, LATE):
        found.append(f"the reconciler found {missing} jobs missing")
    return found + _unreadable(day)


EXPECTED = {
    "reports": ("SELECT count(*) FROM submission WHERE form = 'clue-report'", REPORTS),
    "clues": ("SELECT count(*) FROM clue", REPORTS),
    "cases": ("SELECT count(*) FROM \"case\" WHERE flow = 'clue'", REPORTS),
    "dispatches": ("SELECT count(*) FROM dispatch WHERE status = 'confirmed'", REPORTS + 1),
    "returned": ("SELECT count(*) FROM task WHERE status = 'returned'", 1),
    "transferred": ("SELECT count(*) FROM task WHERE status = 'transferred'", 1),
    "handling done": ("SELECT count(*) FROM task WHERE state = 'handling' AND status = 'done'", 1),
    "handling overdue": (
        "SELECT count(*) FROM task WHERE state = 'handling' AND ended_at IS NULL AND overdue_at IS NOT NULL",
        REPORTS - 1,
    ),
    "supervised": ("SELECT count(*) FROM event WHERE name = 'task.supervised'", REPORTS),
    "undone": (f"SELECT count(*) FROM job WHERE status = 'ready' AND run_at <= {int(LATE.timestamp())}", 0),
    "parked": ("SELECT count(*) FROM job WHERE status = 'parked'", 0),
}
"""How many of each there are after the day, whoever died in it."""
PAPERS = {
    ("transfer-slip", "issued"): REPORTS + 1,
    ("refusal-notice", "void"): 1,
    ("refusal-notice", "issued"): 1,
    ("closing-notice", "filed"): 1,
    ("supervision-notice", "issued"): REPORTS - 1,
}


def _unlike(reader: sqlite3.Connection) -> list[str]:
    counts = {what: reader.execute(query).fetchone()[0] for what, (query, _) in EXPECTED.items()}
    return [f"{what}: {counts[what]} instead of {n}" for what, (_, n) in EXPECTED.items() if counts[what] != n]


def _unreadable(day: Day) -> list[str]:
    """Return what is wrong with the papers: too many or few, or not the very bytes that were printed."""
    with connection(day.deployment.database) as reader:
        notices = reader.select(Notice)
    kinds = Counter((notice.kind, notice.status) for notice in notices)
    found = [f"papers: {dict(kinds)}"] if kinds != PAPERS else []
    for notice in notices:
        if not notice.sha256:
            found.append(f"paper {notice.kind} is {notice.status}")
        elif notice.number.encode() not in day.deployment.files.get(notice.sha256):
            found.append(f"paper {notice.number} has other content")
    return found
