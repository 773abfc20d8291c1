"""Drafting a roll 起草名册: for each person who has, or was paid, a programme, the lines that even everything out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.casework.draft import Draft
from xunfang.casework.rolls import VOID, draft_roll, named, told_of
from xunfang.casework.rows import Amendment, Entitlement, Household, Membership, Payee, Person, Roll, RollLine
from xunfang.casework.upkeep import DIED
from xunfang.casework.verb import Asked
from xunfang.rules.entitlements import GRANTED
from xunfang.rules.rosters import (
    BLOCKING,
    DEAD,
    DOUBLE,
    EXCLUDED,
    NO_ACCOUNT,
    NO_AMOUNT,
    TOO_MANY,
    TWICE,
    Paid,
    Payment,
    Version,
    month_words,
    owed_by,
    payments,
    standard_on,
)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose payments are drafted, by which number; `others` are more records of the same person."""

    person: Person
    number: str = ""
    others: tuple[str, ...] = ()

    @property
    def records(self) -> frozenset[str]:
        """Return every record of the person."""
        return frozenset((self.person.id, *self.others))


def fill(draft: Draft, asked: Asked) -> None:
    """Draft the lines of some people, and with the `last` of them let the roll be looked through.

    `payload`: the `roll`, the `people`, their `secrets` and `others` (more records of the same), and whether these are
    the `last`. A person who has lines on the roll already gets no others.
    """
    roll = draft_roll(draft, asked)
    if roll.status != "drafting":
        return
    there = {line.person for line in draft.select(RollLine, roll=roll.id)}
    secrets: Mapping[str, str] = asked.payload.get("secrets", {})
    others: Mapping[str, Sequence[str]] = asked.payload.get("others", {})
    for key in asked.payload["people"]:
        person = draft.find(Person, str(key))
        if person and person.id not in there:
            _draft_person(draft, roll, _Whose(person, secrets.get(person.id, ""), tuple(others.get(person.id, ()))))
    if asked.payload.get("last"):
        _end(draft, roll)


def _end(draft: Draft, roll: Roll) -> None:
    draft.change(roll, status="drafted", drafted_at=draft.at)
    draft.event("roll.drafted", data=told_of(roll), rule=roll.roster)
    body = f"{named(draft.rulebook, roll)}已起草，请核对后定稿。"
    draft.tell(roll.unit, "roll", "发放名册已起草", body, key=f"roll:{roll.id}:drafted")


def _draft_person(draft: Draft, roll: Roll, whose: _Whose) -> None:
    person = whose.person
    versions = versions_of(draft.select(Entitlement, person=person.id), roll.programme)
    paid = _paid(draft, roll, person)
    first = min([roll.first, *(line.month for line in paid)])
    for payment in payments(versions, paid, first, roll.month):
        draft.put(_line(draft, roll, whose, payment))


def versions_of(rows: Iterable[Entitlement], programme: str) -> tuple[Version, ...]:
    """Return the decisions by which somebody has, or had, a programme, in the order in which they were taken."""
    kept = (row for row in rows if (row.programme, row.state, row.withdrawn_at) == (programme, GRANTED, None))
    held = sorted((row for row in kept if row.until is None or row.until >= row.since), key=lambda row: row.id)
    return tuple(Version(row.id, row.since, row.until, row.cents) for row in held)


def _paid(draft: Draft, roll: Roll, person: Person) -> tuple[Paid, ...]:
    """Return every line of somebody that counts, of this roster on any roll, by whichever unit it was drafted."""
    lines = [line for line in draft.select(RollLine, person=person.id) if line.roster == roll.roster]
    rolls = {line.roll: draft.find(Roll, line.roll) for line in lines}
    return tuple(Paid(line.id, line.month, line.cents) for line in lines if _counts(line, rolls[line.roll]))


def _counts(line: RollLine, roll: Roll | None) -> bool:
    return roll is not None and roll.status not in VOID and not line.held_back


def _line(draft: Draft, roll: Roll, whose: _Whose, payment: Payment) -> RollLine:
    roster, person = draft.rulebook.rosters[roll.roster], whose.person
    by = draft.find(Entitlement, payment.version) or draft.find(Entitlement, _of_line(draft, payment))
    home = _home(draft, by, person, roll.month)
    payee, size = draft.first(Payee, person=person.id, ended_at=None), len(_mates(draft, home, roll.month))
    insured = by.members if by else 0
    found = tuple(_problems(draft, roll, whose, payment, home, by, payee))
    return RollLine(
        id=draft.new_id(),
        jurisdiction=roll.jurisdiction,
        residence=draft.rulebook.divisions.follow(person.residence),
        roll=roll.id,
        roster=roll.roster,
        person=person.id,
        kind=payment.kind,
        month=payment.month,
        cents=payment.cents,
        entitlement=by.id if by else "",
        household=home.id if home else "",
        refers=payment.refers,
        size=size or insured,
        insured=insured,
        standard=standard_on(draft.rulebook, roster, payment.month),
        name=person.name,
        id_number=whose.number,
        number=home.number if home else "",
        payee=payee.name if payee else "",
        relation=payee.relation if payee else "",
        bank=payee.bank if payee else "",
        account=payee.account if payee else "",
        note=_note(draft, payment),
        problems=found,
        barred=bool(BLOCKING.intersection(found)),
        flagged=bool(found),
    )


def _of_line(draft: Draft, payment: Payment) -> str:
    line = draft.find(RollLine, payment.refers)
    return line.entitlement if line else ""


def _note(draft: Draft, payment: Payment) -> str:
    line = draft.find(RollLine, payment.refers)
    roll = draft.find(Roll, line.roll) if line else None
    return f"对{month_words(roll.month)}名册" if roll else ""


def _home(draft: Draft, by: Entitlement | None, person: Person, month: date) -> Household | None:
    own = next((row for row in draft.select(Membership, person=person.id) if _belongs(row, month)), None)
    return draft.find(Household, (by.household if by else "") or (own.household if own else ""))


def _belongs(row: Membership, month: date) -> bool:
    return row.left_on is None or row.left_on >= month


def _mates(draft: Draft, home: Household | None, month: date) -> list[Membership]:
    """Return whoever belongs to a household in a month."""
    return [row for row in draft.select(Membership, household=home.id) if _belongs(row, month)] if home else []


def _problems(
    draft: Draft,
    roll: Roll,
    whose: _Whose,
    payment: Payment,
    home: Household | None,
    by: Entitlement | None,
    payee: Payee | None,
) -> Iterable[str]:
    """Yield what is to be looked at before a line is paid; what is taken back needs no account and bars nothing."""
    if payment.cents < 0:
        return
    if by is None or by.cents is None:
        yield NO_AMOUNT
    if payee is None:
        yield NO_ACCOUNT
    mates = _mates(draft, home, payment.month)
    if by and mates and by.members > len(mates):
        yield TOO_MANY
    if any(_was_dead(draft, record, payment.month) for record in whose.records):
        yield DEAD
    yield from _doubles(draft, roll, whose, mates, payment.month)


def _was_dead(draft: Draft, record: str, month: date) -> bool:
    """Return whether somebody had died before the first day of a month, as a record of them tells."""
    return any(row.on is not None and row.on < month for row in draft.select(Amendment, person=record, field=DIED))


def _doubles(draft: Draft, roll: Roll, whose: _Whose, mates: Sequence[Membership], month: date) -> Iterable[str]:
    """Yield in which way a household is paid twice for a month: what was held back for that stays barred."""
    excludes = draft.rulebook.rosters[roll.roster].excludes
    others = {row.person for row in mates} - whose.records
    if any(_has(draft, other, roll.programme, month) for other in others):
        yield TWICE
    if any(_has(draft, other, roll.programme, month) for other in whose.others):
        yield DOUBLE
    if any(_has(draft, each, name, month) for each in {*whose.records, *others} for name in excludes):
        yield EXCLUDED


def _has(draft: Draft, person: str, programme: str, month: date) -> bool:
    return owed_by(versions_of(draft.select(Entitlement, person=person), programme), month) is not None
