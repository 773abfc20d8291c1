"""Publications 公示: the list, what hangs on one board, and what everybody may read without an account."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import SQL, fn

from xunfang.casework import Case, Clue, HelpedList, Publication
from xunfang.casework.objections import AGAINST
from xunfang.division import bounds
from xunfang.errors import NotFound
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import AttachmentView, submission_views
from xunfang.store.reading.lines import objections_to
from xunfang.store.reading.paging import Listing, Page, ask_page, ask_through
from xunfang.store.reading.rows_by import By, rows_by
from xunfang.store.reading.sight import CASE, ENTITLEMENT, PERSON, cases_in_sight, within
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Event, Task

POSTED = model_of(Publication)
MOST_ON_A_SHEET = 1000
"""More than ever hang on one board at a time: the sheet holds all of it, or says that it does not."""
HELPED = model_of(HelpedList)
MOST_BEFORE = 24
"""So many of the lists that hung before are shown."""


@dataclass(frozen=True, slots=True)
class ObjectionFile:
    """An objection handed in by form: the report, the case that handles it and its tasks, and whether that is in sight.

    `answers` is what lies open of the form.
    """

    clue: Clue
    case: Case
    tasks: tuple[Task, ...]
    answers: Mapping[str, Any]
    release: str
    in_sight: bool


@dataclass(frozen=True, slots=True)
class PublicationFile:
    """A publication with what proves that it hung there, and the objections that came: noted by hand, or by form."""

    posted: Publication
    number: str
    proof: tuple[AttachmentView, ...]
    objections: tuple[Event, ...]
    by_form: tuple[ObjectionFile, ...] = ()


def publications_in_sight(scope: Scope) -> Any:
    """Return the condition on publications: of somebody living within the division, or of a case in sight."""
    ours = POSTED.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    about = fn.EXISTS(CASE.select(SQL("1")).where((CASE.id == POSTED.case) & cases_in_sight(scope)))
    return ours & (within(POSTED.residence, scope) | about)


def _standing(now: datetime) -> Any:
    """Return the condition that something hangs at a moment; it comes down in time, however late the worker is."""
    return POSTED.taken_down_at.is_null() & (POSTED.until.is_null() | (POSTED.until > now))


@dataclass(frozen=True, slots=True)
class PublicationsInSight:
    """What a scope sees of publications; what is out of it does not exist."""

    reader: Reader
    scope: Scope

    def page(self, after: str, now: datetime, *, current: bool) -> Page[Publication]:
        """Return a page of the publications in sight, that posted last first; `current`: those that hang now."""
        page = ask_through(self.reader, _key, after, _listed, self.scope, now, current)
        return Page(tuple(found for key in page.items if (found := self.reader.find(Publication, key))), page.next)

    def sheet(self, board: str, place: str, now: datetime) -> tuple[Publication, ...]:
        """Return what hangs on one board of a place now and is in sight, in the order in which it was posted.

        Of more than MOST_ON_A_SHEET that many and one.
        """
        keys = [row["id"] for row in self.reader.ask(_on_board, self.scope, board, place, now)]
        return tuple(found for key in keys if (found := self.reader.find(Publication, key)))

    def file(self, key: str) -> PublicationFile:
        """Return a publication in sight with its proof and the objections to it; raises NotFound for any other."""
        if not self.reader.ask(_one, self.scope, key):
            raise NotFound()
        posted = self.reader.find(Publication, key)
        assert posted is not None
        number = self.reader.ask(_number, posted.case)[0]["number"]
        told = [event for event in self.reader.every(Event, case=posted.case) if event.name == "case.objected"]
        during = tuple(event for event in told if event.at >= posted.posted_at)
        ends = posted.taken_down_at
        noted = tuple(e for e in during if ends is None or e.at <= ends)
        return PublicationFile(posted, number, _proof(self.reader, posted), noted, self._by_form(posted))

    def _by_form(self, posted: Publication) -> tuple[ObjectionFile, ...]:
        clues = self.objections([posted])[posted.id]
        cases = {case.id: case for case in rows_by(self.reader, Case, By.ID, [clue.case for clue in clues])}
        seen = {case.id for case in rows_by(self.reader, Case, By.ID, cases, cases_in_sight, self.scope)}
        filled = submission_views(self.reader, [clue.submission for clue in clues])
        tasks = rows_by(self.reader, Task, By.CASE, cases)
        return tuple(
            ObjectionFile(
                clue=clue,
                case=cases[clue.case],
                tasks=tuple(task for task in tasks if task.case == clue.case),
                answers=filled[clue.submission].answers,
                release=filled[clue.submission].release,
                in_sight=clue.case in seen,
            )
            for clue in clues
        )

    def objections(self, rows: Sequence[Publication]) -> Mapping[str, list[Clue]]:
        """Return, by publication, the reports that object to these, all of which are in sight."""
        cases = rows_by(self.reader, Case, By.ID, [row.case for row in rows])
        found = objections_to(self.reader, [case.person for case in cases])
        return {row.id: found.get(row.id, []) for row in rows}

    def objected(self, cases: Iterable[str]) -> frozenset[str]:
        """Return those of these cases, which the caller sees, about whose people something published is objected to."""
        found = rows_by(self.reader, Case, By.ID, cases)
        posted = {row.id: row.case for row in rows_by(self.reader, Publication, By.CASE, [case.id for case in found])}
        against = objections_to(self.reader, [case.person for case in found])
        return frozenset(posted[key] for key in against if key in posted)

    def objected_by(self, case: str) -> tuple[Publication, ...]:
        """Return the publications in sight that the reports of a case object to, which the caller sees."""
        clues = self.reader.every(Clue, case=case)
        keys = dict.fromkeys(str(clue.told[AGAINST]) for clue in clues if AGAINST in clue.told)
        seen = [key for key in keys if self.reader.ask(_one, self.scope, key)]
        return tuple(found for key in seen if (found := self.reader.find(Publication, key)))

    def helped(self, after: str) -> Page[HelpedList]:
        """Return a page of the lists of who is helped now, in sight, by place."""
        page = ask_page(self.reader, _key, after, _lists, self.scope)
        return Page(tuple(found for key in page.items if (found := self.reader.find(HelpedList, key))), page.next)

    def helped_list(self, key: str) -> tuple[HelpedList, tuple[HelpedList, ...]]:
        """Return a list in sight, and those of the same board of the place, that posted last first; NotFound."""
        rows = self.reader.ask_rows(HelpedList, _list_keyed, key, self.scope)
        if not rows:
            raise NotFound()
        found = rows[0]
        same = {name: getattr(found, name) for name in ("jurisdiction", "programme", "board", "residence")}
        return found, tuple(self.reader.every(HelpedList, **same))[: -MOST_BEFORE - 1 : -1]

    def of_case(self, case: str) -> tuple[Publication, ...]:
        """Return the publications of a case that the caller sees, in order."""
        return tuple(sorted(self.reader.every(Publication, case=case), key=lambda row: (row.posted_at, row.id)))


def _proof(reader: Reader, posted: Publication) -> tuple[AttachmentView, ...]:
    """Return the photos of the form by which the case came to be published, and of that by which it was left."""
    tasks = [task for task in reader.every(Task, case=posted.case) if task.answers and task.ended_at]
    ends = (posted.posted_at, posted.taken_down_at)
    filled = submission_views(reader, [task.answers for task in tasks if task.ended_at in ends])
    return tuple(photo for form in filled.values() for photo in form.attachments)


def _listed(scope: Scope, now: datetime, current: bool) -> Listing:
    query = POSTED.select(POSTED.id).where(publications_in_sight(scope))
    through = POSTED.select().where(POSTED.jurisdiction == scope.jurisdiction)
    found = query.where(_standing(now)) if current else query
    return Listing(found, (POSTED.posted_at, POSTED.id), newest_first=True, through=through)


def _key(row: Mapping[str, Any]) -> str:
    return str(row["id"])


def _on_board(scope: Scope, board: str, place: str, now: datetime) -> Any:
    there = (POSTED.board == board) & (POSTED.place == place) & publications_in_sight(scope)
    query = POSTED.select(POSTED.id).where(there & _standing(now))
    return query.order_by(POSTED.posted_at, POSTED.id).limit(MOST_ON_A_SHEET + 1)


def _lists(scope: Scope) -> Listing:
    here = (HELPED.jurisdiction == scope.jurisdiction) & HELPED.replaced_at.is_null()
    seen = here if scope.is_system else here & within(HELPED.residence, scope)
    return Listing(HELPED.select(HELPED.id, HELPED.residence).where(seen), (HELPED.residence, HELPED.id))


def _list_keyed(key: str, scope: Scope) -> Any:
    here = (HELPED.id == key) & (HELPED.jurisdiction == scope.jurisdiction)
    return HELPED.select().where(here if scope.is_system else here & within(HELPED.residence, scope))


def _one(scope: Scope, key: str) -> Any:
    return POSTED.select(POSTED.id).where((POSTED.id == key) & publications_in_sight(scope))


def _number(case: str) -> Any:
    return CASE.select(CASE.number).where(CASE.id == case)


def helped_between(
    reader: Reader, jurisdiction: str, programme: str, first: str, last: str, day: date
) -> Iterator[tuple[str, str, int, int | None]]:
    """Yield who has a programme on a day, of the places from one to another: place, name, how many, how much."""
    for row in reader.ask(_helped, jurisdiction, programme, first, bounds(last)[1], day.isoformat()):
        yield row["residence"], row["name"], row["members"], row["cents"]


def _helped(jurisdiction: str, programme: str, first: str, last: str, day: str) -> Any:
    there = (PERSON.jurisdiction == jurisdiction) & (PERSON.residence >= first) & (PERSON.residence < last)
    held = (ENTITLEMENT.programme == programme) & (ENTITLEMENT.state == "granted") & ENTITLEMENT.withdrawn_at.is_null()
    now = (ENTITLEMENT.since <= day) & (ENTITLEMENT.until.is_null() | (ENTITLEMENT.until >= day))
    query = PERSON.select(PERSON.residence, PERSON.name, ENTITLEMENT.members, ENTITLEMENT.cents)
    joined = query.join(ENTITLEMENT, on=(ENTITLEMENT.person == PERSON.id))
    return joined.where(there & held & now).order_by(PERSON.residence, PERSON.id, ENTITLEMENT.id)


def boards_hanging(reader: Reader, jurisdiction: str) -> set[tuple[str, str]]:
    """Return of which programmes, and on which boards, lists of who is helped hang in a jurisdiction."""
    rows = reader.fetch(HELPED.select(HELPED.programme, HELPED.board).where(_hanging(jurisdiction)).distinct())
    return {(row["programme"], row["board"]) for row in rows}


def places_hanging(reader: Reader, jurisdiction: str, programme: str, board: str) -> list[str]:
    """Return the places in which a list of who has a programme hangs on a board, by code."""
    same = (HELPED.programme == programme) & (HELPED.board == board)
    query = HELPED.select(HELPED.residence).where(_hanging(jurisdiction) & same)
    return [row["residence"] for row in reader.fetch(query.order_by(HELPED.residence))]


def _hanging(jurisdiction: str) -> Any:
    return (HELPED.jurisdiction == jurisdiction) & HELPED.replaced_at.is_null()


def public_lists(reader: Reader, jurisdiction: str, board: str, after: str) -> Page[HelpedList]:
    """Return a page of the lists of who is helped now that hang on a board of a whole jurisdiction, by place."""
    page = ask_page(reader, _key, after, _public_lists, jurisdiction, board)
    return Page(tuple(found for key in page.items if (found := reader.find(HelpedList, key))), page.next)


def _public_lists(jurisdiction: str, board: str) -> Listing:
    here = (HELPED.jurisdiction == jurisdiction) & (HELPED.board == board) & HELPED.replaced_at.is_null()
    return Listing(HELPED.select(HELPED.id, HELPED.residence).where(here), (HELPED.residence, HELPED.id))


def public_page(reader: Reader, jurisdiction: str, board: str, now: datetime, after: str) -> Page[Publication]:
    """Return a page of what hangs on a board of a whole jurisdiction now, that posted last first."""
    page = ask_page(reader, _key, after, _public, jurisdiction, board, now)
    return Page(tuple(found for key in page.items if (found := reader.find(Publication, key))), page.next)


def _public(jurisdiction: str, board: str, now: datetime) -> Listing:
    there = (POSTED.jurisdiction == jurisdiction) & (POSTED.board == board)
    query = POSTED.select(POSTED.id).where(there & _standing(now))
    return Listing(query, (POSTED.posted_at, POSTED.id), newest_first=True)


def hangs(posted: Publication, now: datetime) -> bool:
    """Return whether a publication hangs at a moment."""
    return posted.taken_down_at is None and (posted.until is None or posted.until > now)
