"""Loading the file of a case: everything that deciding about it may look at, read in the transaction that decides."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from xunfang.actions.acting import Look
from xunfang.actions.deployment import acts_of
from xunfang.actions.filling import whole_answers
from xunfang.casework import (
    Alert,
    Amendment,
    Case,
    Clue,
    Correction,
    Dispatch,
    Draft,
    DutyPeriod,
    Entitlement,
    File,
    Holding,
    Membership,
    Notice,
    OwedThing,
    Person,
    Publication,
    Row,
    Task,
    Told,
    Wait,
)
from xunfang.casework.grants import grants_in
from xunfang.casework.objections import Objection, objections_among
from xunfang.casework.rows import About
from xunfang.clock import local
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.caps import Grant
from xunfang.rules.objections import objection_flows
from xunfang.rules.quotas import whole_of
from xunfang.rules.units import former_units
from xunfang.store import NumberSeries, Submission, new_id, returns_before, roles_in

K = TypeVar("K")

_PARTS: Mapping[type[Any], tuple[str, tuple[type[Row], ...]]] = {
    Case: ("case", (Clue, Correction, Dispatch, Task, Told, Wait, Notice, Publication)),
    DutyPeriod: ("about", (Task,)),
    Alert: ("about", (Task,)),
}
"""What belongs to what a file is of, and the column that says to which."""

_OF_PERSON: tuple[type[Row], ...] = (Holding, Entitlement, Amendment, Membership)
"""What belongs to a person, in whichever of their cases it was decided, or in none."""


def file_of(act: Look, *subjects: About, people: Iterable[str] = (), blank: bool = False) -> File:
    """Return the file of these cases, with those that their flows began from, or of what is owed, with its event.

    What is held of somebody, and what they were given, is read for the people of the cases, and for these `people`;
    for none, where they are `blank`: on record only since just now.
    """
    family = {one.id: one for subject in subjects for one in _family(act, subject)}
    abouts = tuple(family.values())
    staff = Staff(act)
    staffed, able, posts = Staffed(staff), Able(staff), Posts(staff)
    parts = Parts(act, abouts, people, blank=blank)
    return File(abouts, Answers(act), Numbers(act), staffed, able, posts, Grants(act), Objections(act), later=parts)


def draft_of(act: Look, case: Case) -> Draft:
    """Return a draft of a case's file that nobody stores: for reading its facts as deciding reads them."""
    return Draft(act.rules(case.release), file_of(act, case), act.actor, act.at, new_id)


def _family(act: Look, subject: About) -> Iterator[About]:
    yield subject
    if isinstance(subject, DutyPeriod):
        rulebook = act.rules(subject.release)
        yield from returns_for(act, rulebook, rulebook.duties.get(subject.duty), subject.unit, subject.begins_on)
    if isinstance(subject, DutyPeriod) and (event := act.tx.find(Alert, subject.alert)):
        yield event
    while isinstance(subject, Case) and subject.parent:
        subject = act.case(subject.parent)
        yield subject


def returns_for(act: Look, rulebook: Rulebook, duty: Duty | None, unit: str, begins_on: date) -> list[DutyPeriod]:
    """Return the earlier returns that tell what is owed of a quota in a period, none for a duty without one."""
    if duty is None or duty.quota is None:
        return []
    units, first = (unit, *former_units(rulebook, unit)), whole_of(duty.quota, begins_on).first
    return returns_before(act.tx, act.actor.jurisdiction, duty.id, units, first, begins_on)


class _Fetched(Mapping[K, Any]):
    """Something of a file that is read only when it is asked for; it knows no list of its keys."""

    def __init__(self, act: Look) -> None:
        self.act = act

    def __iter__(self) -> Iterator[K]:
        raise TypeError("a file is asked by key")

    def __len__(self) -> int:
        raise TypeError("a file is asked by key")


class Parts(_Fetched[type[Row]]):
    """What belongs to what a file is of, by its kind, read when a verb first asks for that kind."""

    def __init__(self, act: Look, abouts: tuple[About, ...], people: Iterable[str], *, blank: bool = False) -> None:
        super().__init__(act)
        self.abouts, self.blank = abouts, blank
        of_cases = {about.person for about in abouts if isinstance(about, Case)}
        self.people = sorted(of_cases | set(filter(None, people)))

    def __getitem__(self, kind: type[Row]) -> list[Row]:
        if self.blank and kind in _OF_PERSON:
            return []
        if kind is Membership:
            return self._memberships
        if kind in _OF_PERSON:
            people = self._housed if kind is Entitlement else self.people
            return [row for person in people for row in self.act.tx.every(kind, person=person)]
        if kind is OwedThing:
            wholes = [about for about in self.abouts if isinstance(about, DutyPeriod)]
            return [row for whole in wholes for row in self.act.tx.every(kind, period=whole.id, status="owed")]
        if kind is Person:
            found_people = (self.act.tx.find(Person, person) for person in self.people)
            return [person for person in found_people if person]
        found: list[Row] = []
        for about in self.abouts:
            column, kinds = _PARTS[type(about)]
            if kind in kinds:
                found += self.act.tx.every(kind, **{column: about.id})
        return found

    @cached_property
    def _memberships(self) -> list[Row]:
        """The memberships of the people, and those of all who belong to their households."""
        own = [row for person in self.people for row in self.act.tx.every(Membership, person=person)]
        homes = sorted({row.household for row in own if row.left_on is None})
        found = [*own, *(row for home in homes for row in self.act.tx.every(Membership, household=home))]
        return list({row.id: row for row in found}.values())

    @property
    def _housed(self) -> list[str]:
        """The people, and all who belong to their households: what is given to one counts for the household."""
        there = {row.person for row in self._memberships if isinstance(row, Membership) and row.left_on is None}
        return sorted({*self.people, *there})


class Answers(_Fetched[str]):
    """Every filled form, by the key of its submission, opened when it is asked for."""

    def __getitem__(self, submission: str) -> Mapping[str, Any]:
        return whole_answers(self.act, self.act.tx.find(Submission, submission))


class Numbers(_Fetched[str]):
    """The last number given out in each series of the year."""

    def __getitem__(self, series: str) -> int:
        year = local(self.act.at).year
        found = self.act.tx.find(NumberSeries, self.act.actor.jurisdiction, series, year)
        return found.n if found else 0


class Grants(_Fetched[str]):
    """What was granted to each person in this jurisdiction, in any case of theirs, by the rules of each."""

    def __init__(self, act: Look) -> None:
        super().__init__(act)
        self._known: dict[str, list[Grant]] = {}

    def __getitem__(self, person: str) -> list[Grant]:
        if person not in self._known:
            theirs = list(self.act.tx.every(Case, jurisdiction=self.act.actor.jurisdiction, person=person))
            self._known[person] = [grant for case in theirs for grant in grants_in(draft_of(self.act, case), case)]
        return self._known[person]


class Objections(_Fetched[str]):
    """The objections to what was published of each person."""

    def __getitem__(self, person: str) -> list[Objection]:
        rulebook, found = self.act.rules(), dict[str, Any]()
        for flow in objection_flows(rulebook):
            found |= {case.id: case for case in self.act.tx.every(Case, person=person, flow=flow)}
        clues = [clue for case in found for clue in self.act.tx.every(Clue, case=case)]
        return objections_among(rulebook, found.values(), clues)


class Staff:
    """Who works in each unit, read when it is first asked for: the roles of each, and what those allow there.

    Of the `units` that will be asked for all is read at once.
    """

    def __init__(self, act: Look, units: Collection[str] = ()) -> None:
        self.act, self._known = act, dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]()
        self._ahead = units

    def of(self, unit: str) -> list[tuple[tuple[str, ...], frozenset[str]]]:
        """Return the roles of everybody with an active account in a unit, each with the acts that they allow."""
        if unit not in self._known:
            self._read({unit, *self._ahead})
            self._ahead = ()
        return self._known[unit]

    def _read(self, units: Collection[str]) -> None:
        jurisdiction = self.act.actor.jurisdiction
        found, rulebook = roles_in(self.act.tx, jurisdiction, units), self._rulebook(jurisdiction)
        for unit, there in found.items():
            self._known[unit] = [
                (roles, acts_of(rulebook, unit, roles) if rulebook else frozenset()) for roles in there
            ]

    def _rulebook(self, jurisdiction: str) -> Rulebook | None:
        return self.act.deployment.rulebooks.current.get(jurisdiction)


class _Staffing:
    """Something that is so where somebody works."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff


class Able(_Staffing):
    """What somebody in a unit may do: pairs of a unit and an act."""

    def __contains__(self, asked: object) -> bool:
        assert isinstance(asked, tuple)
        unit, wanted = asked
        return any(wanted in acts for _, acts in self.staff.of(unit))


class Posts(_Staffing):
    """The roles that somebody in a unit has who may complete tasks there: pairs of a unit and a role."""

    def __contains__(self, asked: object) -> bool:
        assert isinstance(asked, tuple)
        unit, role = asked
        return any(role in roles and "complete" in acts for roles, acts in self.staff.of(unit))


class Staffed(_Staffing):
    """The units in which somebody can be reached."""

    def __contains__(self, unit: object) -> bool:
        return bool(self.staff.of(str(unit)))
