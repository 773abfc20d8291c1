"""What a scenario lets happen in cases, or be drawn, as the system does: what its worker opens of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.drawing import begin_draws
from xunfang.actions.storing import store
from xunfang.casework import Changes, Drawing, Happened, Holding, OwedThing, Row
from xunfang.casework.drawing import lots_in
from xunfang.casework.owing import DRAWN, EVENT
from xunfang.cli.engine import a_home, installation, never_printing
from xunfang.cli.engine_rows import Facts, Laying
from xunfang.clock import local
from xunfang.demo.played import PlayedWorker
from xunfang.prove.looks import Step, one_or_all
from xunfang.prove.scenarios import plain
from xunfang.rulebook.model import CATEGORY, Duty, Rulebook
from xunfang.rules.drawing import draw_from
from xunfang.rules.occasions import (
    CLOSED,
    ENTERED,
    IN_CASES,
    draws_cases,
    draws_on,
    draws_people,
    falls_on,
    falls_on_each,
    owed_since,
)
from xunfang.rules.units import kind_of, places_of
from xunfang.store import Case, DutyPeriod, Person, Task, connection, new_id

_PLACED = {"residence", "case.flow", "case.state", "case.outcome"}
"""What a step may tell of a case for the row of it to hold it all."""


def is_begun(duty: Duty) -> bool:
    """Return whether what happens in cases brings a duty about, of each of them or of those that are drawn."""
    return falls_on_each(duty) or draws_cases(duty)


def is_placed(step: Step) -> bool:
    """Return whether the row of a case can hold all that a step tells of it."""
    return set(step.get("answers", {})) <= _PLACED


def begun(rulebook: Rulebook, step: Step, at: datetime, duty: Duty, asked: Facts) -> dict[str, Any]:
    """Return what a unit owes after something happened in one case, drawn where some are drawn; empty where nothing."""
    facts = plain(step.get("answers", {}))
    with installation(rulebook, at) as deployment:
        _live(deployment, rulebook, duty, [facts], at)
        with connection(deployment.database) as reader:
            thing = reader.first(OwedThing, duty=duty.id)
            owed = reader.find(DutyPeriod, thing.period) if thing else None
            task = reader.first(Task, about=owed.id) if owed else None
    told = _told(rulebook, owed, task) if owed and task else {}
    return {name: told.get(name, "") for name in asked if name in _TOLD}


_TOLD = ("duty", "of", "unit", "to", "due_at", "counted", "form")


def _told(rulebook: Rulebook, owed: DutyPeriod, task: Task) -> dict[str, Any]:
    counted = list((task.due or {}).get("counted", ()))
    told = (owed.duty, kind_of(owed.unit), owed.unit, one_or_all(owed.to), plain(task.due_at), counted)
    return dict(zip(_TOLD, told, strict=False)) | {"form": rulebook.duties[owed.duty].form}


def is_drawn_here(rulebook: Rulebook, step: Step) -> bool:
    """Return whether rows can hold all that a step tells of what is drawn from."""
    duty = rulebook.duties.get(str(step.get("draw", "")))
    if duty is None or not (is_begun(duty) or draws_people(duty)):
        return False
    known = {"id", *(_PLACED if is_begun(duty) else _OF_PEOPLE)}
    held = all(set(thing) <= known for thing in step.get("things", ()))
    return held and _fitting(rulebook, duty) is not None


def drawn(rulebook: Rulebook, step: Step, at: datetime, wanted: int | list[str]) -> int | list[str] | None:
    """Return how many the worker draws of what is laid down, or which; None for what rows cannot hold.

    Which: by the seed of the step, of the lots that the system noted when it drew by one of its own.
    """
    if not is_drawn_here(rulebook, step):
        return None
    duty = rulebook.duties[str(step["draw"])]
    with installation(rulebook, at) as deployment:
        things = [*_things(rulebook, step, duty)]
        _live(deployment, rulebook, duty, things, at)
        with connection(deployment.database) as reader:
            found = sum(row.subject in (DRAWN, EVENT) for row in reader.every(OwedThing, duty=duty.id))
            drawing = reader.first(Drawing, duty=duty.id)
    return found if isinstance(wanted, int) else _which(rulebook, duty, drawing, str(step.get("seed", at)), wanted)


def _which(rulebook: Rulebook, duty: Duty, drawing: Drawing | None, seed: str, wanted: list[str]) -> list[str]:
    if drawing is None or duty.sample is None:
        return []
    keys = draw_from(duty.sample, lots_in(drawing), seed, rulebook.divisions, drawing.minimum)
    return sorted(keys, key=lambda key: wanted.index(key) if key in wanted else len(wanted))


def _things(rulebook: Rulebook, step: Step, duty: Duty) -> Iterator[Facts]:
    """Yield what is drawn from, each fitting the duty where the step tells only how many there are."""
    if "things" in step:
        yield from map(plain, step["things"])
    else:
        fitting = _fitting(rulebook, duty)
        yield from ({**(fitting or {}), "id": f"thing-{number}"} for number in range(int(step.get("among", 0))))


_OF_PEOPLE = {"residence", f"person.{CATEGORY}"}


def _fitting(rulebook: Rulebook, duty: Duty) -> Facts | None:
    """Return facts by which a duty falls on somebody, or on a case; None where rows hold none such."""
    return next((facts for facts in _possible(rulebook, duty) if falls_on(duty, facts)), None)


def _possible(rulebook: Rulebook, duty: Duty) -> Iterator[Facts]:
    if is_begun(duty):
        yield from (
            {"case.flow": flow.id, "case.state": state} for flow in rulebook.flows.values() for state in flow.states
        )
    else:
        yield {}
        yield from ({f"person.{CATEGORY}": [name]} for name in rulebook.lists[CATEGORY].entries)


def _live(deployment: Deployment, rulebook: Rulebook, duty: Duty, things: Iterable[Facts], at: datetime) -> None:
    """Let things come to be, and the worker open what is owed of them, or draw when it is time to."""
    home, when = _home(rulebook, duty, at), owed_since(duty, at) if draws_cases(duty) else at
    with acting(deployment, machinery(rulebook.id, "情景"), at) as act:
        laying = Laying(act, rulebook, local(at), home)
        for thing in things:
            rows = _rows(laying, duty, thing)
            events = _events(duty, rows) if falls_on_each(duty) else ()
            store(act, Changes(new=rows, events=events))
        act.event("scenario.began")
    begin_draws(deployment, when)
    PlayedWorker(deployment, never_printing, when).work_until(when + timedelta(minutes=1))


def _home(rulebook: Rulebook, duty: Duty, at: datetime) -> str:
    """Return a village of the first unit that draws, or of the county."""
    of_it = (planned for planned in draws_on(rulebook, local(at).date()) if planned.duty.id == duty.id)
    unit = next((planned.unit for planned in of_it), "")
    return a_home(rulebook, next(iter(places_of(rulebook, unit)), "") if unit else "")


def _rows(laying: Laying, duty: Duty, thing: Facts) -> tuple[Row, ...]:
    person = laying.person("" if is_begun(duty) else str(thing.get("id", "")), str(thing.get("residence", "")))
    if is_begun(duty):
        return (person, _case(laying, duty, thing, person))
    of_it: dict[str, Any] = {
        "jurisdiction": person.jurisdiction,
        "residence": person.residence,
        "person": person.id,
        "source": "list",
    }
    held = thing.get(f"person.{CATEGORY}", ())
    since: dict[str, Any] = {"since": person.created_at.date(), "noted_at": person.created_at}
    return (person, *(Holding(id=new_id(), category=name, **since, **of_it) for name in held))


def _case(laying: Laying, duty: Duty, thing: Facts, person: Person) -> Case:
    """Return a case in which just now happened what a duty begins with."""
    state, now = str(thing.get("case.state", "")), laying.at
    case = laying.case(person, str(thing.get("case.flow", "")), state, outcome=str(thing.get("case.outcome", "")))
    opened_at = now if duty.on == "case.opened" else case.opened_at
    closed_at, entered = now if duty.on in CLOSED else None, {case.state: now.isoformat()}
    id = str(thing.get("id", case.id))
    return replace(
        case,
        id=id,
        number=id,
        opened_at=opened_at,
        closed_at=closed_at,
        entered=entered if duty.on == ENTERED else {},
        residence=person.residence,
    )


def _events(duty: Duty, rows: Iterable[Row]) -> tuple[Happened, ...]:
    """Return the event by which the system tells of what happened in a case."""
    name = IN_CASES[duty.on][-1]
    return tuple(Happened(name=name, case=row.id, data={"to": row.state}) for row in rows if isinstance(row, Case))
