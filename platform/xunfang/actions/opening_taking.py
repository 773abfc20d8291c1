"""The worker's part in an opening balance: its rows are taken in, or undone, some at a time, as who brought them."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.feeds import draft_of
from xunfang.actions.list_taking import clear_stretches, keep_person, submission_of
from xunfang.actions.loading import file_of
from xunfang.actions.matching import digest_of
from xunfang.actions.opening_making import make_account, make_case, make_helped
from xunfang.actions.openings import FIRST_PASSWORD
from xunfang.actions.passwords import check_password, hashed
from xunfang.actions.storing import store
from xunfang.casework import Clue, Delivery, Draft, File, Household, ListedPerson, Membership, Row, Visit
from xunfang.casework import openings as casework
from xunfang.casework.paper_ledgers import undo_case
from xunfang.clock import Now
from xunfang.errors import Invalid, Refused
from xunfang.rules.feeds import BAD, NEW, UNDONE
from xunfang.rules.openings import HELPED, STAFF, with_openings
from xunfang.store import Account, Case, Job, Session, Transaction, connection, new_id
from xunfang.store.reading.feeds import listed_people

PIECE = 10
"""How many rows are taken in or undone in one transaction, so that nobody waits for long."""
REASON = "期初导入"
_LETTERS, _LENGTH = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 12
"""Of what a first password is made: nothing that is taken for something else on paper."""
_NO_LOGIN = "。"
"""In place of the login, which is held against the password when the account is opened."""
Passwords = Mapping[int, tuple[str, str]]


class _Pieces:
    """Goes through the rows of a list, a handful in each transaction."""

    brief = False
    wanted = ""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Passwords:
        """There is nothing to prepare."""
        return {}

    def finish(self, tx: Transaction, job: Job, prepared: Passwords) -> None:
        """Do the next handful, and put a job for the rest, or note that all is done."""
        delivery = tx.find(Delivery, str(job.payload["delivery"]))
        if delivery is None or delivery.status != self.wanted:
            return
        act = Act(tx, self.deployment, _actor(tx, self.deployment, delivery), self.now())
        people = listed_people(tx, delivery.id, NEW, int(job.payload["after"]), PIECE)
        counts = Counter(delivery.counts)
        for person in people:
            changed = self._done(act, delivery, person, prepared)
            counts[person.verdict] -= 1
            counts[changed.verdict] += 1
            keep_person(tx, changed)
        if people:
            clear_stretches(tx, delivery, people[-1].n)
        left = {verdict: count for verdict, count in counts.items() if count}
        if len(people) == PIECE:
            tx.update(Delivery, {"id": delivery.id}, {"counts": left})
            payload = {**job.payload, "after": people[-1].n}
            act.jobs([act.new_job(job.kind, f"{job.payload['key']}:{people[-1].n}", payload, act.at)])
            return
        draft = draft_of(replace(act, actor=machinery(job.jurisdiction, REASON)), delivery)
        casework.finish(draft, delivery, left, left.get(NEW, 0))
        store(act, draft.changes())

    def _done(self, act: Act, delivery: Delivery, person: ListedPerson, prepared: Passwords) -> ListedPerson:
        try:
            with act.tx.part():
                return self.one(act, delivery, person, prepared.get(person.n, ("", "")))
        except Refused as refused:
            return self.refused(person, _words(refused))

    def one(self, act: Act, delivery: Delivery, person: ListedPerson, password: tuple[str, str]) -> ListedPerson:
        """Do what is to be done for one row, and return it as it is then."""
        raise NotImplementedError

    def refused(self, person: ListedPerson, why: str) -> ListedPerson:
        """Return a row with which nothing could be done."""
        raise NotImplementedError


def _actor(tx: Transaction, deployment: Deployment, delivery: Delivery) -> Actor:
    account = tx.find(Account, delivery.taken_by)
    assert account is not None
    return deployment.actor(account)


def _words(refused: Refused) -> str:
    problems = refused.problems if isinstance(refused, Invalid) else ()
    return "；".join(problem.message for problem in problems) or refused.message


def _with(person: ListedPerson, **told: Any) -> ListedPerson:
    return replace(person, told={**person.told, **told})


class OpeningTaking(_Pieces):
    """Makes of each row what it is about: somebody helped with their household, an account, or a case."""

    wanted = "taking"

    def prepare(self, job: Job) -> Passwords:
        """Make the first passwords of the next accounts: hashing is slow, and others write meanwhile."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            delivery = reader.find(Delivery, str(job.payload["delivery"]))
            if delivery is None or delivery.feed != STAFF or delivery.status != self.wanted:
                return {}
            people = listed_people(reader, delivery.id, NEW, int(job.payload["after"]), PIECE)
        made = {person.n: self._password() for person in people}
        return {n: (password, hashed(password)) for n, password in made.items()}

    def _password(self) -> str:
        """Return a first password that the rules for passwords accept."""
        while True:
            made = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH - 1)) + secrets.choice("#%+=")
            try:
                check_password(made, _NO_LOGIN, self.deployment.access)
            except Invalid:
                continue
            return made

    def one(self, act: Act, delivery: Delivery, person: ListedPerson, password: tuple[str, str]) -> ListedPerson:
        """Make of one row what it is about."""
        feed = with_openings(act.rules(delivery.release)).feeds[delivery.feed]
        digest = digest_of(act.deployment.keys, feed, dict(person.told["answers"]))
        taken = replace(person, submission=submission_of(person), digest=digest)
        if delivery.feed == HELPED:
            return _with(taken, made=make_helped(act, delivery, taken))
        if delivery.feed == STAFF:
            made = make_account(act, taken, *password)
            return _with(taken, made=made, **{FIRST_PASSWORD: password[0]})
        return make_case(act, delivery, taken)

    def refused(self, person: ListedPerson, why: str) -> ListedPerson:
        """Return a row that could not be taken in."""
        return _with(replace(person, verdict=BAD), problems=[["", why]])


class OpeningUndoing(_Pieces):
    """Takes back what each row made, where nobody acted on it since."""

    wanted = "undoing"

    def one(self, act: Act, delivery: Delivery, person: ListedPerson, password: tuple[str, str]) -> ListedPerson:
        """Take back what one row made; one on which somebody acted stays, and tells why."""
        rulebook = act.rules(delivery.release)
        made: Mapping[str, Any] = dict(person.told.get("made", {}))
        if delivery.feed == HELPED:
            file = file_of(act, people=[str(made["person"])])
            draft = Draft(rulebook, _with_people(act, file, made), act.actor, act.at, new_id)
            why = casework.undo_helped(draft, made)
        elif delivery.feed == STAFF:
            return self._close(act, person, str(made["account"]))
        else:
            clue = act.tx.first(Clue, submission=person.submission)
            if clue is None or clue.withdrawn_at:
                return replace(person, verdict=UNDONE)
            draft = Draft(rulebook, file_of(act, act.case(clue.case)), act.actor, act.at, new_id)
            why = undo_case(draft, clue)
        if why:
            return self.refused(person, why)
        store(act, draft.changes())
        return replace(person, verdict=UNDONE)

    def _close(self, act: Act, person: ListedPerson, key: str) -> ListedPerson:
        account = act.tx.find(Account, key)
        if account and (account.version > 1 or act.tx.first(Session, account=key)):
            return self.refused(person, "此人已经登录过，或者账号已经调整过，账号保留；不用的请到“账号”里停用。")
        act.tx.delete(Account, id=key)
        act.event("account.withdrawn", data={"login": account.login if account else ""})
        told = {name: value for name, value in person.told.items() if name != FIRST_PASSWORD}
        return replace(person, verdict=UNDONE, told=told)

    def refused(self, person: ListedPerson, why: str) -> ListedPerson:
        """Return a row that stays."""
        return _with(person, problems=[["", why]])


def _with_people(act: Act, file: File, made: Mapping[str, Any]) -> File:
    """Return a file with what was made of somebody's household and cases besides."""
    person = str(made["person"])
    more: list[Row] = [*act.tx.every(Case, person=person), *act.tx.every(Visit, person=person)]
    for membership in act.tx.every(Membership, person=person):
        if home := act.tx.find(Household, membership.household):
            more.append(home)
    return replace(file, rows=(*file.rows, *more))
