"""The registry 救助对象档案 kept by hand: one thin act for every verb on a person."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.loading import file_of
from xunfang.actions.people import secrets_of
from xunfang.actions.storing import store
from xunfang.casework import VERBS, Asked, Case, File, Household, Membership, Payee, Person, advance
from xunfang.casework.upkeep import SEALED
from xunfang.clock import local_date
from xunfang.errors import FieldProblem, Invalid
from xunfang.identity import RESIDENT, born_on, normalise_id, paper_key, resident_id_problem, sex
from xunfang.phones import normalise_phone
from xunfang.store import new_id
from xunfang.store.findable import phone_index
from xunfang.store.reading.case_file import person_place


def do_to_person(deployment: Deployment, asked: Asked, at: datetime) -> None:
    """Do a verb to a person of the registry: load what is recorded, let it be decided what follows, store that.

    Raises NotFound out of sight, NotAllowed, Conflict when the record is no longer as it was seen, Invalid.
    """
    assert isinstance(asked.actor, Actor)
    with acting(deployment, asked.actor, at, dated=True) as act:
        asked.actor.need(*VERBS[asked.verb].acts)
        person = act.scoped.person(asked.person)
        if asked.verb == "amend":
            asked = _amending(act, person, asked)
        changes = advance(act.rules(), _file(act, person, asked), asked, at, new_id)
        store(act, changes)


def _file(act: Act, person: Person, asked: Asked) -> File:
    """Return what deciding about a person's registry may look at: their household, and their cases that go on."""
    cases = act.tx.select(Case, person=person.id, closed_at=None, jurisdiction=person.jurisdiction)
    file = file_of(act, *cases, people=[person.id])
    accounts = act.tx.every(Payee, person=person.id)
    rows = {row.id: row for row in (person, *file.rows, *accounts, *_homes(act, person, asked))}
    return replace(file, rows=tuple(rows.values()))


def _homes(act: Act, person: Person, asked: Asked) -> list[Household | Membership]:
    """Return the households that are concerned, with all who belong to them: theirs, and one named by its number."""
    keys = {row.household for row in act.tx.every(Membership, person=person.id) if row.left_on is None}
    if asked.verb == "join-household":
        named = act.tx.first(Household, jurisdiction=person.jurisdiction, number=asked.number.strip())
        keys |= {named.id} if named and act.scoped.sees_household(named.id) else set()
    homes = [home for key in sorted(keys) if (home := act.tx.find(Household, key))]
    return [*homes, *(row for home in homes for row in act.tx.every(Membership, household=home.id))]


def _amending(act: Act, person: Person, asked: Asked) -> Asked:
    """Return what is asked with the value as it was, and the new envelope where it lies sealed; raises Invalid."""
    after = str(asked.answers.get("after", "")).strip()
    if asked.kind not in SEALED:
        return replace(asked, answers={"before": getattr(person, asked.kind, ""), "after": after})
    secrets = secrets_of(act, person)
    after = _checked(act, asked.kind, after)
    told = {"before": secrets.get(asked.kind, ""), "after": after}
    return replace(asked, answers=told, payload=_resealed(act, person, secrets, asked.kind, after))


def _checked(act: Act, field: str, value: str) -> str:
    if field == "phone":
        return normalise_phone(value)
    if problem := resident_id_problem(value, local_date(act.at)):
        raise Invalid([FieldProblem("after", problem)], "没有更正。")
    return normalise_id(value)


def _resealed(act: Act, person: Person, secrets: Mapping[str, str], field: str, value: str) -> dict[str, Any]:
    keys = act.deployment.keys
    whole = {name: each for name, each in {**secrets, field: value}.items() if field == "phone" or name != "id_kind"}
    changed: dict[str, Any] = {"sealed": keys.seal_values(whole, person_place(person.id))}
    if field == "id_number":
        changed["id_index"] = keys.blind_index(paper_key(RESIDENT, value))
        changed["sex"] = sex(value) if born_on(value) else person.sex
    else:
        changed["phone_index"] = phone_index(keys, value)
    return changed
