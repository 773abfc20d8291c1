"""Events 应急响应: those that are on, the list of all, everything about one, and what one needs to declare it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from xunfang.actions.deployment import Actor
from xunfang.casework import permitted
from xunfang.casework.alerts import declarable
from xunfang.clock import local_date, parse
from xunfang.desk.events import event_face, in_runs
from xunfang.desk.faces import AlertDutyFace, AlertFace, AlertForm, AlertRow, Declarable
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases
from xunfang.desk.wording import ALERT_STATUS
from xunfang.rulebook.model import AlertKind, Rulebook
from xunfang.rules.alerts import Event, concerns, level_of, place_of
from xunfang.rules.describe.duties import when_words
from xunfang.rules.units import places_of
from xunfang.store import Alert
from xunfang.store.reading.alerts import AlertFile

MOST_TOLD = 8
"""Of so many places each is named; of more, how many there are."""


class Told(Event, Protocol):
    """What a line tells of an event."""

    @property
    def unit(self) -> str:
        """The unit that declared it."""
        ...


def alert_row(event: Told, labels: Labels, now: datetime) -> AlertRow:
    """Return one line, by the names of the release it was declared by."""
    begins, level = parse(str(event.steps[0]["at"])), str(event.steps[-1]["level"])
    status = "over" if event.ended_at else "on" if begins <= now else "ahead"
    return AlertRow(
        id=event.id,
        label=labels.alert(event.kind),
        response=labels.response(event.kind),
        level=labels.level(event.kind, level),
        places=_places(labels, event.places),
        unit=labels.unit(event.unit),
        begins_at=begins,
        ended_at=event.ended_at,
        status=ALERT_STATUS[status],
        status_id=status,
    )


def _places(labels: Labels, places: Sequence[str]) -> str:
    named = "、".join(_place(labels, place) for place in places[:MOST_TOLD])
    return f"{named}等{len(places)}个地方" if len(places) > MOST_TOLD else named


def _place(labels: Labels, place: str) -> str:
    """Return a place by its name; the whole jurisdiction by its own."""
    return labels.rulebook.info.name if place == labels.rulebook.code else labels.place(place)


def concerning(alerts: Iterable[Alert], rulebook: Rulebook, actor: Actor) -> list[Alert]:
    """Return the events that hold where somebody's unit works."""
    places = places_of(rulebook, actor.unit)
    return [alert for alert in alerts if any(concerns(alert, place) for place in places)]


def alert_face(stored: AlertFile, rules: Releases, actor: Actor, now: datetime) -> AlertFace:
    """Return an event for its page, with what this person may do to it."""
    alert, labels = stored.alert, rules.labels(stored.alert.release)
    kind, filled = labels.rulebook.alerts[alert.kind], stored.summary
    form = labels.rulebook.forms.get(kind.form)
    closed = [event for event in stored.events if event.name == "alert.closed"]
    now_at = level_of(alert)
    return AlertFace(
        row=alert_row(alert, labels, now),
        version=alert.version,
        form=form.title if form else "",
        basis=labels.basis(kind.basis),
        levels=tuple((level, kind.labels.get(level, level)) for level in kind.levels if level != now_at),
        duties=_duties(stored, rules.in_force, kind),
        said=labels.on(local_date(filled.at)).said(form, filled.answers) if form and filled else (),
        photos=tuple(file.id for file in filled.attachments) if filled else (),
        text=str(closed[-1].told.get("reason", "")) if closed else "",
        events=in_runs(event_face(event, labels, "") for event in reversed(stored.events)),
        can=permitted(labels.rulebook, actor, stored.task),
    )


def _duties(stored: AlertFile, rulebook: Rulebook, kind: AlertKind) -> tuple[AlertDutyFace, ...]:
    """Return what is owed for an event, by the rules in force, those that lapsed meanwhile included."""
    named = {duty.id: duty for duty in rulebook.duties.values() if duty.while_ == kind.id}
    named |= {id: rulebook.duties[id] for id in stored.counts if id in rulebook.duties}
    stand_ins: dict[str, list[str]] = {}
    for duty in named.values():
        stand_ins.setdefault(duty.instead_of, []).append(f"“{duty.label}”")
    instead = {id: f"平时的任务，期间以{'、'.join(labels)}代替" for id, labels in stand_ins.items() if id}
    found = []
    for id in dict.fromkeys((*named, *stored.counts)):
        counted = stored.counts.get(id, {})
        done = sum(counted.get(status, 0) for status in ("reported", "nil", "waived"))
        label, when = (named[id].label, when_words(rulebook, named[id])) if id in named else (id, "")
        when = instead.get(id, when)
        owed, late = counted.get("owed", 0), counted.get("late", 0)
        stopped = counted.get("withdrawn", 0) + counted.get("replaced", 0)
        found.append(AlertDutyFace(label, when, owed, done, stopped, late))
    return tuple(found)


def alert_form(alert: Alert, labels: Labels) -> AlertForm:
    """Return what the page needs on which an event is closed."""
    kind = labels.rulebook.alerts[alert.kind]
    level = labels.level(kind.id, level_of(alert))
    return AlertForm(alert.id, alert.version, kind.label, level, kind.form, alert.release)


def declarable_faces(labels: Labels, actor: Actor) -> tuple[Declarable, ...]:
    """Return every kind of event that somebody may declare, with what they have to choose from."""
    rulebook = labels.rulebook
    home = place_of(rulebook, actor.unit)
    below = [division.code for division in rulebook.divisions.children(home)]
    places = [(code, _place(labels, code)) for code in (home, *below)]
    return tuple(
        Declarable(
            id=kind.id,
            label=kind.label,
            levels=[(level, kind.labels.get(level, level)) for level in kind.levels],
            places=places,
            basis=labels.basis(kind.basis),
            duties=tuple(_owed_words(rulebook, kind)),
        )
        for kind in declarable(rulebook, actor)
    )


def _owed_words(rulebook: Rulebook, kind: AlertKind) -> Iterable[str]:
    for duty in rulebook.duties.values():
        if duty.while_ == kind.id:
            yield f"{duty.label}：{when_words(rulebook, duty)}"
