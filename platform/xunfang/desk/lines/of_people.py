"""Facts of people, of those who live with them, and of what they were given."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from xunfang.casework import Entitlement, Visit
from xunfang.casework.holdings import entitled
from xunfang.desk.lines.line import Line
from xunfang.identity import born_on, years_since
from xunfang.rules.entitlements import GRANTED, SUSPENDED
from xunfang.rules.identity_papers import paper_words
from xunfang.store import Case, Keys
from xunfang.store.reading.case_file import person_secrets, phones_by_source
from xunfang.store.reading.lines import Beside

_ADULT = 18


def add_person(line: Line, key: str, beside: Beside, keys: Keys, on: date, case: Case | None = None) -> None:
    """Take what is known of a person; where they live, and their phone, as their case tells it.

    Of whoever is elsewhere by now, nothing is told of where they live or are reached.
    """
    person, away = beside.people.get(key), key in beside.elsewhere
    if person is None:
        return
    line.person = "" if away else person.id
    secrets = person_secrets(person, keys)
    number = secrets.get("id_number", "")
    born = born_on(number)
    age = years_since(born, on) if born else None
    clues = beside.clues.get(case.id, ()) if case else ()
    held = categories_on(beside, key, on)
    known = {
        "name": person.name,
        "sex": person.sex,
        "id_number": paper_words(line.labels.rulebook, secrets.get("id_kind", ""), number) if number else "",
        "phone": next(iter(phones_by_source(secrets, clues)), ""),
        "birth_on": born,
        "age": age,
        "minor": None if age is None else age < _ADULT,
        "residence": case.residence if case else person.residence,
        "registration": case.registration if case else person.registration,
        "category": held,
        "categories": held,
        "entitled": entitled(beside.entitlements.get(key, ()), on),
    }
    line.knows("person", {name: value for name, value in known.items() if not (away and name in _REACHED)})


_REACHED = frozenset({"residence", "registration", "phone"})
"""What tells where somebody is now."""


def categories_on(beside: Beside, person: str, on: date) -> list[str]:
    """Return what somebody is held to be on a day, each category once."""
    rows = (row for row in beside.holdings.get(person, ()) if row.since <= on)
    return list(dict.fromkeys(row.category for row in rows if row.until is None or row.until > on))


def add_household(line: Line, key: str, beside: Beside, on: date) -> None:
    """Take what is known of those who live with a person, that person included."""
    members = beside.households.get(key, ())
    if members:
        held = (category for member in members for category in categories_on(beside, member, on))
        given = [row for member in members for row in beside.entitlements.get(member, ())]
        known = {"size": len(members), "category": list(dict.fromkeys(held)), "entitled": entitled(given, on)}
        line.knows("household", known)


def standing_on(rows: Iterable[Entitlement], on: date) -> list[Entitlement]:
    """Return what somebody holds on a day, granted or suspended, of each programme in the order it was given."""
    found = [row for row in rows if row.withdrawn_at is None and row.since <= on and row.state in (GRANTED, SUSPENDED)]
    return [row for row in found if row.until is None or row.until >= on]


def add_entitlements(line: Line, rows: Sequence[Entitlement], on: date) -> None:
    """Take what somebody holds on a day; of several programmes each is told side by side."""
    held = standing_on(rows, on)
    told: dict[str, list[Any]] = {}
    for row in held:
        for name, value in entitlement_facts(row).items():
            told.setdefault(name, []).append(value)
    line.knows("entitlement", {name: values[0] if len(values) == 1 else values for name, values in told.items()})


def entitlement_facts(row: Entitlement) -> dict[str, Any]:
    """Return what is known of an entitlement; the amount in 元."""
    return {
        "programme": row.programme,
        "state": row.state,
        "since": row.since,
        "until": row.until,
        "amount": None if row.cents is None else _yuan(row.cents),
        "members": row.members or None,
    }


def _yuan(cents: int) -> int | float:
    return cents / 100 if cents % 100 else cents // 100


def add_visit(line: Line, visit: Visit | None) -> None:
    """Take when somebody was visited, and by which unit."""
    if visit:
        line.knows("visit", {"visited_on": visit.visited_on, "unit": visit.unit})
