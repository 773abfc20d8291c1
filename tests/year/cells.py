"""What stands in the cells of ledgers, and indicators that rest on answers: by the events, and the forms they name.

A cell is its value, not its words: a day, a number, the word of the rules for a choice. What only the registry itself
knows (numbers and phones, who works on a case until when, how a case stands) is no event's word, and not looked at.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from year.aid import Aid
from year.boards import Boards
from year.measured import _of_case as owners_of_case
from year.measured import _of_task as owners_of_task
from year.measured import _period as period_of
from year.measured import settled
from year.recount import HERE, Figures, Recount, Told

_REPORTED = frozenset({"found_at", "source", "submitted_at", "entered_at", "in_time", "form", "unit"})
_WORKED = frozenset({
    "state", "unit", "units", "opened_at", "claimed_by", "claimed_at", "due_at", "overdue_at", "outcome",
    "completed_at", "completed_in_time",
})  # fmt: skip
_KNOWN = {
    "case": {"case.number", "case.flow", "case.opened_at", "case.closed_at", "person.residence", "notice.number"},
    "entitlement": {
        "entitlement.state", "entitlement.since", "entitlement.until", "entitlement.amount",
        "person.residence",
    },
    "publication": {
        "case.number", "case.flow", "publication.board", "publication.posted_on", "publication.until",
        "publication.interrupted",
    },
    "visit": {"visit.visited_on"},
}  # fmt: skip
_TESTS = {"in", "at_most", "is"}


def is_read(of: str, path: str) -> bool:
    """Whether a column of a ledger is looked at: what events tell of a thing, and what forms told."""
    root, _, name = path.partition(".")
    told = {"case": (("clue", _REPORTED), ("task", _WORKED)), "visit": (("visit", {"unit"}),)}.get(of, ())
    return path in _KNOWN[of] or any(root == one and name not in known for one, known in told)


def text(value: Any) -> str:
    """Return a value as text, the same from whichever side it comes; "" for none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return "、".join(map(text, value))
    if isinstance(value, datetime):
        return value.astimezone(HERE).strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return "" if value is None else str(int(value) if isinstance(value, float) and value.is_integer() else value)


@dataclass
class Cells:
    """Goes through the events beside the others; `number`: of each case, `papers`: the numbers of those it issued."""

    recount: Recount
    aid: Aid
    boards: Boards
    number: dict[str, str] = field(default_factory=dict)
    papers: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    visits: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        data = event.data
        if event.name == "case.opened" and "number" in data:
            self.number[event.case] = str(data["number"])
        elif event.name == "flow.started":
            self.number[next(reversed(self.recount.cases))] = str(data["number"])
        elif event.name == "notice.issued":
            self.papers.setdefault(event.case, []).append(str(data["number"]))
        elif event.name == "visit.made":
            form = self.recount.filled[str(data["submission"])]
            place = str(form.get("residence") or self.recount.rules.code)
            self.visits.append((place, {**form, "visited_on": data["visited_on"]}))
        elif event.name in ("task.completed", "duty.reported"):
            self.answers[event.task] = str(data.get("submission", ""))

    # the lines of ledgers: whose each is, and what is known of it

    def lines(self, of: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the things that ledgers of a kind list, as (whose, facts)."""
        if of == "case":
            yield from ((key, self.of_case(key)) for key in self.recount.cases)
        elif of == "entitlement":
            yield from self._helped()
        elif of == "publication":
            yield from self._posted()
        elif of == "visit":
            yield from ((place, _behind("visit", told)) for place, told in self.visits)

    def of_case(self, key: str) -> dict[str, Any]:
        """Return what is known of a case: reports of the case it all began in, and what its tasks told since."""
        case, line, filled = self.recount.cases[key], [key], self.recount.filled
        while line[0] in self.aid.begun_in:
            line.insert(0, self.aid.begun_in[line[0]])
        facts: dict[str, Any] = {}
        reports = self.recount.cases[line[0]].reports
        for told in sorted(reports, key=lambda one: reports[one].told):
            facts |= _behind("clue", filled[told])
        for one in line:
            for while_it_goes_on in (True, False):
                for _, told, goes_on in self.aid.told[one]:
                    if goes_on is while_it_goes_on:
                        facts |= _behind("task", filled.get(told, {}))
        known = {"number": self.number.get(key), "flow": case.flow, "opened_at": case.opened, "closed_at": case.closed}
        numbers = list(dict.fromkeys(filter(None, self.papers.get(key, ()))))
        return {**facts, **_behind("case", known), "person.residence": case.place, "notice.number": numbers}

    def _helped(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for one in self.aid.lasting():
            amount = None if one.cents is None else one.cents / 100
            told = {"state": one.state, "since": one.since, "until": one.until, "amount": amount}
            told["programme"] = one.programme
            yield one.person, {**_behind("entitlement", told), "person.residence": self.aid.lives_in[one.person]}

    def _posted(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for one in self.boards.posted.values():
            case = {"number": self.number.get(one.case), "flow": self.recount.cases[one.case].flow}
            told = {
                "board": one.board,
                "posted_on": one.posted[:10],
                "until": one.until[:10],
                "interrupted": one.cut_short,
            }
            yield one.case, {**_behind("case", case), **_behind("publication", told)}

    def figures(self) -> Figures:
        """Return each cell once, and how many lines ledgers have that ask for an answer."""
        found: Figures = Counter()
        listed = {of: list(self.lines(of)) for of in _KNOWN}
        for name, ledger in self.recount.rules.ledgers.items():
            wanted = where_of(ledger)
            if not can_be_read(ledger):
                continue
            lines = [(whose, facts) for whose, facts in listed[ledger["of"]] if holds(wanted, facts)]
            if any(path.startswith("task.") for path in wanted):
                found["ledger lines", name] = len(lines)
            columns = [path for path in ledger["columns"] if is_read(ledger["of"], path)]
            for whose, facts in lines:
                found.update(
                    ("cell", name, path, whose, text(facts[path])) for path in columns if text(facts.get(path))
                )
        return found + self._judged()

    # indicators that rest on answers

    def _judged(self) -> Figures:
        found: Figures = Counter()
        for name, indicator in judged(self.recount).items():
            part = _flat(indicator["part"]["where"])
            for owner, period, facts in self._counted(indicator):
                found["indicator", name, owner, period, "whole"] += 1
                found["indicator", name, owner, period, "part"] += holds(part, facts)
        return found

    def _counted(self, indicator: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield for whom and for which period each thing counts, and what was told of it."""
        whole, per, recount = indicator["whole"], indicator["per"], self.recount
        if whole["of"] == "case":
            for key, case in recount.cases.items():
                if case.flow == whole["where"]["flow"]:
                    facts, period = self.of_case(key), period_of(case.opened, per)
                    yield from ((owner, period, facts) for owner in owners_of_case(recount, case, per))
            return
        for key, task in recount.tasks.items():
            day = settled(task, recount.last)
            about = {"duty": task.duty} if task.duty else {"state": task.state}
            if day and bool(task.duty) == (whole["of"] == "duty") and holds(whole["where"], about):
                facts = recount.filled.get(self.answers.get(key, ""), {})
                yield from ((owner, period_of(day, per), facts) for owner in owners_of_task(recount, task, per))


def can_be_read(ledger: Mapping[str, Any]) -> bool:
    """Whether it can be told by events which things a ledger lists."""
    wanted = where_of(ledger)
    known = {"case": ("case.flow", "task."), "entitlement": ("entitlement.programme",)}.get(ledger["of"], ())
    return ledger["of"] in _KNOWN and all(path.startswith(known) for path in wanted)


def where_of(ledger: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a ledger asks of the things it lists, each by its whole name."""
    flat = _flat(ledger.get("where", {}))
    return {path if "." in path else f"{ledger['of']}.{path}": test for path, test in flat.items()}


def judged(recount: Recount) -> dict[str, Any]:
    """Return the indicators whose part is what forms told."""
    return {
        name: one
        for name, one in recount.rules.indicators.items()
        for part in (_flat(one["part"]["where"]),)
        if not set(part) & {"completed_in_time", "closed", "reported_in_time"}
    }


def _flat(where: Mapping[str, Any], head: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, test in where.items():
        if isinstance(test, dict) and not set(test) & {*_TESTS, "any"}:
            found |= _flat(test, f"{head}{name}.")
        else:
            found[f"{head}{name}"] = test
    return found


def holds(wanted: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether what is known is as it is wanted; of what nobody told nothing holds."""
    return all(_is(facts.get(path), test) for path, test in wanted.items())


def _is(value: Any, test: Any) -> bool:
    if not isinstance(test, dict):
        return bool(value == test and type(value) is type(test))
    if "at_most" in test:
        return isinstance(value, (int, float)) and value <= test["at_most"]
    return value in test["in"]


def _behind(root: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was told behind a root; what was left empty takes nothing back."""
    return {f"{root}.{name}": value for name, value in told.items()}
