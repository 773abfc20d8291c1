"""Things laid down as the rows of the running system hold them, in the hours before a moment: what is counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.filling import file_form
from xunfang.casework import Entitlement, Row
from xunfang.rulebook.model import Rulebook
from xunfang.store import Case, Clue, DutyPeriod, Person, Task, new_id

Facts = Mapping[str, Any]
Roots = Mapping[str, Mapping[str, Any]]
"""The facts of a thing, by what they are of."""

_SOON, _BEFORE, _LONG = timedelta(hours=1), timedelta(hours=2), timedelta(days=400)
_CASE = {"flow", "state", "outcome", "urgency", "needs", "closed", "completed_in_time", "reported_in_time"}
OWN: Mapping[str, set[str]] = {
    "case": _CASE,
    "task": {"state", "outcome", "unit", "completed_in_time"},
    "duty": {"duty", "unit", "completed_in_time"},
    "entitlement": {"programme", "state", "since", "until", "members"},
}
"""Of each kind of thing that can be laid down, the facts that its own columns hold."""
TOLD: Mapping[str, tuple[str, ...]] = {"case": ("clue", "task"), "task": ("task",), "duty": ("duty",)}
"""What forms tell besides: of a case its reports and tasks, of a task or duty what it was done with."""


@dataclass(frozen=True, slots=True)
class Laying:
    """Lays one thing down, of which number it is, in a village in the hours before a moment."""

    act: Act
    rulebook: Rulebook
    at: datetime
    home: str
    number: int = 0

    @property
    def place(self) -> dict[str, Any]:
        """Return where everything lies."""
        return {"jurisdiction": self.rulebook.id, "residence": self.home}

    def person(self, key: str = "", residence: str = "") -> Person:
        """Return somebody whom the registry has known for long."""
        home, before = residence or self.home, self.at - _LONG
        of_it: dict[str, Any] = {"jurisdiction": self.rulebook.id, "residence": home, "registration": home}
        return Person(id=key or new_id(), name="情景", created_at=before, **of_it)

    def case(self, person: Person, flow: str, state: str, **told: Any) -> Case:
        """Return a case about somebody, of the first flow and in its first state where none is named."""
        found = self.rulebook.flows.get(flow) or next(iter(self.rulebook.flows.values()))
        key, state = new_id(), state or next(iter(found.states))
        of_it: dict[str, Any] = {
            "flow": found.id,
            "state": state,
            "person": person.id,
            "registration": person.residence,
        }
        begun: dict[str, Any] = {"opened_at": self.at - _BEFORE, "release": self.rulebook.digest}
        return Case(id=key, number=key, **of_it, **begun, **told, **self.place)

    def clue(self, case: Case, told: Facts, in_time: bool | None) -> Clue:
        """Return the report that began a case, and whether it kept the limit that it was judged by."""
        found_at, judged = self.at - _BEFORE, {} if in_time is None else {"limit": in_time}
        where: dict[str, Any] = {
            "jurisdiction": self.rulebook.id,
            "case": case.id,
            "form": "",
            "source": "",
            "unit": "",
        }
        told_in: dict[str, Any] = {"submission": self.told("", told), "found_at": found_at, "entered_at": found_at}
        return Clue(id=new_id(), in_time=judged, **told_in, **where)

    def told(self, form: str, answers: Facts) -> str:
        """File what a form told, by the one named or by one that has all these fields; return its key, "" for none."""
        named = [self.rulebook.forms[form]] if form in self.rulebook.forms else []
        forms = (each for each in (*named, *self.rulebook.forms.values()) if answers.keys() <= each.fields.keys())
        found = next(forms, None)
        if found is None:
            return ""
        key = new_id()
        file_form(self.act, found, answers, key, key, self.rulebook.digest)
        return key

    def when(self, in_time: bool | None, *, ended: bool) -> dict[str, Any]:
        """Return by when something was due, and when it was ended, so that it was in time or was not."""
        ended_at = self.at if ended else None
        due_at = None if in_time is None else self.at + _SOON if in_time else self.at - _SOON
        return {"due_at": due_at, "ended_at": ended_at}


def _case(laying: Laying, roots: Roots) -> Iterator[Row]:
    own = roots.get("case", {})
    in_time = own.get("completed_in_time")
    when = laying.when(in_time, ended=bool(own.get("closed", in_time is not None)))
    person = laying.person()
    case = laying.case(
        person,
        str(own.get("flow", "")),
        str(own.get("state", "")),
        urgency=str(own.get("urgency", "")),
        needs=tuple(own.get("needs", ())),
        outcome=str(own.get("outcome", "")),
        due_at=when["due_at"],
        closed_at=when["ended_at"],
    )
    yield from (person, case)
    yield laying.clue(case, roots.get("clue", {}), own.get("reported_in_time"))
    if told := roots.get("task"):
        yield _task_of(laying, case, case.state, {}, told)


def _task(laying: Laying, roots: Roots) -> Iterator[Row]:
    own, told = _parted("task", roots)
    flow = next((flow.id for flow in laying.rulebook.flows.values() if own.get("state") in flow.states), "")
    person = laying.person()
    case = laying.case(person, flow, "")
    yield from (person, case, _task_of(laying, case, str(own.get("state", "")), own, told))


def _task_of(laying: Laying, case: Case, state: str, own: Facts, told: Facts) -> Task:
    in_time, found = own.get("completed_in_time"), laying.rulebook.flows[case.flow].states.get(state)
    return Task(
        id=new_id(),
        case=case.id,
        flow=case.flow,
        state=state,
        unit=str(own.get("unit", "somebody")),
        opened_at=laying.at - _BEFORE,
        status="done",
        outcome=str(own.get("outcome", "")),
        completed_in_time=in_time,
        answers=laying.told(found.form if found else "", told),
        **laying.when(in_time, ended=True),
        **laying.place,
    )


def _duty(laying: Laying, roots: Roots) -> Iterator[Row]:
    own, told = _parted("duty", roots)
    duty, unit, key = laying.rulebook.duties.get(str(own.get("duty", ""))), str(own.get("unit", "somebody")), new_id()
    day, in_time = laying.at.date(), own.get("completed_in_time")
    every = str(duty.every or "") if duty else ""
    owed: dict[str, Any] = {"duty": str(own.get("duty", "")), "unit": unit, "to": (), "every": every, "begins_on": day}
    begun: dict[str, Any] = {"opened_at": laying.at - _BEFORE, "release": laying.rulebook.digest}
    when = laying.when(in_time, ended=True)
    answers = laying.told(duty.form if duty else "", told)
    done: dict[str, Any] = {
        "status": "reported",
        "answers": answers,
        "ended_at": when["ended_at"],
        "turn": laying.number,
    }
    yield DutyPeriod(id=key, **owed, **begun, **done, **laying.place)
    about: dict[str, Any] = {
        "case": "",
        "flow": "",
        "state": owed["duty"],
        "unit": unit,
        "subject": "duty",
        "about": key,
    }
    yield Task(id=new_id(), **about, **begun, **when, status="done", completed_in_time=in_time, **laying.place)


def _entitlement(laying: Laying, roots: Roots) -> Iterator[Row]:
    own, person, before = roots.get("entitlement", {}), laying.person(), laying.at - _LONG
    until = date.fromisoformat(str(own["until"])) if own.get("until") else None
    since = date.fromisoformat(str(own["since"])) if own.get("since") else before.date()
    yield person
    yield Entitlement(
        id=new_id(),
        person=person.id,
        programme=str(own.get("programme", "")),
        state=str(own.get("state", "granted")),
        since=since,
        until=until,
        members=int(own.get("members", 0)),
        decided_at=before,
        unit="",
        **laying.place,
    )


def _parted(of: str, roots: Roots) -> tuple[Facts, Facts]:
    """Return what a thing's own columns hold, and what its form told."""
    facts = roots.get(of, {})
    own = {name: value for name, value in facts.items() if name in OWN[of]}
    return own, {name: value for name, value in facts.items() if name not in own}


ROWS: dict[str, Any] = {"case": _case, "task": _task, "duty": _duty, "entitlement": _entitlement}
