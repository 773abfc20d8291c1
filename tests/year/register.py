"""Everybody on record: who they are, where they are registered, what they are held to be, by events and forms alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from year.aid import Aid, Help
from year.recount import Recount, Told

_PLAIN = ("resident-id", "none")
"""How the number of an identity card is checked, and of no paper: these stand without a name before them."""
_RESIDENT = 18
Categorised = Mapping[tuple[str, str], tuple[str, str]]


class Known(NamedTuple):
    """Somebody whom the year found on record; `held`: what they were held to be, each from which day."""

    name: str
    number: str
    phone: str
    sex: str
    registered: str
    held: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Held:
    """What somebody is held to be: from a day on, until another ("" for ever), by which form that was told."""

    category: str
    since: str
    told: str = ""
    until: str = ""


@dataclass(slots=True)
class OnePerson:
    """One record of the register."""

    name: str
    number: str
    phone: str
    sex: str
    registered: str
    held: list[Held] = field(default_factory=list)

    def held_on(self, day: str) -> list[str]:
        """Return what somebody is held to be on a day."""
        return list(dict.fromkeys(one.category for one in self.held if one.since <= day < (one.until or "9999")))

    def hold(self, category: str, since: str, told: str) -> None:
        if all(one.category != category or one.until for one in self.held):
            self.held.append(Held(category, since, told))

    def drop(self, on: str, category: str = "", told: str = "") -> None:
        """Let somebody be held to be something no more, or all that one form told."""
        for one in self.held:
            if not one.until and category in ("", one.category) and told in ("", one.told):
                one.until = on


@dataclass
class Register:
    """Goes through the events behind the recount and the aid.

    `by_hand`: what was noted by hand that somebody is held to be, and from when, by their key and the moment.
    `about`: whom each case is about; `in_case`: in which case each report is, by the form that it came in with first;
    `first`: which that was of every form since; `of_other`: whose a report was that lies in the case of another.
    """

    recount: Recount
    aid: Aid
    by_hand: Categorised
    people: dict[str, OnePerson] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    in_case: dict[str, str] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    form_of: dict[str, str] = field(default_factory=dict)
    of_other: dict[str, str] = field(default_factory=dict)
    registered: dict[str, str] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    decided: int = 0

    def found(self, register: Mapping[str, Known]) -> None:
        """Take in whom the year found."""
        for key, one in register.items():
            held = [Held(category, since) for category, since in one.held]
            self.people[key] = OnePerson(one.name, one.number, one.phone, one.sex, one.registered, held)

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        reading = _READINGS.get(event.name)
        if reading:
            reading(self, event)
        self._by_programmes(event)

    # who they are

    def opened(self, event: Told) -> None:
        self.about[event.case] = str(event.data["person"])

    def started(self, event: Told) -> None:
        new = next(reversed(self.recount.cases))
        self.registered[new] = self.registered.get(event.case, "")

    def submitted(self, event: Told) -> None:
        key, form = str(event.data["submission"]), str(event.data["form"])
        person = self.about[event.case]
        self.first[key], self.form_of[key], self.in_case[key] = key, form, event.case
        self._meet(person, form, key)
        self.registered.setdefault(event.case, self._registered(key))
        for category in event.data.get("categories", ()):
            self.people[person].hold(str(category), event.at[:10], key)

    def _registered(self, key: str) -> str:
        told = self.recount.filled[key]
        return str(told.get("registration") or told.get("residence") or self.recount.rules.code)

    def _meet(self, person: str, form: str, key: str) -> None:
        """Somebody who is on record for the first time is recorded as the form tells of them."""
        if person in self.people:
            return
        told, filled = self._told(form, key), self.recount.filled[key]
        number, kind = self._number(form, key)
        sex = ("男" if int(number[16]) % 2 else "女") if len(number) == _RESIDENT and number[:17].isdigit() else ""
        home = str(filled.get("residence") or self.recount.rules.code)
        self.people[person] = OnePerson(
            told.get("name", ""), f"{kind}{number}" if number else "", told.get("phone", ""), sex,
            told.get("registration") or home,
        )  # fmt: skip

    def _told(self, form: str, key: str) -> dict[str, str]:
        """Return what a form tells of its person, by use."""
        uses, filled = self.recount.rules.form(form).get("x-person", {}), self.recount.filled[key]
        told = {use: str(filled[name]) for use, name in uses.items() if filled.get(name)}
        return told | ({"phone": told["phone"].replace(" ", "")} if "phone" in told else {})

    def _number(self, form: str, key: str) -> tuple[str, str]:
        """Return the number that a form tells, and what the paper is called where it is no identity card."""
        filled, whole = self.recount.filled[key], self.recount.rules.form(form)
        name = whole.get("x-person", {}).get("id_number", "")
        field = whole["properties"].get(name, {})
        number = str(filled.get(name) or "").strip().upper()
        kind = str(filled.get(field.get("x-paper", ""), "") or "")
        return number, self.recount.rules.paper(kind, _PLAIN) if number else ""

    def corrected(self, event: Told) -> None:
        was, key = str(event.data["corrects"]), str(event.data["submission"])
        first, form, before = self.first[was], self.form_of[was], self.about[event.case]
        self.first[key], self.form_of[key] = first, form
        self.people[before].drop(event.at[:10], told=was)
        person = self.about[event.case] = str(event.data.get("person", before))
        if person != before:
            self._meet(person, form, key)
        elif self._alone(person, first):
            told, one = self._told(form, key), self.people[person]
            one.name, one.phone = told.get("name") or one.name, told.get("phone") or one.phone
        if self.recount.cases[event.case].reports[key].opened:
            self.registered[event.case] = self._registered(key)
        for category in event.data.get("categories", ()):
            self.people[person].hold(str(category), event.at[:10], key)

    def _alone(self, person: str, first: str) -> bool:
        """Whether nobody but one report has told of a person."""
        told = {one for one, case in self.in_case.items() if person in (self.about[case], self.of_other.get(one))}
        return told == {first}

    def withdrawn(self, event: Told) -> None:
        self.people[self.about[event.case]].drop(event.at[:10], told=str(event.data["submission"]))

    def moved_report(self, event: Told) -> None:
        """Two events tell a move: the case that a report leaves, and the one that it comes to."""
        key = self.first[str(event.data["submission"])]
        if "moved_to" in event.data:
            self.of_other.setdefault(key, self.about[event.case])
            return
        self.in_case[key] = event.case
        if self.of_other.get(key) == self.about[event.case]:
            del self.of_other[key]
        self.registered.setdefault(event.case, self._registered(str(event.data["submission"])))

    # what befell them

    def visited(self, event: Told) -> None:
        person = str(event.data["person"])
        for category in event.data.get("categories", ()):
            self.people[person].hold(str(category), event.at[:10], str(event.data["submission"]))

    def categorised(self, event: Told) -> None:
        person = str(event.data["person"])
        category, since = self.by_hand[person, event.at]
        self.people[person].hold(category, since, "")

    def died(self, event: Told) -> None:
        self.people[str(event.data["person"])].drop(event.at[:10])

    def place_moved(self, event: Told) -> None:
        if "registration" in event.data["changed"]:
            self.people[str(event.data["person"])].registered = str(event.data["changed"]["registration"][1])

    def case_place_moved(self, event: Told) -> None:
        if "registration" in event.data["changed"]:
            self.registered[event.case] = str(event.data["changed"]["registration"][1])

    def _by_programmes(self, event: Told) -> None:
        """Who is given a programme is of its category as long as they have it."""
        new, day = self.aid.helped[self.decided :], event.at[:10]
        self.decided = len(self.aid.helped)
        if event.name == "case.voided" or new:
            for one in self._taken_back():
                if self._category(one) and not one.later:
                    self._as_before(one, day)
        for one in new if event.name.startswith("task.") else ():
            if one.state == "granted" and self._category(one):
                self.people[one.person].hold(self._category(one), f"{one.since}", str(event.data.get("submission", "")))
            elif one.state == "exited" and self._category(one):
                self.people[one.person].drop(f"{one.since}", self._category(one))

    def _as_before(self, one: Help, day: str) -> None:
        """Whoever was given something by mistake is of its category no more; who left it by mistake is again."""
        held = [each for each in self.people[one.person].held if each.category == self._category(one)]
        if one.state == "granted" and one.follows is None:
            self.people[one.person].drop(day, self._category(one))
        elif one.state == "exited" and all(each.until for each in held):
            for each in [each for each in held if each.until == f"{one.since}"][-1:]:
                each.until = ""

    def _taken_back(self) -> Iterator[Help]:
        for n, one in reversed(list(enumerate(self.aid.helped))):
            if one.undone and n not in self.undone:
                self.undone.add(n)
                yield one

    def _category(self, one: Help) -> str:
        return str(self.recount.rules.programmes[one.programme].get("held", {}).get("category", ""))

    # what ledgers say of them

    def facts(self, key: str, day: str) -> dict[str, Any]:
        """Return what is known of somebody, by the paths of the rules."""
        one, held = self.people[key], self.people[key].held_on(day)
        told = {"name": one.name, "sex": one.sex, "id_number": one.number, "phone": one.phone}
        told |= {"residence": self.aid.lives_in.get(key, ""), "registration": one.registered}
        return {f"person.{name}": value for name, value in told.items()} | {
            "person.category": held, "person.categories": held,
        }  # fmt: skip


_READINGS = {
    "case.opened": Register.opened,
    "flow.started": Register.started,
    "clue.submitted": Register.submitted,
    "clue.corrected": Register.corrected,
    "clue.withdrawn": Register.withdrawn,
    "clue.linked": Register.moved_report,
    "clue.split": Register.moved_report,
    "visit.made": Register.visited,
    "person.categorised": Register.categorised,
    "person.died": Register.died,
    "residence.moved": Register.place_moved,
    "case.division_changed": Register.case_place_moved,
}
