"""People of the town who are paid each month, and those who draft, review and sign their rolls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from actions.town import JURISDICTION, SIBLING, TOWNSHIP, Town
from xunfang.actions.rolls import Told, begin_roll, do_to_roll
from xunfang.casework import Entitlement, Household, Membership, Payee, Person, Roll, RollLine
from xunfang.errors import Invalid
from xunfang.identity import make_id
from xunfang.store import Account, new_id, transaction
from xunfang.store.jobs import next_due
from xunfang.store.reading.case_file import person_place

UNIT, ROSTER = "civil-affairs", "subsistence-roll"
STAFF = {"drafter": ("clerk",), "checker": ("clerk",), "chief": ("leader",)}
ACCOUNT = "6217001234567890123"
NEAR, FAR = f"{TOWNSHIP}200", f"{SIBLING}011"


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Expect that something is refused in these words."""
    with pytest.raises(Invalid) as told:
        yield
    assert words in told.value.problems[0].message


def staffed(town: Town) -> None:
    """Let the bureau have somebody who drafts, somebody who reviews and somebody who signs."""
    with transaction(town.database, "") as tx:
        for login, roles in STAFF.items():
            tx.insert(
                Account(
                    id=f"account-{login}", login=login, name=f"测试{login}", password_hash="", unit=UNIT, roles=roles,
                    jurisdiction=JURISDICTION, created_at=town.at, division="370304",
                )
            )  # fmt: skip


def number_of(n: int) -> str:
    """Return the number of somebody."""
    return make_id("370304", date(1950, 1, 1) + timedelta(days=n), 7)


def person(town: Town, n: int, name: str, residence: str = NEAR, *, account: bool = True) -> Person:
    """Return somebody of the registry, with an account that is paid into."""
    key = new_id()
    sealed = town.keys.seal_values({"id_number": number_of(n)}, person_place(key))
    where = {"jurisdiction": JURISDICTION, "residence": residence}
    made = Person(id=key, registration=residence, name=name, created_at=town.at, sealed=sealed, **where)
    told = {"name": f"{name}之子", "relation": "长子", "bank": "农村商业银行", "account": ACCOUNT}
    by = {"told_at": town.at, "by": "account-township", "unit": f"township:{TOWNSHIP}"}
    with transaction(town.database, "") as tx:
        tx.insert(made)
        if account:
            tx.insert(Payee(id=new_id(), person=key, **where, **told, **by))
    return made


def grant(
    town: Town,
    who: Person,
    since: str,
    cents: int | None = 53000,
    programme: str = "subsistence-allowance",
    **told: Any,
) -> Entitlement:
    """Let somebody have a programme from a day on."""
    row = Entitlement(
        id=new_id(),
        jurisdiction=JURISDICTION,
        residence=who.residence,
        person=who.id,
        programme=programme,
        state=told.pop("state", "granted"),
        since=date.fromisoformat(since),
        decided_at=town.at,
        unit=UNIT,
        cents=cents,
        members=told.pop("members", 2),
        source="hand",
        **told,
    )
    with transaction(town.database, "") as tx:
        tx.insert(row)
    return row


def exits(town: Town, row: Entitlement, last: str) -> None:
    """Let what somebody has end with a day."""
    with transaction(town.database, "") as tx:
        tx.update(Entitlement, {"id": row.id}, {"until": date.fromisoformat(last)})


def live_together(town: Town, *people: Person) -> Household:
    """Let people be of one household."""
    home = Household(id=new_id(), jurisdiction=JURISDICTION, residence=NEAR, number="H-1", opened_at=town.at)
    with transaction(town.database, "") as tx:
        tx.insert(home)
        for n, each in enumerate(people):
            tx.insert(
                Membership(
                    id=new_id(), jurisdiction=JURISDICTION, household=home.id, person=each.id,
                    relation="spouse" if n else "head", joined_on=date(2020, 1, 1),
                )
            )  # fmt: skip
    return home


def drafted(town: Town, month: str) -> Roll:
    """Return the roll of a month, with all its lines drafted."""
    key = begin_roll(town.deployment, town.actor("drafter"), ROSTER, month, town.at)
    work(town)
    return town.first(Roll, id=key)


def work(town: Town) -> None:
    """Let the worker do whatever is due."""
    while next_due(town.database, town.at):
        town.worker.run_next()


def do(town: Town, who: str, verb: str, roll: Roll, **told: str) -> Roll:
    """Do a verb to a roll as it stands now; returns what became of it."""
    now = town.first(Roll, id=roll.id)
    do_to_roll(town.deployment, town.actor(who), verb, roll.id, now.version, Told(**told), town.at)
    return town.first(Roll, id=roll.id)


def handed(town: Town, month: str) -> Roll:
    """Return the roll of a month, handed over."""
    roll = drafted(town, month)
    do(town, "drafter", "lock-roll", roll)
    do(town, "checker", "review-roll", roll)
    do(town, "chief", "sign-roll", roll)
    work(town)
    return do(town, "drafter", "hand-over-roll", roll, day=f"{town.at:%Y-%m-%d}", receiver="财政局张")


def lines(town: Town, roll: Roll) -> list[RollLine]:
    """Return the lines of a roll, by name and month."""
    return sorted(town.rows(RollLine, roll=roll.id), key=lambda line: (line.name, line.month))
