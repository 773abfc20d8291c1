"""What indicators look at within some days: every thing of a kind that was settled, or held, between two of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from peewee import SQL, fn

from xunfang.clock import SHANGHAI, local_date
from xunfang.rules.entitlements import GRANTED, SUSPENDED
from xunfang.rules.overdue import overdue
from xunfang.store.database import Reader
from xunfang.store.reading.sight import (
    CASE,
    CLUE,
    DUTY,
    ENTITLEMENT,
    OF_DUTY,
    PERSON,
    TASK,
    VISIT,
    cases_in_sight,
    duties_in_sight,
    entitlements_in_sight,
    one_by_one,
    people_in_sight,
    tasks_in_sight,
    visits_in_sight,
)
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Notice

NOTICE = model_of(Notice)
PIECE = 200
"""So many are read at once."""
_JUDGED = ("open", "claimed", "done")
_OWED = ("owed", "reported", "nil", "visited", "missed")


@dataclass(frozen=True, slots=True)
class Settled:
    """A thing by its key, and the days on which it counts: the last is None for what still goes on."""

    key: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Days:
    """Some days, both included, of one jurisdiction, as it stands at a moment: what is not due by then is not late."""

    jurisdiction: str
    first: date
    last: date
    at: datetime

    @property
    def begins(self) -> datetime:
        """The moment at which they begin."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The moment at which they are over."""
        return _midnight(self.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def settled(reader: Reader, scope: Scope, of: str, days: Days, after: str) -> tuple[tuple[Settled, ...], str]:
    """Return some things of a kind in sight that count within some days, of later keys, and the key to go on from.

    At the end that key is "".
    """
    rows = reader.fetch(_PAGES[of](days, after).where(_SIGHTS[of](scope)))
    found = (_DAYS[of](row) for row in rows)
    return tuple(each for each in found if _counts(each, days)), str(rows[-1]["id"]) if len(rows) == PIECE else ""


def _counts(thing: Settled, days: Days) -> bool:
    return thing.first <= days.last and (thing.last is None or thing.last >= days.first)


def _page(model: Any, days: Days, after: str, found: Any, *columns: Any) -> Any:
    of_it = (model.jurisdiction == days.jurisdiction) & (model.id > after) & found
    return model.select(model.id, *columns).where(of_it).order_by(model.id).limit(PIECE)


def _within(column: Any, days: Days) -> Any:
    return (column >= days.begins) & (column < days.ends)


def _cases(days: Days, after: str) -> Any:
    return _page(CASE, days, after, _within(CASE.opened_at, days), CASE.opened_at.alias("at"))


def _closed(days: Days, after: str) -> Any:
    return _page(CASE, days, after, _within(CASE.closed_at, days), CASE.closed_at.alias("at"))


def _open(days: Days, after: str) -> Any:
    """Cases that were open at some time in these days."""
    going = (CASE.opened_at < days.ends) & (CASE.closed_at.is_null() | (CASE.closed_at >= days.begins))
    return _page(CASE, days, after, going, CASE.opened_at, CASE.closed_at)


def _clues(days: Days, after: str) -> Any:
    here = _within(CLUE.entered_at, days) & CLUE.withdrawn_at.is_null()
    return _page(CLUE, days, after, here, CLUE.entered_at.alias("at"))


def _notices(days: Days, after: str) -> Any:
    return _page(NOTICE, days, after, _within(NOTICE.issued_at, days), NOTICE.issued_at.alias("at"))


def _tasks(days: Days, after: str) -> Any:
    found = _ended_or_due(days) & (TASK.role == "lead") & (TASK.subject == "case") & TASK.status.in_(_JUDGED)
    return _page(TASK, days, after, found, TASK.ended_at, TASK.due_at)


def _ended_or_due(days: Days) -> Any:
    settled_by_now = TASK.ended_at.is_null(False) | overdue(TASK.due_at, days.at)
    return (_within(TASK.ended_at, days) | _within(TASK.due_at, days)) & settled_by_now


def _duties(days: Days, after: str) -> Any:
    found = _ended_or_due(days) & (TASK.subject == "duty") & (DUTY.status.in_(_OWED))
    of_it = (DUTY.jurisdiction == days.jurisdiction) & (DUTY.id > after) & found
    query = DUTY.select(DUTY.id, TASK.ended_at, TASK.due_at).join(TASK, on=OF_DUTY)
    return query.where(of_it).order_by(DUTY.id).limit(PIECE)


def _visits(days: Days, after: str) -> Any:
    here = (VISIT.visited_on >= days.first) & (VISIT.visited_on <= days.last)
    return _page(VISIT, days, after, here, VISIT.visited_on.alias("on"))


def _entitlements(days: Days, after: str) -> Any:
    held = (ENTITLEMENT.since <= days.last) & (ENTITLEMENT.until.is_null() | (ENTITLEMENT.until >= days.first))
    found = held & ENTITLEMENT.withdrawn_at.is_null()
    return _page(ENTITLEMENT, days, after, found, ENTITLEMENT.since, ENTITLEMENT.until)


def _begun(days: Days, after: str) -> Any:
    """Entitlements that began: not those that go on from one before, with another amount or after a suspension."""
    before = ENTITLEMENT.alias("before")
    same = (before.state == ENTITLEMENT.state) | ((ENTITLEMENT.state == GRANTED) & (before.state == SUSPENDED))
    went_on = one_by_one(before, (before.id == ENTITLEMENT.follows) & before.withdrawn_at.is_null() & same)
    return _entitlements(days, after).where(~went_on)


def _ended(days: Days, after: str) -> Any:
    """Entitlements that ended: not those that go on in another, with another amount or suspended for a time."""
    later = ENTITLEMENT.alias("later")
    held = later.state.in_((GRANTED, SUSPENDED)) & (later.person == ENTITLEMENT.person)
    goes_on = one_by_one(later, (later.follows == ENTITLEMENT.id) & later.withdrawn_at.is_null() & held)
    return _entitlements(days, after).where(~goes_on)


def _people(days: Days, after: str) -> Any:
    return _page(PERSON, days, after, PERSON.created_at < days.ends)


def _at(row: Mapping[str, Any]) -> Settled:
    on = local_date(row["at"])
    return Settled(row["id"], on, on)


def _on(row: Mapping[str, Any]) -> Settled:
    return Settled(row["id"], row["on"], row["on"])


def _whichever_first(row: Mapping[str, Any]) -> Settled:
    on = local_date(min(at for at in (row["ended_at"], row["due_at"]) if at))
    return Settled(row["id"], on, on)


def _held(row: Mapping[str, Any]) -> Settled:
    return Settled(row["id"], row["since"], row["until"])


def _while_open(row: Mapping[str, Any]) -> Settled:
    """Return a case with the days at whose end it was open: not that on which it was closed."""
    closed = row["closed_at"]
    last = local_date(closed) - timedelta(days=1) if closed else None
    return Settled(row["id"], local_date(row["opened_at"]), last)


def _always(row: Mapping[str, Any]) -> Settled:
    return Settled(row["id"], date.min, None)


def _of_cases_in_sight(model: Any) -> Callable[[Scope], Any]:
    def condition(scope: Scope) -> Any:
        of_it = CASE.select(SQL("1")).where((CASE.id == model.case) & cases_in_sight(scope))
        return model.id.is_null(False) if scope.is_system else fn.EXISTS(of_it)

    return condition


_SIGHTS: Mapping[str, Callable[[Scope], Any]] = {
    "case": cases_in_sight, "case:closed": cases_in_sight, "case:open": cases_in_sight,
    "clue": _of_cases_in_sight(CLUE), "task": tasks_in_sight, "duty": duties_in_sight,
    "visit": visits_in_sight, "notice": _of_cases_in_sight(NOTICE), "entitlement": entitlements_in_sight,
    "entitlement:begun": entitlements_in_sight, "entitlement:ended": entitlements_in_sight, "person": people_in_sight,
}  # fmt: skip
_PAGES: Mapping[str, Callable[[Days, str], Any]] = {
    "case": _cases, "case:closed": _closed, "case:open": _open, "clue": _clues, "task": _tasks, "duty": _duties,
    "visit": _visits, "notice": _notices, "entitlement": _entitlements,
    "entitlement:begun": _begun, "entitlement:ended": _ended, "person": _people,
}  # fmt: skip
_DAYS: Mapping[str, Callable[[Mapping[str, Any]], Settled]] = {
    "case": _at, "case:closed": _at, "case:open": _while_open, "clue": _at, "task": _whichever_first,
    "duty": _whichever_first, "visit": _on, "notice": _at, "entitlement": _held,
    "entitlement:begun": _held, "entitlement:ended": _held, "person": _always,
}  # fmt: skip
