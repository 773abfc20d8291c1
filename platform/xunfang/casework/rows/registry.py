"""The registry 救助对象档案: what people are held to be, what they were given, and when somebody visited them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A category 对象类别 that a person is held to be of, from a day until another.

    `source` says by what it came: "report", "outcome", "list" or "hand"; `submission` is the form that told it, if one
    did, `case` where, `cites` by which clauses. `residence` is where the person lived when it was noted.
    """

    id: str
    jurisdiction: str
    residence: str
    person: str
    category: str
    since: date
    noted_at: datetime
    source: str
    until: date | None = None
    case: str = ""
    submission: str = ""
    cites: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What was decided about one programme 救助事项 for a person 保障: a version of its own for each decision.

    Never overwritten: a later decision ends the one before (`until`, the last day on which it held) and begins another
    that `follows` it; one decided anew, or in a case that is void, is taken back (`withdrawn_at`). `state`: "granted",
    "refused", "suspended" or "exited". `cents` is the amount in 分, None where none was told; `members` how many of the
    household are covered, 0 where that was not told. `submission` is the form that the decision was told in, `case` and
    `task` where it was taken, `source` by what it came, `cites` by which clauses; `reason` why it was refused or ended.
    """

    id: str
    jurisdiction: str
    residence: str
    person: str
    programme: str
    state: str
    since: date
    decided_at: datetime
    unit: str
    until: date | None = None
    cents: int | None = None
    members: int = 0
    case: str = ""
    task: str = ""
    submission: str = ""
    source: str = "outcome"
    release: str = ""
    household: str = ""
    follows: str = ""
    reason: str = ""
    cites: tuple[str, ...] = ()
    withdrawn_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """That somebody was visited 走访: by which unit and account, on which day, told in which form (a submission's key).

    `person` is "" where the form was about nobody in particular.
    """

    id: str
    jurisdiction: str
    residence: str
    person: str
    unit: str
    by: str
    visited_on: date
    told_at: datetime
    form: str
    submission: str
    release: str
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A household 户 that aid is given to; `number` is its own in the jurisdiction 户编号."""

    id: str
    jurisdiction: str
    residence: str
    number: str
    opened_at: datetime
    ended_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That a person belongs to a household from a day until another. `relation` is to its head, who has "head".

    `left_because`: why they left, as one of the words of the registry ("moved", "split", "died", "joined", "mistaken").
    """

    id: str
    jurisdiction: str
    household: str
    person: str
    relation: str
    joined_on: date
    left_on: date | None = None
    left_because: str = ""
    version: int = 1
