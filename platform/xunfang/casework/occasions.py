"""What happens in a case brings duties about 因事而起: who owes what from then on, and when it is owed no more."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from xunfang.casework.changes import Changes, Happened, JobWanted
from xunfang.casework.jobs import CASE_DUTIES
from xunfang.casework.owing import EVENT, KEPT_OPEN
from xunfang.casework.rows import Case, OwedThing
from xunfang.clock import SHANGHAI, local, local_date
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.occasions import CLOSED, IN_CASES, is_of_cases, on_cases
from xunfang.rules.visits import planned_day
from xunfang.worktime import Every, Period

OVER = {"case.reopened": "reopened", "case.voided": "voided"}
"""What ends what came about in a case, and why."""


def jobs_for(rulebook: Rulebook, changes: Changes, at: datetime) -> list[JobWanted]:
    """Return the jobs that open what an act brings about in cases, and end what it makes pointless.

    What is drawn of cases is opened by the draw: only what makes it pointless is of concern.
    """
    names = {name for duty in on_cases(rulebook) for name in IN_CASES[duty.on]}
    if names or any(is_of_cases(duty) for duty in rulebook.duties.values()):
        names |= OVER.keys()
    return [_job(changes, event, at) for event in changes.events if event.case and event.name in names]


def _job(changes: Changes, event: Happened, at: datetime) -> JobWanted:
    opened = next((row for row in changes.new if isinstance(row, Case) and row.id == event.case), None)
    state = str(event.data.get("to") or (opened.state if opened else ""))
    moment = local(at).isoformat()
    payload = {"case": event.case, "event": event.name, "state": state, "at": moment}
    key = f"{CASE_DUTIES}:{event.case}:{event.name}:{state}:{moment}"
    return JobWanted(kind=CASE_DUTIES, key=key, payload=payload, run_at=at)


def begun_by(duties: Sequence[Duty], event: str) -> Iterator[Duty]:
    """Yield the duties that an event in a case brings about."""
    yield from (duty for duty in duties if event in IN_CASES.get(duty.on, ()))


def since_when(duty: Duty, case: Case, at: datetime) -> datetime | None:
    """Return since when a duty is owed about a case, None where what brought it about is so no more."""
    if duty.on in CLOSED:
        return None if case.closed_at is None or case.ended_as else local(case.closed_at)
    return None if case.ended_as else local(at)


def owed_about(
    rulebook: Rulebook, duty: Duty, case: Case, unit: str, whole: str, since: datetime, due_at: datetime, key: str
) -> OwedThing:
    """Return what a unit owes about a case from a moment on, planned for some workday before it is due."""
    begins_on = local_date(since)
    within = Period(begins_on, max(begins_on, local_date(due_at)), Every.DAY)
    planned = planned_day(rulebook.calendar, within, sum(case.id.encode()), begins_on)
    return OwedThing(
        id=key,
        jurisdiction=case.jurisdiction,
        residence=case.residence,
        duty=duty.id,
        asks=duty.id,
        subject=EVENT,
        matter=duty.id,
        about=case.id,
        person=case.person,
        period=whole,
        unit=unit,
        every="",
        begins_on=begins_on,
        ends_on=begins_on + KEPT_OPEN,
        planned_at=datetime.combine(planned, time.min, SHANGHAI),
        due_at=due_at,
        needed=duty.at_least,
    )
