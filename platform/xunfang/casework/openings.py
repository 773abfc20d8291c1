"""Opening balance 期初导入: lists of it received, taken in and undone, and what each row becomes or became.

What came this way is told as such: entitlements and categories by their source, clues by theirs, cases by an event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.casework.changes import JobWanted
from xunfang.casework.draft import Draft
from xunfang.casework.jobs import READ_LIST, TAKE_OPENING, UNDO_OPENING
from xunfang.casework.membership import PATTERN, belongs_to, free_from, join, leave
from xunfang.casework.registry import hold, withdraw
from xunfang.casework.rows import (
    Amendment,
    Case,
    Delivery,
    Entitlement,
    Holding,
    Household,
    Membership,
    Person,
    Visit,
)
from xunfang.clock import local_date
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rules.entitlements import GRANTED, cents
from xunfang.rules.kinship import HEAD
from xunfang.rules.openings import SOURCE, acts_for
from xunfang.worktime import months_away

IMPORT = "import"
"""By what an entitlement or a category came that was brought along."""


# the list as a whole


def receive(draft: Draft, delivery: Delivery) -> Delivery:
    """Receive a list of an opening balance as a file: it is read by the worker, and changes nothing yet."""
    draft.actor.need(*acts_for(delivery.feed))
    draft.put(delivery)
    draft.event("opening.received", data=_data(delivery, size=delivery.size))
    _want(draft, READ_LIST, delivery)
    return delivery


def read_again(draft: Draft, delivery: Delivery) -> None:
    """Read a list once more, after somebody told what its columns are."""
    _need(draft, delivery, "asking")
    changed = draft.change(delivery, status="received", head={})
    draft.event("opening.columns_told", data=_data(delivery))
    _want(draft, READ_LIST, changed)


def discard(draft: Draft, delivery: Delivery) -> None:
    """Take a list back before anything came of it."""
    _need(draft, delivery, "received", "asking", "checked", "failed")
    draft.change(delivery, status="withdrawn", ended_at=draft.at)
    draft.event("opening.withdrawn", data=_data(delivery))


def take_in(draft: Draft, delivery: Delivery, good: int) -> None:
    """Take in all rows of a checked list that are right; raises Invalid where there is none."""
    _need(draft, delivery, "checked")
    if not good:
        text = "没有一行可以导入。请按“核对问题”一列改好后重新上传。"
        raise Invalid([FieldProblem("list", text)], text)
    changed = draft.change(delivery, status="taking", taken_by=draft.actor.account)
    draft.event("opening.taking", data=_data(delivery, count=good))
    _want(draft, TAKE_OPENING, changed)


def undo(draft: Draft, delivery: Delivery) -> None:
    """Undo all that came of a list; what somebody acted on meanwhile stays, and it is told which and why."""
    _need(draft, delivery, "taken", "undone")
    changed = draft.change(delivery, status="undoing")
    draft.event("opening.undoing", data=_data(delivery))
    _want(draft, UNDO_OPENING, changed)


def finish(draft: Draft, delivery: Delivery, counts: Mapping[str, int], good: int) -> None:
    """Note that all rows of a list were taken in, or that all were undone that could be."""
    status = {"taking": "taken", "undoing": "undone"}[delivery.status]
    draft.change(delivery, status=status, ended_at=draft.at, counts=dict(counts))
    draft.event(f"opening.{status}", data=_data(delivery, count=good))


def conclude(draft: Draft, delivery: Delivery, status: str, **found: Any) -> None:
    """Note what reading a list came to."""
    draft.change(delivery, status=status, **found)
    told = {"checked": "checked", "asking": "asked", "failed": "failed"}[status]
    draft.event(f"opening.{told}", data=_data(delivery, **dict(found.get("counts", {}))))


def _need(draft: Draft, delivery: Delivery, *wanted: str) -> None:
    draft.actor.need(*acts_for(delivery.feed))
    if delivery.status not in wanted:
        raise Conflict("这份表刚刚有变动，请刷新页面，看过最新情况后再办理。", "LIST_CHANGED")
    if delivery.taken_by and delivery.taken_by != draft.actor.account:
        raise NotAllowed("由导入这份表的人撤销。")


def _data(delivery: Delivery, **more: Any) -> dict[str, Any]:
    return {"feed": delivery.feed, "delivery": delivery.id, **more}


def _want(draft: Draft, kind: str, delivery: Delivery) -> None:
    key = f"{kind}:{delivery.id}:{delivery.version}"
    payload = {"delivery": delivery.id, "after": -1, "key": key}
    draft.jobs([JobWanted(kind=kind, key=key, payload=payload, run_at=draft.at)])


# people already helped


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one row tells of somebody already helped.

    `housed`: they belong to a household, to `household` where somebody of it came before, else to a new one with
    `number`, or with the next one.
    """

    answers: Mapping[str, Any]
    housed: bool = False
    household: Household | None = None
    number: str = ""


def take_helped(draft: Draft, person: Person, brought: Brought) -> dict[str, Any]:
    """Write down what somebody already helped is and has; returns the keys of what was made. Raises Invalid."""
    made: dict[str, Any] = {"person": person.id}
    home = _house(draft, person, brought, made) if brought.housed else None
    answers = brought.answers
    since = _day(answers.get("category_since")) or _day(answers.get("since")) or local_date(draft.at)
    before = {row.id for row in draft.select(Holding, person=person.id)}
    hold(draft, person, answers.get("category", ()), IMPORT, since=since)
    if answers.get("programme"):
        made["entitlement"] = _entitle(draft, person, answers, home)
    made["holdings"] = [row.id for row in draft.select(Holding, person=person.id) if row.id not in before]
    told = {"person": person.id, "programme": str(answers.get("programme", ""))}
    draft.event("opening.person_taken", data={name: value for name, value in told.items() if value})
    return made


def _house(draft: Draft, person: Person, brought: Brought, made: dict[str, Any]) -> Household:
    theirs = belongs_to(draft, person.id)
    household = brought.household
    if theirs is not None:
        if household is None or theirs.household != household.id:
            raise Invalid([FieldProblem("household", "此人已经登记在另一户，请先在档案里核对。")], "没有导入。")
        return household
    day = max(_day(brought.answers.get("since")) or local_date(draft.at), free_from(draft, person.id))
    relation = str(brought.answers.get("relation", ""))
    if household and household.ended_at:  # by an earlier list that was undone
        household = draft.change(household, ended_at=None, residence=person.residence)
    if household is None:
        household = draft.put(
            Household(
                id=draft.new_id(),
                jurisdiction=person.jurisdiction,
                residence=person.residence,
                number=brought.number or draft.number(PATTERN),
                opened_at=draft.at,
            )
        )
        made["founded"] = household.id
        relation = relation or HEAD
    made["membership"] = join(draft, household, person.id, relation, day).id
    return household


def _entitle(draft: Draft, person: Person, answers: Mapping[str, Any], home: Household | None) -> str:
    programme = draft.rulebook.programmes[str(answers["programme"])]
    since = _day(answers.get("since")) or local_date(draft.at)
    lasts = programme.held.lasts
    number = str(answers.get("decision", ""))
    row = draft.put(
        Entitlement(
            id=draft.new_id(),
            jurisdiction=person.jurisdiction,
            residence=person.residence,
            person=person.id,
            programme=programme.id,
            state=GRANTED,
            since=since,
            until=(months_away(since, lasts) if lasts else since) if lasts is not None else None,
            decided_at=draft.at,
            unit=draft.actor.unit,
            cents=cents(answers.get("amount")),
            members=int(answers.get("members") or 0),
            source=IMPORT,
            release=draft.rulebook.digest,
            household=home.id if home else "",
            reason=f"{SOURCE}，决定文号：{number}" if number else SOURCE,
            cites=programme.basis.cites,
        )
    )
    if programme.held.category:
        hold(draft, person, [programme.held.category], IMPORT, since=since, cites=row.cites)
    return row.id


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def undo_helped(draft: Draft, made: Mapping[str, Any]) -> str:
    """Take back what a row about somebody made; returns why it stays where somebody acted on it since, else ""."""
    if why := _acted_on_person(draft, made):
        return why
    if row := draft.find(Entitlement, str(made.get("entitlement", ""))):
        withdraw(draft, row)
    for key in made.get("holdings", ()):
        if holding := draft.find(Holding, str(key)):
            draft.change(holding, until=holding.since)
    if (theirs := draft.find(Membership, str(made.get("membership", "")))) and theirs.left_on is None:
        leave(draft, theirs, theirs.joined_on, "mistaken")
    draft.event("opening.person_undone", data={"person": str(made["person"])})
    return ""


def _acted_on_person(draft: Draft, made: Mapping[str, Any]) -> str:
    person = str(made["person"])
    if draft.select(Amendment, person=person):
        return "导入以后有人维护过此人的档案，这一行保留。"
    granted = draft.find(Entitlement, str(made.get("entitlement", "")))
    if granted and (granted.until != _until_of(draft, granted) or draft.select(Entitlement, follows=granted.id)):
        return "导入以后又有新的救助决定，这一行保留。"
    if draft.select(Visit, person=person):
        return "导入以后已经走访过此人，这一行保留。"
    if draft.select(Case, person=person):
        return "导入以后立过此人的个案，这一行保留。"
    return ""


def _until_of(draft: Draft, row: Entitlement) -> date | None:
    programme = draft.rulebook.programmes.get(row.programme)
    if programme is None or programme.held.lasts is None:
        return None
    return months_away(row.since, programme.held.lasts) if programme.held.lasts else row.since
