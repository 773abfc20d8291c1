"""The door of the read side: every question opens a reader with the asking person's own scope."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from xunfang.actions.deployment import Actor
from xunfang.actions.operating import clock_doubt
from xunfang.actions.reading import caps_before
from xunfang.casework import VERBS, Report, is_theirs, permitted
from xunfang.casework.clues import form_of
from xunfang.casework.rule_reviews import change_set_told
from xunfang.desk import faces
from xunfang.desk.administration import account_faces, system_face
from xunfang.desk.alerts import alert_face, alert_form, alert_row, concerning, declarable_faces
from xunfang.desk.cases import case_face
from xunfang.desk.dispatch import DispatchPage, able_units, dispatch_faces
from xunfang.desk.duties import duty_face, duty_form, duty_row, notables, wanted_words
from xunfang.desk.faces import OwnReport, Receipt, TaskForm
from xunfang.desk.papers import listed_paper, signable
from xunfang.desk.questions import question_faces
from xunfang.desk.queue import case_row, queue_face
from xunfang.desk.record import record_lines
from xunfang.desk.releases import Releases, Today
from xunfang.desk.reports import key_of_receipt, receipt_number, report_row, working_on
from xunfang.desk.rooms import Rooms
from xunfang.desk.staff import MOST_NAMED, lack_faces, staff_face
from xunfang.desk.tasks import task_form
from xunfang.desk.waiting import waiting
from xunfang.errors import NotFound
from xunfang.rules.units import unit_label, works_outside
from xunfang.store import Case, Clue, Presence, RecordFilter, connection
from xunfang.store.findable import phone_index
from xunfang.store.reading.duties import Shown
from xunfang.store.reading.inbox import InboxItem
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.scoped import ScopedReader, scoped
from xunfang.store.tables import Submission


@dataclass(frozen=True, slots=True)
class Readings(Rooms):
    """Answers every question from the store, within the sight of the person who asks."""

    @contextmanager
    def _reader(self, actor: Actor) -> Iterator[ScopedReader]:
        with scoped(self.deployment.database, actor.scope) as reader:
            yield reader

    def _presence(self, at: datetime) -> Presence:
        return Presence(at, self.deployment.access.idle)

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def _today(self, actor: Actor, at: datetime) -> Today:
        return Today(at, self._rules(actor).in_force)

    def unread(self, actor: Actor) -> int:
        """Return how many of the newest messages the person has not read, a `Count`: it may be at least so many."""
        with self._reader(actor) as reader:
            return reader.unread_count()

    def receipt(self, actor: Actor, submission: str) -> Receipt:
        """Return what the person who reported is told; raises NotFound when it was another unit's report."""
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            clue = reader.first(Clue, submission=submission) or reader.first(Clue, receipt=submission)
            if clue is None or clue.unit not in actor.units or clue.jurisdiction != actor.jurisdiction:
                raise NotFound()
            case, filled = reader.find(Case, clue.case), reader.find(Submission, clue.submission)
        assert case is not None
        assert filled is not None
        with self._reader(actor) as reader:
            seen = case if reader.sees_case(case.id) else None
            stored = reader.case_file(case.id) if seen else None
        rules = self._rules(actor)
        labels = rules.labels(filled.release)
        known = labels.rulebook.deadlines
        verdicts = [(labels.deadline(id), told) for id, told in clue.in_time.items() if id in known]
        can = permitted(rules.of(case.release), actor, Report(case, clue))
        return Receipt(
            number=receipt_number(clue.receipt),
            submission=submission,
            current=clue.submission,
            form=clue.form,
            case_id=seen.id if seen else "",
            case_number=seen.number if seen else "",
            merged=bool(seen) and clue.joined,
            in_time=tuple(verdicts),
            can=can,
            taken_back=clue.withdrawn_at is not None,
            asked_back=clue.asked_back_at is not None,
            sent_to=working_on(stored, rules.labels(case.release)) if stored else (),
        )

    def own_report(self, actor: Actor, submission: str) -> OwnReport:
        """Return the person's own report as it can be put right, the sealed answers left out.

        Raises NotFound, and Conflict where the rules of its case do not know its form yet.
        """
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            mine = {"by": actor.account, "jurisdiction": actor.jurisdiction}
            clue = reader.first(Clue, submission=submission, **mine)
            filled, case = reader.find(Submission, submission), reader.find(Case, clue.case) if clue else None
        if clue is None or case is None or filled is None:
            raise NotFound()
        form = form_of(self.deployment.rulebooks.release(case.release), clue)
        return OwnReport(form.id, case.release, filled.answers)

    def reports(self, actor: Actor, after: str) -> tuple[Sequence[faces.ReportRow], str]:
        """Return a page of what the person's unit has reported, newest first, and where the next begins."""
        with self._reader(actor) as reader:
            page = reader.reports(after)
        rules = self._rules(actor)
        return [report_row(rules, item, actor.account) for item in page.items], page.next

    def queue(self, actor: Actor, wanted: faces.QueueFilter, at: datetime) -> faces.QueuePage:
        """Return a page of the queue of the person's unit."""
        with self._reader(actor) as reader:
            return queue_face(reader, self._rules(actor), wanted, self._today(actor, at), actor, superior=False)

    def supervision(self, actor: Actor, wanted: faces.QueueFilter, at: datetime) -> faces.QueuePage:
        """Return a page of what units below have let pass."""
        with self._reader(actor) as reader:
            return queue_face(reader, self._rules(actor), wanted, self._today(actor, at), actor, superior=True)

    def dispatches(self, actor: Actor, at: datetime, after: str = "", case: str = "") -> DispatchPage:
        """Return a page of the dispatches that wait for the person's decision, from that of a case on, if given."""
        with self._reader(actor) as reader:
            return dispatch_faces(reader, self._rules(actor), self._today(actor, at), after, case)

    def case(self, actor: Actor, case_id: str, at: datetime) -> faces.CaseFile:
        """Return a case in sight; raises NotFound for any other."""
        rules, today = self._rules(actor), self._today(actor, at)
        with self._reader(actor) as reader:
            stored = reader.case_file(case_id)
            parent = stored.case.parent if reader.sees_case(stored.case.parent) else ""
            waits = waiting(reader, rules, [case_id]).get(case_id)
            face = case_face(stored, rules, actor, today, parent, waits.words if waits else "")
            asked = reader.questions(stored.person.id)
        labels = rules.labels(stored.case.release)
        may_answer = "confirm-dispatch" in actor.acts
        questions = question_faces(asked, stored.person.id, labels, may_answer=may_answer)
        return replace(face, questions=questions)

    def cases(
        self, actor: Actor, text: str, at: datetime, after: str = "", show: str = ""
    ) -> tuple[Sequence[faces.CaseRow], str]:
        """Return a page of the newest cases in sight, or of what is looked for, and where the next begins.

        Looked for is an exact name, a case number, a phone number, or the number of a receipt; it is found wherever it
        was put away.
        """
        phone = phone_index(self.deployment.keys, text) or ""
        wanted = replace(_sought(text, phone), show=show or ("" if text else "current"))
        with self._reader(actor) as reader:
            page = reader.cases(wanted, after)
        rules, today = self._rules(actor), self._today(actor, at)
        return [case_row(rules.labels(item.release), item, today) for item in page.items], page.next

    def names_of(
        self, actor: Actor, *, tasks: Sequence[str] = (), cases: Sequence[str] = ()
    ) -> dict[str, tuple[str, str]]:
        """Return of each of these tasks or cases in sight the case, and the name of whom it is about or its number."""
        named, rules = {}, self._rules(actor)
        with self._reader(actor) as reader:
            for key in (*tasks, *cases):
                with suppress(NotFound):
                    task = reader.task(key) if tasks else None
                    if task and not task.case:
                        named[key] = ("", rules.labels(task.release).item(task.subject, task.flow, task.state))
                        continue
                    case = reader.case(task.case if task else key)
                    named[key] = (case.id, reader.person(case.person).name or case.number)
        return named

    def task_form(self, actor: Actor, task_id: str, *, ended_too: bool = False) -> TaskForm | None:
        """Return what is needed to complete a task of the person's unit, None for another's and for one that ended."""
        rules = self._rules(actor)
        with self._reader(actor) as reader:
            task = reader.task(task_id)
            theirs = is_theirs(rules.of(reader.case(task.case).release), actor, VERBS["complete"], task)
            if not theirs or (task.ended_at and not ended_too):
                return None
            stored = reader.case_file(task.case)
            waits = waiting(reader, rules, [task.case]).get(task.case) if stored.case.state == task.state else None
            return task_form(task, stored, rules, waits)

    def caps(self, actor: Actor, task_id: str, at: datetime) -> tuple[tuple[str, bool], ...]:
        """Return how the person of a task stands to the caps of what it may grant, and whether nothing is left."""
        return tuple((str(each), each.beyond) for each in caps_before(self.deployment, actor, task_id, at))

    def completed_by(self, actor: Actor, task_id: str, submission: str) -> str:
        """Return the case of a task that this very send has completed before, "" when it has not."""
        with self._reader(actor) as reader:
            task = reader.task(task_id)
        sent_before = task.ended_at is not None and task.answers == submission and actor.answers_as(task.claimed_by)
        return task.case if sent_before else ""

    def duties(self, actor: Actor, show: Shown, at: datetime, after: str = "") -> tuple[Sequence[faces.DutyRow], str]:
        """Return a page of what is owed under duties by the person's unit, to it, or in its division; newest first."""
        with self._reader(actor) as reader:
            page = reader.duties(show, at, after)
        rules, today = self._rules(actor), self._today(actor, at)
        return [duty_row(item, rules.labels(item.release), today) for item in page.items], page.next

    def duty(self, actor: Actor, duty_id: str, at: datetime) -> faces.DutyFace:
        """Return what is owed for one period, in sight; raises NotFound for any other."""
        with self._reader(actor) as reader:
            stored = reader.duty_file(duty_id)
            quota = wanted_words(reader, self._rules(actor).of(stored.owed.release), stored.owed)
            things = reader.visits.of([duty_id]).get(duty_id)
            drawing = reader.visits.drawing(duty_id)
        return duty_face(stored, self._rules(actor), actor, self._today(actor, at), quota, things, drawing)

    def notables(self, actor: Actor) -> Sequence[faces.Notable]:
        """Return what the person may note to have happened."""
        return notables(self._rules(actor).labels(), actor)

    def duty_form(self, actor: Actor, duty_id: str, *, ended_too: bool = False) -> faces.DutyForm | None:
        """Return what is needed to hand in what the person's unit owes, None for another's and for what has ended."""
        rules = self._rules(actor)
        with self._reader(actor) as reader:
            stored = reader.duty_file(duty_id)
            quota = wanted_words(reader, rules.of(stored.owed.release), stored.owed)
        theirs = is_theirs(rules.of(stored.owed.release), actor, VERBS["hand-in"], stored.task)
        if not theirs or (stored.task.ended_at and not ended_too):
            return None
        return duty_form(stored, rules.labels(stored.owed.release), quota)

    def alerts_on(self, actor: Actor, at: datetime) -> Sequence[faces.AlertRow]:
        """Return the events that are on, or will be, where the person's unit works."""
        rules = self._rules(actor)
        if not rules.in_force.alerts:
            return ()
        with self._reader(actor) as reader:
            found = concerning(reader.alerts_on(), rules.in_force, actor)
        return [alert_row(alert, rules.labels(alert.release), at) for alert in found]

    def alerts(self, actor: Actor, at: datetime, after: str = "") -> tuple[Sequence[faces.AlertRow], str]:
        """Return a page of the events of the jurisdiction, that declared last first, and where the next begins."""
        with self._reader(actor) as reader:
            page = reader.alerts(after)
        rules = self._rules(actor)
        return [alert_row(item, rules.labels(item.release), at) for item in page.items], page.next

    def alert(self, actor: Actor, alert_id: str, at: datetime) -> faces.AlertFace:
        """Return an event of the jurisdiction; raises NotFound for any other."""
        with self._reader(actor) as reader:
            stored = reader.alert_file(alert_id)
        return alert_face(stored, self._rules(actor), actor, at)

    def alert_form(self, actor: Actor, alert_id: str, *, ended_too: bool = False) -> faces.AlertForm | None:
        """Return what is needed to close an event, None for who may not and for one that is closed."""
        rules = self._rules(actor)
        with self._reader(actor) as reader:
            stored = reader.alert_file(alert_id)
        theirs = is_theirs(rules.of(stored.alert.release), actor, VERBS["close-alert"], stored.task)
        if not theirs or (stored.task.ended_at and not ended_too):
            return None
        return alert_form(stored.alert, rules.labels(stored.alert.release))

    def declarable(self, actor: Actor) -> Sequence[faces.Declarable]:
        """Return every kind of event that the person may declare."""
        return declarable_faces(self._rules(actor).labels(), actor)

    def inbox(self, actor: Actor, after: str, *, unread_only: bool = False) -> tuple[Sequence[faces.MessageFace], str]:
        """Return a page of the person's messages, newest first, and where the next begins."""
        with self._reader(actor) as reader:
            page = reader.inbox(after, unread_only=unread_only)
        grave = {"overdue", "supervise", "escalate", "sent-at-once"}
        return [_message(item, grave=item.kind in grave) for item in page.items], page.next

    def papers(self, actor: Actor, after: str) -> tuple[Sequence[faces.PaperFace], str]:
        """Return a page of the papers in sight, newest first, and where the next begins."""
        with self._reader(actor) as reader:
            page = reader.notices(after)
        rules = self._rules(actor)
        return [listed_paper(item, rules, actor) for item in page.items], page.next

    def papers_to_sign(self, actor: Actor, after: str) -> tuple[Sequence[faces.PaperFace], str]:
        """Return a page of the drafts in sight that wait for this person's signature, and where the next begins."""
        rules = self._rules(actor)
        with self._reader(actor) as reader:
            page = reader.notices(after, "draft", signable(rules.in_force, actor))
        return [listed_paper(item, rules, actor) for item in page.items], page.next

    def accounts(self, actor: Actor, after: str, find: str, at: datetime) -> tuple[Sequence[faces.AccountFace], str]:
        """Return a page of the accounts of the jurisdiction, or those found, and where the next begins."""
        with self._reader(actor) as reader:
            page = reader.accounts(self._presence(at), after, find=find)
        return account_faces(page.items, self._rules(actor).in_force, at), page.next

    def unheld(self, actor: Actor) -> list[str]:
        """Return, in words, the units that hold open tasks and in which nobody can act; of many, how many."""
        rulebook = self._rules(actor).in_force
        with self._reader(actor) as reader:
            able = able_units(rulebook, reader.rosters(), "complete", "assist", "confirm-dispatch")
            empty = [unit for unit in reader.busy_units() if unit not in able and not works_outside(rulebook, unit)]
        named = [unit_label(rulebook, unit) for unit in sorted(empty)[:MOST_NAMED]]
        return [*named, f"等{len(empty)}个单位"] if len(empty) > MOST_NAMED else named

    def lacking(self, actor: Actor) -> list[faces.LackFace]:
        """Return the roles of which a rule wants more holders than there are, with the units that lack them."""
        rulebook = self._rules(actor).in_force
        if not any(role.staffed for role in rulebook.roles.values()):
            return []
        with self._reader(actor) as reader:
            return lack_faces(rulebook, reader.rosters())

    def account(self, actor: Actor, account_id: str, at: datetime) -> faces.AccountFace:
        """Return one account of the jurisdiction; raises NotFound for any other."""
        with self._reader(actor) as reader:
            return account_faces([reader.account(account_id, self._presence(at))], self._rules(actor).in_force, at)[0]

    def staff(self, actor: Actor, unit: str, at: datetime) -> faces.StaffFace:
        """Return the people of the person's own unit, for an administrator of any, and who stands in for whom."""
        with self._reader(actor) as reader:
            return staff_face(reader, unit, self._rules(actor).in_force, at)

    def record(self, actor: Actor, wanted: RecordFilter, after: str) -> tuple[Sequence[faces.RecordLine], str]:
        """Return a page of the record of the jurisdiction, newest first, and where the next begins."""
        with self._reader(actor) as reader:
            page = reader.record(wanted, after)
        return record_lines(page.items, self._rules(actor)), page.next

    def system(self, actor: Actor, at: datetime) -> faces.SystemFace:
        """Return how the machinery is."""
        with self._reader(actor) as reader:
            face = system_face(reader.machinery(at), self._rules(actor), at)
        return replace(face, clock=self.clock_doubt(at))

    def clock_doubt(self, at: datetime) -> str:
        """Return why the server's clock cannot be trusted, "" when it can."""
        return clock_doubt(self.deployment, at)


def _sought(text: str, phone: str) -> CaseFilter:
    key, is_number = key_of_receipt(text), any(sign.isdigit() for sign in text)
    if key:
        return CaseFilter(receipt=key)
    return CaseFilter(number=text, phone=phone) if is_number else CaseFilter(name=text)


def _message(item: InboxItem, *, grave: bool) -> faces.MessageFace:
    """Return a message; it leads to its case only where the reader can open that."""
    case = item.case if item.in_sight else ""
    told = (item.message, item.title, item.body, item.at, case, item.read_at is not None, grave)
    return faces.MessageFace(*told, change_set_told(item.key))
