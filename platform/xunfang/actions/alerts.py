"""Events 应急响应: declared, changed and closed by those who may; what units owe meanwhile is the worker's part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.duties import PIECE
from xunfang.actions.following import follow_duty
from xunfang.actions.handling import carry_out, decide_and_store, sent_before
from xunfang.actions.loading import Staff, Staffed, file_of
from xunfang.actions.storing import store
from xunfang.casework import Alert, Asked, DutyPeriod, File, Task, advance
from xunfang.casework.duties import told_of
from xunfang.casework.jobs import ALERT_DUTIES
from xunfang.clock import SHANGHAI, Now, local, local_date
from xunfang.rulebook.acts import DECLARE
from xunfang.rulebook.model import Rulebook
from xunfang.rules.alerts import missing, surplus
from xunfang.rules.duties import PlannedDuty
from xunfang.rules.standing_in import owed_again, stood_aside
from xunfang.rules.units import follow_unit, former_units
from xunfang.store import (
    Job,
    Opened,
    Reader,
    Transaction,
    alerts_on,
    alerts_since,
    connection,
    new_id,
    opened_for,
    ordinary_open,
)
from xunfang.worktime import period_of

_REASON = "应急响应"


def declare(
    deployment: Deployment,
    actor: Actor,
    kind: str,
    level: str,
    places: Sequence[str],
    begins: str,
    reason: str,
    at: datetime,
) -> str:
    """Declare an event for places, from a moment (ISO; "" for now) on; returns its key.

    Raises NotAllowed, Invalid with every problem, Conflict where the same is on already.
    """
    asked = Asked(
        verb="declare-alert",
        actor=actor,
        kind=kind,
        level=level,
        places=tuple(places),
        moment=begins,
        reason=reason,
    )
    with acting(deployment, actor, at, DECLARE, dated=True) as act:
        on = tuple(alerts_on(act.tx, actor.jurisdiction))
        changes = advance(act.rules(), File(on, staffed=Staffed(Staff(act))), asked, at, new_id)
        store(act, changes)
    return next(row.id for row in changes.new if isinstance(row, Alert))


def change_level(
    deployment: Deployment, actor: Actor, alert_id: str, version: int, level: str, reason: str, at: datetime
) -> None:
    """Raise or lower the level of an event; raises NotFound, NotAllowed, Invalid, Conflict."""
    asked = Asked(verb="change-level", actor=actor, version=version, level=level, reason=reason)
    with acting(deployment, actor, at, DECLARE, dated=True) as act:
        alert, task = _found(act, alert_id)
        decide_and_store(act, replace(asked, task=task.id), task, alert)


def close(
    deployment: Deployment,
    actor: Actor,
    alert_id: str,
    version: int,
    answers: Mapping[str, Any],
    text: str,
    submission_id: str,
    at: datetime,
    confirmed: tuple[str, ...] = (),
) -> None:
    """Close an event with its summary; the same key sent again does nothing.

    Raises NotFound, NotAllowed, Invalid with every problem, Conflict.
    """
    asked = Asked(
        verb="close-alert",
        actor=actor,
        version=version,
        answers=answers,
        reason=text,
        submission=submission_id,
        confirmed=confirmed,
    )
    with acting(deployment, actor, at, DECLARE, dated=True) as act:
        alert, task = _found(act, alert_id)
        if not sent_before(act, alert, task, answers, submission_id):
            decide_and_store(act, replace(asked, task=task.id), task, alert)


def _found(act: Act, alert_id: str) -> tuple[Alert, Task]:
    alert = act.scoped.alert(alert_id)
    task = act.tx.first(Task, about=alert.id)
    assert task is not None
    return alert, task


def watch_alerts(deployment: Deployment, at: datetime) -> None:
    """Put the job that opens what is owed today while events are on, once for each day and release."""
    for jurisdiction in deployment.rulebooks.current:
        with acting(deployment, machinery(jurisdiction, _REASON), at) as act:
            if alerts_on(act.tx, jurisdiction):
                act.jobs([_of_day(act, local_date(at), at)])


def _of_day(act: Act, day: date, run_at: datetime) -> Job:
    key = f"{ALERT_DUTIES}:{act.actor.jurisdiction}:{day.isoformat()}:{act.rules().digest[:16]}"
    return act.new_job(ALERT_DUTIES, key, {"key": key, "piece": 0}, run_at)


@dataclass(frozen=True, slots=True)
class Amiss:
    """What is to be opened and taken back, set aside and owed again, each a handful and one more where there is more.

    `aside` are ordinary duties in whose place others stand, `again` those in whose place they did.
    """

    missing: tuple[PlannedDuty, ...]
    surplus: tuple[str, ...]
    aside: tuple[PlannedDuty, ...] = ()
    again: tuple[str, ...] = ()

    @property
    def more(self) -> bool:
        """Whether a handful is not all."""
        return max(map(len, (self.missing, self.surplus, self.aside, self.again))) > PIECE


class AlertDuties:
    """The worker's part: opens what is owed while events are on, and takes back what is owed no more."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Amiss:
        """Return what is amiss as the events stand now."""
        jurisdiction = job.jurisdiction
        rulebook = self.deployment.rulebooks.of(jurisdiction).on(local_date(self.now()))
        with connection(self.deployment.database, jurisdiction) as reader:
            return _amiss(reader, rulebook, jurisdiction, self.now())

    def finish(self, tx: Transaction, job: Job, prepared: Amiss) -> None:
        """Open and take back a handful, if they are still amiss; then what is left, or the next day."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        for planned in prepared.missing[:PIECE]:
            _open(act, planned)
        for key in prepared.surplus[:PIECE]:
            _withdraw(act, key)
        for planned in prepared.aside[:PIECE]:
            _set_aside(act, planned)
        for key in prepared.again[:PIECE]:
            _owe_again(act, key)
        if prepared.more:
            piece, key = int(job.payload["piece"]) + 1, str(job.payload["key"])
            payload = {"key": key, "piece": piece}
            act.jobs([act.new_job(ALERT_DUTIES, f"{key}:{piece}", payload, act.at)])
        elif alerts_on(tx, act.actor.jurisdiction):
            act.jobs([_tomorrow(act)])


def _tomorrow(act: Act) -> Job:
    day = local_date(act.at) + timedelta(days=1)
    return _of_day(act, day, datetime.combine(day, datetime.min.time(), SHANGHAI))


def _amiss(reader: Reader, rulebook: Rulebook, jurisdiction: str, at: datetime) -> Amiss:
    events, rows = _known(reader, rulebook, jurisdiction, at)
    owed = [row for row in rows if row.status == "owed"]
    to_open = sorted(missing(rulebook, events, rows, at), key=lambda one: (one.due is None, _due(one), one.unit))
    too_many = [row.id for row in surplus(rulebook, events, owed, at) if isinstance(row, Opened)]
    aside, again = _ordinary_amiss(reader, rulebook, jurisdiction, at)
    return Amiss(tuple(to_open[: PIECE + 1]), tuple(too_many[: PIECE + 1]), aside[: PIECE + 1], again[: PIECE + 1])


def _ordinary_amiss(
    reader: Reader, rulebook: Rulebook, jurisdiction: str, at: datetime
) -> tuple[tuple[PlannedDuty, ...], tuple[str, ...]]:
    """Return what of the ordinary duties is to be set aside, and what is owed again."""
    named = {duty.instead_of for duty in rulebook.duties.values() if duty.instead_of}
    ordinary = [duty for duty in rulebook.duties.values() if duty.id in named and duty.every]
    if not ordinary:
        return (), ()
    begun = min(period_of(duty.every, local(at).date(), duty.starting).first for duty in ordinary if duty.every)
    rows = ordinary_open(reader, jurisdiction, [duty.id for duty in ordinary], begun)
    events = alerts_since(reader, jurisdiction, min((row.due_at for row in rows), default=at))
    aside = tuple(stood_aside(rulebook, events, rows, at))
    return aside, tuple(row.id for row in owed_again(rulebook, events, rows, at))


def _due(planned: PlannedDuty) -> datetime:
    return planned.due.due_at if planned.due else datetime.max.replace(tzinfo=SHANGHAI)


def _known(reader: Reader, rulebook: Rulebook, jurisdiction: str, at: datetime) -> tuple[list[Alert], list[Opened]]:
    """Return the events that matter at a moment, and what was opened for them."""
    on = alerts_on(reader, jurisdiction)
    events = alerts_since(reader, jurisdiction, min((event.declared_at for event in on), default=at))
    day = local(at).date()
    rhythms = [period_of(duty.every, day).first for duty in rulebook.duties.values() if duty.while_ and duty.every]
    return events, opened_for(reader, jurisdiction, [event.id for event in events], min(rhythms, default=day))


def _open(act: Act, planned: PlannedDuty) -> None:
    every = planned.period.every.value if planned.period else ""
    same = {"duty": planned.duty, "unit": planned.unit, "every": every, "begins_on": planned.begins_on}
    same |= {"alert": planned.alert, "turn": planned.turn}
    alert = act.tx.find(Alert, planned.alert)
    if alert and act.tx.first(DutyPeriod, jurisdiction=act.actor.jurisdiction, **same) is None:
        asked = Asked(verb="open-duty", actor=act.actor, payload=told_of(planned))
        store(act, advance(act.rules(), File((alert,), staffed=Staffed(Staff(act))), asked, act.at, new_id))


def _set_aside(act: Act, planned: PlannedDuty) -> None:
    """Set aside what is owed for a period; what was not opened yet is opened so."""
    same = {"jurisdiction": act.actor.jurisdiction, "duty": planned.duty, "begins_on": planned.begins_on}
    units = (planned.unit, *former_units(act.rules(), planned.unit))
    owed = next((row for unit in units if (row := act.tx.first(DutyPeriod, unit=unit, **same))), None)
    if owed is None:
        asked = Asked(verb="open-duty", actor=act.actor, payload=told_of(planned))
        store(act, advance(act.rules(), File(_events(act), staffed=Staffed(Staff(act))), asked, act.at, new_id))
    else:
        _do_to(act, "replace-duty", owed)


def _owe_again(act: Act, key: str) -> None:
    """Let what was set aside be owed again, by the unit that follows where its division has ended meanwhile."""
    _do_to(act, "owe-again", act.tx.find(DutyPeriod, key))
    owed = act.tx.find(DutyPeriod, key)
    if owed and follow_unit(act.rules(), owed.unit) != owed.unit:
        follow_duty(act, key)


def _do_to(act: Act, verb: str, owed: DutyPeriod | None) -> None:
    """Let a verb be done to what is owed by the rules in force, with the events that are on or were when it was due."""
    task = act.tx.first(Task, about=owed.id) if owed else None
    if owed and task and task.due_at:
        events = alerts_since(act.tx, act.actor.jurisdiction, min(act.at, task.due_at))
        file = replace(file_of(act, owed), rows=(owed, task, *events), later={})
        asked = Asked(verb=verb, actor=act.actor, task=task.id)
        store(act, advance(act.rules(), file, asked, act.at, new_id))


def _events(act: Act) -> tuple[Alert, ...]:
    return tuple(alerts_on(act.tx, act.actor.jurisdiction))


def _withdraw(act: Act, key: str) -> None:
    owed, task = act.tx.find(DutyPeriod, key), act.tx.first(Task, about=key)
    if owed and task and owed.ended_at is None and _is_surplus(act, owed):
        carry_out(act, Asked(verb="withdraw-duty", actor=act.actor, task=task.id), owed)


def _is_surplus(act: Act, owed: DutyPeriod) -> bool:
    events = alerts_on(act.tx, act.actor.jurisdiction)
    return any(True for _ in surplus(act.rules(), events, [owed], act.at))
