"""Rolls 名册: the rosters of single months, with a line for each payment, and the accounts that are paid into."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """The roster of one month, drafted by one unit; `turn` counts how often that was begun.

    `status`: "drafting", "drafted", "locked" 已定稿, "reviewed", "signed", "handed" 已移交, "paid"; "returned" and
    "dropped" count for nothing. `month` is its first day. `xlsx` and `pdf` are the hashes of what was
    made of it when it was signed, `households`, `insured` and `cents` its totals when it was locked. `residence` is
    where its unit works, `receiver` who took it on `handed_on`; `first` the first month that its unit paid by rolls.
    """

    id: str
    jurisdiction: str
    residence: str
    roster: str
    programme: str
    unit: str
    month: date
    turn: int
    release: str
    begun_at: datetime
    begun_by: str
    first: date
    status: str = "drafting"
    drafted_at: datetime | None = None
    locked_at: datetime | None = None
    locked_by: str = ""
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    signed_at: datetime | None = None
    signed_by: str = ""
    handed_on: date | None = None
    handed_by: str = ""
    receiver: str = ""
    paid_on: date | None = None
    ended_at: datetime | None = None
    reason: str = ""
    households: int = 0
    insured: int = 0
    cents: int = 0
    xlsx: str = ""
    pdf: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RollLine:
    """One payment on a roll, as everything stood when it was drafted: never changed once the roll is locked.

    `kind`: "regular", "resumed", "back" or "taken"; `refers` is the line of an earlier roll that it goes on from or
    puts right. `size` counts the household 家庭人口, `insured` those who are covered 保障人口. `problems` are codes, of
    which some make it `barred`; one `held_back` is not paid, and comes as a back payment later.
    """

    id: str
    jurisdiction: str
    residence: str
    roll: str
    roster: str
    person: str
    kind: str
    month: date
    cents: int
    entitlement: str = ""
    household: str = ""
    refers: str = ""
    size: int = 0
    insured: int = 0
    standard: int | None = None
    name: str = ""
    id_number: str = ""
    number: str = ""
    payee: str = ""
    relation: str = ""
    bank: str = ""
    account: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()
    barred: bool = False
    flagged: bool = False
    held_back: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Whose account somebody's aid is paid into 收款人, from a moment until another one is told; they may be others."""

    id: str
    jurisdiction: str
    residence: str
    person: str
    name: str
    relation: str
    bank: str
    account: str
    told_at: datetime
    by: str
    unit: str
    ended_at: datetime | None = None
    version: int = 1
