"""How a scenario says that meetings are held, as the system has it: called, opened with as few, decided on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.meetings import call_sitting, decide_item, do_to_sitting
from xunfang.casework import AgendaItem, Sitting
from xunfang.cli.engine import a_home, installation, somebody_of
from xunfang.cli.engine_rows import Laying
from xunfang.clock import local
from xunfang.desk.sittings import SittingReadings
from xunfang.errors import Invalid
from xunfang.prove.looks import Step
from xunfang.rulebook.model import Flow, Meeting, Rulebook, State
from xunfang.rules.sample import values_of
from xunfang.rules.units import division_of, instances, kind_of
from xunfang.store import Notice, Task, connection, new_id


def meets(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return who calls a sitting of each meeting, who is invited, and whether as few as its quorum can open it."""
    found = {}
    for name, asked in wanted.items():
        meeting = rulebook.meetings[name]
        with installation(rulebook, at) as deployment:
            told = _called(deployment, rulebook, meeting, asked.get("quorum", meeting.quorum), at)
            told |= _settled(deployment, rulebook, meeting, at)
        found[name] = {key: told[key] for key in asked if key in told}
    return found


def _called(deployment: Deployment, rulebook: Rulebook, meeting: Meeting, quorum: str, at: datetime) -> dict[str, Any]:
    actor = somebody_of(rulebook, instances(rulebook, meeting.convenes)[0])
    later = (local(at) + timedelta(days=1)).isoformat()
    key = call_sitting(deployment, actor, meeting.id, later, "会议室", (), at)
    with connection(deployment.database) as reader:
        sitting = reader.find(Sitting, key)
    assert sitting is not None
    members = [unit for unit in sitting.invited if kind_of(unit) in meeting.members]
    least = _LEAST[quorum](len(meeting.members))
    fewer = _opens(deployment, actor, key, members[: least - 1], at)
    enough = fewer or _opens(deployment, actor, key, members[:least], at)
    return {
        "convenes": kind_of(sitting.unit),
        "members": [*map(kind_of, sitting.invited), *_where_cases_lie(rulebook, meeting, sitting)],
        "quorum": quorum if enough and not fewer else f"{'不到' if fewer else '多于'}{least}个单位",
    }


def _where_cases_lie(rulebook: Rulebook, meeting: Meeting, sitting: Sitting) -> Iterator[str]:
    """Yield the members that nobody can invite before a case tells where it lies: there are many of them."""
    invited = set(map(kind_of, sitting.invited))
    yield from (member for member in meeting.members if member not in invited and rulebook.units[member].per)


_LEAST: Mapping[str, Callable[[int], int]] = {
    "": lambda members: 1,
    "half": lambda members: ceil(members / 2),
    "two-thirds": lambda members: ceil(members * 2 / 3),
    "all": lambda members: members,
}
"""How many must come for each quorum; nobody at all is never enough."""


def _opens(deployment: Deployment, actor: Actor, sitting: str, came: Sequence[str], at: datetime) -> bool:
    try:
        do_to_sitting(deployment, actor, "open-sitting", sitting, at, present=dict.fromkeys(came, "情景"))
    except Invalid:
        return False
    return True


def _settled(deployment: Deployment, rulebook: Rulebook, meeting: Meeting, at: datetime) -> dict[str, Any]:
    """Return what a sitting offers to decide on a case that waits for the meeting, and the paper that comes of it.

    Empty where no state of a case waits for one.
    """
    states = ((flow, state) for flow in rulebook.flows.values() for state in flow.states.values())
    found = next(((flow, state) for flow, state in states if state.meeting == meeting.id), None)
    if found is None:
        return {}
    actor = somebody_of(rulebook, instances(rulebook, meeting.convenes)[0])
    sitting = _sitting_on(deployment, rulebook, actor, meeting, _waiting(deployment, rulebook, actor, *found, at), at)
    with connection(deployment.database) as reader:
        item = reader.first(AgendaItem, sitting=sitting)
    assert item is not None
    ways = [way.split(":") for way, _ in SittingReadings(deployment).decide_form(actor, item.id).ways]
    told = {"decision": ways[0][0], "words": "情景"}
    answers = values_of(rulebook, rulebook.forms[found[1].form]) if found[1].form else {}
    decide_item(deployment, actor, item.id, item.version, told, ways[0][1], answers, new_id(), at)
    with connection(deployment.database) as reader:
        papers = {notice.kind for notice in reader.every(Notice, case=item.case)}
    return {
        "decides": list(dict.fromkeys(decision for decision, _ in ways)),
        "minutes": meeting.minutes if meeting.minutes in papers else "",
    }


def _waiting(deployment: Deployment, rulebook: Rulebook, actor: Actor, flow: Flow, state: State, at: datetime) -> Task:
    """Return a task of the convener by which a case waits for a meeting."""
    with acting(deployment, machinery(rulebook.id, "情景"), at) as act:
        laying = Laying(act, rulebook, at, a_home(rulebook, division_of(actor.unit)))
        person = laying.person()
        case = laying.case(person, flow.id, state.id)
        of_it: dict[str, Any] = {"case": case.id, "flow": flow.id, "state": state.id, "unit": actor.unit}
        task = Task(id=new_id(), opened_at=case.opened_at, **of_it, **laying.place)
        for row in (person, case, task):
            act.tx.insert(row)
        act.event("scenario.began")
    return task


def _sitting_on(
    deployment: Deployment, rulebook: Rulebook, actor: Actor, meeting: Meeting, task: Task, at: datetime
) -> str:
    """Return a sitting to which all members came, with a task to be decided on it."""
    later = (local(at) + timedelta(days=1)).isoformat()
    key = call_sitting(deployment, actor, meeting.id, later, "会议室", (task.id,), at)
    with connection(deployment.database) as reader:
        sitting = reader.find(Sitting, key)
    assert sitting is not None
    _opens(deployment, actor, key, sitting.invited, at)
    return key
