"""What a scenario looks at of the whole year, as the system has it: ledgers, sittings, lists, who is visited."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.feeds import hand_in_list
from xunfang.actions.meetings import call_sitting, do_to_sitting
from xunfang.actions.visits import begin_visits
from xunfang.casework import Delivery, Entitlement, Holding, OwedThing, Row, Sitting
from xunfang.cli.engine import installation
from xunfang.clock import local
from xunfang.demo.played import PlayedWorker
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.division import Level
from xunfang.errors import Invalid
from xunfang.identity import make_id
from xunfang.prove.looks import Step
from xunfang.prove.scenarios import plain
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Duty, Feed, Meeting, Rulebook
from xunfang.rules.feeds import BAD, ENTITLED, LEFT_OUT
from xunfang.rules.identity_papers import number_of_person
from xunfang.rules.labels import answer_text
from xunfang.rules.sample import values_of
from xunfang.rules.units import instances, kind_of
from xunfang.rules.visits import ENTITLED as GIVEN
from xunfang.rules.visits import HELD
from xunfang.store import Person, connection, new_id
from xunfang.store.reading.feeds import everybody_on
from xunfang.worktime import Every

_BORN, _LONG = date(1958, 3, 12), timedelta(days=400)
_REGISTRY = {HELD, GIVEN, "categories", "residence", "person.residence"}
"""What of the facts about somebody the registry tells."""


def ledger(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, of the columns asked about, those at the head of the page of a ledger."""
    found = {}
    with installation(rulebook, at) as deployment:
        desk, actor = LedgerDesk(deployment), machinery(rulebook.id, "情景")
        for name, columns in wanted.items():
            page = desk.page(actor, name, LedgerAsked(), at)
            shown = {word for head in page.heads for word in (head.path, head.label)}
            found[name] = [column for column in columns if column in shown]
    return found


def meets(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return who calls a sitting of each meeting, who is invited, and whether as few as its quorum can open it."""
    found = {}
    for name, asked in wanted.items():
        meeting = rulebook.meetings[name]
        with installation(rulebook, at) as deployment:
            told = _called(deployment, rulebook, meeting, asked.get("quorum", meeting.quorum), at)
        found[name] = {key: told[key] for key in asked if key in told}
    return found


def _called(deployment: Deployment, rulebook: Rulebook, meeting: Meeting, quorum: str, at: datetime) -> dict[str, Any]:
    actor = _somebody(rulebook, instances(rulebook, meeting.convenes)[0])
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


def kept(rulebook: Rulebook, step: Step, at: datetime, wanted: list[int]) -> list[int]:
    """Return which rows of the step's list, handed in as a file, are neither refused nor left out."""
    feed = rulebook.feeds[str(step.get("feed", ""))]
    people = [_row(rulebook, feed, row, number) for number, row in enumerate(step.get("rows", ()), 1)]
    with installation(rulebook, at) as deployment:
        for row, person in zip(step.get("rows", ()), people, strict=True):
            if given := row.get(GIVEN):
                _held_before(deployment, rulebook, feed, person, given, at)
        sender = _somebody(rulebook, next(_senders(rulebook, feed)))
        key, _ = hand_in_list(deployment, sender, feed.id, "", "名单.csv", _csv(rulebook, feed, people), at)
        PlayedWorker(deployment, _never_printing, at).work_until(at + timedelta(minutes=1))
        with connection(deployment.database) as reader:
            delivery, rows = reader.find(Delivery, key), list(everybody_on(reader, key))
    assert delivery is not None
    return sorted(row.line for row in rows if row.verdict not in (BAD, LEFT_OUT, ENTITLED))


def _senders(rulebook: Rulebook, feed: Feed) -> Iterator[str]:
    yield from (
        unit for duty in rulebook.duties.values() if duty.feed == feed.id for unit in instances(rulebook, duty.of)
    )


def _row(rulebook: Rulebook, feed: Feed, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return a whole row of a list: what the scenario tells of it, and of the rest what a form may hold."""
    form = rulebook.forms[feed.row_form]
    likely = values_of(rulebook, form)
    told = {name: likely[name] for name in feed.columns if name in likely}
    told |= {feed.place: rulebook.divisions.label(_home(rulebook), below=rulebook.code)} if feed.place else {}
    told |= {name: value for name, value in plain(row).items() if name in feed.columns}
    if feed.match not in row and form.fields[feed.match].kind in ("resident-id", "identity-paper"):
        told[feed.match] = make_id("110101", _BORN, number)
    return told


def _csv(rulebook: Rulebook, feed: Feed, people: Sequence[Mapping[str, Any]]) -> bytes:
    fields, made = rulebook.forms[feed.row_form].fields, io.StringIO()
    sheet = csv.writer(made)
    sheet.writerow(heads[0] if heads else fields[name].title for name, heads in feed.columns.items())
    for person in people:
        sheet.writerow(_cell(rulebook, fields[name], person.get(name)) for name in feed.columns)
    return made.getvalue().encode("utf-8-sig")


def _cell(rulebook: Rulebook, field: Any, value: Any) -> str:
    return "" if value is None else str(value) if field.kind == "number" else answer_text(rulebook, field, value)


def _held_before(
    deployment: Deployment,
    rulebook: Rulebook,
    feed: Feed,
    person: Mapping[str, Any],
    given: Sequence[str],
    at: datetime,
) -> None:
    """Let the registry know that somebody in a list has been given some aid."""
    form = rulebook.forms[feed.row_form]
    index = deployment.keys.blind_index(number_of_person(rulebook, form, person)[1])
    somebody = _Registered(rulebook.id, _home(rulebook), local(at), str(person[form.person["name"]]), index)
    _insert(deployment, rulebook, at, *somebody.rows((), given))


def strictest(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return, for each form, the duty under which the worker plans a visit to somebody whom the registry tells of."""
    planned = _planned(rulebook, step, at)
    return {form: planned[form].duty if form in planned else "" for form in wanted} if _is_told(step) else {}


def bound(rulebook: Rulebook, step: Step, at: datetime, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return, for each form, the visit that the worker plans to somebody: asked by what, owed by whom and by when."""
    if not _is_told(step):
        return {}
    planned = _planned(rulebook, step, at)
    return {form: _told_of(planned.get(form), asked) for form, asked in wanted.items() if asked or form in planned}


def _is_told(step: Step) -> bool:
    """Return whether all that a step tells of somebody can stand in the registry; what an event asks for is not."""
    return set(step.get("answers", {})) <= _REGISTRY and not step.get("during")


def added(rulebook: Rulebook, step: Step, at: datetime, duty: Duty, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the visit that the worker opens as soon as somebody comes to be of a category; empty where none is."""
    told = step.get("answers", {})
    somebody = _Registered(rulebook.id, str(told.get("residence", "")) or _home(rulebook), local(at), since=local(at))
    with installation(rulebook, at) as deployment:
        _insert(deployment, rulebook, at, *somebody.rows(told.get(HELD, told.get("categories", ())), ()))
        begin_visits(deployment, at)
        PlayedWorker(deployment, _never_printing, at).work_until(at)
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
    }
    return {key: told[key] for key in asked or ("by",) if key in told}


def _planned(rulebook: Rulebook, step: Step, at: datetime) -> dict[str, OwedThing]:
    """Return what the worker plans in the first minute of a day for somebody, by form."""
    told, at = step.get("answers", {}), local(at).replace(hour=0, minute=1)
    held, given = told.get(HELD, told.get("categories", ())), told.get(GIVEN, ())
    home = str(told.get("residence", told.get("person.residence", ""))) or _home(rulebook)
    with installation(rulebook, at) as deployment:
        _insert(deployment, rulebook, at, *_Registered(rulebook.id, home, at).rows(held, given))
        begin_visits(deployment, at)
        PlayedWorker(deployment, _never_printing, at).work_until(at)
        with connection(deployment.database) as reader:
            return {thing.matter: thing for thing in reader.every(OwedThing) if thing.subject == "visit"}


@dataclass(frozen=True, slots=True)
class _Registered:
    """Somebody whom the registry has known since a moment, or for long."""

    jurisdiction: str
    residence: str
    at: datetime
    name: str = "周福"
    index: str | None = None
    since: datetime | None = None

    def rows(self, held: Sequence[str], given: Sequence[str]) -> Iterator[Row]:
        """Yield them, what they are held to be, and the programmes that they were granted."""
        before, person = self.since or self.at - _LONG, new_id()
        since = before.date()
        place: dict[str, Any] = {"jurisdiction": self.jurisdiction, "residence": self.residence}
        told: dict[str, Any] = {
            "registration": self.residence,
            "name": self.name,
            "created_at": before,
            "id_index": self.index,
        }
        yield Person(id=person, **place, **told)
        for category in held:
            of_it: dict[str, Any] = {"category": category, "since": since, "noted_at": before, "source": "list"}
            yield Holding(id=new_id(), person=person, **place, **of_it)
        for programme in given:
            of_it = {"programme": programme, "state": "granted", "since": since, "decided_at": before, "unit": ""}
            yield Entitlement(id=new_id(), person=person, **place, **of_it)


def _insert(deployment: Deployment, rulebook: Rulebook, at: datetime, *rows: Row) -> None:
    with acting(deployment, machinery(rulebook.id, "情景"), at) as act:
        for row in rows:
            act.tx.insert(row)
        act.event("scenario.began")


def _home(rulebook: Rulebook) -> str:
    """Return a village of the county, or what it has instead."""
    levels = (rulebook.divisions.of_level(level, rulebook.code) for level in (Level.VILLAGE, Level.TOWNSHIP))
    return next((each.code for found in levels for each in found), rulebook.code)


def _somebody(rulebook: Rulebook, unit: str) -> Actor:
    return Actor(f"account-{unit}", "情景", rulebook.id, unit, rulebook.code, (), ACTS)


def _never_printing(order: object) -> Any:
    raise AssertionError("nothing is printed of lists and visits")
