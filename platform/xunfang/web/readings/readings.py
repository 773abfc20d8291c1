"""The reading door of the pages, on the store: every question opens a desk with the person's own scope."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from xunfang.actions.deployment import Deployment
from xunfang.actions.operating import clock_doubt, lasting, note_presence
from xunfang.actions.signing_in import token_hash
from xunfang.casework import VERBS, Report, is_theirs, permitted
from xunfang.clock import local_date
from xunfang.errors import NotFound
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.units import unit_label, works_outside
from xunfang.store import Case, Clue, Presence, RecordFilter, absent_for, connection, live_session
from xunfang.store.desk import Desk
from xunfang.store.desk import desk as desk_of
from xunfang.store.reading.lists import CaseFilter, InboxItem
from xunfang.store.tables import Account, Session, Submission
from xunfang.web import faces
from xunfang.web.faces import Receipt, TaskForm
from xunfang.web.labels import Labels
from xunfang.web.readings.administration import account_faces, system_face
from xunfang.web.readings.cases import case_face
from xunfang.web.readings.dispatch import able_units, dispatch_faces
from xunfang.web.readings.papers import listed_paper, signable
from xunfang.web.readings.questions import question_faces
from xunfang.web.readings.queue import case_row, queue_face
from xunfang.web.readings.record import record_lines
from xunfang.web.readings.reports import key_of_receipt, receipt_number, report_row, working_on
from xunfang.web.readings.staff import staff_face
from xunfang.web.readings.tasks import task_form
from xunfang.web.site import Member, Visit
from xunfang.web.wording import until_words

PRESENCE = timedelta(minutes=1)
"""How often, at most, it is noted that a session is in use."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Answers every question of the pages from the store, within the sight of the person who asks."""

    deployment: Deployment

    @contextmanager
    def _desk(self, member: Member) -> Iterator[Desk]:
        with desk_of(self.deployment.database, member.actor.scope) as desk:
            yield desk

    def _presence(self, at: datetime) -> Presence:
        return Presence(at, self.deployment.access.idle)

    def _rules(self, member: Member) -> Rulebook:
        return self.deployment.rulebooks.of(member.jurisdiction)

    def visit(self, token: str, at: datetime) -> Visit | None:
        """Return the running session of a token, or None."""
        with connection(self.deployment.database) as reader:
            found = live_session(reader, token_hash(token), at, lasting(self.deployment))
            absent = absent_for(reader, found.account, local_date(at)) if found else ()
            used = found is not None and at - found.session.last_seen_at >= PRESENCE
            if used and not clock_doubt(self.deployment, at):
                note_presence(self.deployment, token_hash(token), at)
        if found is None or found.account.jurisdiction not in self.deployment.rulebooks.current:
            return None
        return Visit(self._member(found.account, absent, at), token, found.session.csrf)

    def holder(self, token: str) -> str:
        """Return whose session a token was, even when it has ended; "" when nobody knows."""
        with connection(self.deployment.database) as reader:
            found = reader.find(Session, token_hash(token)) if token else None
        return found.account if found else ""

    def _member(self, account: Account, absent: Sequence[Account], at: datetime) -> Member:
        rulebook = self.deployment.rulebooks.of(account.jurisdiction)
        label = unit_label(rulebook, account.unit)
        expired = self.deployment.access.expired(account.password_set_at or account.created_at, at)
        return Member(self.deployment.actor(account, absent), account.login, label, account.must_change or expired)

    def unread(self, member: Member) -> int:
        """Return how many messages the person has not read."""
        with self._desk(member) as desk:
            return desk.unread_count()

    def receipt(self, member: Member, submission: str) -> Receipt:
        """Return what the person who reported is told; raises NotFound when it was another unit's report."""
        with connection(self.deployment.database) as reader:
            clue = reader.first(Clue, submission=submission) or reader.first(Clue, receipt=submission)
            case = reader.find(Case, clue.case) if clue else None
        if clue is None or case is None or clue.unit != member.unit or clue.jurisdiction != member.jurisdiction:
            raise NotFound()
        with self._desk(member) as desk:
            seen = case if desk.sees_case(case.id) else None
            sent_to = (
                working_on(desk.case_file(case.id), self.deployment.rulebooks.release(case.release)) if seen else ()
            )
        deadlines = self._rules(member).deadlines
        verdicts = [(deadlines[id].label, told) for id, told in clue.in_time.items() if id in deadlines]
        can = permitted(self.deployment.rulebooks.release(case.release), member.actor, Report(case, clue))
        return Receipt(
            number=receipt_number(clue.receipt),
            submission=submission,
            form=clue.form,
            case_id=seen.id if seen else "",
            case_number=seen.number if seen else "",
            merged=bool(seen) and clue.joined,
            in_time=tuple(verdicts),
            can=can,
            taken_back=clue.withdrawn_at is not None,
            asked_back=clue.asked_back_at is not None,
            sent_to=sent_to,
        )

    def own_report(self, member: Member, submission: str) -> tuple[IntakeForm, Mapping[str, Any]]:
        """Return the form and the answers, the sealed ones left out, of the person's own report; raises NotFound."""
        with connection(self.deployment.database) as reader:
            mine = {"by": member.account, "jurisdiction": member.jurisdiction}
            clue = reader.first(Clue, submission=submission, **mine)
            filled, case = reader.find(Submission, submission), reader.find(Case, clue.case) if clue else None
        if clue is None or case is None or filled is None:
            raise NotFound()
        return self.deployment.rulebooks.release(case.release).forms[clue.form], filled.answers

    def reports(self, member: Member, after: str) -> tuple[Sequence[faces.ReportRow], str]:
        """Return a page of what the person's unit has reported, newest first, and where the next begins."""
        with self._desk(member) as desk:
            page = desk.reports(after)
        return [report_row(self._rules(member), item, member.account) for item in page.items], page.next

    def queue(self, member: Member, wanted: faces.QueueFilter, at: datetime) -> faces.QueuePage:
        """Return a page of the queue of the person's unit."""
        with self._desk(member) as desk:
            return queue_face(desk, self._rules(member), wanted, at, superior=False)

    def supervision(self, member: Member, wanted: faces.QueueFilter, at: datetime) -> faces.QueuePage:
        """Return a page of what units below have let pass."""
        with self._desk(member) as desk:
            return queue_face(desk, self._rules(member), wanted, at, superior=True)

    def dispatches(self, member: Member, at: datetime, after: str = "") -> tuple[Sequence[faces.DispatchFace], str]:
        """Return a page of the dispatches that wait for the person's decision, and where the next begins."""
        with self._desk(member) as desk:
            return dispatch_faces(desk, self._rules(member), at, after)

    def case(self, member: Member, case_id: str, at: datetime) -> faces.CaseFile:
        """Return a case in sight; raises NotFound for any other."""
        with self._desk(member) as desk:
            stored = desk.case_file(case_id)
            rulebook = self.deployment.rulebooks.release(stored.case.release)
            parent = stored.case.parent if desk.sees_case(stored.case.parent) else ""
            over_at = desk.waits([case_id]).get(case_id)
            face = case_face(stored, rulebook, member, at, parent, until_words(over_at) if over_at else "")
            asked = desk.questions(stored.person.id)
        may_answer = member.may("confirm-dispatch")
        questions = question_faces(asked, stored.person.id, Labels(rulebook), may_answer=may_answer)
        return replace(face, questions=questions)

    def cases(
        self, member: Member, text: str, at: datetime, after: str = "", show: str = ""
    ) -> tuple[Sequence[faces.CaseRow], str]:
        """Return a page of the newest cases in sight, or of what is looked for, and where the next begins.

        Looked for is an exact name, a case number, or the number of a receipt; it is found wherever it was put away.
        """
        wanted = replace(_sought(text), show=show or ("" if text else "current"))
        with self._desk(member) as desk:
            page = desk.cases(wanted, after)
        return [case_row(self._rules(member), item, at) for item in page.items], page.next

    def names_of(
        self, member: Member, *, tasks: Sequence[str] = (), cases: Sequence[str] = ()
    ) -> dict[str, tuple[str, str]]:
        """Return of each of these tasks or cases in sight the case, and the name of whom it is about or its number."""
        named = {}
        with self._desk(member) as desk:
            for key in (*tasks, *cases):
                with suppress(NotFound):
                    case = desk.case(desk.task(key).case if tasks else key)
                    named[key] = (case.id, desk.person(case.person).name or case.number)
        return named

    def task_form(self, member: Member, task_id: str, *, ended_too: bool = False) -> TaskForm | None:
        """Return what is needed to complete a task of the person's unit, None for another's and for one that ended."""
        with self._desk(member) as desk:
            task = desk.task(task_id)
            theirs = is_theirs(self._rules(member), member.actor, VERBS["complete"], task)
            if not theirs or (task.ended_at and not ended_too):
                return None
            stored = desk.case_file(task.case)
            over_at = desk.waits([task.case]).get(task.case) if stored.case.state == task.state else None
            rulebook = self.deployment.rulebooks.release(stored.case.release)
            return task_form(task, stored, rulebook, until_words(over_at) if over_at else "")

    def completed_by(self, member: Member, task_id: str, submission: str) -> str:
        """Return the case of a task that this very send has completed before, "" when it has not."""
        with self._desk(member) as desk:
            task = desk.task(task_id)
        sent_before = (
            task.ended_at is not None and task.answers == submission and member.actor.answers_as(task.claimed_by)
        )
        return task.case if sent_before else ""

    def inbox(
        self, member: Member, after: str, *, unread_only: bool = False
    ) -> tuple[Sequence[faces.MessageFace], str]:
        """Return a page of the person's messages, newest first, and where the next begins."""
        with self._desk(member) as desk:
            page = desk.inbox(after, unread_only=unread_only)
        grave = {"overdue", "supervise", "escalate", "sent-at-once"}
        return [_message(item, grave=item.kind in grave) for item in page.items], page.next

    def papers(self, member: Member, after: str) -> tuple[Sequence[faces.PaperFace], str]:
        """Return a page of the papers in sight, newest first, and where the next begins."""
        with self._desk(member) as desk:
            page = desk.notices(after)
        return [listed_paper(item, self._rules(member), member) for item in page.items], page.next

    def papers_to_sign(self, member: Member, after: str) -> tuple[Sequence[faces.PaperFace], str]:
        """Return a page of the drafts in sight that wait for this person's signature, and where the next begins."""
        rulebook = self._rules(member)
        with self._desk(member) as desk:
            page = desk.notices(after, "draft", signable(rulebook, member))
        return [listed_paper(item, rulebook, member) for item in page.items], page.next

    def accounts(self, member: Member, after: str, find: str, at: datetime) -> tuple[Sequence[faces.AccountFace], str]:
        """Return a page of the accounts of the jurisdiction, or those found, and where the next begins."""
        with self._desk(member) as desk:
            page = desk.accounts(self._presence(at), after, find=find)
        return account_faces(page.items, self._rules(member), at), page.next

    def unheld(self, member: Member) -> list[str]:
        """Return, in words, the units that hold open tasks and in which nobody can act."""
        rulebook = self._rules(member)
        with self._desk(member) as desk:
            able = able_units(rulebook, desk.rosters(), "complete", "assist", "confirm-dispatch")
            empty = [unit for unit in desk.busy_units() if unit not in able and not works_outside(rulebook, unit)]
        return [unit_label(rulebook, unit) for unit in sorted(empty)]

    def account(self, member: Member, account_id: str, at: datetime) -> faces.AccountFace:
        """Return one account of the jurisdiction; raises NotFound for any other."""
        with self._desk(member) as desk:
            return account_faces([desk.account(account_id, self._presence(at))], self._rules(member), at)[0]

    def staff(self, member: Member, unit: str, at: datetime) -> faces.StaffFace:
        """Return the people of the person's own unit, for an administrator of any, and who stands in for whom."""
        with self._desk(member) as desk:
            return staff_face(desk, unit, self._rules(member), at)

    def record(self, member: Member, wanted: RecordFilter, after: str) -> tuple[Sequence[faces.RecordLine], str]:
        """Return a page of the record of the jurisdiction, newest first, and where the next begins."""
        with self._desk(member) as desk:
            page = desk.record(wanted, after)
        return record_lines(page.items, self._rules(member)), page.next

    def system(self, member: Member, at: datetime) -> faces.SystemFace:
        """Return how the machinery is."""
        with self._desk(member) as desk:
            face = system_face(desk.machinery(at), self._rules(member), at)
        return replace(face, clock=self.clock_doubt(at))

    def clock_doubt(self, at: datetime) -> str:
        """Return why the server's clock cannot be trusted, "" when it can."""
        return clock_doubt(self.deployment, at)


def _sought(text: str) -> CaseFilter:
    key, is_number = key_of_receipt(text), any(sign.isdigit() for sign in text)
    if key:
        return CaseFilter(receipt=key)
    return CaseFilter(number=text) if is_number else CaseFilter(name=text)


def _message(item: InboxItem, *, grave: bool) -> faces.MessageFace:
    """Return a message; it leads to its case only where the reader can open that."""
    case = item.case if item.in_sight else ""
    return faces.MessageFace(item.message, item.title, item.body, item.at, case, item.read_at is not None, grave)
