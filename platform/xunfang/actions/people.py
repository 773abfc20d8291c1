"""The person a submission is about: found again by id number, or recorded anew; secrets sealed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xunfang.actions.acting import Act
from xunfang.identity import birth_date, mask_id, mask_phone, normalise_id, normalise_phone, sex
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.intake import Decision
from xunfang.store import Person, Place, new_id

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
    born: date | None = birth_date(number) if number else None
    place = Place("person", "sealed", key)
    return Person(
        id=key,
        jurisdiction=act.actor.jurisdiction,
        residence=residence,
        registration=str(told.get("registration") or residence),
        name=str(told.get("name", "")),
        created_at=act.at,
        id_index=index,
        sealed=act.deployment.keys.seal_values(secrets, place) if secrets else None,
        masked_id=mask_id(number) if number else "",
        masked_phone=mask_phone(phone) if phone else "",
        sex=sex(number) if number else "",
        birth_on=born,
    )


def person_as_corrected(act: Act, decision: Decision, before: Mapping[str, Any], person: str) -> str:
    """Return whom a corrected report is about: the same person put right, or another when the number is another."""
    form, answers = decision.form, decision.answers
    was = {use: before.get(name) for use, name in form.person.items()}
    told = {use: answers.get(name) for use, name in form.person.items()}
    if was == told:
        return person
    residence = str(decision.facts.get("residence") or act.rules().code)
    if not told.get("id_number") or was.get("id_number") != told.get("id_number"):
        return person_of(act, form, answers, residence).id
    known = act.tx.find(Person, person)
    assert known is not None
    _put_right(act, known, told)
    return known.id


def _put_right(act: Act, person: Person, told: Mapping[str, Any]) -> None:
    """Write down the name and the phone of somebody whose number stays."""
    phone = normalise_phone(str(told["phone"])) if told.get("phone") else ""
    secrets = {**secrets_of(act, person), **({"phone": phone} if phone else {})}
    place = Place("person", "sealed", person.id)
    change = {
        "name": str(told.get("name") or person.name),
        "sealed": act.deployment.keys.seal_values(secrets, place) if secrets else None,
        "masked_phone": mask_phone(phone) if phone else person.masked_phone,
    }
    act.tx.update(Person, {"id": person.id, "version": person.version}, change)


def secrets_of(act: Act, person: Person) -> dict[str, Any]:
    """Return a person's sealed values."""
    return act.deployment.keys.open_values(person.sealed, Place("person", "sealed", person.id))
