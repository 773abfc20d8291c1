"""What draws 抽取 read: who lives within a place, cases that something happened in, earlier draws."""

from datetime import datetime
from enum import Enum
from typing import Any

from peewee import Tuple

from xunfang.store.columns import to_seconds
from xunfang.store.database import Reader
from xunfang.store.rows import model_of
from xunfang.store.tables import Case, Drawing, Person
from xunfang.worktime import Period

_PERSON, _CASE, _DRAWING = model_of(Person), model_of(Case), model_of(Drawing)


class Touched(Enum):
    """What happened in cases within some time."""

    OPENED = "opened"
    CLOSED = "closed"
    OPEN = "open"


def people_within(
    reader: Reader, jurisdiction: str, place: tuple[str, str], after: tuple[str, str], most: int
) -> list[dict[str, Any]]:
    """Return the next people who live within a place (its bounds), in the order of where they live."""
    query = _PERSON.select(_PERSON.id, _PERSON.residence, _PERSON.registration, _PERSON.sex)
    here = (_PERSON.residence >= place[0]) & (_PERSON.residence < place[1])
    beyond = Tuple(_PERSON.residence, _PERSON.id) > after
    query = query.where((_PERSON.jurisdiction == jurisdiction) & here & beyond)
    return reader.fetch(query.order_by(_PERSON.residence, _PERSON.id).limit(most))


def cases_within(
    reader: Reader,
    jurisdiction: str,
    place: tuple[str, str],
    on: Touched,
    moments: tuple[datetime, datetime],
    after: str,
    most: int,
) -> list[Case]:
    """Return the next cases of a place (its bounds) that were opened, closed, or at work on between two moments."""
    return reader.ask_rows(Case, _touched, jurisdiction, *place, on, *map(to_seconds, moments), after, most)


def _touched(jurisdiction: str, begin: str, end: str, on: Touched, first: int, last: int, after: str, most: int) -> Any:
    here = (_CASE.jurisdiction == jurisdiction) & (_CASE.residence >= begin) & (_CASE.residence < end)
    closed = (_CASE.closed_at >= first) & (_CASE.closed_at < last) & (_CASE.ended_as == "")
    opened = (_CASE.opened_at >= first) & (_CASE.opened_at < last)
    still = (_CASE.opened_at < last) & (_CASE.closed_at.is_null() | (_CASE.closed_at >= first))
    wanted = {Touched.OPENED: opened, Touched.CLOSED: closed, Touched.OPEN: still}[on]
    return _CASE.select().where(here & wanted & (_CASE.id > after)).order_by(_CASE.id).limit(most)


def drawings_within(reader: Reader, jurisdiction: str, duty: str, unit: str, period: Period) -> list[Drawing]:
    """Return the draws of a unit under a duty for periods that begin within another."""
    found = reader.every(Drawing, jurisdiction=jurisdiction, duty=duty, unit=unit)
    return [drawing for drawing in found if period.first <= drawing.begins_on <= period.last]
