"""What a scope sees, as conditions every query of a read model carries.

Of a person, the rule is one and goes by source: a record in sight is one of somebody living within the division, or one
that a case in sight is about; a report is seen with the case it belongs to, and by the unit that handed it in. Whoever
knows a number learns by it nothing that another source recorded.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, Value, fn

from xunfang.rules.openings import PREFIX
from xunfang.store.reading.stretches import Stretch, lies_in, stretches_of
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import (
    Amendment,
    Attachment,
    Case,
    CaseInSight,
    Clue,
    Correction,
    Delivery,
    Dispatch,
    DutyPeriod,
    Entitlement,
    Holding,
    Household,
    Membership,
    Person,
    Submission,
    Task,
    Visit,
)

CASE, TASK, CLUE, DISPATCH = model_of(Case), model_of(Task), model_of(Clue), model_of(Dispatch)
PERSON, ATTACHMENT, SUBMISSION = model_of(Person), model_of(Attachment), model_of(Submission)
CORRECTION, DUTY, IN_SIGHT = model_of(Correction), model_of(DutyPeriod), model_of(CaseInSight)
VISIT, ENTITLEMENT, HOLDING = model_of(Visit), model_of(Entitlement), model_of(Holding)
HOUSEHOLD, MEMBERSHIP, AMENDMENT = model_of(Household), model_of(Membership), model_of(Amendment)
DELIVERY = model_of(Delivery)
_NEVER, ALWAYS = SQL("0 = 1"), SQL("1 = 1")
_ITS_TASK = TASK.alias("its_task")
OF_DUTY = TASK.id == _ITS_TASK.select(_ITS_TASK.id).where(_ITS_TASK.about == DUTY.id).limit(1)
"""The condition that a task is the one about a duty: looked up for each duty by an index.

Joined by `about`, which few tasks have, a server takes one value of it for hundreds of rows and reads all tasks.
"""


def as_it_is(column: Any) -> Any:
    """Return a column of texts as no index is looked up by it.

    It is for what is looked for among rows that are gone through in their order: a server that holds a value to be rare
    would read all of another index for it.
    """
    return fn.COALESCE(column, "")


def within(column: Any, scope: Scope) -> Any:
    """Return the condition that a division lies within the scope's or one that is served; an empty one holds none."""
    return reduce(or_, parts_within(column, scope)) if scope.division else _NEVER


def parts_within(column: Any, scope: Scope) -> Iterator[Any]:
    """Return the conditions of which one holds for what lies within the scope's division, each for an index."""
    return (lies_in(column, each) for each in stretches_within(scope))


def stretches_within(scope: Scope) -> Iterator[Stretch]:
    """Return the stretches of places that lie within the scope's division."""
    return stretches_of((scope.division, *scope.served), scope.former_places) if scope.division else iter(())


def of_unit(column: Any, scope: Scope) -> Any:
    """Return the condition that something is of the scope's unit, or of one that this follows."""
    return column.in_(scope.units) if scope.formerly else column == scope.unit


def cases_in_sight(scope: Scope) -> Any:
    """Return the condition on cases: living within the division, or the unit has or had a task, or first reported them.

    Or it decides about their dispatch, also where that went out at once and past it.

    A clue that joined somebody else's case opens no sight of it: whoever knows a number could look people up by it.
    """
    ours = CASE.jurisdiction == scope.jurisdiction
    return ours if scope.is_system else ours & grounds_of_sight(scope)


def grounds_of_sight(scope: Scope) -> Any:
    """Return why somebody sees a case of their jurisdiction; it is for readings that have found it to be of that."""
    tasks = TASK.alias("sight_task")
    clues = CLUE.alias("sight_clue")
    has_task = one_by_one(tasks, (tasks.case == CASE.id) & of_unit(tasks.unit, scope))
    reported = one_by_one(clues, (clues.case == CASE.id) & of_unit(clues.unit, scope) & ~clues.joined)
    dispatches = DISPATCH.alias("sight_dispatch")
    theirs = of_unit(dispatches.unit, scope) & (dispatches.unit != "")
    decides = one_by_one(dispatches, (dispatches.case == CASE.id) & theirs)
    return within(CASE.residence, scope) | has_task | reported | decides


def likely_in_sight(case: Any, places: tuple[str, ...]) -> Any:
    """Return a condition that every case in sight meets, see `places_to_look`, found by one look at an index.

    It is for what goes through many cases that are not: the grounds of sight are asked of few of them then.
    """
    seen = IN_SIGHT.alias("likely")
    return one_by_one(seen, (seen.case == case) & seen.who.in_(places))


def one_by_one(model: Any, here: Any) -> Any:
    """Return the condition that there is such a row, to be looked for by an index for each row of the query around it.

    An OFFSET keeps PostgreSQL from reading all rows of the table at once instead, which it holds to be cheaper.
    """
    return fn.EXISTS(model.select(SQL("1")).where(here).limit(1).offset(0))


def is_county_wide(scope: Scope) -> bool:
    """Return whether a scope sees its whole jurisdiction: the machinery does, and a division as wide as that."""
    code = scope.jurisdiction.partition("-")[0]
    return scope.is_system or (bool(scope.division) and code.startswith(scope.division))


def places_to_look(scope: Scope) -> tuple[str, ...]:
    """Return under whom all cases in sight are written down, see `CaseInSight`; none: any of its jurisdiction may be.

    None are narrower than the jurisdiction itself.
    """
    if is_county_wide(scope) and not scope.jurisdiction.startswith(f"{scope.division}-"):
        return ()
    within_it = (scope.division, *scope.served, *scope.former_places) if scope.division else ()
    return tuple(dict.fromkeys((*within_it, *scope.units)))


def tasks_in_sight(scope: Scope) -> Any:
    """Return the condition on tasks: the unit's own, or of a case living within the division.

    Or about something that other units owe within the division, or to this one.
    """
    ours = TASK.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    owed = one_by_one(DUTY, (DUTY.id == TASK.about) & _reported_to(scope))
    return ours & (of_unit(TASK.unit, scope) | within(TASK.residence, scope) | owed)


def _reported_to(scope: Scope) -> Any:
    """Return the condition that something owed is reported to the scope's unit, whoever else gets it."""
    units = scope.units if scope.formerly else (scope.unit,)
    return reduce(or_, (names_unit(DUTY.to.cast("TEXT"), unit) for unit in units if unit), _NEVER)


def goes_only_to(unit: str) -> Any:
    """Return the condition that something owed is reported to a unit and to nobody else, for an index."""
    return DUTY.to == SQL("'[\"'").concat(Value(unit, converter=False)).concat(SQL("'\"]'"))


def names_unit(listed: Any, unit: str) -> Any:
    """Return the condition that a list, as text, names a unit: without its name it would be another text."""
    named = SQL("'\"'").concat(Value(unit, converter=False)).concat(SQL("'\"'"))
    return fn.REPLACE(listed, named, "") != listed


def duties_in_sight(scope: Scope) -> Any:
    """Return the condition on what is owed under duties: by the unit, to it, or by a unit within the division."""
    ours = DUTY.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    return ours & (of_unit(DUTY.unit, scope) | _reported_to(scope) | within(DUTY.residence, scope))


def deliveries_in_sight(scope: Scope) -> Any:
    """Return the condition on lists: handed in by the unit, or handed over to it; nobody else sees them.

    Those of an opening balance are none of a department's.
    """
    ours = (DELIVERY.jurisdiction == scope.jurisdiction) & ((DELIVERY.feed < PREFIX) | (DELIVERY.feed >= _BEHIND))
    if scope.is_system:
        return ours
    units = scope.units if scope.formerly else (scope.unit,)
    to = reduce(or_, (names_unit(DELIVERY.to.cast("TEXT"), unit) for unit in units if unit), _NEVER)
    return ours & (of_unit(DELIVERY.unit, scope) | (to & DELIVERY.handed_at.is_null(False)))


_BEHIND = f"{PREFIX[:-1]};"
"""What comes next behind everything that begins with the prefix."""


def openings_in_sight(scope: Scope, feeds: Sequence[str]) -> Any:
    """Return the condition on lists of an opening balance: brought by the unit, of these kinds only."""
    ours = (DELIVERY.jurisdiction == scope.jurisdiction) & DELIVERY.feed.in_(list(feeds))
    return ours & of_unit(DELIVERY.unit, scope)


def people_in_sight(scope: Scope) -> Any:
    """Return the condition on persons: living within the division, or somebody a case in sight is about."""
    ours = PERSON.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    theirs = (CASE.person == PERSON.id) & (as_it_is(CASE.jurisdiction) == scope.jurisdiction)  # found by the person
    about = one_by_one(CASE, theirs & grounds_of_sight(scope))
    return ours & (within(PERSON.residence, scope) | about)


def records_in_sight(column: Any, scope: Scope) -> Any:
    """Return the condition that a column names a record of a person in sight."""
    return one_by_one(PERSON, (PERSON.id == column) & people_in_sight(scope))


def submissions_in_sight(scope: Scope) -> Any:
    """Return the condition on submissions: of a case in sight, as clue or answers, of a duty, or closing an event."""
    ours = SUBMISSION.jurisdiction == scope.jurisdiction
    return ours if scope.is_system else ours & _filed(SUBMISSION.id, scope)


def attachments_in_sight(scope: Scope) -> Any:
    """Return the condition on attachments: handed in by this account, or belonging to a case in sight."""
    ours = ATTACHMENT.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    return ours & ((ATTACHMENT.by == scope.account) | _filed(ATTACHMENT.submission, scope))


def visits_in_sight(scope: Scope) -> Any:
    """Return the condition on visits: made by the scope's unit, or to somebody living within its division."""
    ours = VISIT.jurisdiction == scope.jurisdiction
    return ours if scope.is_system else ours & (of_unit(VISIT.unit, scope) | within(VISIT.residence, scope))


def entitlements_in_sight(scope: Scope) -> Any:
    """Return the condition on entitlements: of somebody living within the division, or decided in a case in sight."""
    ours = ENTITLEMENT.jurisdiction == scope.jurisdiction
    decided = one_by_one(CASE, (CASE.id == ENTITLEMENT.case) & cases_in_sight(scope))
    return ours if scope.is_system else ours & (within(ENTITLEMENT.residence, scope) | decided)


def holdings_in_sight(scope: Scope) -> Any:
    """Return the condition on categories: of somebody living within the division, or told in a case in sight."""
    ours = HOLDING.jurisdiction == scope.jurisdiction
    told = fn.EXISTS(CASE.select(SQL("1")).where((CASE.id == HOLDING.case) & cases_in_sight(scope)))
    return ours if scope.is_system else ours & (within(HOLDING.residence, scope) | told)


def memberships_in_sight(scope: Scope) -> Any:
    """Return the condition on memberships: in a household that lives within the division."""
    ours = MEMBERSHIP.jurisdiction == scope.jurisdiction
    here = HOUSEHOLD.select(SQL("1")).where((HOUSEHOLD.id == MEMBERSHIP.household) & households_in_sight(scope))
    return ours if scope.is_system else ours & fn.EXISTS(here)


def households_in_sight(scope: Scope) -> Any:
    """Return the condition on households: living within the division."""
    ours = HOUSEHOLD.jurisdiction == scope.jurisdiction
    return ours if scope.is_system else ours & within(HOUSEHOLD.residence, scope)


def amendments_in_sight(scope: Scope) -> Any:
    """Return the condition on changes made by hand: of somebody who lived within the division."""
    ours = AMENDMENT.jurisdiction == scope.jurisdiction
    return ours if scope.is_system else ours & within(AMENDMENT.residence, scope)


def _filed(submission: Any, scope: Scope) -> Any:
    reported = CLUE.select(CLUE.case).where(CLUE.submission == submission)
    corrected = CORRECTION.select(CORRECTION.case).where(CORRECTION.before == submission)
    answered = TASK.select(TASK.case).where(TASK.answers == submission)
    seen = CASE.select(SQL("1")).where(CASE.id.in_(reported | corrected | answered) & cases_in_sight(scope))
    owed = DUTY.select(SQL("1")).where((DUTY.answers == submission) & duties_in_sight(scope))
    closed = TASK.select(SQL("1")).where(
        (TASK.answers == submission) & (TASK.subject == "alert") & tasks_in_sight(scope)
    )
    visited = VISIT.select(SQL("1")).where((VISIT.submission == submission) & visits_in_sight(scope))
    ways = map(fn.EXISTS, (seen, owed, closed, visited))
    return (submission != "") & reduce(or_, ways)
