"""A small invented county to test the store with: two townships, a department, a centre."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xunfang.store import (
    Account,
    Case,
    Clue,
    Database,
    Dispatch,
    Keys,
    Message,
    Person,
    Presence,
    Release,
    Scope,
    Submission,
    Task,
    Transaction,
    new_id,
)


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Secrets that a test knows."""

    given: tuple[bytes, ...]

    def secrets(self) -> tuple[bytes, ...]:
        return self.given

    def stamp(self) -> None:
        return None


ON_A_FILE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
ON_A_SERVER = pytest.mark.parametrize("address", ["postgresql"], indirect=True)
NOW = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
COUNTY = "999999"
EAST, WEST = "999999101", "999999102"
EAST_VILLAGE, WEST_VILLAGE = "999999101201", "999999102201"
HERE = "999999-example"
KEYS = Keys(FixedKeys((b"k" * 32,)))
WATCH = Presence(NOW, timedelta(minutes=30))


def scope(unit: str, division: str = "", *acts: str, account: str = "", jurisdiction: str = HERE) -> Scope:
    return Scope(account or f"account-{unit}", jurisdiction, unit, division, frozenset(acts))


CENTRE = scope("centre", COUNTY, "administer")
EAST_TOWN = scope(f"township:{EAST}", EAST)
WEST_TOWN = scope(f"township:{WEST}", WEST)
DEPARTMENT = scope("roads-bureau")


@dataclass(frozen=True)
class Made:
    person: str
    case: str
    submission: str
    clue: str


def release(tx: Transaction, jurisdiction: str = HERE) -> str:
    digest = f"digest-{jurisdiction}"
    tx.insert_unless(Release(id=digest, jurisdiction=jurisdiction, files=b"", published_at=NOW, current=True), "id")
    return digest


def case(tx: Transaction, residence: str, name: str = "测试甲", jurisdiction: str = HERE, **more: Any) -> Made:
    digest = release(tx, jurisdiction)
    person = Person(
        id=new_id(),
        jurisdiction=jurisdiction,
        residence=residence,
        registration=residence,
        name=name,
        created_at=NOW,
        **{key: more.pop(key) for key in ("id_index", "sealed") if key in more},
    )
    tx.insert(person)
    key = new_id()
    unit = more.pop("reporter", f"village:{residence}")
    values = {"opened_at": NOW, "flow": "clue", "state": "handling", **more}
    tx.insert(
        Case(
            id=key,
            number=f"N{key}",
            jurisdiction=jurisdiction,
            release=digest,
            person=person.id,
            residence=residence,
            registration=residence,
            **values,
        )
    )
    submission = Submission(
        id=new_id(),
        body_hash="h",
        jurisdiction=jurisdiction,
        release=digest,
        form="report",
        answers={"difficulty": f"困难-{name}"},
        by="account-reporter",
        unit=unit,
        at=NOW,
    )
    tx.insert(submission)
    clue = Clue(
        id=new_id(),
        jurisdiction=jurisdiction,
        submission=submission.id,
        case=key,
        form="report",
        source="visit",
        unit=unit,
        found_at=NOW,
        entered_at=NOW,
        in_time={"report": True},
        receipt=submission.id,
    )
    tx.insert(clue)
    return Made(person.id, key, submission.id, clue.id)


def task(tx: Transaction, made: Made, unit: str, due: timedelta | None = timedelta(days=1), **more: Any) -> str:
    found = tx.find(Case, made.case)
    assert found is not None
    key = new_id()
    tx.insert(
        Task(
            id=key,
            case=made.case,
            jurisdiction=found.jurisdiction,
            flow="clue",
            state="handling",
            unit=unit,
            residence=found.residence,
            opened_at=NOW,
            due_at=None if due is None else NOW + due,
            **more,
        )
    )
    return key


def dispatch(tx: Transaction, made: Made) -> str:
    key = new_id()
    proposed = [{"lead": "roads-bureau", "assist": []}]
    tx.insert(Dispatch(id=key, jurisdiction=HERE, case=made.case, state="dispatch", proposed=proposed, proposed_at=NOW))
    return key


def message(tx: Transaction, unit: str, title: str, account: str = "") -> str:
    key = new_id()
    tx.insert(
        Message(
            id=key, key=key, jurisdiction=HERE, unit=unit, kind="remind", title=title, body="", at=NOW, account=account
        )
    )
    return key


def account(tx: Transaction, login: str, unit: str = "centre", **more: Any) -> str:
    key = new_id()
    values = {"name": f"测试{login}", "password_hash": "argon2-secret", "roles": ("clerk",), "created_at": NOW, **more}
    tx.insert(Account(id=key, login=login, jurisdiction=HERE, unit=unit, **values))
    return key


def everything(database: Database) -> bytes:
    """All bytes the database has on disk, its write-ahead log included."""
    from pathlib import Path

    path = Path(database.url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
