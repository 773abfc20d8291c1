"""Deadlines: when a thing is due and why, who is reminded when, and whether something came in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from xunfang.clock import SHANGHAI, local, local_date, parse
from xunfang.rulebook.acts import SUPERIOR
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import Deadline, Escalation, LimitCase, Rulebook, SetBy, UnitRef
from xunfang.rules.conditions import holds
from xunfang.rules.office import goes_by_office, office_of, office_told
from xunfang.rules.overdue import is_overdue
from xunfang.rules.set_limits import Asked, asked, granted
from xunfang.rules.units import WHERE, own_office, served_by, superior_of, unit_id, where_of
from xunfang.worktime import Due, Limit, Office, due, last_day_opens, over, shift

Facts = Mapping[str, Any]
REPEATED = ".repeat."
"""What marks the rule of a reminder that comes again and again."""
_MIDDAY, _DAY_ENDS = time(12), time(23, 59, 59)
_DATE_ONLY = len("2026-01-01")
_ANYWHERE = ("",) * len(WHERE)


@dataclass(frozen=True, slots=True)
class PlannedDeadline:
    """A due moment with everything needed to explain it. `soft` is the policy's word when it gave no number."""

    id: str
    label: str
    limit: str
    soft: str
    due: Due
    cites: tuple[str, ...]
    practice: str
    office: Mapping[str, str] | None = None  # whose hours it ends by, where they differ by unit or season
    set: Mapping[str, str] | None = None  # what is told of how it was set for this case, where it was
    within: Facts | None = None  # what is told of the whole that it ends within, where it does


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One reminder or escalation: when, to which unit, of what kind, resting on which rule."""

    at: datetime
    to: str
    kind: str  # "remind", "due", "overdue", "supervise", "escalate", "report"
    rule: str  # "<deadline>.remind.1", "<deadline>.escalate.1" or "<deadline>.repeat.1"
    notice: str
    cites: tuple[str, ...]
    informs: tuple[str, ...] = ()


def limit_of(deadline: Deadline, facts: Facts) -> tuple[Limit, str]:
    """Return the limit in force for these facts, and the soft word it stands for ("" for a number in the policy).

    Raises ValueError when no limit holds, or when it is left to a lower layer: lint refuses both before publishing.
    """
    return _counted(deadline, _case_of(deadline, facts))


def _case_of(deadline: Deadline, facts: Facts) -> LimitCase:
    for case in deadline.limits:
        if case.when is ALWAYS or holds(case.when, facts):
            return case
    raise ValueError(f"时限“{deadline.label}”没有一种情形适用")


def _counted(deadline: Deadline, case: LimitCase) -> tuple[Limit, str]:
    if case.limit.counts is None:
        raise ValueError(f"时限“{deadline.label}”尚未由本级确定期限")
    return case.limit.counts, case.limit.soft


def plan_deadline(
    rulebook: Rulebook, deadline: Deadline, facts: Facts, start: datetime, unit: str = ""
) -> PlannedDeadline:
    """Return when something that begins at `start` is due, and why: by the limit in force, on what that rests.

    `unit` is whose office hours count, "" for those of the jurisdiction.
    """
    case, whose = _case_of(deadline, facts), unit if unit and own_office(rulebook, unit) else ""
    if deadline.set_by and (wanted := asked(deadline.set_by, facts, start)):
        return _set(rulebook, deadline, deadline.set_by, wanted, start, whose)
    return _by_rule(rulebook, deadline, case, start, whose)


def _by_rule(
    rulebook: Rulebook, deadline: Deadline, case: LimitCase, start: datetime, unit: str = ""
) -> PlannedDeadline:
    if _by_the_clock(deadline, case):
        return _planned(rulebook, deadline, case, start, unit)
    return _planned_on(rulebook, deadline, case, local_date(start), unit)


@lru_cache(maxsize=4096)
def _by_the_clock(deadline: Deadline, case: LimitCase) -> bool:
    return _counted(deadline, case)[0].by_the_clock


@lru_cache(maxsize=4096)
def _planned_on(rulebook: Rulebook, deadline: Deadline, case: LimitCase, day: date, unit: str) -> PlannedDeadline:
    """Plan a deadline that depends on the day of its start only: made once for all that begin on that day."""
    return _planned(rulebook, deadline, case, datetime.combine(day, _MIDDAY, SHANGHAI), unit)


def _planned(rulebook: Rulebook, deadline: Deadline, case: LimitCase, start: datetime, unit: str) -> PlannedDeadline:
    limit, soft = _counted(deadline, case)
    until = due(limit, start, rulebook.calendar, office_of(rulebook, unit))
    return PlannedDeadline(
        id=deadline.id,
        label=deadline.label,
        limit=limit.text,
        soft=soft,
        due=until,
        cites=case.basis.cites,
        practice=case.basis.practice,
        office=office_told(rulebook, unit, until.due_at) if goes_by_office(limit) else None,
    )


def _set(
    rulebook: Rulebook, deadline: Deadline, setting: SetBy, wanted: Asked, start: datetime, unit: str
) -> PlannedDeadline:
    """Plan a deadline whose limit somebody set for this case."""
    found = granted(rulebook, setting, wanted, start, office_of(rulebook, unit))
    return PlannedDeadline(
        id=deadline.id,
        label=deadline.label,
        limit=found.limit.text,
        soft="",
        due=found.due,
        cites=tuple(dict.fromkeys((*deadline.basis.cites, *setting.basis.cites))),
        practice=setting.basis.practice,
        office=office_told(rulebook, unit, found.due.due_at) if goes_by_office(found.limit) else None,
        set=found.told,
    )


def plan_reminders(
    rulebook: Rulebook,
    deadline: Deadline,
    due_at: datetime,
    unit: str,
    opened_at: datetime,
    facts: Facts,
    *,
    by_hours: bool = False,
) -> tuple[PlannedReminder, ...]:
    """Return every reminder and escalation of a task, earliest first; those before it was opened are left out.

    That "at due" comes when the office opens on the last day; for a limit in hours or the like (`by_hours`), or a task
    opened after that, at the due moment. A unit that exists per division is the one of the case's residence.
    """
    where = where_of(facts) if _goes_by_place(rulebook, deadline, unit) else _ANYWHERE
    begins, whole = _all_reminders(rulebook, deadline, due_at, unit, where, by_hours)
    if opened_at < begins:
        return whole
    opens = _opens(rulebook, deadline, due_at, unit, by_hours)
    at_due = opens if opens > opened_at else local(due_at)
    to = tuple(_receivers(rulebook, escalation, unit, facts) for escalation in deadline.escalate)
    planned = _reminders_of(rulebook, deadline, due_at, at_due, unit, to)
    again = next_repeat(rulebook, deadline, due_at, unit, opened_at)
    return (*(reminder for reminder in planned if reminder.at > opened_at), again)


@lru_cache(maxsize=8192)
def _goes_by_place(rulebook: Rulebook, deadline: Deadline, unit: str) -> bool:
    """Return whether it depends on a residence to whom an escalation of a unit's task goes, or whom it informs.

    So it does where there is one for each division, and above a unit that serves several.
    """
    named = {ref.unit for each in deadline.escalate for ref in (UnitRef(each.to), *each.informs)}
    above = SUPERIOR in named and bool(served_by(rulebook, unit))
    return above or any(rulebook.units[other].per for other in named - {SUPERIOR})


@lru_cache(maxsize=8192)
def _all_reminders(
    rulebook: Rulebook, deadline: Deadline, due_at: datetime, unit: str, where: tuple[str, ...], by_hours: bool
) -> tuple[datetime, tuple[PlannedReminder, ...]]:
    """Return everything that is planned for a task opened before any of it comes, and when the first of it does."""
    opens, facts = _opens(rulebook, deadline, due_at, unit, by_hours), dict(zip(WHERE, where, strict=True))
    to = tuple(_receivers(rulebook, escalation, unit, facts) for escalation in deadline.escalate)
    planned = _reminders_of(rulebook, deadline, due_at, opens, unit, to)
    again = _repeated(deadline, _first_repeat(rulebook, deadline, due_at, unit), unit, 1)
    return min(opens, again.at, *(reminder.at for reminder in planned)), (*planned, again)


def _opens(rulebook: Rulebook, deadline: Deadline, due_at: datetime, unit: str, by_hours: bool) -> datetime:
    return local(due_at) if by_hours else _last_morning(rulebook, deadline, due_at, unit)


@lru_cache(maxsize=8192)
def _last_morning(rulebook: Rulebook, deadline: Deadline, due_at: datetime, unit: str) -> datetime:
    """Return when the office opens on the last day: by a unit's hours, or the jurisdiction's, which a case ends by.

    What has no limit is a duty, due on a day of its period at whatever time of that.
    """
    if not deadline.limits:
        day = local(due_at).date()
        return min(local(due_at), datetime.combine(day, office_of(rulebook, unit).opens_on(day), SHANGHAI))
    opens = last_day_opens(due_at, office_of(rulebook, unit))
    return opens if opens != local(due_at) else last_day_opens(due_at, rulebook.info.office)


def next_repeat(
    rulebook: Rulebook, deadline: Deadline, due_at: datetime, unit: str, after: datetime, sent: int = 0
) -> PlannedReminder:
    """Return the first repeated reminder that comes after a moment: they begin when all others of a deadline are over.

    They are numbered from the first on, so that the same one is planned once, by whomever and whenever. `sent` is the
    number of the last one: days off published since may have it come later, and it is not due again for that.
    """
    if not sent and (first := _first_repeat(rulebook, deadline, due_at, unit)) > after:
        return _repeated(deadline, first, unit, 1)
    calendar, office, rhythm = rulebook.calendar, office_of(rulebook, unit), deadline.repeat
    at, number = _last_planned(rulebook, deadline, due_at, office), 0
    while number <= sent or at <= after:
        at, number = shift(at, rhythm.offset, rhythm.unit, calendar, office), number + 1
    return _repeated(deadline, at, unit, number)


def _repeated(deadline: Deadline, at: datetime, unit: str, number: int) -> PlannedReminder:
    return PlannedReminder(at, unit, "overdue", f"{deadline.id}{REPEATED}{number}", "", deadline.basis.cites)


@lru_cache(maxsize=8192)
def _first_repeat(rulebook: Rulebook, deadline: Deadline, due_at: datetime, unit: str) -> datetime:
    rhythm, office = deadline.repeat, office_of(rulebook, unit)
    last = _last_planned(rulebook, deadline, due_at, office)
    return shift(last, rhythm.offset, rhythm.unit, rulebook.calendar, office)


@lru_cache(maxsize=8192)
def _last_planned(rulebook: Rulebook, deadline: Deadline, due_at: datetime, office: Office) -> datetime:
    """Return when the last reminder or escalation of a deadline comes, and never before it is due."""
    calendar = rulebook.calendar
    reminders = (shift(due_at, mark.offset, mark.unit, calendar, office) for mark in deadline.remind if mark.offset > 0)
    return max(
        (local(due_at), *reminders, *(_escalated_at(rulebook, each, due_at, office) for each in deadline.escalate))
    )


def _escalated_at(rulebook: Rulebook, escalation: Escalation, due_at: datetime, office: Office) -> datetime:
    """Return when what should happen "1 workday" after does happen: that workday has ended by then, and is no less."""
    after = escalation.after
    passed = over(due_at, after.offset, after.unit, rulebook.calendar, office)
    return passed + timedelta(seconds=1)  # nobody is late before the moment has passed


def _receivers(rulebook: Rulebook, escalation: Escalation, unit: str, facts: Facts) -> tuple[str, ...]:
    """Return to whom an escalation goes, and after that whom it informs."""
    informs = (unit_id(rulebook, ref, facts) for ref in escalation.informs)
    return _receiver(rulebook, escalation.to, unit, facts), *informs


def _receiver(rulebook: Rulebook, to: str, unit: str, facts: Facts) -> str:
    if to == SUPERIOR:
        return superior_of(rulebook, unit, str(facts.get("residence") or "")) or unit
    return unit_id(rulebook, UnitRef(to), facts) if rulebook.units[to].per else to


@lru_cache(maxsize=8192)
def _reminders_of(
    rulebook: Rulebook,
    deadline: Deadline,
    due_at: datetime,
    at_due: datetime,
    unit: str,
    receivers: tuple[tuple[str, ...], ...],
) -> tuple[PlannedReminder, ...]:
    calendar, office = rulebook.calendar, office_of(rulebook, unit)
    found = []
    for number, remind in enumerate(deadline.remind, 1):
        at = shift(due_at, remind.offset, remind.unit, calendar, office) if remind.offset else at_due
        kind = "remind" if remind.offset < 0 else "overdue" if remind.offset else "due"
        found.append(PlannedReminder(at, unit, kind, f"{deadline.id}.remind.{number}", "", deadline.basis.cites))
    for escalation, (to, *informs) in zip(deadline.escalate, receivers, strict=True):
        at = _escalated_at(rulebook, escalation, due_at, office)
        rule = escalation.id.replace(".", ".escalate.")
        cites = escalation.basis.cites
        found.append(PlannedReminder(at, to, escalation.act, rule, escalation.notice, cites, tuple(informs)))
    return tuple(sorted(found, key=lambda reminder: reminder.at))


def anchor(deadline: Deadline, facts: Facts) -> datetime | None:
    """Return the moment an `answers.<field>` anchor names, or None when it was not answered or is of another kind.

    Of a day without an hour it is the end: limits in days leave that day out anyway, and limits in hours must not run
    before the thing can have happened (民法典第二百零一条).
    """
    value = str(facts.get(deadline.answer) or "") if deadline.answer else ""
    if not value:
        return None
    try:
        if len(value) == _DATE_ONLY:
            return datetime.combine(date.fromisoformat(value), _DAY_ENDS, SHANGHAI)
        return parse(value)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _judged_at(rulebook: Rulebook, until: str) -> tuple[Deadline, ...]:
    return tuple(deadline for deadline in rulebook.deadlines.values() if deadline.until == until)


def judge_arrival(rulebook: Rulebook, facts: Facts, until: str, at: datetime, unit: str = "") -> dict[str, bool]:
    """Return, for each deadline that runs from an answer until this event, whether the event came in time.

    `unit` is the one that it arrives at, whose office hours count; "" for those of the jurisdiction.
    """
    verdicts, whose = {}, unit if own_office(rulebook, unit) else ""
    for deadline in _judged_at(rulebook, until):
        if start := anchor(deadline, facts):
            planned = _by_rule(rulebook, deadline, _case_of(deadline, facts), start, whose)
            verdicts[deadline.id] = not is_overdue(planned.due.due_at, at)
    return verdicts
