"""The terms of a task as it stands: its form, its papers and its deadline, by the rows it came of; and whose it is."""

from datetime import datetime

from xunfang.casework.rows import Task
from xunfang.rulebook.model import Deadline, Outcome, Rulebook
from xunfang.rules.flow import Terms, terms_of
from xunfang.rules.overdue import is_overdue

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


def role_of(rulebook: Rulebook, task: Task) -> str:
    """Return the role whose holders alone have a task in hand, "" for one of the whole unit; who assists needs none."""
    flow = rulebook.flows.get(task.flow) if task.role == "lead" else None
    return flow.states[task.state].role if flow and task.state in flow.states else ""


def role_label(rulebook: Rulebook, role: str) -> str:
    """Return what a role is called."""
    return rulebook.roles[role].label if role in rulebook.roles else role


def deemed_by(rulebook: Rulebook, task: Task, at: datetime) -> Outcome | None:
    """Return what is deemed of a task that nobody ended by its due moment, None before that or where nothing is."""
    flow = rulebook.flows.get(task.flow)
    state = flow.states.get(task.state) if flow and task.role == "lead" else None
    over = is_overdue(task.due_at, at)
    return state.outcomes.get(state.on_breach) if state and over else None
