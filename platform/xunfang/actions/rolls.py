"""Rolls 发放名册: one thin act for each verb, and the worker's parts: lines drafted piece by piece, files made."""

import hashlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.exporting import check_export
from xunfang.actions.keeping import kept_file
from xunfang.actions.limiting import REVEAL, limited, spend
from xunfang.actions.papers import NoticeOrder, Press
from xunfang.actions.people import secrets_of
from xunfang.actions.roll_files import TEMPLATE, paper_facts, workbook
from xunfang.actions.storing import store
from xunfang.casework import (
    VERBS,
    Amendment,
    Asked,
    DutyPeriod,
    Entitlement,
    File,
    Household,
    Membership,
    Payee,
    Person,
    Roll,
    Row,
    Task,
    advance,
)
from xunfang.casework.jobs import DRAFT_ROLL
from xunfang.clock import Now
from xunfang.errors import FileLost, NotFound
from xunfang.rules.rosters import lives_with
from xunfang.steps import reached
from xunfang.store import Account, Attachment, Job, Reader, Transaction, connection, new_id
from xunfang.store.reading.alike import other_records
from xunfang.store.reading.rolls import Holder, every_line, holders_after, lines_paid, standing_of, totals_of
from xunfang.store.reading.rows_by import By, rows_by
from xunfang.store.scoped import scoped

PIECE = 40
"""So many people are drafted in one transaction, so that nobody waits for long."""
_REASON = "起草名册"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def shelf_of(roll: str) -> str:
    """Return where the files of a roll lie: no form ever takes one of them for a photo."""
    return f"roll:{roll}"


def begin_roll(deployment: Deployment, actor: Actor, roster: str, month: str, at: datetime) -> str:
    """Start the roll of a month (2026-11) and return its key; raises NotAllowed, Invalid."""
    with acting(deployment, actor, at, *VERBS["start-roll"].acts, dated=True) as act:
        rolls = tuple(act.tx.every(Roll, jurisdiction=actor.jurisdiction, roster=roster))
        asked = Asked(verb="start-roll", actor=actor, kind=roster, day=month)
        changes = advance(act.rules(), File(rolls), asked, at, new_id)
        store(act, changes)
        return next(row.id for row in changes.new if isinstance(row, Roll))


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells besides of what is done to a roll: why, to which line of it, on which day, who took it."""

    reason: str = ""
    line: str = ""
    day: str = ""
    receiver: str = ""


def do_to_roll(
    deployment: Deployment, actor: Actor, verb: str, key: str, version: int, told: Told, at: datetime
) -> None:
    """Do a verb to a roll in sight; raises NotFound, NotAllowed, Conflict when it has changed, Invalid."""
    with acting(deployment, actor, at, dated=True) as act:
        roll = act.scoped.rolls.roll(key)
        actor.need(*VERBS[verb].acts)
        payload: dict[str, Any] = {"roll": roll.id, "line": told.line}
        rows: list[Row] = [*act.tx.every(Roll, jurisdiction=roll.jurisdiction, roster=roll.roster)]
        if told.line:
            rows.append(act.scoped.rolls.line(roll.id, told.line))
        if verb == "lock-roll":
            payload["totals"] = _totals(act.tx, roll)
        rows += _owed(act, roll)
        asked = Asked(
            verb=verb,
            actor=actor,
            version=version,
            reason=told.reason,
            day=told.day,
            way=told.receiver,
            payload=payload,
        )
        store(act, advance(act.rules(), File(tuple(rows)), asked, at, new_id))


def _totals(reader: Reader, roll: Roll) -> Mapping[str, int]:
    everything = machinery(roll.jurisdiction, _REASON).scope
    found = [total for _, total in totals_of(reader, everything, roll.id)]
    return {
        "barred": standing_of(reader, everything, roll.id).barred,
        "households": sum(total.households for total in found),
        "insured": sum(total.insured for total in found),
        "cents": sum(total.cents for total in found),
    }


def _owed(act: Act, roll: Roll) -> list[Row]:
    """Return what the unit of a roll owes for its month, with its tasks."""
    roster = act.rules().rosters.get(roll.roster)
    found = list[Row]()
    for duty in filter(None, (roster.duty, roster.paid) if roster else ()):
        same = {"duty": duty, "unit": roll.unit, "every": "month", "begins_on": roll.month}
        for owed in act.tx.every(DutyPeriod, jurisdiction=roll.jurisdiction, **same):
            found += [owed, *act.tx.every(Task, about=owed.id)]
    return found


# what is kept


def open_roll_file(deployment: Deployment, actor: Actor, key: str, kind: str, reason: str, at: datetime) -> bytes:
    """Return a file of a signed roll, byte for byte; the workbook, whose numbers are whole, for a reason on record.

    Raises NotFound, NotAllowed, Invalid without a reason, FileLost.
    """
    with scoped(deployment.database, actor.scope) as seen:
        roll = seen.rolls.roll(key)
    sha256 = roll.xlsx if kind == "xlsx" else roll.pdf
    if not sha256 or roll.unit not in actor.units:
        raise NotFound()
    whole = kind == "xlsx"
    check_export(actor, reason, whole=whole)
    with limited(deployment, actor, at), acting(deployment, actor, at) as act:
        if whole:
            spend(act, REVEAL)
        data = {"roll": roll.id, "roster": roll.roster, "month": roll.month.isoformat(), "kind": kind, "sha256": sha256}
        act.event("roll.opened", data={**data, **({"reason": reason.strip()} if whole else {})})
    content = kept_file(deployment, sha256)
    if content is None:
        raise FileLost("这份名册的文件在服务器上找不到或已损坏，打不开。请告诉系统管理员，从备份中恢复文件库。")
    return content


# the worker's parts


class RollDrafting:
    """The worker's part: drafts the lines of a handful of people, and puts a job for the rest."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Sequence[Holder]:
        """Return whom to draft next, and one more if there are any."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            roll = reader.find(Roll, str(job.payload["roll"]))
            if roll is None or roll.status != "drafting":
                return ()
            return holders_after(reader, job.jurisdiction, roll.programme, str(job.payload["after"]), PIECE + 1)

    def finish(self, tx: Transaction, job: Job, prepared: Sequence[Holder]) -> None:
        """Draft them as they stand now; one who was drafted meanwhile is left as they are."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        roll = tx.find(Roll, str(job.payload["roll"]))
        if roll is None or roll.status != "drafting":
            return
        some, more = prepared[:PIECE], len(prepared) > PIECE
        _draft(act, roll, [holder.person for holder in some], last=not more)
        if more:
            key, piece = str(job.payload["key"]), int(job.payload["piece"]) + 1
            payload = {**job.payload, "piece": piece, "after": some[-1].after}
            act.jobs([act.new_job(DRAFT_ROLL, f"{key}:{piece}", payload, act.at)])


def _draft(act: Act, roll: Roll, keys: Sequence[str], *, last: bool) -> None:
    rulebook = act.rules()
    found = [person for key in dict.fromkeys(keys) if (person := act.tx.find(Person, key))]
    people = [person for person in found if lives_with(rulebook, roll.unit, person.residence)]
    others = other_records(act.tx, people)
    payload = {
        "roll": roll.id,
        "people": [person.id for person in people],
        "secrets": {person.id: secrets_of(act, person).get("id_number", "") for person in people},
        "others": others,
        "last": last,
    }
    asked = Asked(verb="fill-roll", actor=act.actor, payload=payload)
    more = sorted({key for keys in others.values() for key in keys})
    store(act, advance(rulebook, File(tuple(_rows(act, roll, people, more))), asked, act.at, new_id))


def _rows(act: Act, roll: Roll, people: Sequence[Person], more: Sequence[str]) -> Sequence[Row]:
    """Return what deciding about the lines of some people looks at: theirs, and what their households have.

    `more` are other records of theirs.
    """
    keys = sorted(person.id for person in people)
    own: list[Any] = list(lines_paid(act.tx, keys))
    for kind in (Membership, Payee, Entitlement):
        own += rows_by(act.tx, kind, By.PERSON, keys)
    homes = sorted({str(household) for each in own if (household := getattr(each, "household", ""))})
    members = rows_by(act.tx, Membership, By.HOUSEHOLD, homes)
    mates = sorted({*more, *(each.person for each in members)}.difference(keys))
    theirs = (*rows_by(act.tx, Household, By.ID, homes), *rows_by(act.tx, Entitlement, By.PERSON, mates))
    own += rows_by(act.tx, Amendment, By.PERSON, sorted({*keys, *more}))
    rolls = act.tx.every(Roll, jurisdiction=roll.jurisdiction, roster=roll.roster)
    return tuple({each.id: each for each in (*people, *rolls, *own, *members, *theirs)}.values())


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a signed roll, as they were put into the file store."""

    xlsx: str
    pdf: str
    sizes: tuple[int, int]


class RollMaking:
    """The worker's part: makes the workbook and the paper of a signed roll, and keeps both."""

    brief = False

    def __init__(self, deployment: Deployment, press: Press, now: Now) -> None:
        self.deployment, self.press, self.now = deployment, press, now

    def prepare(self, job: Job) -> Generator[None, None, Made | None]:
        """Make both files; None when nothing is left to do."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            roll = reader.find(Roll, str(job.payload["roll"]))
            if roll is None or roll.status != "signed" or roll.xlsx:
                return None
            rulebook = self.deployment.rulebooks.release(roll.release)
            totals = totals_of(reader, machinery(job.jurisdiction, _REASON).scope, roll.id)
            places = sorted({place for place, _ in totals})
            signers = (roll.locked_by, roll.reviewed_by, roll.signed_by)
            names = {key: found.name for key in signers if key and (found := reader.find(Account, key))}
            book = workbook(rulebook, roll, totals, every_line(reader, roll.id, places), names)
        yield
        sha256 = hashlib.sha256(book).hexdigest()
        with connection(self.deployment.database, job.jurisdiction) as reader:
            facts = paper_facts(rulebook, roll, totals, every_line(reader, roll.id, places), names, sha256)
        templates = self.deployment.rulebooks.of(job.jurisdiction).templates  # one that was mended since is the better
        paper = self.press(NoticeOrder(TEMPLATE, templates, "sheet", facts))
        yield
        files = self.deployment.files
        made = Made(files.put(book), files.put(paper.pdf), (len(book), len(paper.pdf)))
        reached("roll.made")
        return made

    def finish(self, tx: Transaction, job: Job, prepared: Made | None) -> None:
        """Note what was made, by its hashes."""
        roll = tx.find(Roll, str(job.payload["roll"]))
        if prepared is None or roll is None or roll.status != "signed" or roll.xlsx:
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, "制作名册文件"), self.now())
        files = (("xlsx", XLSX, prepared.xlsx, prepared.sizes[0]), ("pdf", PDF, prepared.pdf, prepared.sizes[1]))
        for ending, media_type, sha256, size in files:
            tx.insert(
                Attachment(
                    id=new_id(),
                    jurisdiction=roll.jurisdiction,
                    name=f"{roll.month:%Y-%m}.{ending}",
                    media_type=media_type,
                    size=size,
                    sha256=sha256,
                    by=roll.signed_by,
                    at=act.at,
                    submission=shelf_of(roll.id),
                )
            )
        payload = {"roll": roll.id, "xlsx": prepared.xlsx, "pdf": prepared.pdf}
        asked = Asked(verb="make-roll", actor=act.actor, payload=payload)
        store(act, advance(act.rules(), File((roll,)), asked, act.at, new_id))
