"""The colleagues of a unit: what each has claimed, and who stands in for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from xunfang.store.database import Reader
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Account, Deputy, Task

_ACCOUNT, _DEPUTY, _TASK = model_of(Account), model_of(Deputy), model_of(Task)


@dataclass(frozen=True, slots=True)
class ColleagueView:
    """Somebody of a unit, and how many open tasks they have claimed."""

    id: str
    name: str
    roles: tuple[str, ...]
    claimed: int


@dataclass(frozen=True, slots=True)
class DeputyView:
    """Who stands in for whom, from a day through another."""

    id: str
    account: str
    account_name: str
    deputy: str
    deputy_name: str
    since_on: date
    until_on: date


def colleagues(reader: Reader, scope: Scope, unit: str) -> tuple[ColleagueView, ...]:
    """Return the people of a unit whose accounts are in use, by name."""
    claimed = _TASK.select(fn.COUNT(_TASK.id)).where((_TASK.claimed_by == _ACCOUNT.id) & _TASK.ended_at.is_null())
    query = _ACCOUNT.select(_ACCOUNT.id, _ACCOUNT.name, _ACCOUNT.roles, claimed.alias("claimed"))
    ours = (_ACCOUNT.jurisdiction == scope.jurisdiction) & (_ACCOUNT.unit == unit) & (_ACCOUNT.state == "active")
    found = reader.fetch(query.where(ours).order_by(_ACCOUNT.name, _ACCOUNT.id))
    return tuple(ColleagueView(**{name: row[name] for name in ColleagueView.__dataclass_fields__}) for row in found)


def deputies(reader: Reader, scope: Scope, unit: str, today: date) -> tuple[DeputyView, ...]:
    """Return who stands in for whom in a unit, today or later, by the first day."""
    other = _ACCOUNT.alias("other")
    names = (_ACCOUNT.name.alias("account_name"), other.name.alias("deputy_name"))
    kept = (_DEPUTY.id, _DEPUTY.account, _DEPUTY.deputy, _DEPUTY.since_on, _DEPUTY.until_on)
    query = _DEPUTY.select(*kept, *names).join(_ACCOUNT, on=(_DEPUTY.account == _ACCOUNT.id))
    query = query.join(other, on=(_DEPUTY.deputy == other.id))
    ours = (_DEPUTY.jurisdiction == scope.jurisdiction) & (_ACCOUNT.unit == unit)
    lasting = _DEPUTY.ended_at.is_null() & (_DEPUTY.until_on >= today)
    return tuple(map(_deputy, reader.fetch(query.where(ours & lasting).order_by(_DEPUTY.since_on, _DEPUTY.id))))


def _deputy(row: Mapping[str, Any]) -> DeputyView:
    return DeputyView(**{name: row[name] for name in DeputyView.__dataclass_fields__})


def absent_for(reader: Reader, account: Account, today: date) -> tuple[Account, ...]:
    """Return the colleagues for whom an account stands in on a day: of the same unit still, and in use."""
    rows = reader.every(Deputy, deputy=account.id, ended_at=None)
    named = [reader.find(Account, row.account) for row in rows if row.since_on <= today <= row.until_on]
    return tuple(
        one
        for one in named
        if one and one.state == "active" and (one.jurisdiction, one.unit) == (account.jurisdiction, account.unit)
    )
