"""Reports of the month, by the events alone: what was counted for them, what was told in them, what it adds up to."""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from year.aid import Aid, Help
from year.measured import settled
from year.recount import Figures, Recount, Told

_DIGITS = {"county": 6, "township": 9, "village": 12}
_HUNDRED = 100
_GOING_ON = {("granted", "granted"), ("suspended", "suspended"), ("exited", "exited"), ("suspended", "granted")}
"""As what somebody stood to a programme before and since, where it only went on."""
_NO_MORE = ("withdrawn", "replaced", "nobody_left", "missed")
"""How a return ended that nobody waits for, though nothing came."""
Thing = tuple[str, str, Mapping[str, int]]
"""Where something counts, whose it is ("" for nobody known), and what of it can be added up, in hundredths."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A figure of a report: how its duty and field are called, of how many digits of a place it is, what it counts."""

    duty: str
    field: str
    digits: int
    rule: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.duty}/{self.field}"


def fills(recount: Recount) -> Iterator[Fill]:
    """Yield the figures of monthly reports that can be counted without knowing more."""
    for name, duty in recount.rules.duties.items():
        per = recount.rules.units.get(duty["of"], {}).get("per", "")
        monthly = duty.get("covers") == "previous month"
        for what, rule in duty.get("fills", {}).items() if monthly else ():
            if rule.get("of") in _THINGS:
                yield Fill(name, what, _DIGITS.get(per, 0), rule)


def counted(recount: Recount, aid: Aid, fill: Fill, month: str, on: str = "") -> dict[str, tuple[int, int]]:
    """Return, by the place that reports ("" for all of them), how many there are in a month and what they add up to.

    It is told as of the end of the month, or of the day `on` which it was counted; that day's divisions are meant.
    """
    ends = _end_of(month, on or recount.last[:10])
    found: dict[str, tuple[int, int]] = {}
    seen = set[tuple[str, str]]()
    for place, person, sums in _THINGS[fill.rule["of"]](recount, aid, fill.rule, month, ends):
        near = recount.rules.now(place, on)
        for owner in ("", near[: fill.digits]) if 0 < fill.digits <= len(near) else ("",):
            if "each" in fill.rule and person and (owner, person) in seen:
                continue
            seen.add((owner, person))
            whole, part = found.get(owner, (0, 0))
            found[owner] = (whole + 1, part + (sums[fill.rule["sum"]] if "sum" in fill.rule else 1))
    return found


def _visits(recount: Recount, aid: Aid, rule: Mapping[str, Any], month: str, ends: str) -> Iterator[Thing]:
    yield from ((place, person, {}) for place, on, person in recount.visited if on == month)


def _cases(recount: Recount, aid: Aid, rule: Mapping[str, Any], month: str, ends: str) -> Iterator[Thing]:
    for case in recount.cases.values():
        when = case.closed if rule.get("by") == "closed" else case.opened
        if case.flow == rule["where"]["flow"] and when[:7] == month:
            yield case.place, "", {}


def _tasks(recount: Recount, aid: Aid, rule: Mapping[str, Any], month: str, ends: str) -> Iterator[Thing]:
    for task in recount.tasks.values():
        day = settled(task, recount.last) if task.case and task.state == rule["where"]["state"] else ""
        ended = task.ended if task.ended[:10] <= ends else ""
        if day[:7] == month and _so(ended, task.in_time, rule["where"]):
            yield recount.cases[task.case].place, "", {}


def _so(ended: str, in_time: bool | None, where: Mapping[str, Any]) -> bool:
    """Whether a task is ended, or late, where only such are asked for."""
    late = not (ended and in_time)
    return (bool(ended) or "completed_at" not in where) and (late or "completed_in_time" not in where)


def _helped(recount: Recount, aid: Aid, rule: Mapping[str, Any], month: str, ends: str) -> Iterator[Thing]:
    for one in aid.lasting():
        if all(getattr(one, name) == value for name, value in rule["where"].items()) and _there(one, rule, month, ends):
            sums = {"amount": one.cents or 0, "members": one.members * _HUNDRED}
            yield aid.lived_in(one.person, ends), one.person, sums


def _there(one: Help, rule: Mapping[str, Any], month: str, ends: str) -> bool:
    """Whether something began in a month, or held when it was over; what was dated back before itself never held."""
    if one.until is not None and one.until < one.since:
        return False
    if rule.get("by") == "begun":
        return f"{one.since:%Y-%m}" == month and not _goes_on(one)
    return one.since.isoformat() <= ends and (one.until is None or one.until.isoformat() >= ends)


def _goes_on(one: Help) -> bool:
    """Whether somebody has on what they had, with another amount, or after it stood still: nobody is new by that."""
    before = one.follows
    still = before is not None and not before.undone
    return bool(before and still and (before.state, one.state) in _GOING_ON)


def _end_of(month: str, today: str) -> str:
    """Return the last day of a month, or today where that is still to come."""
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    return min(f"{month}-{last:02}", today)


_THINGS: Mapping[str, Callable[[Recount, Aid, Mapping[str, Any], str, str], Iterator[Thing]]] = {
    "visit": _visits, "case": _cases, "task": _tasks, "entitlement": _helped
}  # fmt: skip


@dataclass(slots=True)
class Return:
    """What a unit owes or told for a month: its task, how it stands, and since when it is over."""

    duty: str
    task: str
    month: str
    status: str = "owed"
    over: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Reports:
    """Goes through the events of reports, and counts whenever the system did."""

    recount: Recount
    aid: Aid
    returns: dict[str, Return] = field(default_factory=dict)
    before: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    looked: set[tuple[str, str]] = field(default_factory=set)
    figures_told: Figures = field(default_factory=Counter)

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        data = event.data
        if event.name == "duty.opened" and data.get("due_at"):
            duty = str(data["duty"])
            if self._monthly(duty):
                self.returns[event.task] = Return(duty, event.task, str(data["due_at"])[:7])
        elif event.name == "figures.counted" and data["every"] == "month":
            self._count(str(data["of"]), str(data["begins_on"])[:7], event.at[:10])
        elif event.task in self.returns and event.name.startswith("duty."):
            self._told(self.returns[event.task], event)

    def _monthly(self, duty: str) -> bool:
        rule = self.recount.rules.duties[duty]
        return rule.get("every") == "month" and bool(rule.get("fills") or rule.get("collects"))

    def _count(self, of: str, month: str, on: str) -> None:
        """Remember what the figures about something came to when the system counted them."""
        for fill in fills(self.recount):
            by = f":{fill.rule['by']}" if fill.rule.get("by") in ("closed", "begun") else ""
            if f"{fill.rule['of']}{by}/end" == of:
                self.looked.add((fill.name, month))
                for owner, found in counted(self.recount, self.aid, fill, month, on).items():
                    self.before[fill.name, owner, month] = found

    def _told(self, one: Return, event: Told) -> None:
        what = event.name.partition(".")[2]
        if what in ("reported", "nil", "waived", "folded"):
            one.status, one.over = what, event.at
        elif what in _NO_MORE:
            one.status = what
        if what == "reported":
            one.told = self.recount.filled.get(str(event.data.get("submission", "")), {})
            self._compare(one)

    def _compare(self, one: Return) -> None:
        """Note what stood in a report before it was filled in: what was counted for it, what its returns add up to."""
        place, duty = self._place(one), self.recount.rules.duties[one.duty]
        covered = _before(one.month)
        for fill in fills(self.recount):
            if fill.duty == one.duty and (fill.name, covered) in self.looked:
                whole, part = self.before.get((fill.name, place, covered), (0, 0))
                self._note("counted", one, fill.field, part if "sum" in fill.rule else whole * _HUNDRED)
        for fill in duty.get("fills", {}).values() if "collects" in duty else ():
            if fill.get("tells") == "missing":
                self._compare_missing(one)
        for name in self._shared(one.duty) if "collects" in duty else ():
            self._note("summed", one, name, sum(_hundredths(each.told.get(name)) for each in self.collected(one)))

    def _compare_missing(self, one: Return) -> None:
        """Note who had not reported yet as a summary was handed in."""
        asked = self._asked(one)
        names = [self.recount.rules.unit_name(self._unit(each)) for each in asked if each.status == "owed"]
        told = names or ["无"] if asked else []
        self.figures_told.update(("report missing", one.duty, self._unit(one), one.month, name) for name in told)

    def _note(self, what: str, one: Return, name: str, value: int) -> None:
        self.figures_told[f"report {what}", one.duty, self._unit(one), one.month, name] += value

    def _shared(self, duty: str) -> list[str]:
        """Return the numbers that a summary and the returns it collects both have, but those it counts itself."""
        rules = self.recount.rules
        own, theirs = rules.duties[duty], rules.duties[rules.duties[duty]["collects"]]
        both = [name for name in rules.numbers(own["form"]) if name in rules.numbers(theirs["form"])]
        return [name for name in both if name not in own.get("fills", {})]

    def _unit(self, one: Return) -> str:
        return self.recount.tasks[one.task].unit

    def _place(self, one: Return) -> str:
        """Return where the unit works, or worked when it handed in: what was in by a merger stays with its own."""
        return self._unit(one).partition(":")[2]

    def collected(self, summary: Return) -> list[Return]:
        """Return the returns that go into a summary: for its month, by whoever lies where it is drawn up.

        What came once the summary was in does not stand in it.
        """
        found = self._asked(summary)
        return [one for one in found if one.over and (not summary.over or one.over <= summary.over)]

    def _asked(self, summary: Return) -> list[Return]:
        """Return what a summary collects, in or not."""
        wanted, place = self.recount.rules.duties[summary.duty]["collects"], self._place(summary)
        theirs = [one for one in self.returns.values() if (one.duty, one.month) == (wanted, summary.month)]
        return [one for one in theirs if self._place(one).startswith(place)]

    def figures(self) -> Figures:
        """Return what reports told, and what summaries of them come to, column by column."""
        found: Figures = Counter(self.figures_told)
        for one in self.returns.values():
            numbers = self.recount.rules.numbers(self.recount.rules.duties[one.duty]["form"])
            for name in numbers:
                found["report told", one.duty, self._unit(one), one.month, name] += _hundredths(one.told.get(name))
            if "collects" in self.recount.rules.duties[one.duty]:
                found.update(self._summary(one))
        return found

    def _summary(self, summary: Return) -> Figures:
        found: Figures = Counter()
        form = self.recount.rules.duties[self.recount.rules.duties[summary.duty]["collects"]]["form"]
        which = (summary.duty, self._unit(summary), summary.month)
        for each in self.collected(summary):
            for name in self.recount.rules.numbers(form):
                value = _hundredths(each.told.get(name))
                found["summary line", *which, self.recount.rules.now(self._place(each)), name] += value
                found["summary total", *which, name] += value
        return found


def ended_figures(recount: Recount, aid: Aid, year: int) -> Figures:
    """Return what the figures of reports come to in the end, by place and month."""
    found: Figures = Counter()
    for fill in fills(recount):
        for month in (f"{year}-{n:02}" for n in range(1, 13)):
            for owner, (whole, part) in counted(recount, aid, fill, month).items():
                found["indicator", fill.name, owner, f"{month}-01", "whole"] += whole
                found["indicator", fill.name, owner, f"{month}-01", "part"] += part
    return found


def _hundredths(told: Any) -> int:
    return round(told * _HUNDRED) if isinstance(told, (int, float)) and not isinstance(told, bool) else 0


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1)}-{(number - 2) % 12 + 1:02}"
