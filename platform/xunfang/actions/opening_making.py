"""What a row of an opening balance becomes: somebody helped with their household, an account, or a case."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

from xunfang.actions.accounts import NewAccount, add_account, login_taken
from xunfang.actions.acting import Act
from xunfang.actions.filling import body_hash, filed_before
from xunfang.actions.loading import file_of
from xunfang.actions.opening_matching import decided, outcome_of, received_at
from xunfang.actions.people import holds_nothing, meet, same_name
from xunfang.actions.storing import store
from xunfang.casework import Delivery, Draft, Household, ListedPerson, Membership, Person, Task
from xunfang.casework import openings as casework
from xunfang.casework.paper_ledgers import Ledgered, take_case
from xunfang.clock import local_date
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.feeds import NEW
from xunfang.rules.identity_papers import number_of_person
from xunfang.rules.kinship import HEAD
from xunfang.rules.openings import CLOSED, HELPED, PAPER, UNIT, with_openings
from xunfang.rules.units import division_of, kind_of
from xunfang.store import new_id
from xunfang.store.reading.feeds import held_by, listed_people, open_cases_of


def make_helped(act: Act, delivery: Delivery, row: ListedPerson) -> dict[str, Any]:
    """Write down somebody already helped, with their household; returns what was made. Raises Invalid."""
    answers, residence = dict(row.told["answers"]), str(row.told["residence"])
    rulebook = act.rules(delivery.release)
    form = with_openings(rulebook).forms[HELPED]
    _rename_empty(act, form, answers)
    person = _put_right(act, meet(act, form, answers, residence, lambda _: None).person, residence)
    if answers.get("programme") in held_by(act.tx, {person.id}, local_date(act.at)).get(person.id, ()):
        raise _refused("programme", "此人已在享受这项救助，没有再导入一次。")
    mates = _mates(act, delivery, row)
    number = str(answers.get("household", ""))
    home = _home(act, number, mates, person)
    if home and answers.get("relation") == HEAD and _has_head(act, home, person):
        raise _refused("household", "这一户已经有户主，请核对户编号或者与户主关系。")
    housed = bool(number or mates or row.told.get("answers", {}).get("relation"))
    file = file_of(act, people=[person.id])
    file = replace(file, rows=(*file.rows, person, *((home,) if home else ())))
    draft = Draft(rulebook, file, act.actor, act.at, new_id)
    brought = casework.Brought(answers=answers, housed=housed, household=home, number=number)
    made = casework.take_helped(draft, person, brought)
    store(act, draft.changes())
    return made


def _rename_empty(act: Act, form: IntakeForm, answers: Mapping[str, Any]) -> None:
    """Let a record of a row's number that holds nothing, as of a list that was undone, bear the name that this says."""
    _, key = number_of_person(act.rules(), form, answers)
    for person in act.scoped.records_with(act.deployment.keys.blind_index(key)):
        if not same_name(person.name, str(answers["name"])) and holds_nothing(act.tx, person.id):
            act.tx.update(Person, {"id": person.id}, {"name": str(answers["name"])})


def _put_right(act: Act, person: Person, residence: str) -> Person:
    """Return whom a row is about; a record that holds nothing lives where this says."""
    if person.residence == residence or not holds_nothing(act.tx, person.id):
        return person
    act.tx.update(Person, {"id": person.id}, {"residence": residence, "registration": residence})
    return replace(person, residence=residence, registration=residence)


def _mates(act: Act, delivery: Delivery, row: ListedPerson) -> list[ListedPerson]:
    """Return the others who stand in the same row of the sheet, as members of a household stand sideways."""
    near = listed_people(act.tx, delivery.id, NEW, row.n - _BESIDE - 1, 2 * _BESIDE + 1)
    return [each for each in near if each.line == row.line and each.n != row.n]


_BESIDE = 30
"""So many people stand in one row, at most."""


def _refused(field: str, why: str) -> Invalid:
    return Invalid([FieldProblem(field, why)], "没有导入。")


def _has_head(act: Act, home: Household, person: Person) -> bool:
    members = act.tx.every(Membership, household=home.id)
    return any(row.relation == HEAD and row.left_on is None and row.person != person.id for row in members)


def _home(act: Act, number: str, mates: list[ListedPerson], person: Person) -> Household | None:
    """Return the household that somebody of it founded before, by its number or by who stands in the same row.

    A number is of one household, in one place; one that ended, as of a list that was undone, begins anew anywhere.
    """
    if number:
        found = act.tx.first(Household, jurisdiction=act.actor.jurisdiction, number=number)
        if found is None:
            return None
        there = act.rules().divisions.follow(found.residence)
        if not (act.scoped.sees_household(found.id) and (found.ended_at or there == person.residence)):
            raise _refused("household", "这个户编号已经用于别处的一户，请换一个，如在前面加上村名。")
        return found
    people = [str(mate.told.get("made", {}).get("person", "")) for mate in mates]
    theirs = chain.from_iterable(act.tx.every(Membership, person=person) for person in people if person)
    return next((act.tx.find(Household, row.household) for row in theirs if row.left_on is None), None)


def make_account(act: Act, row: ListedPerson, password: str, kept: str) -> dict[str, str]:
    """Open an account with its first password, `kept` being the hash of that; returns what was made. Raises Invalid."""
    answers, code = dict(row.told["answers"]), act.rules().code
    unit = str(answers["unit"])
    login = str(answers.get("login", "")) or next(_logins(act, unit))
    new = NewAccount(
        login=login,
        name=str(answers["name"]),
        password=password,
        jurisdiction=act.actor.jurisdiction,
        unit=unit,
        roles=tuple(answers["roles"]),
        division=code if answers.get("sees_all") else None,
        phone=str(answers.get("phone", "")),
    )
    return {"account": add_account(act, new, kept), "login": login}


def _logins(act: Act, unit: str) -> Iterator[str]:
    """Yield names for signing in that nobody has: the kind of unit, its place, and a number."""
    place = division_of(unit)[6:]
    base = f"{kind_of(unit)[:24]}{f'.{place}' if place else ''}"
    yield from (login for n in range(1, 10_000) if not login_taken(act.tx, login := f"{base}.{n}"))


def make_case(act: Act, delivery: Delivery, row: ListedPerson) -> ListedPerson:
    """Make a line of a paper ledger a case, and return the row with that and when it is due. Raises Invalid."""
    answers, key = dict(row.told["answers"]), row.submission
    rulebook = act.rules(delivery.release)
    wide = with_openings(rulebook)
    decision = decided(wide, delivery.feed, answers)
    if decision.problems:
        raise Invalid(decision.problems)
    if filed_before(act, key, body_hash(act.deployment.keys, decision.form.id, decision.answers)):
        return row
    residence = str(decision.facts.get("residence") or rulebook.code)
    flow = decision.flow.id if decision.flow and not answers.get(CLOSED) else ""
    person = meet(act, decision.form, decision.answers, residence, lambda _: None).person
    if flow and person.id_index and open_cases_of(act.tx, {person.id}, flow):
        raise _refused("", "此人在这项业务中已有在办的个案，没有再导入一次。")
    file = file_of(act, people=[person.id])
    draft = Draft(rulebook, file, act.actor, min(received_at(answers), act.at), new_id)
    state, outcome = outcome_of(wide, delivery.feed, answers)
    told = Ledgered(
        now=act.at,
        number=str(answers.get(PAPER, "")),
        unit=str(answers.get(UNIT, "")),
        closed_at=min(received_at(answers, CLOSED) + timedelta(hours=8), act.at) if answers.get(CLOSED) else None,
        state=state,
        outcome=outcome,
    )
    case = take_case(draft, decision, key, person.id, told)
    store(act, draft.changes())
    due = case.due_at or min((task.due_at for task in draft.select(Task) if task.due_at), default=None)
    told_due = due.isoformat() if due and not case.closed_at else ""
    return replace(row, case=case.id, told={**row.told, "due": told_due})
