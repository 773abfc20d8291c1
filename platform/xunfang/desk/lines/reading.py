"""The lines of things: given their keys, everything that rules read of them is loaded for all at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xunfang.casework import Entitlement, Publication, Visit
from xunfang.clock import local, local_date
from xunfang.desk.lines import of_cases, of_people
from xunfang.desk.lines.line import Line
from xunfang.desk.lines.needed import parts_for
from xunfang.desk.lines.standing import as_it_stood, end_of, where_they_lived
from xunfang.desk.releases import Releases
from xunfang.rules.duties import period_words
from xunfang.rules.units import division_of, kind_of
from xunfang.store import Case, Clue, DutyPeriod, Keys, Notice, Person, Task
from xunfang.store.reading.lines import ALL, SUBJECTS, Beside
from xunfang.store.scoped import ScopedReader


@dataclass(frozen=True, slots=True)
class _Reading:
    beside: Beside
    rules: Releases
    keys: Keys
    at: datetime
    on: date


def lines_of(
    reader: ScopedReader,
    rules: Releases,
    of: str,
    keys: Iterable[str],
    at: datetime,
    on: date | None = None,
    paths: Iterable[str] | None = None,
) -> list[Line]:
    """Return the lines of things of a kind that are in sight, in the order asked for; what is gone is left out.

    `at` is the moment of reading; `on` a past day as of which all is told, as far as that can be known. With `paths`,
    lines know these facts at least; they may not know others. However many there are, it takes the same number of
    statements.
    """
    if of not in SUBJECTS:
        return []
    beside = reader.beside(of, keys, ALL if paths is None or on else parts_for(of, paths))
    if on:
        at = min(at, end_of(on))
        as_it_stood(beside, at)
        where_they_lived(beside, reader.moves(beside.people), on)
    reading = _Reading(beside, rules, reader.keys, at, on or local_date(at))
    return [_line(reading, of, key, subject) for key, subject in reading.beside.subjects.items()]


def _line(reading: _Reading, of: str, key: str, subject: Any) -> Line:
    release = str(getattr(_case_of(reading, subject) or subject, "release", "") or "")
    line = Line(of, key, reading.rules.labels(release))
    _MAKES[of](reading, line, subject)
    return line.owns()


def _case_of(reading: _Reading, subject: Any) -> Case | None:
    return reading.beside.cases.get(getattr(subject, "case", ""))


def _case(reading: _Reading, line: Line, case: Case) -> None:
    line.ended = case.closed_at is not None
    _with_case(reading, line, case)
    of_cases.add_clues(line, case, reading.beside, reading.rules)
    of_cases.add_tasks(line, case, reading.beside, reading.rules, reading.at)
    of_cases.add_notices(line, reading.beside.notices.get(case.id, ()))


def _with_case(reading: _Reading, line: Line, case: Case | None) -> None:
    """Take a case and whom it is about."""
    if case:
        of_cases.add_case(line, case, reading.beside, reading.at)
        of_people.add_person(line, case.person, reading.beside, reading.keys, reading.on, case)


def _clue(reading: _Reading, line: Line, clue: Clue) -> None:
    _with_case(reading, line, _case_of(reading, clue))
    of_cases.hear(line, "clue", reading.beside.filled.get(clue.submission), reading.rules)
    of_cases.add_clue(line, clue, reading.beside)


def _task(reading: _Reading, line: Line, task: Task) -> None:
    case, line.ended = _case_of(reading, task), task.ended_at is not None
    _with_case(reading, line, case)
    if case:
        of_cases.add_clues(line, case, reading.beside, reading.rules)
        of_cases.add_notices(line, reading.beside.notices.get(case.id, ()))
    of_cases.hear(line, "task", reading.beside.filled.get(task.answers), reading.rules)
    of_cases.add_task(line, task, reading.beside, reading.at)


def _notice(reading: _Reading, line: Line, notice: Notice) -> None:
    case = _case_of(reading, notice)
    _with_case(reading, line, case)
    if case:
        of_cases.add_tasks(line, case, reading.beside, reading.rules, reading.at)
    of_cases.add_notice(line, notice)


def _person(reading: _Reading, line: Line, person: Person) -> None:
    beside = reading.beside
    of_people.add_person(line, person.id, beside, reading.keys, reading.on)
    of_people.add_household(line, person.id, beside, reading.on)
    of_people.add_entitlements(line, beside.entitlements.get(person.id, ()), reading.on)
    visit = beside.visits.get(person.id)
    if visit:
        of_cases.hear(line, "visit", beside.filled.get(visit.submission), reading.rules)
        of_people.add_visit(line, visit)
    if latest := beside.latest.get(person.id):
        of_cases.add_case(line, latest, beside, reading.at)


def _visit(reading: _Reading, line: Line, visit: Visit) -> None:
    filled, line.place = reading.beside.filled.get(visit.submission), visit.residence
    _told_of_person(reading, line, visit)
    of_people.add_person(line, visit.person, reading.beside, reading.keys, reading.on)
    if visit.person in reading.beside.elsewhere:
        line.knows("person", {"residence": visit.residence})
    of_cases.hear(line, "visit", filled, reading.rules)
    of_people.add_visit(line, visit)


def _told_of_person(reading: _Reading, line: Line, visit: Visit) -> None:
    """Take who was visited as the form of the visit tells it: of somebody without a record nothing else is known."""
    filled = reading.beside.filled.get(visit.submission)
    form = reading.rules.labels(filled.release).rulebook.forms.get(filled.form) if filled else None
    if form and filled:
        told = {use: filled.answers.get(name) for use, name in form.person.items()}
        line.knows("person", {use: value for use, value in told.items() if isinstance(value, str)})


def _entitlement(reading: _Reading, line: Line, row: Entitlement) -> None:
    case = _case_of(reading, row)
    if case:
        of_cases.add_case(line, case, reading.beside, reading.at)
    of_people.add_person(line, row.person, reading.beside, reading.keys, reading.on)
    if row.person in reading.beside.elsewhere:
        line.knows("person", {"residence": row.residence})
    line.knows("entitlement", of_people.entitlement_facts(row))


def _publication(reading: _Reading, line: Line, posted: Publication) -> None:
    case = _case_of(reading, posted)
    _with_case(reading, line, case)
    line.knows(
        "publication",
        {
            "board": posted.board,
            "posted_on": local_date(posted.posted_at),
            "until": local_date(posted.until) if posted.until else None,
            "interrupted": posted.interrupted,
            "objections": len(reading.beside.objections.get(posted.id, ())),
        },
    )


def _duty(reading: _Reading, line: Line, owed: DutyPeriod) -> None:
    task, rulebook = reading.beside.owed.get(owed.id), line.labels.rulebook
    unit = rulebook.units.get(kind_of(owed.unit))
    of_cases.hear(line, "duty", reading.beside.filled.get(owed.answers), reading.rules)
    line.duty, line.ended = owed.id, owed.ended_at is not None
    line.knows(
        "duty",
        {
            "duty": owed.duty,
            "unit": owed.unit,
            "period": period_words(rulebook, owed.duty, owed.every, owed.begins_on),
            "due_at": of_cases.moment_or_none(task.due_at) if task else None,
            "completed_at": local(owed.ended_at) if owed.ended_at and owed.status in _DONE else None,
            "completed_in_time": _in_time(owed, task, reading.at),
        },
    )
    per, external = (unit.per, unit.external) if unit else ("", False)
    line.knows("unit", {"id": owed.unit, "per": per, "external": external, "division": division_of(owed.unit)})


_DONE = frozenset({"reported", "nil", "visited"})


def _in_time(owed: DutyPeriod, task: Task | None, at: datetime) -> bool | None:
    """Return whether something owed was done by when it was due; None for what is asked for no more."""
    if owed.status == "missed":
        return False
    if task is None or (owed.ended_at and owed.status not in _DONE):
        return None
    return False if of_cases.is_late(task, at) else task.completed_in_time


_MAKES: Mapping[str, Callable[[_Reading, Line, Any], None]] = {
    "case": _case, "clue": _clue, "task": _task, "notice": _notice, "person": _person, "visit": _visit,
    "entitlement": _entitlement, "duty": _duty, "publication": _publication,
}  # fmt: skip
