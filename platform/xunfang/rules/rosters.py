"""Rosters 发放名册: what each month owes to whom, and by which lines it comes out even. Amounts are whole 分.

A month is owed what is held on its first day: who is granted something during a month has it from the next on, and who
exits during one had it to its end, as the ministry's rules say. What is decided later about earlier months is evened
out by lines of their own, which name the line they put right.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.division import bounds
from xunfang.rulebook.model import Roster, Rulebook
from xunfang.rules.units import instances, kind_of, places_of

REGULAR, RESUMED, BACK, TAKEN = "regular", "resumed", "back", "taken"
KINDS = {REGULAR: "正常发放", RESUMED: "续发", BACK: "补发", TAKEN: "更正扣回"}
"""What a line is: the amount of the month, the first after a gap, for an earlier month, or back from one."""
NO_AMOUNT, NO_ACCOUNT, TWICE, EXCLUDED, TOO_MANY = "no-amount", "no-account", "twice", "excluded", "too-many"
DOUBLE, DEAD = "double", "dead"
PROBLEMS = {
    NO_AMOUNT: "保障决定没有写明金额", NO_ACCOUNT: "没有登记收款账户", TWICE: "同一户有两人分别享受这项救助",
    EXCLUDED: "同一户又享受不能同时享受的救助", TOO_MANY: "保障人口多于家庭人口",
    DOUBLE: "同一个人另有一份档案，也在享受这项救助", DEAD: "此人已登记去世，这项救助还没有停",
}  # fmt: skip
BLOCKING = frozenset({NO_AMOUNT, TWICE, EXCLUDED, DOUBLE, DEAD})
"""What must be put right, or the line held back, before a roster can be fixed."""
MOST_MONTHS = 24
"""So far back, at most, months are evened out."""


@dataclass(frozen=True, slots=True)
class Version:
    """One decision by which something is held: from a day, to a day, for so much a month (None: it was not told)."""

    key: str
    since: date
    until: date | None
    cents: int | None

    def holds_in(self, month: date) -> bool:
        """Return whether a month is owed by it: it holds on the first day of the month."""
        return self.since <= month and (self.until is None or self.until >= month)


@dataclass(frozen=True, slots=True)
class Paid:
    """A line of an earlier roster: for which month, and how much; taken back is less than nothing."""

    key: str
    month: date
    cents: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A line to be drafted: what it is, for which month, how much, by which decision, which line it puts right."""

    kind: str
    month: date
    cents: int
    version: str = ""
    refers: str = ""


def month_of(day: date) -> date:
    """Return the first day of a month."""
    return day.replace(day=1)


def before(month: date, months: int = 1) -> date:
    """Return the month so many before another."""
    place = month.year * 12 + month.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Return every month from one to another, both included, the last so many of them."""
    found, month = list[date](), last
    while month >= first and len(found) <= MOST_MONTHS:
        found.append(month)
        month = before(month)
    return tuple(reversed(found))


def owed_by(versions: Sequence[Version], month: date) -> Version | None:
    """Return the decision that a month is owed by: of several that hold on its first day, the one decided last."""
    return next((version for version in reversed(versions) if version.holds_in(month)), None)


def payments(versions: Sequence[Version], paid: Sequence[Paid], first: date, month: date) -> tuple[Payment, ...]:
    """Return what evens a month out, and every month before it since the first that was ever paid by rosters.

    `versions` in the order in which they were decided, without those taken back; `paid` everything that counts.
    """
    made = [_earlier(versions, paid, each) for each in months_between(first, month)[:-1]]
    return tuple(payment for payment in (*made, _of_month(versions, paid, month)) if payment)


def _of_month(versions: Sequence[Version], paid: Sequence[Paid], month: date) -> Payment | None:
    version, done = owed_by(versions, month), _lines(paid, month)
    owed, given = _cents(version), sum(line.cents for line in done)
    if version and version.cents is None and not done:
        return Payment(REGULAR, month, 0, version.key)
    if owed == given:
        return None
    if done:
        return _difference(version, done, month, owed - given)
    earlier = [line for line in paid if line.month < month and line.cents > 0]
    gap = bool(earlier) and not _lines(paid, before(month)) and owed_by(versions, before(month)) is None
    last = max(earlier, key=lambda line: line.month).key if gap else ""
    return Payment(RESUMED if gap else REGULAR, month, owed, version.key if version else "", last)


def _earlier(versions: Sequence[Version], paid: Sequence[Paid], month: date) -> Payment | None:
    version, done = owed_by(versions, month), _lines(paid, month)
    if version and version.cents is None:
        return None  # how much is owed is not known: nothing is taken back by not knowing
    left = _cents(version) - sum(line.cents for line in done)
    return _difference(version, done, month, left) if left else None


def _difference(version: Version | None, done: Sequence[Paid], month: date, left: int) -> Payment:
    """Return the line by which what was paid for a month becomes what is owed."""
    given = [line for line in done if line.cents > 0]
    refers = (given or done)[-1].key if done else ""
    return Payment(BACK if left > 0 else TAKEN, month, left, version.key if version else "", refers)


def _cents(version: Version | None) -> int:
    return (version.cents or 0) if version else 0


def _lines(paid: Iterable[Paid], month: date) -> list[Paid]:
    return [line for line in paid if line.month == month]


# who drafts which


def drafted_by(rulebook: Rulebook, unit: str) -> tuple[Roster, ...]:
    """Return the rosters that a unit drafts."""
    return tuple(each for each in rulebook.rosters.values() if each.drafted_by == kind_of(unit))


def units_of(rulebook: Rulebook, roster: Roster) -> tuple[str, ...]:
    """Return the units that draft a roster, each for those who live where it works."""
    return instances(rulebook, roster.drafted_by)


def lives_with(rulebook: Rulebook, unit: str, residence: str) -> bool:
    """Return whether somebody's roster is drafted by a unit: they live where it works, or anywhere for one alone."""
    places = map(bounds, places_of(rulebook, unit))
    return any(low <= rulebook.divisions.follow(residence) < high for low, high in places)


def standard_on(rulebook: Rulebook, roster: Roster, month: date) -> int | None:
    """Return the standard that a roster shows for a month in 分, None where it names none or there was none yet."""
    standard = rulebook.info.standards.get(roster.standard)
    amount = standard.on(month) if standard else None
    return round(amount.value * 100) if amount else None


def made_by_roster(rulebook: Rulebook, duty: str) -> Roster | None:
    """Return the roster that does a duty, None for any other duty."""
    return next((each for each in rulebook.rosters.values() if duty and duty in (each.duty, each.paid)), None)


# in words


def yuan(cents: int) -> str:
    """Return an amount of 分 in 元 as tables write it, always with two decimals."""
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


def masked_account(account: str) -> str:
    """Return an account with its last four digits alone."""
    return f"****{account[-4:]}" if account else ""


def month_words(month: date) -> str:
    """Return a month in words."""
    return f"{month.year}年{month.month}月"


Totals = Mapping[str, "Total"]


@dataclass(frozen=True, slots=True)
class Total:
    """What lines come to: households and persons that are paid for the month itself, and amounts by kind of line."""

    households: int = 0
    insured: int = 0
    regular: int = 0
    back: int = 0
    taken: int = 0

    @property
    def cents(self) -> int:
        """Return the amount that is paid in all."""
        return self.regular + self.back + self.taken

    def __add__(self, other: "Total") -> "Total":
        """Return what both come to together."""
        return Total(*(getattr(self, name) + getattr(other, name) for name in Total.__dataclass_fields__))


def total_of(kind: str, lines: int, insured: int, cents: int) -> Total:
    """Return what lines of one kind come to: households and persons are counted where the month itself is paid."""
    if kind == BACK:
        return Total(back=cents)
    if kind == TAKEN:
        return Total(taken=cents)
    return Total(households=lines, insured=insured, regular=cents)


def by_place(found: Iterable[tuple[str, Total]], place: Callable[[str], str]) -> dict[str, Total]:
    """Return totals rolled up by what `place` makes of where they arose, in the order of that."""
    sums: dict[str, Total] = {}
    for residence, total in found:
        at = place(residence)
        sums[at] = sums.get(at, Total()) + total
    return dict(sorted(sums.items()))
