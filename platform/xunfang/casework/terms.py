"""The terms of a task as it stands: its form, its papers and its deadline, by the rows that it came of."""

from xunfang.casework.rows import Task
from xunfang.rulebook.model import Deadline, Rulebook
from xunfang.rules.flow import Terms, terms_of

_NONE = Terms("", (), ())


def terms_of_task(rulebook: Rulebook, task: Task) -> Terms:
    """Return the terms of a task, none where the rules no longer know its state."""
    flow = rulebook.flows.get(task.flow)
    if flow is None or task.state not in flow.states:
        return _NONE
    return terms_of(rulebook, flow, flow.states[task.state], tuple(task.routes))


def deadline_of(rulebook: Rulebook, task: Task) -> Deadline | None:
    """Return the deadline that a task goes by: the one its clock was set by, or of its terms the first."""
    kept = str((task.due or {}).get("deadline", ""))
    names = (kept, *terms_of_task(rulebook, task).deadlines)
    return next((rulebook.deadlines[name] for name in names if name in rulebook.deadlines), None)
