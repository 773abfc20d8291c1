"""What stands in the cells of ledgers, and indicators that rest on answers: by the events, and the forms they name.

A cell is its value, not its words: a day, a number, the word of the rules for a choice. Lines are numbered in the order
of a sheet: newest first, people by where they live.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from year.aid import Aid, Help
from year.boards import Boards
from year.measured import _of_case as owners_of_case
from year.measured import _of_task as owners_of_task
from year.measured import _period as period_of
from year.measured import readable, settled
from year.recount import HERE, Figures, Recount, Told
from year.register import Register
from year.standing import Standing

_KNOWN = ("case", "entitlement", "publication", "visit", "person")
_TESTS = {"in", "at_most", "is"}


_NUMBER = "row"


def is_read(path: str) -> bool:
    """Whether a column of a ledger is looked at as a fact of the thing: all but the number of the line."""
    return path != _NUMBER


def is_numbered(ledger: Mapping[str, Any]) -> bool:
    """Whether the lines of a ledger have a number."""
    return bool(ledger["columns"][0] == _NUMBER)


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
    register: Register
    standing: Standing
    number: dict[str, str] = field(default_factory=dict)
    papers: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    visits: list[tuple[str, Mapping[str, Any], str]] = field(default_factory=list)
    last_visit: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    came: dict[str, Told] = field(default_factory=dict)
    told_first: dict[str, str] = field(default_factory=dict)

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
            self._visit(event, form)
        elif event.name in ("clue.submitted", "clue.corrected"):
            key = str(data["submission"])
            first = self.told_first[key] = self.told_first.get(str(data.get("corrects", "")), key)
            self.came.setdefault(first, event)
        elif event.name in ("task.completed", "duty.reported"):
            self.answers[event.task] = str(data.get("submission", ""))

    def _visit(self, event: Told, form: Mapping[str, Any]) -> None:
        place, person = str(form.get("residence") or self.recount.rules.code), str(event.data["person"])
        told = {**_behind("visit", form), "visit.visited_on": event.data["visited_on"], "visit.unit": event.unit}
        uses = self.recount.rules.form(str(event.data["form"])).get("x-person", {})
        self.visits.append(
            (place, told | {f"person.{use}": form[name] for use, name in uses.items() if form.get(name)}, person)
        )
        on = str(event.data["visited_on"])
        if person and on >= self.last_visit.get(person, ("", {}))[0]:
            self.last_visit[person] = (on, told)

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
            for place, told, person in self.visits:
                known = self.register.facts(person, self.today) if person else {}
                yield place, told | known
        elif of == "person":
            yield from self._people()

    @property
    def today(self) -> str:
        """The last day of the year that was lived."""
        return self.recount.last[:10]

    def _people(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield everybody who is held to be something: what they have, and when they were visited last."""
        for key, one in self.register.people.items():
            if all(held.until for held in one.held):
                continue
            facts = self.register.facts(key, self.today) | self.last_visit.get(key, ("", {}))[1]
            given = [row for row in self.aid.of_person[key] if _stands(row, self.today)]
            for name in ("programme", "state", "since", "until", "amount"):
                values = [_of_help(row)[name] for row in given]
                facts[f"entitlement.{name}"] = values[0] if len(values) == 1 else values
            yield key, facts

    def of_case(self, key: str) -> dict[str, Any]:
        """Return what is known of a case: reports of the case it all began in, and what its tasks told since."""
        case, line, filled = self.recount.cases[key], [key], self.recount.filled
        while line[0] in self.aid.begun_in:
            line.insert(0, self.aid.begun_in[line[0]])
        facts: dict[str, Any] = {}
        for told in self.recount.cases[line[0]].as_they_came():
            facts |= _behind("clue", filled[told])
        for one in line:
            for while_it_goes_on in (True, False):
                for _, told, goes_on in self.aid.told[one]:
                    if goes_on is while_it_goes_on:
                        facts |= _behind("task", filled.get(told, {}))
        known = {"number": self.number.get(key), "flow": case.flow, "opened_at": case.opened, "closed_at": case.closed}
        numbers = list(dict.fromkeys(filter(None, self.papers.get(key, ()))))
        facts |= {**_behind("case", known), **self.standing.facts(key), "notice.number": numbers}
        return facts | self._reported(line[0]) | self._whom(key)

    def _whom(self, key: str) -> dict[str, Any]:
        """Return whom a case is about, where they live and are registered by it, and the phone that it told last."""
        case = self.recount.cases[key]
        known = self.register.facts(self.register.about[key], self.today)
        phones = [phone for told in reversed(case.as_they_came()) if (phone := self._phone(told))]
        places = {"person.residence": case.place, "person.registration": self.register.registered.get(key, "")}
        return known | places | ({"person.phone": phones[0]} if phones else {})

    def _phone(self, told: str) -> str:
        form = self.recount.rules.form(self.register.form_of[told])
        return str(self.recount.filled[told].get(form.get("x-person", {}).get("phone", "")) or "")

    def _reported(self, key: str) -> dict[str, Any]:
        """Return when the first report of a case was found and handed in, by whom, and where it came from."""
        first = next(iter(self.recount.cases[key].as_they_came()), "")
        if not first:
            return {}
        event, told = self.came[self.told_first[first]], self.recount.filled[first]
        form = self.recount.rules.form(str(event.data["form"]))
        known = {
            "found_at": str(told.get("found_at") or "")[:19],
            "source": self.recount.filled[self.told_first[first]].get("source") or form.get("x-source", ""),
            "submitted_at": event.at, "entered_at": event.at, "form": event.data["form"], "unit": event.unit,
        }  # fmt: skip
        return _behind("clue", known)

    def _helped(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for one in self.aid.lasting():
            case = {"case.number": self.number.get(one.case)}
            yield (
                one.person,
                {**_behind("entitlement", _of_help(one)), **case, **self.register.facts(one.person, self.today)},
            )

    def _posted(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        objections = self.boards.objections
        for key, one in self.boards.posted.items():
            case = {"number": self.number.get(one.case), "flow": self.recount.cases[one.case].flow}
            told = {
                "board": one.board,
                "posted_on": one.posted[:10],
                "until": one.until[:10],
                "interrupted": one.cut_short,
                "objections": objections[key],
            }
            yield one.case, {**_behind("case", case), **_behind("publication", told), **self._whom(one.case)}

    def figures(self) -> Figures:
        """Return each cell once, and how many lines ledgers have that ask for an answer."""
        found: Figures = Counter()
        listed = {of: _in_order(of, list(self.lines(of))) for of in _KNOWN}
        for name, ledger in self.recount.rules.ledgers.items():
            wanted = where_of(ledger)
            if not can_be_read(ledger):
                continue
            lines = [(whose, facts) for whose, facts in listed[ledger["of"]] if holds(wanted, facts)]
            if any(path.startswith("task.") for path in wanted):
                found["ledger lines", name] = len(lines)
            columns = [path for path in ledger["columns"] if is_read(path)]
            for number, (whose, facts) in enumerate(lines, 1):
                found["cell", name, _NUMBER, whose, str(number)] += is_numbered(ledger)
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
                    facts |= {name: facts[f"case.{name}"] for name in ("closed", "completed_in_time")}
                    owners = [*owners_of_case(recount, case, per), *(_who(facts) if "unit" in per else ())]
                    yield from ((owner, period, facts) for owner in owners)
            return
        for key, task in recount.tasks.items():
            day = settled(task, recount.last)
            about = {"duty": task.duty} if task.duty else {"state": task.state}
            if day and bool(task.duty) == (whole["of"] == "duty") and holds(whole["where"], about):
                facts = recount.filled.get(self.answers.get(key, ""), {})
                yield from ((owner, period_of(day, per), facts) for owner in owners_of_task(recount, task, per))


def _in_order(of: str, lines: list[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return lines, told in the order in which they came about, as they stand on a sheet."""
    if of == "person":
        return sorted(lines, key=lambda line: str(line[1]["person.residence"]))
    by_day = sorted(lines, key=lambda line: str(line[1]["visit.visited_on"])) if of == "visit" else lines
    return by_day[::-1]


def _who(facts: Mapping[str, Any]) -> list[str]:
    """Return the units that answer for a case: those at work on it, or else the one that reported it."""
    return list(facts.get("task.units") or ()) or [str(facts["clue.unit"])]


def can_be_read(ledger: Mapping[str, Any]) -> bool:
    """Whether it can be told by events which things a ledger lists."""
    wanted = where_of(ledger)
    known = {"case": ("case.flow", "task."), "entitlement": ("entitlement.programme",), "person": ("person.category",)}
    known = known.get(ledger["of"], ())
    return ledger["of"] in _KNOWN and all(path.startswith(known) for path in wanted)


def where_of(ledger: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a ledger asks of the things it lists, each by its whole name."""
    flat = _flat(ledger.get("where", {}))
    return {path if "." in path else f"{ledger['of']}.{path}": test for path, test in flat.items()}


def judged(recount: Recount) -> dict[str, Any]:
    """Return the indicators that rest on what forms told, on the clock of a case or on who works on it."""
    plain = readable(recount)
    return {name: one for name, one in recount.rules.indicators.items() if name not in plain}


def _stands(one: Help, day: str) -> bool:
    """Whether somebody holds something on a day, granted or suspended."""
    held = not one.undone and one.state in ("granted", "suspended")
    return held and one.since.isoformat() <= day <= (one.until.isoformat() if one.until else "9999")


def _of_help(one: Help) -> dict[str, Any]:
    amount = None if one.cents is None else one.cents / 100
    return {"programme": one.programme, "state": one.state, "since": one.since, "until": one.until, "amount": amount}


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
    if "any" in test:
        return bool(set(value or ()) & set(test["any"]))
    if "at_most" in test:
        return isinstance(value, (int, float)) and value <= test["at_most"]
    return value in test["in"]


def _behind(root: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was told behind a root; what was left empty takes nothing back."""
    return {f"{root}.{name}": value for name, value in told.items()}
