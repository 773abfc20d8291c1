"""What a scenario looks at besides a case, as the running system has it: what is owed, asked, offered, allowed.

Each takes what `prove.looks` takes, and returns what is so for as much of the expectation as the system lives.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.duties import begin_duties, hand_in, note_happening
from xunfang.actions.loading import Staff, Staffed, file_of
from xunfang.casework import Draft, DutyPeriod, File, Task
from xunfang.casework.holding import somebody
from xunfang.casework.quotas import wanted_of
from xunfang.cli import engine_counts, engine_draws, engine_lists, engine_meetings, engine_people
from xunfang.cli.engine import installation, never_printing
from xunfang.clock import SHANGHAI, local
from xunfang.demo.played import PlayedWorker
from xunfang.prove.living import living
from xunfang.prove.looks import Look, Step, one_or_all, quota_told
from xunfang.prove.scenarios import Failure, plain
from xunfang.rulebook.acts import OF_EVERY_UNIT, OFFICES, RULES
from xunfang.rulebook.model import Duty, Rulebook, Scenario
from xunfang.rules.duties import owed_as_it_stands, owing, period_words
from xunfang.rules.occasions import is_noted
from xunfang.rules.units import instances, kind_of
from xunfang.rules.visits import asks_at_once
from xunfang.store import Account, connection, new_id
from xunfang.web.forms.options import groups_of
from xunfang.web.forms.page import form_page
from xunfang.worktime import period_of, preceding


def looks_differently(rulebook: Rulebook, scenario: Scenario) -> list[Failure]:
    """Return every look of a scenario by which the running system has it otherwise than the scenario expects."""
    found = []
    for number, step in enumerate(scenario.steps, 1):
        for what in (what for what in step.get("expect", {}) if what in ENGINE_LOOKS):
            wanted = plain(step["expect"][what])
            got = ENGINE_LOOKS[what](rulebook, step, local(step["at"]), wanted)
            if got is None:
                continue
            asked = _asked(wanted, got)
            if asked != got:
                found.append(Failure(number, what, asked, got))
    return found


def not_lived(rulebook: Rulebook, scenario: Scenario) -> set[str]:
    """Return what a scenario looks at that the system could not be asked about, as people are told."""
    return {
        NOT_LIVED[what]
        for step in scenario.steps
        for what in step.get("expect", {})
        if what in _IS_HELD and not _IS_HELD[what](rulebook, step)
    }


def _asked(wanted: Any, got: Any) -> Any:
    """Return what is expected of the things that the system lives: the same list, or the same keys."""
    if isinstance(wanted, Mapping):
        return {key: _asked(wanted.get(key, ""), got[key]) for key in got}
    if isinstance(wanted, list) and any(isinstance(item, Mapping) for item in wanted):
        return [_asked(one, each) for one, each in zip(wanted, got, strict=True)]
    return wanted


def _owed(rulebook: Rulebook, step: Step, at: datetime, wanted: list[Mapping[str, Any]]) -> list[Any]:
    """Return, for each duty asked about, what stands in the units' queues as due on the day of the step."""
    found: list[Any] = []
    for item in wanted:
        duty = rulebook.duties.get(str(item.get("duty", "")))
        if duty is None or not owed_as_it_stands(duty):
            found.append({})
            continue
        opened = _opened(rulebook, duty, at.date())
        described = _told(rulebook, *opened[0]) | {"units": len(opened)} if opened else {"duty": "", "units": 0}
        found.append({key: described[key] for key in item if key in described})
    return found


def _not_owed(rulebook: Rulebook, step: Step, at: datetime, wanted: list[str]) -> list[str]:
    """Return, of the duties asked about, those that stand in no queue; what the system does not open, it never asks."""
    known = (name for name in wanted if name in rulebook.duties)
    return [name for name in known if not _opened(rulebook, rulebook.duties[name], at.date())]


def _owes(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a unit owes after it noted what happened, after something in a case, or about a new category."""
    duty = rulebook.duties.get(str(step.get("happens", "")))
    if duty is None or not _can_happen(rulebook, step):
        return {}
    if engine_draws.is_begun(duty):
        return engine_draws.begun(rulebook, step, at, duty, wanted)
    return (
        engine_people.added(rulebook, step, at, duty, wanted)
        if asks_at_once(duty)
        else _noted(rulebook, step, at, duty, wanted)
    )


def _can_happen(rulebook: Rulebook, step: Step) -> bool:
    """Return whether what a duty begins with can be made to happen, by what the step tells of it."""
    duty = rulebook.duties.get(str(step.get("happens", "")))
    if duty is None:
        return False
    return is_noted(duty) or asks_at_once(duty) or (engine_draws.is_begun(duty) and engine_draws.is_placed(step))


def _noted(rulebook: Rulebook, step: Step, at: datetime, duty: Duty, wanted: Mapping[str, Any]) -> dict[str, Any]:
    name = duty.from_.removeprefix("answers.")
    day, unit = step.get("answers", {}).get(name, at.date()), owing(rulebook, duty)[0]
    with installation(rulebook, at) as deployment:
        roles = tuple(role.id for role in rulebook.roles.values() if not (OFFICES | RULES) & {*role.may})
        clerk, key = deployment.actor(_account(rulebook, unit, roles, at)), new_id()
        note_happening(deployment, clerk, duty.id, unit, day.isoformat(), "情景", key, at)
        with connection(deployment.database) as reader:
            owed, task = reader.find(DutyPeriod, key), reader.first(Task, about=key)
    assert owed is not None
    assert task is not None
    told = _told(rulebook, owed, task)
    return {name: told[name] for name in wanted if name in told}


def _opened(rulebook: Rulebook, duty: Duty, day: date) -> list[tuple[DutyPeriod, Task]]:
    """Return what the worker opens under a duty that is due on a day, in this period of it and the one before."""
    if duty.every is None:
        return []
    period = period_of(duty.every, day, duty.starting)
    only = replace(rulebook, duties={duty.id: duty})
    return [one for first in (preceding(period).first, period.first) for one in _opened_from(only, first, day)]


def _opened_from(rulebook: Rulebook, first: date, day: date) -> Iterable[tuple[DutyPeriod, Task]]:
    at = datetime.combine(first, time(0), SHANGHAI)
    with installation(rulebook, at) as deployment:
        begin_duties(deployment, at)
        PlayedWorker(deployment, never_printing, at).work_until(at)
        with connection(deployment.database) as reader:
            owed = {row.id: row for row in reader.every(DutyPeriod, jurisdiction=rulebook.id)}
            tasks = list(reader.every(Task, jurisdiction=rulebook.id))
    due = (task for task in tasks if task.due_at and local(task.due_at).date() == day)
    return sorted(((owed[task.about], task) for task in due), key=lambda both: both[0].unit)


def _quota(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the system tells a unit it owes of quotas on the day of the step, its earlier returns handed in."""
    found = {}
    for name in wanted:
        duty = rulebook.duties.get(name)
        if duty and duty.quota and duty.every and owed_as_it_stands(duty):
            found[name] = {
                key: value for key, value in _wanted_by(rulebook, duty, step, at).items() if key in wanted[name]
            }
    return found


def _wanted_by(rulebook: Rulebook, duty: Duty, step: Step, at: datetime) -> dict[str, Any]:
    assert duty.every is not None
    only = replace(rulebook, duties={duty.id: duty})
    days = [*sorted(step.get("returns", ()), key=lambda each: each["on"]), {"on": at.date()}]
    firsts = [period_of(duty.every, each["on"], duty.starting).first for each in days]
    moments = [datetime.combine(first, time(0), SHANGHAI) for first in firsts]
    unit = instances(rulebook, duty.of)[0]
    with installation(only, moments[0]) as deployment:
        for told, moment in zip(days, moments, strict=True):
            begin_duties(deployment, moment)
            PlayedWorker(deployment, never_printing, moment).work_until(moment)
            if "count" in told:
                _return(deployment, only, duty, unit, told, moment)
        with acting(deployment, machinery(rulebook.id, "情景"), moments[-1]) as act:
            owed = act.tx.first(DutyPeriod, duty=duty.id, unit=unit, begins_on=firsts[-1])
            assert owed is not None
            found = wanted_of(Draft(only, file_of(act, owed), act.actor, moments[-1], new_id), duty, owed)
    assert found is not None
    return quota_told(found)


def _return(
    deployment: Deployment, rulebook: Rulebook, duty: Duty, unit: str, told: Mapping[str, Any], at: datetime
) -> None:
    """Let a unit hand in what it did in a period."""
    assert duty.quota is not None
    numbers = {duty.quota.counts: told["count"]} | ({duty.quota.out_of: told["out_of"]} if "out_of" in told else {})
    roles = tuple(role.id for role in rulebook.roles.values() if not (OFFICES | RULES) & {*role.may})
    with connection(deployment.database) as reader:
        owed = reader.first(DutyPeriod, duty=duty.id, unit=unit, begins_on=at.date())
        task = reader.first(Task, about=owed.id) if owed else None
    assert task is not None
    clerk = deployment.actor(_account(rulebook, unit, roles, at))
    hand_in(deployment, clerk, task.id, task.version, numbers, "", new_id(), at)


def _told(rulebook: Rulebook, owed: DutyPeriod, task: Task) -> dict[str, Any]:
    due = task.due or {}
    return {
        "duty": owed.duty,
        "of": kind_of(owed.unit),
        "to": one_or_all(owed.to),
        "unit": owed.unit,
        "covers": period_words(rulebook, owed.duty, owed.every, owed.begins_on),
        "due_at": plain(task.due_at),
        "counted": list(due.get("counted", ())),
    }


def _may(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, of the acts asked about, those that accounts have which sign in with a role or in a unit."""
    return {name: [act for act in acts if act in _acts_of(rulebook, name, at)] for name, acts in wanted.items()}


def _acts_of(rulebook: Rulebook, name: str, at: datetime) -> frozenset[str]:
    if name in rulebook.units:
        mine = rulebook.units[name].may
        roles = tuple(role.id for role in rulebook.roles.values() if not (OFFICES | RULES) & {*role.may})
        return _signed_in(rulebook, name, roles, at).acts - (OF_EVERY_UNIT - {*mine})
    anywhere = next((unit.id for unit in rulebook.units.values() if not unit.may), "")
    return _signed_in(rulebook, anywhere, (name,), at).acts


def _signed_in(rulebook: Rulebook, unit: str, roles: tuple[str, ...], at: datetime) -> Actor:
    with installation(rulebook, at) as deployment:
        return deployment.actor(_account(rulebook, unit, roles, at))


def _account(rulebook: Rulebook, unit: str, roles: tuple[str, ...], at: datetime) -> Account:
    return Account(
        id=new_id(), login="scenario", name="情景", password_hash="", jurisdiction=rulebook.id, unit=unit, roles=roles,
        created_at=at, division=rulebook.code, password_set_at=at,
    )  # fmt: skip


def _asks(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, of the fields asked about, those on the pages of the forms that people are offered."""
    lives = living(rulebook)
    found = {}
    for name, fields in wanted.items():
        if lives("forms", name):
            page = form_page(rulebook.forms[name], rulebook, {}, at.date(), "")
            shown = {each.field.name for section in page.sections for each in section.fields}
            found[name] = [field for field in fields if field in shown]
    return found


def _choices(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, of the entries asked about, those that a page offers in a field of such a list on the day of the step."""
    lives = living(rulebook)
    forms = [form for form in rulebook.forms.values() if lives("forms", form.id)]
    found = {}
    for name, words in wanted.items():
        if field := next((field for form in forms for field in form.fields.values() if field.list == name), None):
            groups = groups_of(field, rulebook, at.date(), ())
            offered = {option.value for group in groups for option in group.options}
            found[name] = [word for word in words if word in offered]
    return found


def _climbs(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return past whom a message for a unit goes where nobody is anywhere, up to a unit that is reached on paper."""
    found = {}
    with installation(rulebook, at) as deployment, acting(deployment, machinery(rulebook.id, "情景"), at) as act:
        draft = Draft(rulebook, File(staffed=Staffed(Staff(act))), act.actor, at, new_id)
        for unit, above in wanted.items():
            reached, empty = somebody(draft, unit)
            if unit not in empty:  # one that works on paper itself: no message goes past it
                continue
            passed = [*empty[1:], *([] if reached == unit else [reached])]
            found[unit] = [*passed, *(above[len(passed) :] if reached != unit else ())]
    return found


ENGINE_LOOKS: Mapping[str, Look] = {
    "owed": _owed,
    "not_owed": _not_owed,
    "may": _may,
    "asks": _asks,
    "choices": _choices,
    "climbs": _climbs,
    "quota": _quota,
    "owes": _owes,
    "ledger": engine_lists.ledger,
    "meets": engine_meetings.meets,
    "kept": engine_lists.kept,
    "strictest": engine_people.strictest,
    "bound": engine_people.bound,
    "drawn": engine_draws.drawn,
    "measured": engine_counts.measured,
}


_IS_HELD: Mapping[str, Callable[[Rulebook, Step], bool]] = {
    "owes": _can_happen,
    "drawn": engine_draws.is_drawn_here,
    "measured": engine_counts.is_counted,
    "strictest": engine_people.is_told,
    "bound": engine_people.is_told,
}
NOT_LIVED: Mapping[str, str] = {
    "owes": "定期任务因事而起的部分",
    "drawn": "定期任务抽查的部分",
    "measured": "指标由列出的几件算出的部分",
    "strictest": "定期任务按对象从严的部分",
    "bound": "定期任务按对象从严的部分",
}
"""Of which rules it is where a step tells more of somebody, or of things, than the system can be brought to hold."""
