"""What a demonstration's people do to whatever waits for them: it is confirmed, or completed, all at once."""

from collections.abc import Callable, Mapping
from typing import Any

from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import complete
from xunfang.casework import Clue, Decided, Task
from xunfang.demo.playing import Playing
from xunfang.demo.step import Step
from xunfang.store import Dispatch, Submission


def _confirm_all(playing: Playing, step: Step) -> None:
    """Confirm, as they were proposed, all proposals on what came by one form."""
    actor = playing.actor(step)
    for dispatch in playing.rows(Dispatch, status="proposed"):
        decided = [
            Decided(item["lead"], tuple(item.get("assist", ())))
            for item in dispatch.proposed or step.told.get("decided", ())
        ]
        if decided and _told(playing, step, dispatch.case):
            confirm_dispatch(playing.deployment, actor, dispatch.case, dispatch.version, decided, step.moment)


def _complete_all(playing: Playing, step: Step) -> None:
    """Complete, all with one outcome, whatever the unit has in one state on what came by one form and said so."""
    told, actor = step.told, playing.actor(step)
    for task in playing.rows(Task, unit=actor.unit, state=told["state"], ended_at=None):
        if _told(playing, step, task.case):
            given = (task.id, task.version, told["outcome"], told["answers"], playing.key(step, about=task.id))
            complete(playing.deployment, actor, *given, step.moment)


def _told(playing: Playing, step: Step, case: str) -> bool:
    """Return whether a case was opened by the form that an act names, and all that came to it gave its answers."""
    clues = playing.rows(Clue, case=case)
    if not clues or clues[0].form != step.told["of"]:
        return False
    return all(_says(playing, clue, step.told.get("said", {})) for clue in clues)


def _says(playing: Playing, clue: Clue, said: Mapping[str, Any]) -> bool:
    answers: Mapping[str, Any] = next((row.answers for row in playing.rows(Submission, id=clue.submission)), {})
    return all(answers.get(name) == value for name, value in said.items())


CLEARING: Mapping[str, Callable[[Playing, Step], None]] = {"confirm-all": _confirm_all, "complete-all": _complete_all}
"""Each act by its name."""
