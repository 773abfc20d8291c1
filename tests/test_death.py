"""Kill the process at every named step of web and worker, start again, and look: nothing lost, nothing twice.

Each run forks a child that does the same day's work (reports, confirmations, results, papers) and dies by SIGKILL at
one step; a second child carries on where the first stopped, as people and a restarted server would.
"""

import os
import re
import signal
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from xunfang import steps
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.dispatching import Decided, confirm_dispatch
from xunfang.actions.handling import complete
from xunfang.actions.opening import BREACH, REMIND
from xunfang.actions.papers import NoticeIssuing, NoticeOrder, open_notice
from xunfang.actions.paperwork import ISSUE
from xunfang.actions.publishing import publish
from xunfang.actions.reading import reveal
from xunfang.actions.reminding import BreachRecording, Reminding, reconcile
from xunfang.actions.submitting import submit
from xunfang.clock import parse
from xunfang.identity import make_id
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample import sample_answers
from xunfang.store import (
    Case,
    Clue,
    Dispatch,
    Event,
    FileKeys,
    FileStore,
    Job,
    Keys,
    Message,
    Notice,
    Submission,
    Task,
    connection,
    open_database,
    upgrade,
    verify_chain,
)
from xunfang.worker import Worker

ROOT = Path(__file__).parents[1]
COUNTY = "370304-boshan"
AT = parse("2026-09-29T10:00")
LATE = parse("2026-10-12T17:31")
REPORTS = 3
NOT_ON_THIS_WALK = {"job.failing"}
"""Steps that only a failing job passes; the worker's own tests kill there."""


def named_steps() -> list[str]:
    found = set()
    for path in (ROOT / "platform").rglob("*.py"):
        found |= set(re.findall(r'reached\("([a-z.]+)"\)', path.read_text(encoding="utf-8")))
    return sorted(found - NOT_ON_THIS_WALK)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(ROOT), COUNTY)


@dataclass(frozen=True)
class _Paper:
    pdf: bytes
    pages: int = 1


def _press(order: NoticeOrder) -> _Paper:
    return _Paper(f"{order.template} {order.facts['notice']['number']}".encode())


def _deployment(folder: Path, rulebook: Rulebook) -> Deployment:
    provider = FileKeys(folder / "data.key")
    provider.create()
    keys = Keys(provider)
    database = open_database(f"sqlite:///{folder / 'data.db'}")
    upgrade(database, AT)
    deployment = Deployment(database, keys, FileStore(folder / "files", keys), Rulebooks(database, {COUNTY: rulebook}))
    publish(deployment, {}, AT)
    return deployment


def _actor(unit: str, division: str, *roles: str) -> Actor:
    acts = frozenset({"submit", "confirm-dispatch", "claim", "complete", "reveal", "print"})
    return Actor(f"account-{unit}", "某某", COUNTY, unit, division, roles, acts)


class _Day:
    """One day's work; every part of it may be done again and looks first at what stands already."""

    def __init__(self, folder: Path, rulebook: Rulebook) -> None:
        self.deployment = _deployment(folder, rulebook)
        self.rulebook = rulebook
        self.acks = folder / "acks"
        self.now = AT

    def run(self) -> None:
        self.report()
        self.confirm()
        self.work(AT)
        self.finish_first_task()
        self.work(LATE)

    def report(self) -> None:
        base = sample_answers(self.rulebook, self.rulebook.forms["clue-report"])
        village = base["residence"]
        actor = _actor(f"village:{village}", village, "reporter")
        for n in range(REPORTS):
            number = make_id("370304", parse("1960-01-01").date(), n)
            answers = {**base, "needs": ["medical"], "id_number": number, "found_at": "2026-09-29T09:00"}
            submit(self.deployment, actor, "clue-report", answers, f"{n:032x}", AT)
            with self.acks.open("a") as acks:
                acks.write(f"{n:032x}\n")
                acks.flush()

    def confirm(self) -> None:
        leader = _actor("service-centre", "370304", "leader")
        with connection(self.deployment.database) as reader:
            waiting = reader.select(Dispatch, status="proposed")
        for item in waiting:
            decided = [Decided(row["lead"], tuple(row["assist"])) for row in item.proposed]
            confirm_dispatch(self.deployment, leader, item.case, item.version, decided, AT + timedelta(minutes=5))

    def finish_first_task(self) -> None:
        clerk = _actor("medical-insurance-bureau", "", "clerk")
        with connection(self.deployment.database) as reader:
            tasks = reader.select(Task, unit=clerk.unit, state="handling")
            done = [task for task in tasks if task.status == "done"]
        if not done:
            form = self.rulebook.forms["investigation-feedback"]
            answers = {**sample_answers(self.rulebook, form), "eligible": False, "emergency": False}
            moment = AT + timedelta(hours=2)
            complete(self.deployment, clerk, tasks[0].id, tasks[0].version, "ineligible", answers, "f" * 32, moment)
            reveal(self.deployment, clerk, tasks[0].case, "id_number", "核对身份", moment)

    def work(self, until: object) -> None:
        self.now = until  # type: ignore[assignment]

        def now() -> object:
            return self.now

        handlers = {
            ISSUE: NoticeIssuing(self.deployment, _press, now),  # type: ignore[arg-type]
            REMIND: Reminding(self.deployment, now),  # type: ignore[arg-type]
            BREACH: BreachRecording(self.deployment, now),  # type: ignore[arg-type]
        }
        worker = Worker(self.deployment.database, handlers, now, lambda at: _ignore(reconcile(self.deployment, at)))  # type: ignore[arg-type]
        worker.sweep()


def _ignore(_: object) -> None:
    return None


def _in_child(folder: Path, rulebook: Rulebook, step: str) -> int:
    """Do the day's work in a forked child that dies at a step; returns the signal it died of, 0 for none."""
    pid = os.fork()
    if pid == 0:
        try:
            steps._AIM = step
            _Day(folder, rulebook).run()
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(70)
    _, status = os.waitpid(pid, 0)
    assert not (os.WIFEXITED(status) and os.WEXITSTATUS(status)), "the child failed instead of dying"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.parametrize("step", named_steps())
def test_death_at_a_step_loses_and_doubles_nothing(tmp_path: Path, rulebook: Rulebook, step: str) -> None:
    assert _in_child(tmp_path, rulebook, step) == signal.SIGKILL, "this walk never passes the step"
    assert _in_child(tmp_path, rulebook, "") == 0
    _look(_Day(tmp_path, rulebook).deployment, tmp_path)


def _look(deployment: Deployment, folder: Path) -> None:
    with connection(deployment.database) as reader:
        submissions = {row.id for row in reader.select(Submission, form="clue-report")}
        assert set((folder / "acks").read_text().split()) <= submissions, "an acknowledged report is lost"
        assert len(submissions) == len(reader.select(Clue)) == REPORTS
        cases = reader.select(Case, flow="clue")
        assert sorted(case.number for case in cases) == [f"博救〔2026〕{n}号" for n in range(1, REPORTS + 1)]
        assert Counter(dispatch.status for dispatch in reader.select(Dispatch)) == {"confirmed": REPORTS}
        handling = [task for task in reader.select(Task, state="handling") if task.role == "lead"]
        assert Counter(task.status for task in handling) == {"done": 1, "open": REPORTS - 1}
        assert all(task.overdue_at for task in handling if task.status == "open")
        _look_at_papers(deployment, reader.select(Notice))
        keys = [message.key for message in reader.select(Message)]
        assert len(keys) == len(set(keys))
        assert not [job for job in reader.select(Job, status="ready") if job.run_at <= LATE]
        assert not reader.select(Job, status="parked")
        names = Counter(event.name for event in reader.select(Event))
        assert names["clue.submitted"] == names["case.opened"] == REPORTS
        assert names["task.fell_overdue"] == names["task.supervised"] >= REPORTS - 1
    assert verify_chain(deployment.database, deployment.keys.chain) is None
    assert reconcile(deployment, LATE) == 0


def _look_at_papers(deployment: Deployment, notices: list[Notice]) -> None:
    kinds: dict[str, list[Notice]] = {}
    for notice in notices:
        assert notice.status == "issued", notice
        kinds.setdefault(notice.kind, []).append(notice)
    assert {kind: len(found) for kind, found in kinds.items()} == {
        "transfer-slip": REPORTS,
        "refusal-notice": 1,
        "closing-notice": 1,
        "supervision-notice": REPORTS - 1,
    }
    leader = _actor("service-centre", "370304", "leader")
    for found in kinds.values():
        assert sorted(notice.n or 0 for notice in found) == list(range(1, len(found) + 1)), "numbers have a gap"
        for notice in found:
            assert notice.number.encode() in open_notice(deployment, leader, notice.id, LATE)
