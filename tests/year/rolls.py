"""What rosters had to pay, by the events alone: what was owed by then, less what was paid before."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from year.aid import Aid, Help
from year.recount import Figures, Told

_TOWNSHIP = len("370304102")
_VOID = ("returned", "dropped")
_TOTALS = ("households", "insured", "cents")


@dataclass(slots=True)
class Pay:
    """What one roster pays somebody for one month: how that is called, how much, for how many."""

    kind: str
    cents: int
    members: int
    township: str
    held_back: bool = False


@dataclass(slots=True)
class OneRoll:
    """What the events told of a roster of one month, and what it pays, by person and month."""

    roster: str
    unit: str
    month: date
    status: str = "drafting"
    pays: dict[tuple[str, date], Pay] = field(default_factory=dict)
    fixed: dict[str, int] = field(default_factory=dict)


@dataclass
class Rolls:
    """Goes through the events of rosters, beside who is helped with what."""

    aid: Aid
    rolls: dict[str, OneRoll] = field(default_factory=dict)
    paid: dict[tuple[str, str], list[tuple[OneRoll, date]]] = field(default_factory=dict)

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        subject, _, what = event.name.partition(".")
        if subject != "roll" or what in ("made", "opened"):
            return
        key, data = str(event.data["roll"]), event.data
        if what == "begun":
            self.rolls[key] = OneRoll(str(data["roster"]), event.unit, date.fromisoformat(str(data["month"])))
        elif what in ("line_held", "line_let"):
            month = date.fromisoformat(str(data["paid_for"]))
            pay = self.rolls[key].pays.setdefault((str(data["person"]), month), Pay("nothing", 0, 0, ""))
            pay.held_back = what == "line_held"
        else:
            self.rolls[key].status = what
            if what == "drafted":
                self._draft(self.rolls[key], event.at[:10])
            elif what == "locked":
                self.rolls[key].fixed = {name: int(data[name]) for name in _TOTALS}

    def _draft(self, roll: OneRoll, on: str) -> None:
        """Find out what a roster has to pay to whom its unit pays on a day, from the first month that it ever paid."""
        rules = self.aid.recount.rules
        programme, place = str(rules.rosters[roll.roster]["programme"]), roll.unit.partition(":")[2]
        same = [one for one in self.rolls.values() if (one.roster, one.unit) == (roll.roster, roll.unit)]
        first = min(one.month for one in same if one is roll or one.status not in _VOID)
        for person, decisions in self.aid.of_person.items():
            home = rules.now(self.aid.lives_in[person], on)
            ever = [one for one in decisions if (one.programme, one.state) == (programme, "granted")]
            if ever and home.startswith(place):
                self._pay(roll, person, [one for one in ever if not one.undone], first, rules.now(home)[:_TOWNSHIP])

    def _pay(self, roll: OneRoll, person: str, granted: list[Help], first: date, township: str) -> None:
        before = self._paid_before(roll.roster, person)
        month = min([first, *(month for month, _ in before)])
        while month <= roll.month:
            done = [pay for when, pay in before if when == month]
            owed = _owed(granted, month)
            pay = _evened(owed, done, is_now=month == roll.month)
            if pay and pay.kind == "regular" and _comes_again(granted, before, month):
                pay.kind = "resumed"
            if pay:
                pay.township = township
                roll.pays[person, month] = pay
                self.paid.setdefault((roll.roster, person), []).append((roll, month))
            month = _after(month)

    def _paid_before(self, roster: str, person: str) -> list[tuple[date, Pay]]:
        """Return what somebody was paid by rosters that count, but what was held back."""
        lines = self.paid.get((roster, person), [])
        pays = [(month, roll.pays[person, month]) for roll, month in lines if roll.status not in _VOID]
        return [(month, pay) for month, pay in pays if not pay.held_back]

    def figures(self) -> Figures:
        """Return what was paid, by roster, month, kind and township, and how each roster stands."""
        found: Figures = Counter()
        for roll in self.rolls.values():
            which = (roll.roster, roll.unit, f"{roll.month:%Y-%m}")
            found["rosters", *which, roll.status] += 1
            if roll.status in _VOID:
                continue
            for (_, month), pay in roll.pays.items():
                how = "held back" if pay.held_back else pay.kind
                found["roster lines", *which, how, f"{month:%Y-%m}", pay.township] += 1
                found["roster cents", *which, how, f"{month:%Y-%m}", pay.township] += pay.cents
            for name, n in _totals(roll).items():
                found[f"roster {name}", *which] += n
                found[f"roster {name} told", *which] += roll.fixed.get(name, 0)
        return found


def _owed(granted: list[Help], month: date) -> Help | None:
    """Return by what a month is owed: what held on its first day; of several, what was decided last."""
    held = [one for one in granted if one.since <= month and (one.until is None or one.until >= max(month, one.since))]
    return held[-1] if held else None


def _evened(owed: Help | None, done: list[Pay], *, is_now: bool) -> Pay | None:
    """Return what makes what was paid for a month what is owed, None where it is that already."""
    due, given = (owed.cents or 0) if owed else 0, sum(pay.cents for pay in done)
    members = owed.members if owed else 0
    if owed and owed.cents is None and not (is_now and done):
        return Pay("regular", 0, members, "") if is_now else None
    if due == given:
        return None
    if is_now and not done:
        return Pay("regular", due, members, "")
    return Pay("back" if due > given else "taken", due - given, members, "")


def _comes_again(granted: list[Help], before: list[tuple[date, Pay]], month: date) -> bool:
    """Whether somebody was paid at some time before, but neither paid for the month before this nor owed it."""
    ever = any(when < month and pay.cents > 0 for when, pay in before)
    last = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return ever and _owed(granted, last) is None and not any(when == last for when, _ in before)


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _totals(roll: OneRoll) -> dict[str, int]:
    """Return what a roster comes to: households and persons paid for their month itself, and all the money."""
    paid = [pay for pay in roll.pays.values() if not pay.held_back]
    now = [pay for pay in paid if pay.kind in ("regular", "resumed")]
    return {
        "households": len(now),
        "insured": sum(pay.members for pay in now),
        "cents": sum(pay.cents for pay in paid),
    }
