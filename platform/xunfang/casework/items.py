"""Work items 事项: what a task can be about, one value for each kind, so that nothing else asks which it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.casework import terms
from xunfang.casework.facts import places_of
from xunfang.casework.rows import Alert, Case, DutyPeriod, Task
from xunfang.rulebook.model import AlertKind, Deadline, Duty, Rulebook, State
from xunfang.rules.alerts import level_of
from xunfang.rules.duties import period_words, reminded_as

Rule = State | Duty | AlertKind
"""What of the rules a task is an instance of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKind:
    """One kind of what tasks are about.

    `row`: what it is kept as. `rule`: what of the rules a task is an instance of, None where they know it no more.
    `deadline`: by whose reminders a task is pressed for, if by any. `form`: what it is ended with, or "". `named`: how
    messages name the thing, and `task_named` one task of it. `over`: nobody is reminded of it any more. `places`: where
    it lies, as facts. `climbs`: a reminder for a unit that has nobody goes to the unit above; what every unit owes
    would flood that.
    """

    row: type[Any]
    rule: Callable[[Rulebook, Task], Rule | None]
    deadline: Callable[[Rulebook, Task], Deadline | None]
    form: Callable[[Rulebook, Task], str]
    named: Callable[[Rulebook, Any], str]
    task_named: Callable[[Rulebook, Task, Any], str]
    over: Callable[[Any], bool]
    places: Callable[[Any], dict[str, str]]
    climbs: bool = True


def _state(rulebook: Rulebook, task: Task) -> State | None:
    flow = rulebook.flows.get(task.flow)
    return flow.states.get(task.state) if flow else None


def _case_named(_rulebook: Rulebook, case: Case) -> str:
    return f"个案 {case.number} "


def _step_named(rulebook: Rulebook, task: Task, case: Case) -> str:
    return f"个案 {case.number} 的“{rulebook.flows[task.flow].states[task.state].label}”"


def _duty(rulebook: Rulebook, task: Task) -> Duty | None:
    return rulebook.duties.get(task.state)


def _deadline_of_duty(rulebook: Rulebook, task: Task) -> Deadline | None:
    duty = _duty(rulebook, task)
    return reminded_as(duty) if duty else None


def _duty_named(rulebook: Rulebook, owed: DutyPeriod) -> str:
    words = period_words(rulebook, owed.duty, owed.every, owed.begins_on)
    return f"定期任务“{rulebook.duties[owed.duty].label}”（{words}）"


def alert_named(rulebook: Rulebook, alert: Alert) -> str:
    """Return an event as messages name it, with the level at which it stands."""
    kind = rulebook.alerts[alert.kind]
    level = level_of(alert)
    return f"“{kind.label}”应急响应（{kind.labels.get(level, level)}）"


KINDS: Mapping[str, ItemKind] = {
    "case": ItemKind(
        row=Case,
        rule=_state,
        deadline=terms.deadline_of,
        form=lambda rulebook, task: terms.terms_of_task(rulebook, task).form,
        named=_case_named,
        task_named=_step_named,
        over=lambda case: case.closed_at is not None,
        places=places_of,
    ),
    "duty": ItemKind(
        row=DutyPeriod,
        rule=_duty,
        deadline=_deadline_of_duty,
        form=lambda rulebook, task: duty.form if (duty := _duty(rulebook, task)) else "",
        named=_duty_named,
        task_named=lambda rulebook, _task, owed: _duty_named(rulebook, owed),
        over=lambda owed: owed.ended_at is not None,
        places=lambda owed: {"residence": owed.residence},
        climbs=False,
    ),
    "alert": ItemKind(
        row=Alert,
        rule=lambda rulebook, task: rulebook.alerts.get(task.state),
        deadline=lambda _rulebook, _task: None,
        form=lambda rulebook, task: kind.form if (kind := rulebook.alerts.get(task.state)) else "",
        named=alert_named,
        task_named=lambda rulebook, _task, alert: alert_named(rulebook, alert),
        over=lambda alert: alert.ended_at is not None,
        places=lambda alert: {"residence": alert.residence},
        climbs=False,
    ),
}
"""Every kind there is, by the `subject` of its tasks."""


def kind_of(task: Task) -> ItemKind:
    """Return of what kind the thing is that a task is about."""
    return KINDS[task.subject]


def rule_of(rulebook: Rulebook, task: Task) -> Rule | None:
    """Return what of the rules a task is an instance of, None when they no longer know it."""
    return kind_of(task).rule(rulebook, task)


def form_of_task(rulebook: Rulebook, task: Task) -> str:
    """Return the id of the form with which a task is ended, or ""."""
    return kind_of(task).form(rulebook, task)


def deadline_of(rulebook: Rulebook, task: Task) -> Deadline | None:
    """Return the deadline by whose reminders a task is pressed for, or None."""
    return kind_of(task).deadline(rulebook, task)
