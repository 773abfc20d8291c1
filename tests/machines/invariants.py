"""What holds of all cases at any moment, whatever was done: each returns what is wrong, in words."""

from collections.abc import Iterator

from xunfang.casework import Case, Changes, Dispatch, Notice, Task, Wait
from xunfang.prove.memory import Memory
from xunfang.rules.units import exists


def wrong(memory: Memory) -> list[str]:
    """Return everything that is wrong with the cases as they stand."""
    tasks = [row for row in memory.rows.values() if isinstance(row, Task)]
    cases = [row for row in memory.rows.values() if isinstance(row, Case)]
    return [
        *(text for task in tasks for text in _of_task(memory, task)),
        *(text for case in cases for text in _of_case(memory, case, tasks)),
        *_numbers(cases),
        *_papers(memory, [row for row in memory.rows.values() if isinstance(row, Notice)]),
    ]


def silent(changes: Changes) -> bool:
    """Return whether something was changed without being recorded."""
    return bool(changes.new or changes.changed) and not changes.events


def _of_task(memory: Memory, task: Task) -> Iterator[str]:
    state = memory.rulebook.flows[task.flow].states[task.state]
    if not exists(memory.rulebook, task.unit):
        yield f"task {task.id} is held by {task.unit}, which does not exist"
    running = task.ended_at is None and task.suspended_at is None
    if running and task.role == "lead" and state.deadline and task.due_at is None:
        yield f"task {task.id} in {task.state} has a rule for its deadline and none is set"
    if task.due_at and task.due_at < (task.counts_from or task.opened_at):
        yield f"task {task.id} is due before its clock began"
    if task.due_at and not task.due:
        yield f"task {task.id} has a due moment without its explanation"
    if task.suspended_at and (task.due_at or any(job.task == task.id for job in memory.waiting())):
        yield f"task {task.id} is suspended, and its clock runs"
    if task.ended_at and any(job.task == task.id for job in memory.waiting()):
        yield f"task {task.id} has ended and is still reminded of"
    if task.role == "assist" and task.ended_at is None:
        lead = memory.rows[task.lead_task]
        if not isinstance(lead, Task) or lead.ended_at is not None:
            yield f"task {task.id} assists {task.lead_task}, which has ended"


def _of_case(memory: Memory, case: Case, tasks: list[Task]) -> Iterator[str]:
    open_tasks = [task for task in tasks if task.case == case.id and task.ended_at is None]
    if case.suspended_at and case.due_at:
        yield f"case {case.id} is suspended, and its clock runs"
    if (case.suspended_at is not None) != any(task.suspended_at for task in open_tasks):
        yield f"case {case.id} stands still without a suspended task, or runs on with one"
    waits = [row for row in memory.rows.values() if isinstance(row, Wait) and row.case == case.id and not row.ended_at]
    if case.closed_at:
        if open_tasks or waits or any(job.case == case.id for job in memory.waiting()):
            yield f"case {case.id} is closed, and work on it goes on"
        return
    waiting = [
        row
        for row in memory.rows.values()
        if isinstance(row, Dispatch) and row.case == case.id and row.status == "proposed"
    ]
    if not open_tasks and not waits and not waiting:
        yield f"case {case.id} stands in {case.state} and lies with nobody"
    if waiting and not any(task.state == waiting[0].state for task in open_tasks):
        yield f"the dispatch of case {case.id} waits, and nobody has it to decide"
    for wait in waits:
        if wait.state != case.state:
            yield f"case {case.id} waits in {wait.state} and stands in {case.state}"


def _numbers(cases: list[Case]) -> Iterator[str]:
    numbers = [case.number for case in cases]
    if len(set(numbers)) < len(numbers):
        yield "two cases have one number"


def _papers(memory: Memory, papers: list[Notice]) -> Iterator[str]:
    series: dict[tuple[str, int | None], list[int]] = {}
    for paper in papers:
        if paper.n:
            series.setdefault((paper.series, paper.year), []).append(paper.n)
        if paper.status in ("issued", "filed") and not paper.number and memory.rulebook.notices[paper.kind].number:
            yield f"paper {paper.id} is out without a number"
        if paper.number and memory.rulebook.notices[paper.kind].signed_off_by and not paper.signed_at:
            yield f"paper {paper.id} has a number, and nobody signed it"
    for name, taken in series.items():
        if sorted(taken) != list(range(1, len(taken) + 1)):
            yield f"the numbers of {name} have a gap or come twice: {sorted(taken)}"
