"""A whole deployment in a folder, on the real rules of one county, with invented people who act in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from databases import address
from founded import founded
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import claim, complete
from xunfang.actions.jobs import handlers
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.actions.signing import do_to_paper, sign_several
from xunfang.actions.submitting import Submitted, submit
from xunfang.casework import Asked, Decided
from xunfang.clock import parse
from xunfang.division import DivisionTree, Level
from xunfang.errors import Refused
from xunfang.identity import make_id
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.store import (
    Account,
    Case,
    Dispatch,
    Event,
    FileKeys,
    FileStore,
    Keys,
    Message,
    Notice,
    Task,
    connection,
    new_id,
    open_database,
    transaction,
    upgrade,
)
from xunfang.store.jobs import next_due
from xunfang.worker import Worker

R = TypeVar("R")
FILES = read_files(Path(__file__).parents[2])
JURISDICTION = "370304-boshan"
START = parse("2026-03-10T14:00:00")  # a Tuesday without a holiday near
VILLAGE, TOWNSHIP, SIBLING = "370304102200", "370304102", "370304103"
MEDICAL, EDUCATION, HOUSING, CENTRE = (
    "medical-insurance-bureau",
    "education-sports-bureau",
    "housing-bureau",
    "service-centre",
)
GRANTED = {"visited_on": "2026-03-10", "findings": "入户核实，情况属实。", "eligible": True, "programme": "medical-aid"}
TOLD = {"notified_on": "2026-03-10", "notify_way": "phone", "satisfaction": "satisfied"}
PEOPLE = {
    "village": (f"village:{VILLAGE}", ("reporter",), VILLAGE),
    "township": (f"township:{TOWNSHIP}", ("clerk",), TOWNSHIP),
    "sibling": (f"township:{SIBLING}", ("clerk",), SIBLING),
    "doctor": (MEDICAL, ("clerk",), ""),
    "colleague": (MEDICAL, ("clerk",), ""),
    "teacher": (EDUCATION, ("clerk",), ""),
    "builder": (HOUSING, ("clerk",), ""),
    "centre": (CENTRE, ("dispatcher",), "370304"),
    "leader": (CENTRE, ("leader",), "370304"),
    "duty": (CENTRE, ("duty-officer",), "370304"),
    "supervisor": ("leading-group-office", ("supervisor",), "370304"),
    "admin": ("task-force", ("security-administrator",), ""),
    "operator": ("task-force", ("administrator",), ""),
    "editor": ("task-force", ("rule-editor",), ""),
    "second-editor": ("task-force", ("rule-editor", "rule-reviewer"), ""),
    "reviewer": ("task-force", ("rule-reviewer",), ""),
    "auditor": ("task-force", ("auditor",), ""),
}


@cache
def compiled() -> Rulebook:
    return compile_rulebook(FILES, JURISDICTION)


def with_villages(rulebook: Rulebook, *villages: str) -> Rulebook:
    """Return the rules of a county with these villages alone, for what all of them would only do longer."""
    kept = (one for one in rulebook.divisions.lines() if one.level != Level.VILLAGE or one.code in villages)
    return replace(rulebook, divisions=DivisionTree(kept))


@dataclass
class Press:
    """A press that prints nothing and remembers its orders; `refuses` makes it refuse."""

    orders: list[NoticeOrder] = field(default_factory=list)
    refuses: str = ""

    def __call__(self, order: NoticeOrder) -> SimpleNamespace:
        if self.refuses:
            raise Refused(self.refuses)
        self.orders.append(order)
        return SimpleNamespace(pdf=f"%PDF {len(self.orders)}".encode(), pages=1)


def _opened(folder: Path, rulebook: Rulebook) -> Deployment:
    database = open_database(address(folder, "town.db"))
    provider = FileKeys(folder / "keys" / "data.key")
    provider.create()
    keys = Keys(provider)
    upgrade(database, keys, START)
    books = Rulebooks(database, {JURISDICTION: rulebook})
    return Deployment(database, keys, FileStore(folder / "files", keys), books)


def _found(folder: Path, rulebook: Rulebook) -> None:
    """Publish the rules and make the accounts."""
    deployment = _opened(folder, rulebook)
    publish(deployment, FILES, START)
    with transaction(deployment.database, "") as tx:
        for login, (unit, roles, division) in PEOPLE.items():
            tx.insert(
                Account(
                    id=f"account-{login}", login=login, name=f"测试{login}", password_hash="",
                    jurisdiction=JURISDICTION, unit=unit, roles=roles, created_at=START, division=division,
                )
            )  # fmt: skip
    deployment.database.close()


class Town:
    """A deployment whose clock is turned by hand."""

    def __init__(self, folder: Path, rulebook: Rulebook) -> None:
        self.at: datetime = START
        self.rulebook = rulebook
        founded(folder, (__name__, rulebook.digest), lambda empty: _found(empty, rulebook))
        self.deployment = _opened(folder, rulebook)
        self.database, self.keys = self.deployment.database, self.deployment.keys
        self.press = Press()
        self.worker = Worker(self.database, handlers(self.deployment, self.press, self.now), self.now)

    def now(self) -> datetime:
        return self.at

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at

    def work_until(self, moment: datetime | str | None = None) -> None:
        """Carry out every job due by a moment, each at its own."""
        until = parse(moment) if isinstance(moment, str) else moment or self.at
        while job := next_due(self.database, until):
            self.at = max(self.at, job.run_at)
            self.worker.run_next()
        self.at = max(self.at, until)

    def actor(self, login: str) -> Actor:
        account = self.first(Account, login=login)
        return self.deployment.actor(account)

    def rows(self, row: type[R], **where: Any) -> list[R]:
        with connection(self.database) as reader:
            return reader.select(row, **where)

    def first(self, row: type[R], **where: Any) -> R:
        found = self.rows(row, **where)
        assert found, (row, where)
        return found[0]

    def report(self, by: str = "village", key: str = "", **changes: Any) -> Submitted:
        answers = {name: value for name, value in {**report(), **changes}.items() if value is not None}
        return submit(self.deployment, self.actor(by), "clue-report", answers, key or new_id(), self.at)

    def confirm(self, case: str, *decided: Decided, by: str = "leader") -> None:
        dispatch = self.first(Dispatch, case=case, status="proposed")
        wanted = decided or tuple(Decided(row["lead"], tuple(row["assist"])) for row in dispatch.proposed)
        confirm_dispatch(self.deployment, self.actor(by), case, dispatch.version, wanted, self.at)

    def dispatched(self, **changes: Any) -> str:
        """Return the key of a case that was reported and confirmed."""
        case = self.report(**changes).case
        self.confirm(case)
        return case

    def task(self, case: str, unit: str, **where: Any) -> Task:
        return self.first(Task, case=case, unit=unit, **{"ended_at": None, **where})

    def case(self, key: str) -> Case:
        return self.first(Case, id=key)

    def claim(self, by: str, task: Task) -> Task:
        claim(self.deployment, self.actor(by), task.id, task.version, self.at)
        return self.first(Task, id=task.id)

    def complete(
        self, by: str, task: Task, outcome: str = "granted", answers: Mapping[str, Any] = GRANTED, key: str = ""
    ) -> Task:
        key = key or new_id()
        complete(self.deployment, self.actor(by), task.id, task.version, outcome, answers, key, self.at)
        return self.first(Task, id=task.id)

    def papers_waiting(self) -> list[Notice]:
        return self.rows(Notice, status="draft")

    def sign(self, *kinds: str, by: str = "leader") -> None:
        """Let the leader sign off every draft that waits, or those of some kinds, and the worker print them."""
        self.work_until()
        waiting = [paper for paper in self.papers_waiting() if not kinds or paper.kind in kinds]
        told = [(paper.id, paper.version) for paper in waiting]
        assert sign_several(self.deployment, self.actor(by), "sign-off", told, "", self.at) == (len(told), 0)
        self.work_until()

    def paper(self, verb: str, notice: Notice, by: str = "leader", **told: Any) -> Notice:
        """Do a verb to a paper as it stands now."""
        version = self.first(Notice, id=notice.id).version
        asked = Asked(verb=verb, actor=self.actor(by), paper=notice.id, **{"version": version, **told})
        do_to_paper(self.deployment, asked, self.at)
        return self.first(Notice, id=notice.id)

    def events(self, name: str = "", **where: Any) -> list[Event]:
        return self.rows(Event, **({"name": name} if name else {}), **where)

    def inbox(self, unit: str, kind: str = "") -> list[Message]:
        return self.rows(Message, unit=unit, **({"kind": kind} if kind else {}))


def report(serial: int = 24) -> dict[str, Any]:
    """Return an acceptable report about an invented person."""
    return {
        "found_at": "2026-03-10T08:30:00+08:00", "finder_role": "village-cadre", "name": "孙桂兰",
        "id_number": make_id("370304", date(1958, 3, 14), serial), "phone": "13800001234", "residence": VILLAGE,
        "difficulty": "因脑梗住院，自付医药费较多。", "needs": ["medical"], "illness": "脑梗死", "willing": True,
        "consent": True, "urgency": "ordinary",
    }  # fmt: skip


def other_id(serial: int) -> str:
    return make_id("370304", date(1958, 3, 14), serial)
