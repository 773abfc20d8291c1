"""What the steps of scenarios say: who acts, about which event, against what was published."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xunfang.casework import Actor, Alert, Asked, Publication
from xunfang.clock import local
from xunfang.prove.scenarios.comparing import plain
from xunfang.rulebook.model import State

Step = Mapping[str, Any]


_BY_ITS_HOLDER = ("ask-extension", "return")
ON_TASKS = (*_BY_ITS_HOLDER, "approve-extension", "refuse-extension")
"""What a step may do to a task besides completing it: ask for more time, give it back, decide about more time."""


def who_acts(state: State, step: Step) -> tuple[tuple[str, ...], str]:
    """Return who does such a step: the holder of the task, or somebody else, of the role it names, who decides."""
    if step["act"] in _BY_ITS_HOLDER:
        return holders(state, {}), str(step.get("unit", ""))
    return ((step["by"],) if step.get("by") else ()), "whoever-decides"


ALERTING: Mapping[str, str] = {"declare": "declare-alert", "change-level": "change-level", "close-alert": "close-alert"}
"""What a step may do about an event 应急响应, and the verb for it."""


def who_declares(step: Step) -> tuple[str, ...]:
    """Return the roles of whoever does such a step."""
    return (str(step["by"]),) if step.get("by") else ()


def alert_asked(step: Step, actor: Actor) -> Asked:
    """Return what such a step asks for, of nothing yet."""
    begins = step.get("begins")
    return Asked(
        verb=ALERTING[step["act"]],
        actor=actor,
        kind=str(step.get("alert", "")),
        level=str(step.get("level", "")),
        places=tuple(step.get("places", ())),
        moment=local(begins).isoformat() if begins else "",
        reason="情景",
        answers=plain(step.get("answers", {})),
    )


def latest(alerts: Sequence[Alert], kind: str) -> Alert:
    """Return the event of a kind that was declared last; raises ImpossibleStepError where none is on."""
    found = [alert for alert in alerts if alert.kind == kind and alert.ended_at is None]
    if not found:
        raise ImpossibleStepError(f"应急响应“{kind}”没有启动，或者已经解除")
    return max(found, key=lambda alert: alert.id)


class ImpossibleStepError(Exception):
    """A step cannot happen as things stand; the message says why, in Chinese."""


def objected_to(published: Iterable[Publication], step: Step) -> Publication | None:
    """Return what a step objects to: what was published last in the flow that it names; None where it names none.

    Raises ImpossibleStepError where nothing was published there.
    """
    flow = step.get("against")
    found = max((row for row in published if row.flow == flow), key=lambda row: row.id, default=None)
    if flow and found is None:
        raise ImpossibleStepError(f"此前没有流程“{flow}”的公示")
    return found


def holders(state: State, step: Step) -> tuple[str, ...]:
    """Return the roles of whoever completes a task in a step: what `by` says, or the one that its state asks for."""
    role = step.get("by") or state.role
    return (str(role),) if role else ()
