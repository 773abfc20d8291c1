"""How many statements an act asks of the database: a number that stays as it is however busy the machine is."""

from collections.abc import Callable
from typing import Any

import pytest

from actions.town import GRANTED, MEDICAL, Town
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import claim, complete
from xunfang.casework import Decided
from xunfang.store import Dispatch, Event, new_id

MOST = {"confirm": 24, "claim": 7, "complete": 29}
"""Without those by which a transaction begins and ends, on either database."""


def _asked(town: Town, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[str]:
    """Return every statement that an act asks of the database; one that writes several rows is asked once."""
    asked: list[str] = []
    database = town.database.peewee

    def noting(run: Callable[..., Any], place: int) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            asked.append(given[place])
            return run(*given)

        return noted

    with monkeypatch.context() as patched:
        for way, place in (("rows", 0), ("often", 0), ("changed", 0), ("many", 1), ("later", 1), ("execute_sql", 0)):
            patched.setattr(database, way, noting(getattr(database, way), place))
        act()
    return [sql for sql in asked if not sql.startswith("SELECT pg_advisory")]


def test_a_step_of_a_case_asks_the_database_no_more_than_this(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    case = town.report().case
    leader, doctor = town.actor("leader"), town.actor("doctor")
    dispatch = town.first(Dispatch, case=case)
    decided = [Decided(str(row["lead"]), tuple(row["assist"])) for row in dispatch.proposed]
    confirming = (case, dispatch.version, decided, town.at)
    confirmed = _asked(town, monkeypatch, lambda: confirm_dispatch(town.deployment, leader, *confirming))
    task = town.task(case, MEDICAL)
    claimed = _asked(town, monkeypatch, lambda: claim(town.deployment, doctor, task.id, task.version, town.at))
    told = (task.id, task.version + 1, "granted", GRANTED, new_id(), town.at)
    completed = _asked(town, monkeypatch, lambda: complete(town.deployment, doctor, *told))
    found = {"confirm": confirmed, "claim": claimed, "complete": completed}
    assert {name: asked for name, asked in found.items() if len(asked) > MOST[name]} == {}


def test_events_jobs_and_messages_of_an_act_are_each_written_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = town.report(needs=["medical", "education"], schooling="欠伙食费。").case
    before = len(town.rows(Event))
    asked = _asked(town, monkeypatch, lambda: town.confirm(case))
    assert len(town.rows(Event)) > before + 2
    for table in ("event", "job", "message", "task"):
        assert sum(sql.count(f'INSERT INTO "{table}" ') for sql in asked) == 1
