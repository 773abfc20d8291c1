"""SpiffWorkflow at the same steps: a process of the same shape with the same data, its state kept in SQLite."""

import sqlite3
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

STATES = ("dispatch", "handling", "notify", "visit")
PER_LEAD = "handling"
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_MANY = (
    '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>leads</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)


class Told(NamedTuple):
    """What people tell at the steps of one case: their report, what is decided, who claims, what was found."""

    report: Mapping[str, Any]
    decided: Mapping[str, Any]
    claimed: Mapping[str, Any]
    found: Mapping[str, Any]
    leads: int


def spiff_steps(folder: Path, told: Told, seconds: float, clock: Callable[[], float], *, loaded: bool) -> float:
    """Return how many steps a second SpiffWorkflow takes and stores: confirm, and of each lead claim and complete.

    With `loaded` each step begins with reading the state from its row, as a request to a web server has to; without,
    the process stays in memory. Beginning a process is not counted, as reporting a case is not.
    """
    store = _Store(folder / f"spiff-{'loaded' if loaded else 'kept'}.db")
    done, spent = 0, 0.0
    while spent < seconds:
        key, process = store.begin(told.report)
        begun = clock()
        for place, tells, ends in _steps(told):
            process = store.load(key) if loaded else process
            _step(process, place, tells, ends=ends)
            store.keep(key, process)
            done += 1
        spent += clock() - begun
    return done / spent


def _steps(told: Told) -> list[tuple[int, Mapping[str, Any], bool]]:
    """Return the steps: which of the ready tasks, what it is told, and whether that ends it."""
    claims = [(lead, told.claimed, False) for lead in range(told.leads)]
    return [(0, {**told.decided, "leads": told.leads}, True), *claims, *[(0, told.found, True)] * told.leads]


def _step(process: BpmnWorkflow, place: int, tells: Mapping[str, Any], *, ends: bool) -> None:
    task = process.get_tasks(state=TaskState.READY, manual=True)[place]
    task.data.update(tells)
    if ends:
        task.run()
        process.do_engine_steps()


class _Store:
    """The states of processes, each committed as ours are."""

    def __init__(self, file: Path) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(_process().encode()))
        self.spec = parser.get_spec("case")
        self.serializer = BpmnWorkflowSerializer()
        self.database = sqlite3.connect(file, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute("CREATE TABLE process (id TEXT PRIMARY KEY, state TEXT)")

    def begin(self, report: Mapping[str, Any]) -> tuple[str, BpmnWorkflow]:
        key, process = uuid4().hex, BpmnWorkflow(self.spec)
        process.get_tasks(state=TaskState.READY)[0].data.update(report)
        process.do_engine_steps()
        self.keep(key, process)
        return key, process

    def load(self, key: str) -> BpmnWorkflow:
        (state,) = self.database.execute("SELECT state FROM process WHERE id = ?", (key,)).fetchone()
        return self.serializer.deserialize_json(state)

    def keep(self, key: str, process: BpmnWorkflow) -> None:
        state = self.serializer.serialize_json(process)
        self.database.execute("INSERT OR REPLACE INTO process VALUES (?, ?)", (key, state))


def _process() -> str:
    places = ["start", *STATES, "end"]
    tasks = "".join(
        f'<userTask id="{state}" name="{state}">{_MANY if state == PER_LEAD else ""}</userTask>' for state in STATES
    )
    arrows = "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(places))
    inside = f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{arrows}'
    return (
        f'<definitions xmlns="{_BPMN}" id="d"><process id="case" isExecutable="true">{inside}</process></definitions>'
    )
