"""Whom a scenario says is visited, as the system has it: laid down in its registry, planned by its worker."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import product
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.filling import file_form
from xunfang.actions.visits import begin_visits
from xunfang.casework import Alert, Entitlement, Holding, OwedThing, Row, Visit
from xunfang.cli.engine import a_home, installation, never_printing
from xunfang.cli.engine_rows import Laying
from xunfang.clock import local
from xunfang.demo.played import PlayedWorker
from xunfang.prove.looks import Step
from xunfang.prove.scenarios import plain
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.units import kind_of
from xunfang.rules.visits import ENTITLED as GIVEN
from xunfang.rules.visits import HELD, visiting_forms
from xunfang.store import Person, connection, new_id
from xunfang.worktime import Every

_A_DAY, _LONG = timedelta(days=1), timedelta(days=400)
_REGISTRY = {HELD, GIVEN, "categories", "residence", "person.residence"}
"""What of the facts about somebody the registry tells."""


def strictest(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return, for each form, the duty under which the worker plans a visit to somebody whom the registry tells of."""
    planned = _planned(rulebook, step, at)
    return {form: planned[form].duty if form in planned else "" for form in wanted} if is_told(rulebook, step) else {}


def bound(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return, for each form, the visit that the worker plans to somebody: asked by what, owed by whom and by when.

    And how many are left, after those that they had before.
    """
    if not is_told(rulebook, step):
        return {}
    planned = _planned(rulebook, step, at)
    return {form: _told_of(planned.get(form), asked) for form, asked in wanted.items() if asked or form in planned}


def is_told(rulebook: Rulebook, step: Step) -> bool:
    """Return whether all that a step tells of somebody can stand in the registry, or in a form about them."""
    others = set(step.get("answers", {})) - _REGISTRY
    return not others or any(others <= form.fields.keys() for form in rulebook.forms.values())


def added(rulebook: Rulebook, step: Step, at: datetime, duty: Duty, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the visit that the worker opens as soon as somebody comes to be of a category; empty where none is."""
    told = step.get("answers", {})
    somebody = Registered(rulebook.id, str(told.get("residence", "")) or a_home(rulebook), local(at), since=local(at))
    with installation(rulebook, at) as deployment:
        register(deployment, rulebook, at, *somebody.rows(told.get(HELD, told.get("categories", ())), ()))
        begin_visits(deployment, at)
        PlayedWorker(deployment, never_printing, at).work_until(at)
        with connection(deployment.database) as reader:
            found = [thing for thing in reader.every(OwedThing) if (thing.subject, thing.matter) == ("added", duty.id)]
    if not found:
        return dict.fromkeys(asked, "")
    told = {
        "duty": found[0].duty,
        "of": kind_of(found[0].unit),
        "unit": found[0].unit,
        "due_at": plain(found[0].due_at),
    }
    return {key: told[key] for key in asked or ("duty",) if key in told}


def _told_of(thing: OwedThing | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    if thing is None:
        return dict.fromkeys(asked, "")
    told = {
        "by": thing.asks,
        "unit": thing.unit,
        "every": Every(thing.every),
        "at_least": thing.needed,
        "due_at": plain(thing.due_at),
        "left": max(0, thing.needed - thing.made),
    }
    return {key: told[key] for key in asked or ("by",) if key in told}


def _planned(rulebook: Rulebook, step: Step, at: datetime) -> dict[str, OwedThing]:
    """Return what the worker plans in the first minute of a day for somebody, by form."""
    told, at = step.get("answers", {}), local(at).replace(hour=0, minute=1)
    held, given = told.get(HELD, told.get("categories", ())), told.get(GIVEN, ())
    home = str(told.get("residence", told.get("person.residence", ""))) or a_home(rulebook)
    somebody = Registered(rulebook.id, home, at)
    with installation(rulebook, at) as deployment:
        register(deployment, rulebook, at, *somebody.rows(held, given), *_events(rulebook, step, at))
        _reported(deployment, rulebook, somebody, {name: told[name] for name in told if name not in _REGISTRY})
        _visited(deployment, rulebook, step, somebody)
        begin_visits(deployment, at)
        PlayedWorker(deployment, never_printing, at).work_until(at)
        with connection(deployment.database) as reader:
            return {thing.matter: thing for thing in reader.every(OwedThing) if thing.subject == "visit"}


def _events(rulebook: Rulebook, step: Step, at: datetime) -> Iterator[Alert]:
    """Yield the events 应急响应 during which a step is: everywhere, since the day before."""
    before = at - _A_DAY
    where: dict[str, Any] = {"jurisdiction": rulebook.id, "residence": rulebook.code, "places": (rulebook.code,)}
    for kind, level in step.get("during", {}).items():
        steps = ({"level": level, "at": before.isoformat()},)
        of_it: dict[str, Any] = {"kind": kind, "steps": steps, "unit": "", "release": rulebook.digest}
        yield Alert(id=new_id(), declared_at=before, **of_it, **where)


def _reported(deployment: Deployment, rulebook: Rulebook, somebody: "Registered", told: Mapping[str, Any]) -> None:
    """Let what the registry knows nothing of have been told in a report about somebody."""
    if not told:
        return
    with acting(deployment, machinery(rulebook.id, "情景"), somebody.at) as act:
        laying = Laying(act, rulebook, somebody.at, somebody.residence)
        case = laying.case(laying.person(somebody.key), "", "")
        act.tx.insert(case)
        act.tx.insert(laying.clue(case, plain(told), None))
        act.event("scenario.began")


def _visited(deployment: Deployment, rulebook: Rulebook, step: Step, somebody: "Registered") -> None:
    """Let somebody have been visited before, by every form by which people are."""
    at = somebody.at
    made = [visit for visit in step.get("visits", ()) if visit["on"] <= at.date()]
    with acting(deployment, machinery(rulebook.id, "情景"), at) as act:
        for visit, form in product(made, visiting_forms(rulebook)):
            key, told_at = new_id(), datetime.combine(visit["on"], time(), at.tzinfo)
            file_form(act, rulebook.forms[form], {}, key, key, rulebook.digest)
            how: dict[str, Any] = {"form": form, "way": visit.get("way", ""), "unit": "", "by": ""}
            told: dict[str, Any] = {"submission": key, "release": rulebook.digest, "told_at": told_at}
            row = Visit(id=new_id(), person=somebody.key, visited_on=visit["on"], **how, **told, **somebody.place)
            act.tx.insert(row)
        act.event("scenario.began")


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody whom the registry has known since a moment, or for long."""

    jurisdiction: str
    residence: str
    at: datetime
    name: str = "周福"
    index: str | None = None
    since: datetime | None = None
    key: str = field(default_factory=new_id)

    @property
    def place(self) -> dict[str, Any]:
        """Return where they live."""
        return {"jurisdiction": self.jurisdiction, "residence": self.residence}

    def rows(self, held: Sequence[str], given: Sequence[str]) -> Iterator[Row]:
        """Yield them, what they are held to be, and the programmes that they were granted."""
        before, person = self.since or self.at - _LONG, self.key
        since = before.date()
        told: dict[str, Any] = {
            "registration": self.residence,
            "name": self.name,
            "created_at": before,
            "id_index": self.index,
        }
        yield Person(id=person, **self.place, **told)
        for category in held:
            of_it: dict[str, Any] = {"category": category, "since": since, "noted_at": before, "source": "list"}
            yield Holding(id=new_id(), person=person, **self.place, **of_it)
        for programme in given:
            of_it = {"programme": programme, "state": "granted", "since": since, "decided_at": before, "unit": ""}
            yield Entitlement(id=new_id(), person=person, **self.place, **of_it)


def register(deployment: Deployment, rulebook: Rulebook, at: datetime, *rows: Row) -> None:
    """Write rows down as they would have come to be."""
    with acting(deployment, machinery(rulebook.id, "情景"), at) as act:
        for row in rows:
            act.tx.insert(row)
        act.event("scenario.began")
