"""What a scenario looks at of ledgers and lists, as the system has it: what stands in them, who comes through them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.feeds import hand_in_list
from xunfang.casework import Delivery
from xunfang.cli.engine import a_home, installation, never_printing, somebody_of
from xunfang.cli.engine_people import Registered, register
from xunfang.clock import local
from xunfang.demo.played import PlayedWorker
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.identity import make_id
from xunfang.prove.looks import Step
from xunfang.prove.scenarios import plain
from xunfang.rulebook.model import Feed, Rulebook
from xunfang.rules.feeds import BAD, ENTITLED, LEFT_OUT
from xunfang.rules.identity_papers import number_of_person
from xunfang.rules.labels import answer_text
from xunfang.rules.sample import values_of
from xunfang.rules.units import instances
from xunfang.rules.visits import ENTITLED as GIVEN
from xunfang.store import connection
from xunfang.store.reading.feeds import everybody_on

_BORN = date(1958, 3, 12)


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


def kept(rulebook: Rulebook, step: Step, at: datetime, wanted: list[int]) -> list[int]:
    """Return which rows of the step's list, handed in as a file, are neither refused nor left out."""
    feed = rulebook.feeds[str(step.get("feed", ""))]
    people = [_row(rulebook, feed, row, number) for number, row in enumerate(step.get("rows", ()), 1)]
    with installation(rulebook, at) as deployment:
        for row, person in zip(step.get("rows", ()), people, strict=True):
            if given := row.get(GIVEN):
                _held_before(deployment, rulebook, feed, person, given, at)
        sender = somebody_of(rulebook, next(_senders(rulebook, feed)))
        key, _ = hand_in_list(deployment, sender, feed.id, "", "名单.csv", _csv(rulebook, feed, people), at)
        PlayedWorker(deployment, never_printing, at).work_until(at + timedelta(minutes=1))
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
    told |= {feed.place: rulebook.divisions.label(a_home(rulebook), below=rulebook.code)} if feed.place else {}
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
    somebody = Registered(rulebook.id, a_home(rulebook), local(at), str(person[form.person["name"]]), index)
    register(deployment, rulebook, at, *somebody.rows((), given))
