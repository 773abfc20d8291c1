"""The page of a person of the registry: everything recorded of them that is in sight, as one frozen value.

What other records of the same person hold, as those who see both have found, is read with it and never merged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading import sight
from xunfang.store.reading.case_file import NoticeView, PersonView, names_of, notice_view, person_view
from xunfang.store.reading.lists import CaseFilter, CaseItem, case_page
from xunfang.store.reading.people import people_with, rows_of
from xunfang.store.reading.questions import SAME, QuestionView, questions_about
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import (
    Amendment,
    Attachment,
    Entitlement,
    Holding,
    Household,
    Membership,
    Notice,
    Person,
    Submission,
    Task,
    Visit,
)

MOST_RECORDS = 20
"""So many records of one person are read together; more is no question of one person any more."""


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household that the person belongs or belonged to, with all memberships; `names` of members in sight, by key."""

    household: Household
    memberships: tuple[Membership, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person with all that is recorded of them. `records`: this one first, then others of the same person.

    `names` of the accounts that occur, by key. `photos` of visits and what was `told` on them, by their forms.
    """

    person: Person
    view: PersonView
    records: tuple[PersonView, ...]
    holdings: tuple[Holding, ...]
    entitlements: tuple[Entitlement, ...]
    households: tuple[HouseholdView, ...]
    cases: tuple[CaseItem, ...]
    tasks: tuple[Task, ...]
    papers: tuple[NoticeView, ...]
    visits: tuple[Visit, ...]
    photos: Mapping[str, tuple[str, ...]]
    told: Mapping[str, Mapping[str, Any]]
    amendments: tuple[Amendment, ...]
    questions: tuple[QuestionView, ...]
    verdicts: tuple[Amendment, ...]
    names: Mapping[str, str]

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """The memberships of the person of this very record."""
        found = (row for each in self.households for row in each.memberships if row.person == self.person.id)
        return tuple(sorted(found, key=lambda row: (row.joined_on, row.id)))


def read_person_file(reader: Reader, scope: Scope, person: Person) -> PersonFile:
    """Return the file of a person that the caller has found to be in sight."""
    keys = same_as(reader, scope, person.id)
    records = tuple(person_view(each, reader.database.keys) for each in people_with(reader, keys))
    cases = tuple(item for key in keys for item in case_page(reader, scope, CaseFilter(person=key), "").items)
    wanted = tuple(item.case for item in cases)
    amendments = tuple(rows_of(reader, Amendment, keys, sight.amendments_in_sight, scope))
    questions = questions_about(reader, scope, [person.id])
    verdicts = tuple(_verdicts(reader, questions))
    visits = rows_of(reader, Visit, keys, sight.visits_in_sight, scope)
    actors = [row.by for row in (*amendments, *visits, *verdicts)]
    return PersonFile(
        person=person,
        view=records[0],
        records=records,
        holdings=tuple(rows_of(reader, Holding, keys, sight.holdings_in_sight, scope)),
        entitlements=tuple(rows_of(reader, Entitlement, keys, sight.entitlements_in_sight, scope)),
        households=tuple(_households(reader, scope, keys)),
        cases=cases,
        tasks=tuple(task for task in _of_cases(reader, Task, wanted) if task.ended_at is None),
        papers=tuple(notice_view(notice) for notice in _of_cases(reader, Notice, wanted)),
        visits=tuple(visits),
        photos=_photos(reader, visits),
        told=_told(reader, visits),
        amendments=amendments,
        questions=questions,
        verdicts=verdicts,
        names=names_of(reader, dict.fromkeys(actors)),
    )


def same_as(reader: Reader, scope: Scope, person: str) -> tuple[str, ...]:
    """Return the records of one person, the given one first: those that are linked and in sight, however far around."""
    found, asked = {person: None}, [person]
    while asked and len(found) < MOST_RECORDS:
        linked = [each for each in questions_about(reader, scope, asked) if each.verdict == SAME]
        asked = [key for each in linked for key in (each.person, each.other) if key not in found]
        found |= dict.fromkeys(asked)
    return tuple(found)[:MOST_RECORDS]


def _households(reader: Reader, scope: Scope, people: tuple[str, ...]) -> Iterable[HouseholdView]:
    """Yield the households of these records that are in sight, that joined last first."""
    theirs = rows_of(reader, Membership, people, sight.memberships_in_sight, scope)
    for key in dict.fromkeys(row.household for row in sorted(theirs, key=lambda row: row.joined_on, reverse=True)):
        household = reader.find(Household, key)
        assert household is not None
        memberships = tuple(reader.select(Membership, household=key))
        keys = in_few_shapes(dict.fromkeys(row.person for row in memberships))
        seen = reader.ask(_names, keys, scope) if keys else []
        yield HouseholdView(household, memberships, {row["id"]: row["name"] for row in seen})


def _names(people: tuple[str, ...], scope: Scope) -> Any:
    wanted = sight.PERSON.id.in_(people) & sight.people_in_sight(scope)
    return sight.PERSON.select(sight.PERSON.id, sight.PERSON.name).where(wanted)


def _of_cases(reader: Reader, row: type[Any], cases: Iterable[str]) -> list[Any]:
    wanted = in_few_shapes(cases)
    return reader.ask_rows(row, _with_case, row, wanted) if wanted else []


def _with_case(row: type[Any], cases: tuple[str, ...]) -> Any:
    model = model_of(row)
    return model.select().where(model.case.in_(cases)).order_by(model.id)


def _photos(reader: Reader, visits: Iterable[Visit]) -> Mapping[str, tuple[str, ...]]:
    """Return the photos taken on visits, by the form that tells of each: seen by whoever sees the visit."""
    found, wanted = dict[str, tuple[str, ...]](), in_few_shapes(row.submission for row in visits)
    for each in reader.ask_rows(Attachment, _of_submissions, wanted) if wanted else ():
        found[each.submission] = (*found.get(each.submission, ()), each.id)
    return found


def _of_submissions(submissions: tuple[str, ...]) -> Any:
    model = model_of(Attachment)
    return model.select().where(model.submission.in_(submissions)).order_by(model.id)


def _told(reader: Reader, visits: Iterable[Visit]) -> Mapping[str, Mapping[str, Any]]:
    """Return what was told on visits, without what is sensitive, by the form that tells of each."""
    wanted = in_few_shapes(row.submission for row in visits)
    return {each.id: each.answers for each in reader.ask_rows(Submission, _submissions, wanted)} if wanted else {}


def _submissions(keys: tuple[str, ...]) -> Any:
    model = model_of(Submission)
    return model.select().where(model.id.in_(keys))


def _verdicts(reader: Reader, questions: Iterable[QuestionView]) -> list[Amendment]:
    wanted = in_few_shapes(each.id for each in questions)
    return reader.ask_rows(Amendment, _of_questions, wanted) if wanted else []


def _of_questions(questions: tuple[str, ...]) -> Any:
    model = model_of(Amendment)
    return model.select().where(model.about.in_(questions)).order_by(model.id)
