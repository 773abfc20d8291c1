"""What lines of ledgers and indicators rest on, read for a whole page at once: so many statements, however many lines.

The things themselves have been found to be in sight by whoever asks. What stands beside them, the cases of a person or
what they were given elsewhere, is read only as far as it is in sight too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from peewee import SQL, fn

from xunfang.casework.objections import AGAINST, objects
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import names_of
from xunfang.store.reading.rows_by import By, rows_by, told_by
from xunfang.store.reading.sight import (
    CASE,
    PERSON,
    VISIT,
    cases_in_sight,
    entitlements_in_sight,
    is_county_wide,
    people_in_sight,
    visits_in_sight,
    within,
)
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.sealing import Place
from xunfang.store.tables import (
    Amendment,
    Case,
    Clue,
    DutyPeriod,
    Entitlement,
    Holding,
    Membership,
    Notice,
    Person,
    Publication,
    Submission,
    Task,
    Told,
    Visit,
)

R = TypeVar("R")
PLACES = ("residence", "registration")
"""What of a person says where they belong, and is kept as it was when they move."""
_DEEPEST = 8
"""So many cases, each begun by the next, are followed back to the reports that began it all."""

SUBJECTS: Mapping[str, type[Any]] = {
    "case": Case, "clue": Clue, "task": Task, "person": Person, "visit": Visit, "entitlement": Entitlement,
    "notice": Notice, "duty": DutyPeriod, "publication": Publication,
}  # fmt: skip
"""The row of each kind of thing that a line can be about."""


class Part(StrEnum):
    """What stands beside things and takes statements of its own: it is read where somebody asks for it."""

    CLUES = "clues"
    REPORTED = "reported"
    TASKS = "tasks"
    NOTICES = "notices"
    HELD = "held"
    GIVEN = "given"
    HOUSEHOLD = "household"
    VISITS = "visits"
    LATEST = "latest"
    OBJECTIONS = "objections"


ALL = frozenset(Part)
Parts = frozenset[Part]


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form with all of its answers, the sealed ones included."""

    form: str
    release: str
    at: datetime
    answers: Mapping[str, Any]


@dataclass(slots=True)
class Beside:
    """The things that lines are about, by key in the order asked for, and all that stands beside them.

    What belongs to a case or a person is kept by its key. `visits` holds the last visit of each person. Who is
    `elsewhere` is out of sight by now, as whoever moved away since they were visited or given something.
    """

    subjects: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    clues: dict[str, list[Clue]] = field(default_factory=dict)
    tasks: dict[str, list[Task]] = field(default_factory=dict)
    told: dict[str, list[Told]] = field(default_factory=dict)
    notices: dict[str, list[Notice]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    holdings: dict[str, list[Holding]] = field(default_factory=dict)
    entitlements: dict[str, list[Entitlement]] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    latest: dict[str, Case] = field(default_factory=dict)
    households: dict[str, tuple[str, ...]] = field(default_factory=dict)
    owed: dict[str, Task] = field(default_factory=dict)
    filled: dict[str, Filled] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    objections: dict[str, list[Clue]] = field(default_factory=dict)  # by the publication that each is to
    elsewhere: frozenset[str] = frozenset()


def read_beside(reader: Reader, scope: Scope, of: str, keys: Iterable[str], parts: Parts = ALL) -> Beside:
    """Return things of a kind that are in sight, with all that their lines tell, or with these parts of it."""
    wanted = tuple(dict.fromkeys(keys))
    found = {row.id: row for row in told_by(reader, SUBJECTS[of], By.ID, wanted)}
    beside = Beside(subjects={key: found[key] for key in wanted if key in found})
    _READS[of](reader, scope, beside, parts)
    return beside


def moves_of(reader: Reader, people: Iterable[str]) -> dict[str, list[Amendment]]:
    """Return, by person, what was noted of where they live and are registered, that of the earliest day first."""
    rows = rows_by(reader, Amendment, By.PERSON, people)
    moves = sorted((row for row in rows if row.field in PLACES and row.on), key=lambda row: (row.on, row.id))
    return _grouped(moves, By.PERSON)


def objections_to(reader: Reader, people: Iterable[str]) -> dict[str, list[Clue]]:
    """Return, by publication, the reports that object to what was published of these people, that of before first."""
    cases = rows_by(reader, Case, By.PERSON, people)
    found: dict[str, list[Clue]] = defaultdict(list)
    for clue in rows_by(reader, Clue, By.CASE, [case.id for case in cases]):
        if objects(clue):
            found[str(clue.told[AGAINST])].append(clue)
    return found


def _grouped(rows: Iterable[R], by: By) -> dict[str, list[R]]:
    found: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by.value)].append(row)
    return found


# ----- what the lines of each kind rest on


def _of_cases(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    beside.cases = dict(beside.subjects)
    _with_cases(reader, scope, beside, parts)


def _of_case_parts(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    """Read what stands beside clues, tasks or notices: their cases, and all that these tell."""
    keys = [row.case for row in beside.subjects.values()]
    beside.cases = {row.id: row for row in told_by(reader, Case, By.ID, keys, cases_in_sight, scope)}
    _with_cases(reader, scope, beside, parts)


def _of_publications(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    _of_case_parts(reader, scope, beside, parts)
    if Part.OBJECTIONS in parts:
        published = rows_by(reader, Case, By.ID, [row.case for row in beside.subjects.values()])
        beside.objections = objections_to(reader, [case.person for case in published])


def _with_cases(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    own = set(beside.cases)
    _with_those_above(reader, scope, beside)
    keys = tuple(beside.cases)
    if Part.CLUES in parts:
        beside.clues = _grouped(rows_by(reader, Clue, By.CASE, keys), By.CASE)
    if Part.TASKS in parts:
        beside.tasks = _grouped(told_by(reader, Task, By.CASE, keys), By.CASE)
        beside.told = _grouped(rows_by(reader, Told, By.CASE, keys), By.CASE)
    if Part.NOTICES in parts:
        beside.notices = _grouped(told_by(reader, Notice, By.CASE, own), By.CASE)
    _with_people(reader, scope, beside, [beside.cases[key].person for key in own], parts)
    tasks = [task for rows in beside.tasks.values() for task in rows]
    tasks += [row for row in beside.subjects.values() if isinstance(row, Task)]
    clues = [row for row in beside.subjects.values() if isinstance(row, Clue)]
    clues += [clue for rows in beside.clues.values() for clue in rows if Part.REPORTED in parts]
    told = [each.submission for rows in beside.told.values() for each in rows]
    _with_answers(reader, beside, (*(clue.submission for clue in clues), *(task.answers for task in tasks), *told))
    beside.names = names_of(reader, sorted({task.claimed_by for task in tasks}))


def _with_those_above(reader: Reader, scope: Scope, beside: Beside) -> None:
    """Read the cases that those there are began in, as far as they are in sight."""
    parents = {case.parent for case in beside.cases.values() if case.parent} - beside.cases.keys()
    for _ in range(_DEEPEST):
        above = told_by(reader, Case, By.ID, parents, cases_in_sight, scope)
        beside.cases.update({case.id: case for case in above})
        parents = {case.parent for case in above if case.parent} - beside.cases.keys()
        if not parents:
            break


def _of_people(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    keys = tuple(beside.subjects)
    _with_people(reader, scope, beside, keys, parts)
    for case in told_by(reader, Case, By.PERSON, keys, cases_in_sight, scope) if Part.LATEST in parts else ():
        beside.latest[case.person] = max(case, beside.latest.get(case.person, case), key=_opened)
    beside.clues = _grouped(rows_by(reader, Clue, By.CASE, [case.id for case in beside.latest.values()]), By.CASE)
    asks = keys and Part.VISITS in parts
    visits = reader.ask_rows(Visit, _last_visits, in_few_shapes(keys), scope) if asks else []
    beside.visits = {visit.person: visit for visit in visits}
    _with_answers(reader, beside, [visit.submission for visit in visits])


def _opened(case: Case) -> tuple[datetime, str]:
    return case.opened_at, case.id


def _last_visits(people: tuple[str, ...], scope: Scope) -> Any:
    """Return the query of the last visit in sight to each of these people."""
    made = VISIT.alias("made")
    seen = VISIT.select(VISIT.id).where((VISIT.person == made.person) & visits_in_sight(scope))
    last = seen.order_by(VISIT.visited_on.desc(), VISIT.id.desc()).limit(1)
    return made.select().where(made.person.in_(people) & (made.id == last))


def _of_visits(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    visits = list(beside.subjects.values())
    _with_people(reader, scope, beside, [visit.person for visit in visits], parts)
    beside.elsewhere = _out_of_sight(reader, scope, beside.people)
    _with_answers(reader, beside, [visit.submission for visit in visits])


def _of_entitlements(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    rows = list(beside.subjects.values())
    _with_people(reader, scope, beside, [row.person for row in rows], parts)
    beside.elsewhere = _out_of_sight(reader, scope, beside.people)
    cases = told_by(reader, Case, By.ID, [row.case for row in rows], cases_in_sight, scope)
    beside.cases = {case.id: case for case in cases}
    beside.clues = _grouped(rows_by(reader, Clue, By.CASE, beside.cases), By.CASE)


def _of_duties(reader: Reader, scope: Scope, beside: Beside, parts: Parts) -> None:
    beside.owed = {task.about: task for task in told_by(reader, Task, By.ABOUT, beside.subjects)}
    _with_answers(reader, beside, [owed.answers for owed in beside.subjects.values()])


_READS: Mapping[str, Callable[[Reader, Scope, Beside, Parts], None]] = {
    "case": _of_cases, "clue": _of_case_parts, "task": _of_case_parts, "notice": _of_case_parts,
    "person": _of_people, "visit": _of_visits, "entitlement": _of_entitlements, "duty": _of_duties,
    "publication": _of_publications,
}  # fmt: skip


def _with_people(reader: Reader, scope: Scope, beside: Beside, people: Iterable[str], parts: Parts) -> None:
    """Read people with what they are held to be and what they were given, and who lives with them."""
    keys = tuple(sorted({key for key in people if key}))
    beside.people = {person.id: person for person in rows_by(reader, Person, By.ID, keys)}
    if Part.HOUSEHOLD in parts:
        _with_households(reader, beside, keys)
    everybody = sorted({*keys, *(person for rows in beside.households.values() for person in rows)})
    if Part.HELD in parts:
        beside.holdings = _grouped(rows_by(reader, Holding, By.PERSON, everybody, _holdings_in_sight, scope), By.PERSON)
    if Part.GIVEN in parts:
        given = rows_by(reader, Entitlement, By.PERSON, everybody, entitlements_in_sight, scope)
        beside.entitlements = _grouped(given, By.PERSON)


def _out_of_sight(reader: Reader, scope: Scope, people: Iterable[str]) -> frozenset[str]:
    """Return those of these people whose records are out of sight, which only what is told of them is not."""
    if is_county_wide(scope) or not (keys := in_few_shapes(people)):
        return frozenset()
    return frozenset(people).difference(row["id"] for row in reader.ask(_seen_of, keys, scope))


def _seen_of(keys: tuple[str, ...], scope: Scope) -> Any:
    return PERSON.select(PERSON.id).where(PERSON.id.in_(keys) & people_in_sight(scope))


def _with_households(reader: Reader, beside: Beside, people: tuple[str, ...]) -> None:
    homes = {row.person: row.household for row in rows_by(reader, Membership, By.PERSON, people) if not row.left_on}
    members = _grouped(rows_by(reader, Membership, By.HOUSEHOLD, sorted(set(homes.values()))), By.HOUSEHOLD)
    together = {home: tuple(row.person for row in rows if not row.left_on) for home, rows in members.items()}
    beside.households = {person: together.get(home, ()) for person, home in homes.items()}


_HOLDING = model_of(Holding)


def _holdings_in_sight(scope: Scope) -> Any:
    ours = _HOLDING.jurisdiction == scope.jurisdiction
    told = fn.EXISTS(CASE.select(SQL("1")).where((CASE.id == _HOLDING.case) & cases_in_sight(scope)))
    return ours if scope.is_system else ours & (within(_HOLDING.residence, scope) | told)


def _with_answers(reader: Reader, beside: Beside, keys: Iterable[str]) -> None:
    for row in rows_by(reader, Submission, By.ID, sorted({key for key in keys if key})):
        sealed = reader.database.keys.open_values(row.sealed, _sealed(row)) if reader.database.keys else {}
        beside.filled[row.id] = Filled(row.form, row.release, row.at, {**row.answers, **sealed})


def _sealed(row: Submission) -> Place:
    return Place("submission", "sealed", row.id)
