"""The person a submission is about: found again by id number, or recorded anew; secrets sealed."""

from collections.abc import Mapping
from typing import Any

from xunfang.actions.acting import Act
from xunfang.identity import normalise_id, normalise_phone, sex
from xunfang.rulebook.model import IntakeForm
from xunfang.store import Person, new_id
from xunfang.store.reading.case_file import person_place, person_secrets

SECRET = ("id_number", "phone")


def person_of(act: Act, form: IntakeForm, answers: Mapping[str, Any], residence: str) -> Person:
    """Return the person a submission is about, recorded when new.

    Only an equal id number makes two reports one person: a wrong union would open a stranger's file.
    """
    told = {use: answers[name] for use, name in form.person.items() if name in answers}
    number = normalise_id(str(told["id_number"])) if told.get("id_number") else ""
    index = act.deployment.keys.blind_index(number) if number else None
    if index:
        known = act.tx.first(Person, jurisdiction=act.actor.jurisdiction, id_index=index)
        if known:
            return known
    person = _new_person(act, told, number, index, residence)
    act.tx.insert(person)
    return person


def _new_person(act: Act, told: Mapping[str, Any], number: str, index: str | None, residence: str) -> Person:
    key = new_id()
    phone = normalise_phone(str(told["phone"])) if told.get("phone") else ""
    secrets = {name: value for name, value in (("id_number", number), ("phone", phone)) if value}
    return Person(
        id=key,
        jurisdiction=act.actor.jurisdiction,
        residence=residence,
        registration=str(told.get("registration") or residence),
        name=str(told.get("name", "")),
        created_at=act.at,
        id_index=index,
        sealed=act.deployment.keys.seal_values(secrets, person_place(key)) if secrets else None,
        sex=sex(number) if number else "",
    )


def secrets_of(act: Act, person: Person) -> dict[str, str]:
    """Return a person's sealed values."""
    return person_secrets(person, act.deployment.keys)
