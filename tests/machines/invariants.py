"""What holds of all cases at any moment, whatever was done: each returns what is wrong, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from machines.world import Promised, World
from xunfang.casework import Case, Dispatch, Notice, Row, Task, Wait, permits, verbs_on
from xunfang.casework.jobs import WAIT
from xunfang.casework.replanning import replan_wait_job
from xunfang.casework.tasks import CONSULT
from xunfang.clock import local_date
from xunfang.rulebook.model import State
from xunfang.rules.clocks import due_of, settled
from xunfang.rules.units import exists, follow_unit

R = TypeVar("R", Wait, Dispatch)


class Seen(NamedTuple):
    """The cases of a world at one moment."""

    world: World
    rows: Mapping[str, Row]
    promised: tuple[Promised, ...]

    def tasks(self) -> list[Task]:
        return [row for row in self.rows.values() if isinstance(row, Task)]

    def state_of(self, task: Task) -> State:
        return self.world.rulebook.flows[task.flow].states[task.state]


def wrong(world: World) -> list[str]:
    """Return everything that is wrong with the cases as they stand."""
    seen = Seen(world, world.rows(), tuple(world.waiting()))
    cases = [row for row in seen.rows.values() if isinstance(row, Case)]
    unheld = world.unheld()
    return [
        *(text for task in seen.tasks() for text in _of_task(seen, task)),
        *(text for task in seen.tasks() if task.id not in unheld for text in _of_holder(seen, task)),
        *(text for case in cases for text in _of_case(seen, case)),
        *_numbers(cases),
        *_papers(seen, [row for row in seen.rows.values() if isinstance(row, Notice)]),
    ]


def _of_task(seen: Seen, task: Task) -> Iterator[str]:
    running = task.ended_at is None and task.suspended_at is None
    if running and task.role == "lead" and seen.state_of(task).deadline and task.due_at is None:
        yield f"task {task.id} in {task.state} has a rule for its deadline and none is set"
    if task.due_at and task.due_at < (task.counts_from or task.opened_at):
        yield f"task {task.id} is due before its clock began"
    if task.due_at and not task.due:
        yield f"task {task.id} has a due moment without its explanation"
    if task.due_at and task.due and due_of(task.due) != task.due_at:
        yield f"task {task.id} is due at another moment than its explanation says"
    if task.suspended_at and (task.due_at or _promised(seen, task)):
        yield f"task {task.id} is suspended, and its clock runs"
    if task.ended_at and _promised(seen, task):
        yield f"task {task.id} has ended and is still reminded of"
    if running and task.role == "lead" and task.due_at and not _promised(seen, task):
        yield f"task {task.id} is due, and nothing will remind of it"
    if running and task.role == "lead" and (_stale(seen, task)):
        yield f"task {task.id} is still due as it was told before its days off were published"
    if task.role == "assist" and task.ended_at is None:
        yield from _of_assisting(seen, task)


def _promised(seen: Seen, task: Task) -> bool:
    return any(job.task == task.id for job in seen.promised)


def _stale(seen: Seen, subject: Case | Task) -> bool:
    """Whether the days off that a clock waits for are known, and it was not counted anew."""
    since, at = subject.counts_from or subject.opened_at, seen.world.at
    told = settled(seen.world.rulebook, subject.due, since, at) if subject.due and subject.due_at else None
    return told is not None and due_of(told) > at


def _of_assisting(seen: Seen, task: Task) -> Iterator[str]:
    lead = seen.rows[task.lead_task]
    if not isinstance(lead, Task) or lead.ended_at is not None:
        yield f"task {task.id} assists {task.lead_task}, which has ended"
    elif task.suspended_at != lead.suspended_at:
        yield f"task {task.id} stands still or runs otherwise than {lead.id}, which it assists"
    elif task.due_at != lead.due_at and not (lead.due_at and lead.due_at < task.opened_at):
        yield f"task {task.id} is due at another moment than {lead.id}, which it assists"


def _of_holder(seen: Seen, task: Task) -> Iterator[str]:
    """Every open task is held by a unit that exists, in which or for which somebody may do something that ends it."""
    here = seen.world.rulebook.on(local_date(seen.world.at))
    if not exists(here, task.unit if task.ended_at is None else follow_unit(here, task.unit)):
        yield f"task {task.id} is held by {task.unit}, which does not exist"
    elif task.ended_at is None and not _can_be_done(seen, task):
        yield f"task {task.id} ({task.role}, {task.state}) lies with {task.unit}, where nobody can do anything about it"


def _can_be_done(seen: Seen, task: Task) -> bool:
    rulebook, people, table = seen.world.rulebook, seen.world.people(task), seen.state_of(task).routes_by
    if table and task.role != CONSULT:
        role = rulebook.routing[table].confirm
        return any("confirm-dispatch" in one.acts and (role in one.roles or role == "nobody") for one in people)
    ending = [verb for verb in verbs_on("task") if verb.id in ("complete", "transfer", "answer", "resume")]
    return any(permits(rulebook, actor, verb, task) for actor in people for verb in ending)


def _of_case(seen: Seen, case: Case) -> Iterator[str]:
    open_tasks = [task for task in seen.tasks() if task.case == case.id and task.ended_at is None]
    flow = seen.world.rulebook.flows[case.flow]
    if case.suspended_at and case.due_at:
        yield f"case {case.id} is suspended, and its clock runs"
    still = case.due and not case.closed_at and not flow.states[case.state].counts
    stopped = still or any(task.suspended_at for task in open_tasks)
    if (case.suspended_at is not None) != bool(stopped):
        yield f"case {case.id} stands still without a suspended task, or runs on with one"
    waits = [row for row in _rows_of(seen, Wait, case) if not row.ended_at]
    if case.closed_at:
        if open_tasks or waits or any(job.case == case.id for job in seen.promised):
            yield f"case {case.id} is closed, and work on it goes on"
        return
    yield from _of_place(seen, case)
    if flow.case_deadline and not case.suspended_at and not (case.due_at and case.due):
        yield f"case {case.id} has a rule for its deadline and none is set"
    if _stale(seen, case):
        yield f"case {case.id} is still due as it was told before its days off were published"
    waiting = [row for row in _rows_of(seen, Dispatch, case) if row.status == "proposed"]
    if not open_tasks and not waits and not waiting:
        yield f"case {case.id} stands in {case.state} and lies with nobody"
    if waiting and not any(task.state == waiting[0].state for task in open_tasks):
        yield f"the dispatch of case {case.id} waits, and nobody has it to decide"
    for wait in waits:
        yield from _of_wait(seen, case, wait)


def _of_place(seen: Seen, case: Case) -> Iterator[str]:
    divisions = seen.world.rulebook.on(local_date(seen.world.at)).divisions
    for place in (case.residence, case.registration):
        if (now := divisions.follow(place)) != place:
            yield f"case {case.id} lies in {place}, which is {now} by now"


def _of_wait(seen: Seen, case: Case, wait: Wait) -> Iterator[str]:
    if wait.state != case.state:
        yield f"case {case.id} waits in {wait.state} and stands in {case.state}"
    if wait.until < wait.began_at:
        yield f"case {case.id} waits until before it began to"
    if not any(job.case == case.id and job.kind == WAIT for job in seen.promised):
        yield f"case {case.id} waits, and nothing will end that"
    if replan_wait_job(seen.world.rulebook, case, wait, seen.world.at):
        yield f"case {case.id} waits as it was told before its days off were published"


def _rows_of(seen: Seen, kind: type[R], case: Case) -> list[R]:
    return [row for row in seen.rows.values() if isinstance(row, kind) and row.case == case.id]


def _numbers(cases: Iterable[Case]) -> Iterator[str]:
    numbers = [case.number for case in cases]
    if len(set(numbers)) < len(numbers):
        yield "two cases have one number"


def _papers(seen: Seen, papers: list[Notice]) -> Iterator[str]:
    kinds = seen.world.rulebook.notices
    series: dict[tuple[str, int | None], list[int]] = {}
    for paper in papers:
        if paper.n:
            series.setdefault((paper.series, paper.year), []).append(paper.n)
        if paper.status in ("issued", "filed") and not paper.number and kinds[paper.kind].number:
            yield f"paper {paper.id} is out without a number"
        if paper.number and kinds[paper.kind].signed_off_by and not paper.signed_at:
            yield f"paper {paper.id} has a number, and nobody signed it"
    for name, taken in series.items():
        if sorted(taken) != list(range(1, len(taken) + 1)):
            yield f"the numbers of {name} have a gap or come twice: {sorted(taken)}"
