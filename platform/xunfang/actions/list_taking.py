"""The worker's part in taking a list in, and in undoing it: its clues are opened, or taken back, some at a time."""

import hashlib
from collections import Counter
from dataclasses import replace
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.feeds import draft_of
from xunfang.actions.filling import body_hash, filed_before
from xunfang.actions.handling import carry_out
from xunfang.actions.matching import digest_of, index_of
from xunfang.actions.storing import store
from xunfang.actions.submitting import report
from xunfang.casework import Asked, Clue, Delivery, ListedPerson, ListedStretch
from xunfang.casework.deliveries import finish
from xunfang.clock import Now
from xunfang.errors import Refused
from xunfang.rules.feeds import BAD, NEW, UNDONE
from xunfang.rules.intake import decide
from xunfang.rules.opened_rows import opening
from xunfang.rules.units import unit_label
from xunfang.store import Account, Job, Transaction
from xunfang.store.reading.feeds import listed_people, used_up

PIECE = 10
"""How many clues are opened in one transaction, so that nobody waits for long."""
REASON = "核收名单"
WHY = "撤销整份名单"


def submission_of(person: ListedPerson) -> str:
    """Return the key of the submission that a row becomes, the same whenever it is tried."""
    return hashlib.sha256(f"list|{person.delivery}|{person.n}".encode()).hexdigest()[:32]


def keep_person(tx: Transaction, person: ListedPerson) -> None:
    """Keep what became of somebody, who stood among others until now or by themselves already."""
    told = {name: getattr(person, name) for name in ("verdict", "told", "submission", "case")}
    if not tx.update(ListedPerson, {"id": person.id}, told):
        tx.insert(person)


def clear_stretches(tx: Transaction, delivery: Delivery, last: int) -> None:
    """Remove the stretches of which everybody up to the `last` stands by themselves now."""
    for stretch in used_up(tx, delivery.id, NEW, last):
        tx.delete(ListedStretch, id=stretch)


class _Pieces:
    """Goes through the new people of a list, a handful in each transaction, as whoever took it in."""

    brief = False
    wanted = ""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> None:
        """There is nothing to prepare."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Do the next handful, and put a job for the rest, or note that all is done."""
        delivery = tx.find(Delivery, str(job.payload["delivery"]))
        if delivery is None or delivery.status != self.wanted:
            return
        act = Act(tx, self.deployment, self._actor(tx, delivery), self.now())
        people = listed_people(tx, delivery.id, NEW, int(job.payload["after"]), PIECE)
        counts = Counter(delivery.counts)
        for person in people:
            changed = self.one(act, delivery, person)
            counts[person.verdict] -= changed.verdict != person.verdict
            counts[changed.verdict] += changed.verdict != person.verdict
            keep_person(tx, changed)
        if people:
            clear_stretches(tx, delivery, people[-1].n)
        if len(people) == PIECE:
            tx.update(Delivery, {"id": delivery.id}, {"counts": dict(counts)})
            payload = {**job.payload, "after": people[-1].n}
            act.jobs([act.new_job(job.kind, f"{job.payload['key']}:{people[-1].n}", payload, act.at)])
            return
        draft = draft_of(replace(act, actor=machinery(job.jurisdiction, REASON)), delivery)
        finish(draft, delivery, counts)
        store(act, draft.changes())

    def _actor(self, tx: Transaction, delivery: Delivery) -> Actor:
        account = tx.find(Account, delivery.taken_by)
        assert account is not None
        return self.deployment.actor(account)

    def one(self, act: Act, delivery: Delivery, person: ListedPerson) -> ListedPerson:
        """Do what is to be done for one person, and return them as they are then."""
        raise NotImplementedError


class ListTaking(_Pieces):
    """Opens a clue for each person who is new, by the ordinary door of reports."""

    wanted = "taking"

    def one(self, act: Act, delivery: Delivery, person: ListedPerson) -> ListedPerson:
        """Open a clue for one person; whoever cannot be reported any more is told of as a problem."""
        try:
            with act.tx.part():
                return self._opened(act, delivery, person)
        except Refused as refused:
            return _bad(person, refused.message)

    def _opened(self, act: Act, delivery: Delivery, person: ListedPerson) -> ListedPerson:
        rulebook, key, told = act.rules(), submission_of(person), dict(person.told["answers"])
        feed, residence = act.rules(delivery.release).feeds[delivery.feed], str(person.told.get("residence", ""))
        unit = unit_label(rulebook, delivery.unit)
        answers = opening(rulebook, feed, told, residence, delivery.received_at, unit)
        decision = decide(rulebook, feed.opens, answers, act.at)
        if decision.problems:
            return _bad(person, "；".join(problem.message for problem in decision.problems))
        if not filed_before(act, key, body_hash(act.deployment.keys, feed.opens, decision.answers)):
            report(act, rulebook, decision, key)
        clue = act.tx.first(Clue, submission=key)
        known = replace(person, submission=key, case=clue.case if clue else "")
        keys = act.deployment.keys
        return replace(known, digest=digest_of(keys, feed, told), id_index=index_of(keys, rulebook, feed, told))


class ListUndoing(_Pieces):
    """Takes each clue back that a list opened."""

    wanted = "undoing"

    def one(self, act: Act, delivery: Delivery, person: ListedPerson) -> ListedPerson:
        """Take one clue back; what was taken back or dealt with meanwhile stays as it is."""
        clue = act.tx.first(Clue, submission=person.submission) if person.submission else None
        if clue is None or clue.withdrawn_at:
            return replace(person, verdict=UNDONE)
        try:
            with act.tx.part():
                asked = Asked(verb="withdraw", actor=act.actor, clue=clue.id, reason=WHY)
                carry_out(act, asked, act.case(clue.case))
        except Refused:
            return person
        return replace(person, verdict=UNDONE)


def _bad(person: ListedPerson, message: str) -> ListedPerson:
    told: dict[str, Any] = {**person.told, "problems": [["", message]]}
    return replace(person, verdict=BAD, told=told)
