"""The person a submission is about: the record of a source in sight, or a record of its own; secrets sealed.

Knowing a number opens nothing. A report meets what is on record under its number only where name and sight agree;
everything else stays apart, and those who see both sides are asked whether it is one person.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from xunfang.actions.acting import Act
from xunfang.casework import Entitlement, Holding, Membership, Visit
from xunfang.casework.reporting import told_of_person
from xunfang.identity import born_on, sex
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.identity_papers import kind_of_paper, number_of_person
from xunfang.rules.intake import Decision
from xunfang.rules.labels import label_of
from xunfang.store import Case, Clue, Person, Question, Reader, new_id
from xunfang.store.findable import phone_index
from xunfang.store.reading.alike import found_alike
from xunfang.store.reading.case_file import person_place, person_secrets

SECRET = ("id_number", "phone")
SEXES = ("男", "女")
MOST_RECORDS = 20
"""Between how many records of one number a new one is asked about; more is no question of names any more."""


MOST_NAMESAKES = 3
"""About how many records of the same name and place a new one is asked about."""


@dataclass(frozen=True, slots=True)
class Met:
    """The record a report is about, the open case it joins, if any, and the records that raise a question.

    Of one that is new nothing is on record.
    """

    person: Person
    case: Case | None
    others: tuple[Person, ...] = ()
    is_new: bool = False


def meet(
    act: Act,
    form: IntakeForm,
    answers: Mapping[str, Any],
    residence: str,
    open_case: Callable[[Person], Case | None],
    meant: Person | None = None,
) -> Met:
    """Return what a report meets; a record that is new is written.

    Whoever is `meant`, as on the page of a visit that is owed, is met by the name alone where no number is told.

    A record of the same number and name is met where it is in the reporter's sight. Out of it, only its open case is
    joined, by a report of the same place too, which shows the reporter nothing.
    """
    number, key = number_of_person(act.rules(), form, answers)
    told = told_of_person(form, answers)
    if meant is not None and not key and same_name(meant.name, told.get("name", "")):
        return Met(meant, open_case(meant))
    index = act.deployment.keys.blind_index(key) if key else None
    records = _records(act, index)
    alike = [record for record in records if same_name(record.name, told.get("name", ""))]
    seen = {record.id for record in act.scoped.records_with(index)} if index and alike else set()
    cases = {record.id: open_case(record) for record in alike}
    for record in sorted((each for each in alike if each.id in seen), key=lambda each: cases[each.id] is None):
        return Met(record, cases[record.id])
    for record in alike:
        case = cases[record.id]
        if case is not None and _same_place(case.residence, residence):
            return Met(record, case)
    field = form.fields.get(form.person.get("id_number", ""))
    person = _new_person(act, told, number, index, residence, kind_of_paper(form, field, answers))
    others = (*records, *_namesakes(act, person))
    act.tx.insert(person)
    return Met(person, None, others, is_new=True)


def visited(act: Act, form: IntakeForm, answers: Mapping[str, Any], residence: str) -> str:
    """Return the record in sight that a form of a visit is about, "" where it is about none, or might be about several.

    A visit makes no record: who was visited is known by number and name, or else by name and the place where they live.
    """
    _, key = number_of_person(act.rules(), form, answers)
    name = told_of_person(form, answers).get("name", "")
    if key:
        found = list(act.scoped.records_with(act.deployment.keys.blind_index(key)))
    else:
        found = list(act.scoped.records_named(name, residence)) if name else []
    alike = [record.id for record in found if same_name(record.name, name)]
    if len(alike) > 1:
        one = found_alike(act.tx, alike).get(alike[0], ())
        return min(alike) if set(alike) <= set(one) else ""
    return alike[0] if alike else ""


def meet_anew(act: Act, decision: Decision, before: Mapping[str, Any], person: str, clue: str) -> Met:
    """Return what a report meets after it was corrected in a case that is about a person.

    Number and name unchanged, it is the same record. Otherwise the rule is that of a new report, but it joins no other
    case; a record that this report alone told is put right where no other is met.
    """
    known = act.tx.find(Person, person)
    assert known is not None
    form, answers = decision.form, decision.answers
    numbers, names = zip(_who(act, form, before), _who(act, form, answers), strict=True)
    alone = _told_alone(act, person, clue)
    if numbers[0] == numbers[1] and same_name(*names):
        return Met(_put_right(act, known, told_of_person(form, answers)) if alone else known, None)
    residence = str(decision.facts.get("residence") or act.rules().code)
    if numbers[0] != numbers[1] or not alone:
        return meet(act, form, answers, residence, lambda _: None)
    index = act.deployment.keys.blind_index(numbers[1]) if numbers[1] else None
    others = [record for record in act.scoped.records_with(index) if record.id != person] if index else []
    for record in others:
        if same_name(record.name, names[1]):
            return Met(record, None)
    return Met(_put_right(act, known, told_of_person(form, answers)), None)


def _who(act: Act, form: IntakeForm, answers: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is one person's of the number, and the name that a form tells, "" for what it does not."""
    return number_of_person(act.rules(), form, answers)[1], str(answers.get(form.person.get("name", "")) or "")


def _told_alone(act: Act, person: str, clue: str) -> bool:
    """Return whether nobody but one report has told of a person."""
    clues = [each for case in act.tx.every(Case, person=person) for each in act.tx.every(Clue, case=case.id)]
    clues += act.tx.every(Clue, person=person)
    return {each.id for each in clues} == {clue}


def _put_right(act: Act, person: Person, told: Mapping[str, str]) -> Person:
    """Write down the name and the phone of somebody whose number stays."""
    secrets = secrets_of(act, person) | ({"phone": told["phone"]} if told.get("phone") else {})
    sealed = act.deployment.keys.seal_values(secrets, person_place(person.id)) if secrets else None
    name = told.get("name") or person.name
    phone = phone_index(act.deployment.keys, secrets.get("phone", ""))
    changed = {"name": name, "sealed": sealed, "phone_index": phone}
    act.tx.update(Person, {"id": person.id, "version": person.version}, changed)
    return replace(person, name=name, sealed=sealed, phone_index=phone)


def ask_who_is_who(act: Act, case: Case, met: Met, *, contradicted: bool) -> None:
    """Ask those who see both whether a new record is one person with others of its number, or of its name and place.

    A record that is `contradicted` is asked about itself.
    """
    for other in (*met.others, *((met.person,) if contradicted else ())):
        question = Question(
            id=new_id(),
            jurisdiction=case.jurisdiction,
            case=case.id,
            person=met.person.id,
            other=other.id,
            asked_at=act.at,
        )
        if act.tx.insert_unless(question, "person", "other"):
            act.event("question.asked", data={"question": question.id, "person": met.person.id})


def other_sex(rulebook: Rulebook, form: IntakeForm, person: Person, told: Mapping[str, str]) -> bool:
    """Return whether a form says that a person is of another sex than the id number says."""
    field = form.fields.get(form.person.get("sex", ""))
    if field is None or not person.sex or not told.get("sex"):
        return False
    said = str(label_of(rulebook, field, told["sex"]))[:1]
    return said != person.sex and said in SEXES


def _records(act: Act, index: str | None) -> list[Person]:
    if not index:
        return []
    return act.tx.select(Person, limit=MOST_RECORDS, jurisdiction=act.actor.jurisdiction, id_index=index)


def _namesakes(act: Act, person: Person) -> list[Person]:
    """Return the latest records of the same name and place where one of the two has no number to tell them by."""
    if not person.name:
        return []
    where = {"jurisdiction": person.jurisdiction, "name": person.name, "residence": person.residence}
    found = act.tx.select(Person, limit=MOST_RECORDS, **where)
    return [each for each in found if not (each.id_index and person.id_index)][-MOST_NAMESAKES:]


def same_name(one: str, other: str) -> bool:
    """Return whether two names are one; a report that gives no name contradicts none."""
    plain = [
        "".join(sign for sign in unicodedata.normalize("NFKC", name) if sign.isalnum()).casefold()
        for name in (one, other)
    ]
    return plain[0] == plain[1] or "" in plain


def holds_nothing(reader: Reader, person: str) -> bool:
    """Return whether a record of a person bears nothing: no case, visit, household, category or programme goes on."""
    if reader.first(Case, person=person) or reader.first(Visit, person=person):
        return False
    homes = any(row.left_on is None for row in reader.every(Membership, person=person))
    held = any(row.until is None for row in reader.every(Holding, person=person))
    return not (homes or held or any(row.withdrawn_at is None for row in reader.every(Entitlement, person=person)))


def _same_place(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _new_person(act: Act, told: Mapping[str, str], number: str, index: str | None, residence: str, kind: str) -> Person:
    key, phone = new_id(), told.get("phone", "")
    known = (("id_number", number), ("phone", phone), ("id_kind", kind if number else ""))
    secrets = {name: value for name, value in known if value}
    return Person(
        id=key,
        jurisdiction=act.actor.jurisdiction,
        residence=residence,
        registration=told.get("registration") or residence,
        name=told.get("name", ""),
        created_at=act.at,
        id_index=index,
        phone_index=phone_index(act.deployment.keys, phone),
        sealed=act.deployment.keys.seal_values(secrets, person_place(key)) if secrets else None,
        sex=sex(number) if born_on(number) else "",
    )


def secrets_of(act: Act, person: Person) -> dict[str, str]:
    """Return a person's sealed values."""
    return person_secrets(person, act.deployment.keys)
