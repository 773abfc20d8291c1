"""The one scoped way to reach data: what is out of sight does not exist for whoever reads."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from xunfang.errors import NotAllowed, NotFound
from xunfang.store.database import MOST_ROWS, Database, Reader, TooManyRows, connection
from xunfang.store.reading import administration, inbox, lists, sight, staff
from xunfang.store.reading.alerts import AlertFile, AlertItem, alert_page, alerts_in_sight, alerts_on, read_alert_file
from xunfang.store.reading.case_file import CaseFile, read_case_file
from xunfang.store.reading.dispatch_desk import DeskFile, desk_files
from xunfang.store.reading.duties import DutyFile, DutyItem, Shown, Told, duty_page, read_duty_file, told_before
from xunfang.store.reading.feeds import ListsInSight
from xunfang.store.reading.figures import every_figure, figures
from xunfang.store.reading.ledger_wanted import LedgerFilter
from xunfang.store.reading.ledgers import Found, ledger_page
from xunfang.store.reading.lines import ALL, Beside, Parts, read_beside
from xunfang.store.reading.overdue import Overdue, OverdueOf, overdue_tasks
from xunfang.store.reading.paging import PAGE_LENGTH, Count, Page
from xunfang.store.reading.people import PeopleFilter, PersonLine, namesakes, people_page, person_lines
from xunfang.store.reading.person_file import PersonFile, read_person_file
from xunfang.store.reading.questions import QuestionView, question_in_sight, questions_about
from xunfang.store.reading.queue import QueueItem, queue_counts, queue_page, waits
from xunfang.store.reading.record import RecordFilter, RecordItem, record_page
from xunfang.store.reading.rooms import Rooms
from xunfang.store.reading.settled import Days, Settled, settled
from xunfang.store.reading.things import ThingReader
from xunfang.store.reading.wanted import Horizon, Nearness, QueueFilter
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.sealing import Keys
from xunfang.store.tables import (
    Alert,
    Attachment,
    Case,
    DutyPeriod,
    Figure,
    Household,
    Message,
    Notice,
    Person,
    Submission,
    Task,
)

R = TypeVar("R")


class ScopedReader(Rooms):
    """Reads within a scope. A transaction may be its reader: it then sees what is being written."""

    def __init__(self, reader: Reader, scope: Scope) -> None:
        self._reader = reader
        self.scope = scope

    @property
    def keys(self) -> Keys:
        """The keys by which sealed values are opened."""
        found = self._reader.database.keys
        assert found is not None
        return found

    def beside(self, of: str, keys: Iterable[str], parts: Parts = ALL) -> Beside:
        """Return things of a kind that were found to be in sight, with all that their lines tell, or parts of it."""
        return read_beside(self._reader, self.scope, of, keys, parts)

    def ledger(self, of: str, wanted: LedgerFilter, after: str, most: int, length: int = PAGE_LENGTH) -> Page[Found]:
        """Return a page of the things of a kind in sight that a ledger may list, looking through so many at most."""
        return ledger_page(self._reader, self.scope, of, wanted, after, most, length)

    def case(self, case_id: str) -> Case:
        """Return a case in sight; raises NotFound for any other."""
        return self._one(Case, case_id, sight.cases_in_sight)

    def case_numbered(self, number: str) -> Case:
        """Return the case in sight of this number; raises NotFound for any other."""
        found = self._rows(_numbered, Case, number, sight.cases_in_sight)
        if not found:
            raise NotFound()
        return found[0]

    def sees_case(self, case_id: str) -> bool:
        """Return whether a case is in sight."""
        return bool(self._rows(_keyed, Case, case_id, sight.cases_in_sight))

    def sees_household(self, household_id: str) -> bool:
        """Return whether a household is in sight."""
        return bool(self._rows(_keyed, Household, household_id, sight.households_in_sight))

    def task(self, task_id: str) -> Task:
        """Return a task in sight; raises NotFound for any other."""
        return self._one(Task, task_id, sight.tasks_in_sight)

    def person(self, person_id: str) -> Person:
        """Return a person in sight, sealed values and all; raises NotFound for any other."""
        return self._one(Person, person_id, sight.people_in_sight)

    def notice(self, notice_id: str) -> Notice:
        """Return a notice of a case in sight; raises NotFound for any other."""
        found = self._reader.find(Notice, notice_id)
        if found is None:
            raise NotFound()
        self.case(found.case)
        return found

    def submission(self, submission_id: str) -> Submission:
        """Return a submission of a case in sight, sealed answers and all; raises NotFound for any other."""
        return self._one(Submission, submission_id, sight.submissions_in_sight)

    def attachment(self, attachment_id: str) -> Attachment:
        """Return an attachment in sight; raises NotFound for any other."""
        return self._one(Attachment, attachment_id, sight.attachments_in_sight)

    def message(self, message_id: str) -> Message:
        """Return a message to this reader; raises NotFound for any other."""
        return self._one(Message, message_id, inbox.messages_in_sight)

    def account(self, account_id: str, now: administration.Presence) -> administration.AccountView:
        """Return an account of the jurisdiction; raises NotAllowed for whoever does not administer it, NotFound."""
        self._need("administer")
        found = administration.account_view(self._reader, self.scope, now, account_id)
        if found is None:
            raise NotFound()
        return found

    def case_file(self, case_id: str) -> CaseFile:
        """Return everything about a case in sight that is no secret; raises NotFound."""
        return read_case_file(self._reader, self.case(case_id))

    def owed(self, duty_id: str) -> DutyPeriod:
        """Return what is owed for a period, in sight; raises NotFound for any other."""
        return self._one(DutyPeriod, duty_id, sight.duties_in_sight)

    def duty_file(self, duty_id: str) -> DutyFile:
        """Return everything about what is owed for a period, in sight; raises NotFound."""
        return read_duty_file(self._reader, self.owed(duty_id))

    def told_before(self, owed: DutyPeriod, units: tuple[str, ...], first: date) -> Told:
        """Return what units handed in under the duty of a period in sight, for the earlier ones since a day."""
        return told_before(self._reader, owed, units, first)

    def duties(self, show: Shown, now: datetime, after: str = "") -> Page[DutyItem]:
        """Return a page of what is owed in sight, that opened last first."""
        return duty_page(self._reader, self.scope, show, now, after)

    @property
    def deliveries(self) -> ListsInSight:
        """Return what reads the lists of departments in sight."""
        return ListsInSight(self._reader, self.scope)

    @property
    def visits(self) -> ThingReader:
        """Return the readings of what is owed about people, in sight."""
        return ThingReader(self._reader, self.scope)

    def alert(self, alert_id: str) -> Alert:
        """Return an event of the jurisdiction; raises NotFound for any other."""
        return self._one(Alert, alert_id, alerts_in_sight)

    def alert_file(self, alert_id: str) -> AlertFile:
        """Return everything about an event of the jurisdiction; raises NotFound."""
        return read_alert_file(self._reader, self.scope, self.alert(alert_id))

    def alerts(self, after: str = "") -> Page[AlertItem]:
        """Return a page of the events of the jurisdiction, that declared last first."""
        return alert_page(self._reader, self.scope, after)

    def alerts_on(self) -> list[Alert]:
        """Return the events of the jurisdiction that are not closed."""
        return alerts_on(self._reader, self.scope.jurisdiction)

    def records_with(self, id_index: str) -> tuple[Person, ...]:
        """Return the records in sight whose number has this blind index, oldest first, sealed values and all."""
        found = self._rows(_indexed, Person, id_index, sight.people_in_sight)
        return tuple(sorted(found, key=lambda row: (row.created_at, row.id)))

    def records_named(self, name: str, residence: str) -> tuple[Person, ...]:
        """Return the records in sight of people of this name who live in one place, oldest first."""
        found = self._reader.ask_rows(Person, namesakes, name, residence, self.scope)
        return tuple(sorted(found, key=lambda row: (row.created_at, row.id)))

    def people(self, wanted: PeopleFilter, after: str = "") -> Page[PersonLine]:
        """Return a page of the people in sight: those looked for, or those living within, place by place."""
        page = people_page(self._reader, self.scope, wanted, after)
        return Page(person_lines(self._reader, self.scope, page.items), page.next)

    def people_of_cases(self, after: str = "") -> Page[PersonLine]:
        """Return whom the cases in sight are about, those of the newest cases first, each once a page."""
        page = self.cases(lists.CaseFilter(), after)
        keys = tuple(dict.fromkeys(item.person for item in page.items))
        return Page(person_lines(self._reader, self.scope, keys), page.next)

    def person_file(self, person_id: str) -> PersonFile:
        """Return everything recorded of a person in sight; raises NotFound for any other."""
        return read_person_file(self._reader, self.scope, self.person(person_id))

    def questions(self, *people: str) -> tuple[QuestionView, ...]:
        """Return the questions between these records and others of the same number, both being in sight."""
        return questions_about(self._reader, self.scope, people)

    def question(self, question_id: str) -> QuestionView:
        """Return a question both of whose records are in sight; raises NotFound for any other."""
        found = question_in_sight(self._reader, self.scope, question_id)
        if found is None:
            raise NotFound()
        return found

    def queue(self, wanted: QueueFilter, horizon: Horizon, after: str = "") -> Page[QueueItem]:
        """Return a page of tasks, most urgent first."""
        return queue_page(self._reader, self.scope, wanted, horizon, after)

    def queue_counts(self, wanted: QueueFilter, horizon: Horizon) -> dict[Nearness, Count]:
        """Return how many tasks each nearness holds, or that there are at least so many."""
        return queue_counts(self._reader, self.scope, wanted, horizon)

    def waits(self, cases: Iterable[str]) -> dict[str, datetime]:
        """Return when the wait of each of these cases ends, where one runs and is in sight."""
        return waits(self._reader, self.scope, cases)

    def cases(self, wanted: lists.CaseFilter, after: str = "") -> Page[lists.CaseItem]:
        """Return a page of the cases in sight, newest first."""
        return lists.case_page(self._reader, self.scope, wanted, after)

    def dispatches(self, after: str = "", case: str = "") -> Page[lists.DispatchItem]:
        """Return a page of the proposals that wait, longest waiting first; from that of a case in sight on."""
        if case and not after and self.sees_case(case):
            after = lists.place_before(self._reader, case)
        return lists.dispatch_page(self._reader, self.scope, after)

    def desk_files(self, page: Page[lists.DispatchItem]) -> dict[str, DeskFile]:
        """Return, by case, what the proposals of a page in sight rest on."""
        return desk_files(self._reader, tuple(item.case for item in page.items))

    def notices(
        self, after: str = "", status: str = "", kinds: Collection[str] | None = None
    ) -> Page[lists.NoticeItem]:
        """Return a page of the notices of cases in sight, newest first."""
        return lists.notice_page(self._reader, self.scope, after, status, kinds)

    def settled(self, of: str, days: Days, after: str = "") -> tuple[tuple[Settled, ...], str]:
        """Return some things of a kind in sight that count within some days, and the key to go on from."""
        return settled(self._reader, self.scope, of, days, after)

    def overdue(self, now: datetime) -> tuple[list[Overdue], dict[str, OverdueOf]]:
        """Return what is overdue in sight, that due first first; of too much to be told, how much each unit has."""
        return overdue_tasks(self._reader, self.scope, now)

    def figures(self, first: date, last: date, indicator: str = "", *, places: bool = False) -> list[Figure]:
        """Return what indicators came to, as far as the reader may know it, or, to tell `places` by alone, of all."""
        return (every_figure if places else figures)(self._reader, self.scope, first, last, indicator)

    def reports(self, after: str = "") -> Page[lists.ReportItem]:
        """Return a page of the clues the reader's own unit handed in, newest first."""
        return lists.report_page(self._reader, self.scope, after)

    def inbox(self, after: str = "", *, unread_only: bool = False) -> Page[inbox.InboxItem]:
        """Return a page of the reader's messages, newest first."""
        return inbox.inbox_page(self._reader, self.scope, after, unread_only=unread_only)

    def unread(self, before: datetime | None = None) -> tuple[str, ...]:
        """Return the keys of the newest messages the reader has not read, or of those from before a moment."""
        return inbox.unread_messages(self._reader, self.scope, before)

    def unread_count(self) -> Count:
        """Return how many of the newest messages the reader has not read, or that there are at least so many."""
        return inbox.unread_count(self._reader, self.scope)

    def colleagues(self, unit: str) -> tuple[staff.ColleagueView, ...]:
        """Return the people of the reader's own unit, for an administrator of any; raises NotAllowed for another."""
        self._need_own(unit)
        return staff.colleagues(self._reader, self.scope, unit)

    def deputies(self, unit: str, today: date) -> tuple[staff.DeputyView, ...]:
        """Return who stands in for whom in the reader's own unit, for an administrator in any; raises NotAllowed."""
        self._need_own(unit)
        return staff.deputies(self._reader, self.scope, unit, today)

    def _need_own(self, unit: str) -> None:
        if unit != self.scope.unit:
            self._need("administer")

    def accounts(
        self, now: administration.Presence, after: str = "", unit: str = "", find: str = ""
    ) -> Page[administration.AccountView]:
        """Return a page of the jurisdiction's accounts; raises NotAllowed for whoever does not administer them."""
        self._need("administer")
        return administration.account_page(self._reader, self.scope, now, after, unit, find)

    def rosters(self) -> dict[str, Counter[str]]:
        """Return, by unit of the jurisdiction, the roles that people with active accounts have there, and how many."""
        return administration.rosters(self._reader, self.scope.jurisdiction)

    def busy_units(self) -> tuple[str, ...]:
        """Return every unit of the jurisdiction with an open task; for whoever administers its accounts."""
        self._need("administer")
        return administration.busy_units(self._reader, self.scope.jurisdiction)

    def machinery(self, now: datetime) -> administration.MachineryView:
        """Return how the machinery is; raises NotAllowed for whoever does not operate it."""
        self._need("operate")
        return administration.machinery(self._reader, self.scope, now)

    def record(self, wanted: RecordFilter, after: str = "") -> Page[RecordItem]:
        """Return a page of the jurisdiction's events, newest first; raises NotAllowed for whoever does not audit."""
        self._need("audit")
        return record_page(self._reader, self.scope, wanted, after)

    def _need(self, act: str) -> None:
        if not self.scope.is_system and act not in self.scope.acts:
            raise NotAllowed("您的角色没有此项权限。")

    def _one(self, row: type[R], key: str, in_sight: Callable[[Scope], Any]) -> R:
        found = self._rows(_keyed, row, key, in_sight)
        if not found:
            raise NotFound()
        return found[0]

    def _rows(self, by: Callable[..., Any], row: type[R], value: str, in_sight: Callable[[Scope], Any]) -> list[R]:
        found = self._reader.ask_rows(row, by, row, in_sight, value, self.scope)
        if len(found) > MOST_ROWS:
            raise TooManyRows(table_of(row).name)
        return found


def _keyed(row: type[Any], in_sight: Callable[[Scope], Any], key: str, scope: Scope) -> Any:
    model = model_of(row)
    return model.select().where((model.id == key) & in_sight(scope)).limit(MOST_ROWS + 1)


def _numbered(row: type[Any], in_sight: Callable[[Scope], Any], number: str, scope: Scope) -> Any:
    model = model_of(row)
    return model.select().where((model.number == number) & in_sight(scope)).limit(MOST_ROWS + 1)


def _indexed(row: type[Any], in_sight: Callable[[Scope], Any], index: str, scope: Scope) -> Any:
    model = model_of(row)
    return model.select().where((model.id_index == index) & in_sight(scope)).limit(MOST_ROWS + 1)


@contextmanager
def scoped(database: Database, scope: Scope) -> Iterator[ScopedReader]:
    """Give this thread a connection and a reader of this scope for the length of the block."""
    with connection(database, scope.jurisdiction) as reader:
        yield ScopedReader(reader, scope)
