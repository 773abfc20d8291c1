"""Committed steps of a case, beside SpiffWorkflow storing its state after each step of a process of the same shape."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import claim, complete
from xunfang.actions.submitting import submit
from xunfang.casework import Decided, Dispatch, Task
from xunfang.clock import parse
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Rulebook
from xunfang.store import connection

AT = parse("2026-09-29T10:00")
FORM = "clue-report"
MEMORY = Path("/dev/shm")
STATES = ("dispatch", "handling", "notify", "visit")
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def steps(
    rulebook: Rulebook,
    answers: dict[str, object],
    seconds: float,
    opened: Callable[[Path, Rulebook], Deployment],
    numbers: list[str],
    raw_commits: Callable[[Path, float], float],
) -> None:
    """Print how many steps a second are decided and committed, with their events, jobs and messages.

    On the disk, by the clock on the wall: every commit waits for it, so that the raw commits are the ceiling of both.
    In memory, in the seconds of one core: what is decided, written and recorded costs without the disk.
    """
    with tempfile.TemporaryDirectory() as name:
        ours = _ours(opened(Path(name), rulebook), rulebook, answers, seconds, numbers, time.perf_counter)
        spiff, raw = _spiff(Path(name), seconds, time.perf_counter), raw_commits(Path(name), seconds)
    print(f"committed steps of a case                 {ours:>10,.0f} /s")
    print(f"  SpiffWorkflow, its state kept in SQLite {spiff:>10,.0f} /s   ratio {ours / spiff:.1f}")
    print(f"  raw SQLite commits of one row           {raw:>10,.0f} /s   ratio {ours / raw:.2f}")
    if not MEMORY.is_dir():
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        ours = _ours(opened(Path(name), rulebook), rulebook, answers, seconds, numbers, time.process_time)
        spiff = _spiff(Path(name), seconds, time.process_time)
    print(f"  both in memory: ours                    {ours:>10,.0f} /s")
    print(f"                  SpiffWorkflow           {spiff:>10,.0f} /s   ratio {ours / spiff:.1f}")


def _ours(
    deployment: Deployment,
    rulebook: Rulebook,
    answers: dict[str, object],
    seconds: float,
    numbers: list[str],
    clock: Callable[[], float],
) -> float:
    """Confirm, claim and complete, one case after another; reporting them is not counted."""
    done, spent = 0, 0.0
    with connection(deployment.database):
        for number in numbers:
            case = submit(
                deployment, _of(rulebook, "village:1"), FORM, {**answers, "id_number": number}, uuid4().hex, AT
            ).case
            begun = clock()
            done += _handled(deployment, rulebook, case)
            spent += clock() - begun
            if spent > seconds:
                return done / spent
    return done / spent


def _of(rulebook: Rulebook, unit: str, *roles: str) -> Actor:
    return Actor(f"bench-{unit}", "测速", rulebook.id, unit, rulebook.code, roles, ACTS)


def _handled(deployment: Deployment, rulebook: Rulebook, case: str) -> int:
    with connection(deployment.database) as reader:
        dispatch = reader.first(Dispatch, case=case, status="proposed")
        assert dispatch is not None
        decided = [Decided(str(item["lead"])) for item in dispatch.proposed]
        leader = _of(rulebook, "service-centre", "leader")
        confirm_dispatch(deployment, leader, case, dispatch.version, decided, AT)
        task = next(task for task in reader.select(Task, case=case, ended_at=None) if task.state == "handling")
        clerk = _of(rulebook, task.unit)
        claim(deployment, clerk, task.id, task.version, AT)
        found = {"visited_on": "2026-09-29", "findings": "情况属实。", "eligible": True, "programme": "medical-aid"}
        complete(deployment, clerk, task.id, task.version + 1, "granted", found, uuid4().hex, AT)
    return 3


def _spiff(folder: Path, seconds: float, clock: Callable[[], float]) -> float:
    """Complete the four tasks of a process, its state serialized and committed after each, again and again."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(_process().encode()))
    spec = parser.get_spec("case")
    serializer = BpmnWorkflowSerializer()
    database = sqlite3.connect(folder / "spiff.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE process (id TEXT PRIMARY KEY, state TEXT)")
    done, begun = 0, clock()
    while clock() - begun < seconds:
        key, process = uuid4().hex, BpmnWorkflow(spec)
        process.do_engine_steps()
        while ready := process.get_tasks(state=TaskState.READY, manual=True):
            ready[0].run()
            process.do_engine_steps()
            state = serializer.serialize_json(process)
            database.execute("INSERT OR REPLACE INTO process VALUES (?, ?)", (key, state))
            done += 1
    return done / (clock() - begun)


def _process() -> str:
    places = ["start", *STATES, "end"]
    tasks = "".join(f'<userTask id="{state}" name="{state}"/>' for state in STATES)
    lines = pairwise(places)
    arrows = "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in lines)
    inside = f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{arrows}'
    return (
        f'<definitions xmlns="{_BPMN}" id="d"><process id="case" isExecutable="true">{inside}</process></definitions>'
    )
