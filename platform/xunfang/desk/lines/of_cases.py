"""Facts of cases, and of the clues, tasks and notices that belong to one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from xunfang.clock import local
from xunfang.desk.lines.line import Line
from xunfang.desk.releases import Releases
from xunfang.desk.wording import end_words
from xunfang.rules.overdue import is_overdue
from xunfang.store import Case, Clue, Notice, Task
from xunfang.store.reading.lines import Beside, Filled

_GONE = frozenset({"returned", "transferred", "withdrawn"})
"""What somebody else went on with tells nothing of who works on a case."""


def moment_or_none(value: datetime | None) -> datetime | None:
    """Return a moment in Chinese time, by whose days conditions compare."""
    return local(value) if value else None


def add_case(line: Line, case: Case, beside: Beside, at: datetime) -> None:
    """Take what is known of a case itself."""
    labels = line.labels
    line.case = case.id
    line.knows(
        "case",
        {
            "number": case.number,
            "flow": case.flow,
            "state": case.state,
            "urgency": case.urgency,
            "needs": list(case.needs),
            "opened_at": local(case.opened_at),
            "due_at": moment_or_none(case.due_at),
            "closed": case.closed_at is not None,
            "closed_at": moment_or_none(case.closed_at),
            "outcome": case.outcome,
            "reported_in_time": _reported_in_time(current(beside.clues.get(case.id, ()))),
            "completed_in_time": _completed_in_time(case.due_at, case.closed_at, at),
        },
    )
    line.said["case.outcome"] = end_words(case.ended_as, labels.decided(case.flow, case.outcome, case.decided))


def current(clues: Iterable[Clue]) -> list[Clue]:
    """Return the clues that were not taken back, in the order in which they came."""
    return sorted((clue for clue in clues if clue.withdrawn_at is None), key=lambda clue: (clue.entered_at, clue.id))


def _reported_in_time(clues: Sequence[Clue]) -> bool | None:
    """Return whether the first report kept every limit it was judged by; None where it was judged by none."""
    return all(clues[0].in_time.values()) if clues and clues[0].in_time else None


def _completed_in_time(due_at: datetime | None, ended_at: datetime | None, at: datetime) -> bool | None:
    """Return whether something was done by when it was due; None while that is open, or nothing was due."""
    if due_at is None or (ended_at is None and not is_overdue(due_at, at)):
        return None
    return ended_at is not None and not is_overdue(due_at, ended_at)


def family(beside: Beside, case: Case) -> list[Case]:
    """Return a case and those it began in, as far as they are in sight, the one that began it all first."""
    found = [case]
    while (above := beside.cases.get(found[0].parent)) and above not in found:
        found.insert(0, above)
    return found


def add_clues(line: Line, case: Case, beside: Beside, rules: Releases) -> None:
    """Take what was reported: the answers of all, later ones over earlier ones, and of the first when and by whom."""
    origin = family(beside, case)[0]
    clues = current(beside.clues.get(origin.id, ()))
    for clue in clues:
        hear(line, "clue", beside.filled.get(clue.submission), rules)
    if clues:
        add_clue(line, clues[0], beside)


def add_clue(line: Line, clue: Clue, beside: Beside) -> None:
    """Take when a clue was found and handed in, and by whom."""
    filled = beside.filled.get(clue.submission)
    known = {
        "found_at": moment_or_none(clue.found_at),
        "source": clue.source,
        "submitted_at": local(clue.entered_at),
        "entered_at": local(clue.entered_at),
        "in_time": _reported_in_time([clue]),
        "form": filled.form if filled else clue.form,
        "unit": clue.unit,
    }
    line.knows("clue", known)


def hear(line: Line, root: str, filled: Filled | None, rules: Releases) -> None:
    """Take the answers of a filled form, in the words of the release it was filled by."""
    if filled:
        labels = rules.labels(filled.release)
        line.hears(root, labels.rulebook.forms.get(filled.form), labels, filled.answers)


def is_late(task: Task, at: datetime) -> bool:
    """Return whether an open task is late at a moment, or was once: a breach that was recorded stays."""
    return task.ended_at is None and (task.overdue_at is not None or is_overdue(task.due_at, at))


def add_tasks(line: Line, case: Case, beside: Beside, rules: Releases, at: datetime) -> None:
    """Take what the tasks of a case have told, as `casework.facts` does, and who works on it until when."""
    for each in family(beside, case):
        for key in _told_in(beside, each):
            hear(line, "task", beside.filled.get(key), rules)
    leads = [task for task in _in_order(beside.tasks.get(case.id, ())) if task.role == "lead"]
    going = [task for task in leads if task.status not in _GONE] or leads
    routed = [task for task in going if task.routes] or going
    if routed:
        add_task(line, routed[-1], beside, at)
        hands = (beside.names.get(task.claimed_by, "") for task in routed)
        line.knows(
            "task",
            {
                "units": list(dict.fromkeys(task.unit for task in routed)),
                "claimed_by": list(dict.fromkeys(filter(None, hands))),
            },
        )


def _told_in(beside: Beside, case: Case) -> Iterator[str]:
    """Yield the forms that were filled in a case, in the order in which they count: what is told while a task goes on
    first, then what tasks ended with.
    """
    yield from (told.submission for told in beside.told.get(case.id, ()))
    done = [task for task in beside.tasks.get(case.id, ()) if task.answers]
    yield from (task.answers for task in sorted(done, key=lambda task: (task.ended_at or task.opened_at, task.id)))


def _in_order(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (task.opened_at, task.id))


def add_task(line: Line, task: Task, beside: Beside, at: datetime) -> None:
    """Take what is known of one task itself."""
    line.knows(
        "task",
        {
            "state": task.state,
            "unit": task.unit,
            "units": [task.unit],
            "opened_at": local(task.opened_at),
            "claimed_by": beside.names.get(task.claimed_by, ""),
            "claimed_at": moment_or_none(task.claimed_at),
            "due_at": moment_or_none(task.due_at),
            "overdue_at": moment_or_none(task.overdue_at),
            "outcome": task.outcome,
            "completed_at": moment_or_none(task.ended_at) if task.status == "done" else None,
            "completed_in_time": False if is_late(task, at) else task.completed_in_time,
        },
    )
    if task.outcome:
        line.said["task.outcome"] = line.labels.outcome(task.flow, task.state, task.outcome)


def add_notices(line: Line, notices: Iterable[Notice]) -> None:
    """Take the notices of a case that were issued: each of what they tell side by side."""
    issued = sorted((each for each in notices if each.issued_at), key=lambda each: (each.issued_at, each.id))
    for name, values in _side_by_side(issued).items():
        line.facts[f"notice.{name}"] = values[0] if len(values) == 1 else values


def _side_by_side(notices: Sequence[Notice]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {
        "kind": [each.kind for each in notices],
        "number": [each.number for each in notices if each.number],
        "unit": [each.unit for each in notices],
        "issued_at": [moment_or_none(each.issued_at) for each in notices],
    }
    return {name: list(dict.fromkeys(values)) for name, values in found.items() if values}


def add_notice(line: Line, notice: Notice) -> None:
    """Take what is known of one notice."""
    issued_at = moment_or_none(notice.issued_at)
    known = {"kind": notice.kind, "number": notice.number, "unit": notice.unit, "issued_at": issued_at}
    line.knows("notice", known)
