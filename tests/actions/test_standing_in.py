"""Ordinary duties while those of an event stand in their place: put aside, owed again, never twice and never late."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actions.test_alerts import OURS, closed, declared
from actions.test_duties import begin, do
from actions.town import TOWNSHIP, VILLAGE, Town, with_villages
from cold import in_the_cold
from xunfang.actions.alerts import watch_alerts
from xunfang.actions.duties import PIECE
from xunfang.clock import parse
from xunfang.errors import Conflict
from xunfang.rulebook.model import Rulebook
from xunfang.store import DutyPeriod, Job, Message, Task, verify_chain
from xunfang.worktime import Every

ELSEWHERE = "village:370304103201"
ALL = ()
SUNDAY = parse("2026-03-15T23:59:59")


@pytest.fixture
def villages() -> tuple[str, ...]:
    """The villages of the county; few, as each of them does the same."""
    return VILLAGE, "370304102201", "370304103201", "370304103202"


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook, villages: tuple[str, ...]) -> Iterator[Town]:
    """A county where villages owe a report each week, but for the days of a cold wave; it is Monday."""
    rulebook = with_villages(rulebook, *villages) if villages else rulebook
    plain = rulebook.duties["contact-roster"]
    weekly = replace(plain, id="weekly", label="周报", every=Every.WEEK, due=None, to=("township",), form="")
    cold = in_the_cold(rulebook, weekly=replace(weekly, zero_report=True))
    daily = replace(cold.duties["cold-daily"], instead_of="weekly", from_level="")
    town = Town(tmp_path, replace(cold, duties={**cold.duties, daily.id: daily}))
    begin(town, "2026-03-09T00:00:20")
    town.work_until("2026-03-10T09:00:00")
    yield town
    town.database.close()


def weekly(town: Town, unit: str = OURS) -> tuple[DutyPeriod, Task]:
    (*_, owed) = sorted(town.rows(DutyPeriod, duty="weekly", unit=unit), key=lambda row: row.begins_on)
    return owed, town.first(Task, about=owed.id)


def test_declared_it_is_put_aside_there_and_the_unit_told(town: Town) -> None:
    assert weekly(town)[0].status == "owed"
    alert = declared(town)
    town.work_until("2026-03-10T09:05:00")
    owed, task = weekly(town)
    assert (owed.status, owed.alert, task.status, task.outcome) == ("replaced", alert.id, "withdrawn", "replaced")
    assert weekly(town, ELSEWHERE)[0].status == "owed"
    assert not [job for job in town.rows(Job, task=task.id) if job.status == "ready"]
    (event,) = town.events("duty.replaced", task=task.id)
    assert (event.rule, event.told["because"]) == (
        "cold-daily",
        "“寒潮”应急响应（黄色预警）进行期间以“寒潮每日探访”代替",
    )
    (told,) = [message for message in town.rows(Message, task=task.id) if message.title == "定期任务由应急任务代替"]
    assert "不用再报" in told.body
    town.work_until("2026-03-12T12:00:00")
    assert len(town.events("duty.replaced", task=task.id)) == 1
    with pytest.raises(Conflict):
        do(town, "report-nil", "village", weekly(town)[1])


def test_closed_before_it_is_due_it_is_owed_again_with_its_reminders(town: Town) -> None:
    alert = declared(town)
    town.work_until("2026-03-10T09:05:00")
    town.at = parse("2026-03-13T10:00:00")
    town.work_until()
    closed(town, alert)
    town.work_until("2026-03-13T10:05:00")
    owed, task = weekly(town)
    assert (owed.status, owed.alert, owed.ended_at) == ("owed", "", None)
    assert (task.status, task.ended_at, task.due_at) == ("open", None, SUNDAY)
    assert len(town.events("duty.owed_again", task=task.id)) == 1
    assert "恢复报送：周报" in {message.title for message in town.inbox(OURS, "task")}
    town.work_until("2026-03-16T10:00:00")
    assert weekly(town)[1].overdue_at == SUNDAY or weekly(town)[0].begins_on > owed.begins_on
    late = town.first(Task, id=task.id)
    assert late.overdue_at == SUNDAY
    do(town, "report-nil", "village", late)
    assert town.first(DutyPeriod, id=owed.id).status == "nil"
    assert verify_chain(town.database, town.deployment.keys.chain) is None


def test_due_while_it_is_on_it_is_never_owed_and_the_next_period_begins_put_aside(town: Town) -> None:
    alert = declared(town)
    begin(town, "2026-03-16T00:00:20")
    watch_alerts(town.deployment, town.at)
    town.work_until("2026-03-16T00:05:00")
    first, second = sorted(town.rows(DutyPeriod, duty="weekly", unit=OURS), key=lambda row: row.begins_on)
    assert (first.status, second.status) == ("replaced", "replaced")
    town.at = parse("2026-03-17T10:00:00")
    town.work_until()
    closed(town, alert)
    town.work_until("2026-03-17T10:05:00")
    assert town.first(DutyPeriod, id=first.id).status == "replaced"
    assert town.first(Task, about=first.id).overdue_at is None
    assert town.first(DutyPeriod, id=second.id).status == "owed"
    begin(town, "2026-03-18T00:00:20")
    assert len(town.rows(DutyPeriod, duty="weekly", unit=OURS)) == 2


def test_what_was_handed_in_or_late_before_stays_as_it_is(town: Town) -> None:
    do(town, "report-nil", "village", weekly(town)[1])
    late = weekly(town, "village:370304102201")[1]
    town.work_until("2026-03-16T00:00:10")
    declared(town)
    town.work_until("2026-03-16T00:05:00")
    assert town.first(DutyPeriod, unit=OURS, duty="weekly").status == "nil"
    assert town.first(DutyPeriod, id=late.about).status == "owed"
    assert town.first(Task, id=late.id).overdue_at == SUNDAY


def test_opened_while_the_event_is_on_it_begins_put_aside_and_nobody_is_told(town: Town) -> None:
    town.at = parse("2026-03-15T22:00:00")
    declared(town)
    town.work_until()
    before = len(town.rows(Message))
    begin(town, "2026-03-16T00:00:20")
    owed, task = weekly(town)
    assert (owed.begins_on.isoformat(), owed.status) == ("2026-03-16", "replaced")
    assert [event.name for event in town.events("duty.opened", task=task.id)] == ["duty.opened"]
    assert [message for message in town.rows(Message)[before:] if message.task == task.id] == []


@pytest.mark.parametrize("villages", [ALL])
def test_what_all_have_handed_in_is_looked_at_once_and_left_alone(town: Town) -> None:
    ours = [row for row in town.rows(DutyPeriod, duty="weekly") if row.residence.startswith(TOWNSHIP)]
    assert len(ours) > 2 * PIECE
    for row in ours:
        do(town, "waive", "township", town.first(Task, about=row.id), reason="并入专项行动报送")
    declared(town)
    town.work_until("2026-03-10T09:05:00")
    assert {town.first(DutyPeriod, id=row.id).status for row in ours} == {"waived"}
    opened = len(town.rows(DutyPeriod, duty="cold-daily")) + len(town.rows(DutyPeriod, duty="cold-round"))
    assert len(town.rows(Job, kind="alert-duties")) <= 2 + opened // PIECE  # and no more for what is left alone
    assert town.events("duty.replaced") == []
