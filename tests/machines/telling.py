"""One event per change: what must be on record of each thing that came about or became another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from machines.world import Recorded
from xunfang.casework import (
    Case,
    Clue,
    Correction,
    Dispatch,
    Entitlement,
    Holding,
    Notice,
    Row,
    Task,
    Told,
    Visit,
    Wait,
)
from xunfang.casework.rows import Publication

Events = Sequence[Recorded]
Before = Any
"""The row as it was, or None for one that came about."""

CLOSING = {"case.closed", "case.voided", "clue.linked", "clue.withdrawn"}
DISPATCHING = {"dispatch.confirmed", "dispatch.changed", "dispatch.sent_at_once"}
ENDING = {"task.completed", "task.assisted", "task.answered", "task.returned", "task.transferred", "task.withdrawn"}
MOVING = {"case.moved", "case.reopened", "task.returned", "clue.linked", *DISPATCHING}
RETIMING_A_CASE = {
    "case.due_changed", "case.due_lengthened", "case.replanned", "case.reopened", "task.resumed", *CLOSING,
}  # fmt: skip
RETIMING = {"task.extended", "task.due_changed", "task.replanned", "task.suspended", "task.resumed", *ENDING}
STANDING = {
    "wanted": "notice.wanted_again", "draft": "notice.drafted", "signed": "notice.signed", "issued": "notice.issued",
    "filed": "notice.delivered", "refused": "notice.refused", "failed": "notice.failed", "void": "notice.voided",
    "withdrawn": "notice.withdrawn",
}  # fmt: skip


def untold(before: Mapping[str, Row], after: Mapping[str, Row], events: Events) -> Iterator[str]:
    """Yield what changed and is not on record, in words."""
    for key, row in after.items():
        was = before.get(key)
        if was is row or was == row:
            continue
        about = _about(row, events)
        for wanted in ([] if about else ["anything at all"]) + list(_TELLING[type(row)](was, row, about)):
            yield f"{type(row).__name__} {key} changed, and not on record is {wanted}"
        if was is not None and getattr(row, "version", 1) <= getattr(was, "version", 0):
            yield f"{type(row).__name__} {key} changed and is no other version"


def _about(row: Row, events: Events) -> Events:
    """Return the events of a row's case; what is held of a person is told by the case that decided about it last."""
    if isinstance(row, (Entitlement, Holding, Visit)):
        return events
    case = row.id if isinstance(row, Case) else row.case
    return [event for event in events if event.case == case]


def gone(before: Mapping[str, Row], after: Mapping[str, Row]) -> list[str]:
    """Return what was there and is no more: nothing is ever deleted."""
    return [f"{key} is gone" for key in before if key not in after]


def _once(names: set[str], about: Events, **where: str) -> Iterator[str]:
    """Yield a wanted event that is missing, or comes more than once."""
    found = [one for one in about if one.name in names and all(getattr(one, key) == where[key] for key in where)]
    if len(found) != 1:
        yield f"one of {sorted(names)} ({len(found)} times)"


def _some(names: set[str], about: Events, **where: str) -> Iterator[str]:
    if not any(one.name in names and all(getattr(one, key) == where[key] for key in where) for one in about):
        yield f"one of {sorted(names)}"


def _became(was: Before, row: Row, name: str) -> bool:
    """Whether something is set now that was not before."""
    return bool(getattr(row, name)) and not (was and getattr(was, name))


def _differs(was: Before, row: Row, name: str) -> bool:
    return was is not None and getattr(was, name) != getattr(row, name)


def _of_case(was: Before, case: Case, about: Events) -> Iterator[str]:
    if was is None:
        yield from _once({"case.opened"}, about)
    if _became(was, case, "closed_at"):
        yield from _once(CLOSING, [one for one in about if "moved_from" not in one.data])
    elif _differs(was, case, "state"):
        yield from _some(MOVING, about)
    if was and was.closed_at and not case.closed_at:
        yield from _some({"case.reopened", "clue.linked"}, about)
    if _became(was, case, "archived_at"):
        yield from _once({"case.archived"}, about)
    if _differs(was, case, "urgency"):
        yield from _some({"case.urgency_raised", "dispatch.sent_at_once"}, about)
    if _differs(was, case, "residence"):
        yield from _some({"case.division_changed", "clue.corrected", "clue.linked", "clue.split"}, about)
    if was and was.due_at and case.due_at and was.due_at != case.due_at:
        yield from _some(
            {"case.due_changed", "case.due_lengthened", "case.replanned", "case.reopened", "task.resumed", *CLOSING},
            about,
        )
    if _differs(was, case, "suspended_at"):
        yield from _some({"task.suspended", "task.resumed", *ENDING, *CLOSING, "case.reopened"}, about)


def _of_task(was: Before, task: Task, about: Events) -> Iterator[str]:
    if _differs(was, task, "unit"):
        yield from _once({"task.division_changed"}, about, task=task.id)
    yield from _of_work(was, task, about)


def _of_work(was: Before, task: Task, about: Events) -> Iterator[str]:
    if was is None:
        yield from _once({"task.opened"}, about, task=task.id)
    if _became(was, task, "ended_at"):
        named = [one for one in about if one.name in ENDING and one.task == task.id]
        yield from _once(ENDING, named) if named else _some(DISPATCHING, about)
    if _became(was, task, "overdue_at"):
        yield from _once({"task.fell_overdue"}, about, task=task.id)
    if _became(was, task, "claimed_by") and not task.ended_at:
        taken = {"task.claimed", "task.handed_over", "task.outcome_recorded", "task.suspended", "task.resumed"}
        yield from _some({*taken, "task.extension_asked"}, about, task=task.id)
    if _became(was, task, "extension"):
        yield from _once({"task.extension_asked"}, about, task=task.id)
    if was and was.extension and not task.extension and not task.ended_at:
        yield from _some({"task.extended", "task.extension_refused"}, about, task=task.id)
    if task.role == "lead" and _differs(was, task, "due_at"):
        yield from _some(RETIMING, about, task=task.id)
    if task.role == "lead" and _differs(was, task, "suspended_at"):
        yield from _some({"task.suspended", "task.resumed", *ENDING}, about, task=task.id)
    if _became(was, task, "supervised_at"):
        yield from _some({"task.supervised", "task.escalated", "task.reported"}, about, task=task.id)


def _of_dispatch(was: Before, dispatch: Dispatch, about: Events) -> Iterator[str]:
    if was is None:
        yield from _some({"dispatch.proposed", "dispatch.sent_at_once"}, about)
    if _differs(was, dispatch, "unit"):
        yield from _some({"dispatch.division_changed"}, about)
    if was and was.status != dispatch.status:
        yield from _some(DISPATCHING if dispatch.status == "confirmed" else CLOSING, about)


def _of_clue(was: Before, clue: Clue, about: Events) -> Iterator[str]:
    if was is None:
        yield from _some({"clue.submitted"}, about)
    if _differs(was, clue, "case"):
        yield from _some({"clue.linked", "clue.split"}, about)
    if _differs(was, clue, "submission"):
        yield from _some({"clue.corrected"}, about)
    if _became(was, clue, "withdrawn_at"):
        yield from _once({"clue.withdrawn"}, about)
    if _became(was, clue, "asked_back_at"):
        yield from _once({"clue.withdrawal_asked"}, about)


def _of_correction(was: Before, correction: Correction, about: Events) -> Iterator[str]:
    yield from _some({"clue.corrected"} if was is None else {"clue.linked", "clue.split"}, about)


def _of_told(was: Before, told: Told, about: Events) -> Iterator[str]:
    yield from _some({"task.outcome_recorded"}, about, task=told.task)


def _of_wait(was: Before, wait: Wait, about: Events) -> Iterator[str]:
    if was is None:
        yield from _some({"case.waiting"}, about)
    if _became(was, wait, "ended_at"):
        yield from _some({"case.wait_ended", *MOVING, *CLOSING}, about)
    if _differs(was, wait, "until"):
        yield from _some({"case.wait_replanned"}, about)


def _of_paper(was: Before, paper: Notice, about: Events) -> Iterator[str]:
    if was is None:
        yield from _some({"notice.wanted"}, about)
    if _differs(was, paper, "status"):
        yield from _some({STANDING[paper.status]}, about)
    if _differs(was, paper, "unit"):
        yield from _some({"notice.division_changed"}, about)
    if _became(was, paper, "signed_at"):
        yield from _some({"notice.signed"}, about)
    if _became(was, paper, "number"):
        numbered = [one for one in about if one.data.get("number") == paper.number]
        yield from _once({"notice.numbered"}, numbered)


DECIDING = {"task.completed", "task.outcome_recorded"}
REPORTING = {"clue.submitted", "clue.corrected", "clue.withdrawn", "clue.linked", "clue.split", "visit.made"}


def _of_visit(was: Before, visit: Visit, about: Events) -> Iterator[str]:
    if was is None and all(event.data.get("submission") != visit.submission for event in about):
        yield "visit.made"


def _of_holding(was: Before, holding: Holding, about: Events) -> Iterator[str]:
    yield from _some(DECIDING | REPORTING | ({"case.voided"} if was else set()), about)


def _of_entitlement(was: Before, held: Entitlement, about: Events) -> Iterator[str]:
    yield from _some(DECIDING | ({"case.voided"} if was else set()), about)


def _of_publication(was: Before, posted: Publication, about: Events) -> Iterator[str]:
    if was is None:
        yield from _some({"publication.posted"}, about)
    if _became(was, posted, "taken_down_at"):
        yield from _some({"publication.taken_down"}, about)


_TELLING: Mapping[type[Row], Callable[[Any, Any, Events], Iterator[str]]] = {
    Case: _of_case, Task: _of_task, Dispatch: _of_dispatch, Clue: _of_clue, Correction: _of_correction,
    Told: _of_told, Wait: _of_wait, Notice: _of_paper, Holding: _of_holding, Visit: _of_visit,
    Entitlement: _of_entitlement, Publication: _of_publication,
}  # fmt: skip
