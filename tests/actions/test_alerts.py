"""Events: declared, what is owed opened for every unit there, daily, raised, lowered, closed; never twice or lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.town import JURISDICTION, TOWNSHIP, VILLAGE, Town
from cold import COLD, in_the_cold
from xunfang.actions.alerts import AlertDuties, change_level, close, declare, watch_alerts
from xunfang.actions.duties import PIECE, begin_duties, hand_in
from xunfang.actions.handling import do_to_task
from xunfang.actions.reminding import reconcile
from xunfang.app import create_worker
from xunfang.casework import Asked, permitted
from xunfang.clock import parse
from xunfang.errors import Conflict, NotAllowed, NotFound
from xunfang.rulebook.model import Rulebook
from xunfang.settings import read_settings
from xunfang.store import Alert, DutyPeriod, Event, Job, Task, connection, new_id, transaction, verify_chain
from xunfang.store.jobs import next_due

OURS = f"village:{VILLAGE}"
NINE = parse("2026-03-10T09:00:00")


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    town = Town(tmp_path, in_the_cold(rulebook))
    town.at = NINE
    yield town
    town.database.close()


def declared(town: Town, level: str = "yellow", places: tuple[str, ...] = (TOWNSHIP,), begins: str = "") -> Alert:
    key = declare(town.deployment, town.actor("leader"), COLD.id, level, places, begins, "气象台发布预警", town.at)
    return town.first(Alert, id=key)


def stands(town: Town, alert: Alert) -> Alert:
    return town.first(Alert, id=alert.id)


def set_level(town: Town, alert: Alert, level: str) -> None:
    version = stands(town, alert).version
    change_level(town.deployment, town.actor("leader"), alert.id, version, level, "气象台调整预警", town.at)


def closed(town: Town, alert: Alert, key: str = "") -> None:
    version = stands(town, alert).version
    close(town.deployment, town.actor("leader"), alert.id, version, {}, "寒潮过去", key or new_id(), town.at)


def owed(town: Town, duty: str, **where: object) -> list[DutyPeriod]:
    return [row for row in town.rows(DutyPeriod, duty=duty) if all(getattr(row, k) == v for k, v in where.items())]


def ours(town: Town, duty: str) -> Task:
    (row,) = owed(town, duty, unit=OURS, status="owed")
    return town.first(Task, about=row.id)


def test_every_village_there_owes_it_once_and_is_told_for_what(town: Town) -> None:
    alert = declared(town)
    town.work_until()
    villages = {f"village:{each.code}" for each in town.rulebook.divisions.of_level("village", TOWNSHIP)}
    rows = owed(town, "cold-round")
    assert {row.unit for row in rows} == villages
    assert len(rows) == len(villages) > 2 * PIECE
    assert {(row.alert, row.turn, row.every, row.begins_on) for row in rows} == {(alert.id, 0, "", date(2026, 3, 10))}
    task = ours(town, "cold-round")
    assert (task.due_at, task.unit, task.case, task.subject) == (parse("2026-03-10T13:00:00"), OURS, "", "duty")
    (told,) = town.inbox(OURS, "task")
    assert "“寒潮”应急响应（黄色预警）正在进行" in told.body
    assert "3月10日 13:00前" in told.body
    assert owed(town, "cold-daily") == []


def test_a_second_job_a_second_declaring_and_a_second_worker_open_nothing_twice(town: Town) -> None:
    declared(town)
    with pytest.raises(Conflict):
        declared(town)
    town.work_until()
    before = town.rows(DutyPeriod)
    watch_alerts(town.deployment, town.at)
    begin_duties(town.deployment, town.at)
    town.work_until()
    assert town.rows(DutyPeriod) == before
    assert len(town.rows(Alert)) == 1


def test_while_it_stands_high_enough_each_day_is_owed_by_itself(town: Town) -> None:
    alert = declared(town, "orange")
    town.work_until("2026-03-12T12:00:00")
    assert [row.begins_on.day for row in owed(town, "cold-daily", unit=OURS)] == [10, 11, 12]
    assert town.first(Task, about=owed(town, "cold-daily", unit=OURS)[0].id).overdue_at is not None
    closed(town, alert)
    town.work_until("2026-03-15T12:00:00")
    assert len(owed(town, "cold-daily", unit=OURS)) == 3
    assert {row.status for row in town.rows(DutyPeriod)} == {"withdrawn"}


def test_raising_opens_lowering_and_closing_take_back_and_a_breach_is_never_erased(town: Town) -> None:
    alert = declared(town)
    town.work_until("2026-03-10T14:00:00")  # an hour after what is owed once was due
    set_level(town, alert, "red")
    town.work_until()
    daily = ours(town, "cold-daily")
    assert daily.due_at == parse("2026-03-10T23:59:59")
    town.later(hours=1)
    set_level(town, alert, "yellow")
    town.work_until()
    assert {row.status for row in owed(town, "cold-daily")} == {"withdrawn"}
    assert town.first(Task, id=daily.id).overdue_at is None
    once = ours(town, "cold-round")
    assert once.overdue_at == parse("2026-03-10T13:00:00")
    closed(town, alert)
    town.work_until()
    ended = town.first(Task, id=once.id)
    assert (ended.status, ended.overdue_at) == ("withdrawn", once.overdue_at)
    assert not [job for job in town.rows(Job, task=once.id) if job.status == "ready"]
    assert [message.body for message in town.inbox(OURS, "withdrawn")] == [
        "定期任务“寒潮每日探访”（2026年3月10日）不用再报：“寒潮”应急响应已调整为黄色预警。",
        "定期任务“寒潮排查”（2026年3月10日起）不用再报：“寒潮”应急响应已经解除。",
    ]
    names = [event.name for event in town.events(task=town.first(Task, about=alert.id).id)]
    assert names == ["alert.declared", "alert.raised", "alert.lowered", "alert.closed"]
    with connection(town.database):
        assert verify_chain(town.database, town.keys.chain) is None


def test_a_breach_of_a_moment_ago_is_written_down_before_it_is_taken_back(town: Town) -> None:
    alert = declared(town)
    town.work_until()
    task = ours(town, "cold-round")
    town.at = parse("2026-03-10T13:00:30")  # nobody has recorded it yet
    assert town.first(Task, id=task.id).overdue_at is None
    with transaction(town.database, "") as tx:
        tx.delete(Job, task=task.id)
    closed(town, alert)
    town.work_until()
    assert town.first(Task, id=task.id).overdue_at == parse("2026-03-10T13:00:00")
    assert len(town.events("task.fell_overdue", task=task.id)) == 1


def test_what_was_handed_in_stays_and_raised_again_it_is_owed_again_that_day_only_if_it_was_not(town: Town) -> None:
    alert = declared(town, "orange")
    town.work_until()
    task = ours(town, "cold-daily")
    hand_in(town.deployment, town.actor("village"), task.id, task.version, {}, "走访12户", new_id(), town.at)
    other = owed(town, "cold-daily", status="owed")[0].unit
    for level in ("yellow", "red"):
        set_level(town, alert, level)
        town.work_until()
    assert [row.status for row in owed(town, "cold-daily", unit=OURS)] == ["reported"]
    assert sorted(row.status for row in owed(town, "cold-daily", unit=other)) == ["owed", "withdrawn"]


def test_one_ahead_begins_at_its_time_and_one_closed_before_never(town: Town) -> None:
    alert = declared(town, begins="2026-03-11T08:00:00")
    town.work_until("2026-03-11T07:59:00")
    assert owed(town, "cold-round") == []
    town.work_until("2026-03-11T08:00:00")
    assert ours(town, "cold-round").due_at == parse("2026-03-11T12:00:00")
    closed(town, alert)
    town.work_until()
    never = declared(town, begins="2026-03-13T08:00:00")
    closed(town, never)
    town.work_until("2026-03-14T08:00:00")
    assert {row.alert for row in town.rows(DutyPeriod)} == {alert.id}


def test_closed_while_what_is_owed_is_still_being_opened_leaves_nothing_owed(town: Town) -> None:
    alert = declared(town)
    town.worker.run_next()
    assert len(town.rows(DutyPeriod)) == PIECE
    closed(town, alert)
    town.work_until()
    assert {row.status for row in town.rows(DutyPeriod)} == {"withdrawn"}
    assert len(town.rows(DutyPeriod)) == PIECE


def test_a_job_that_was_prepared_before_the_close_opens_nothing_after_it(town: Town) -> None:
    alert = declared(town)
    job = next_due(town.database, town.at)
    assert job is not None
    part = AlertDuties(town.deployment, town.now)
    prepared = part.prepare(job)
    assert prepared.missing
    closed(town, alert)
    with transaction(town.database, "") as tx:
        part.finish(tx, job, prepared)
    assert town.rows(DutyPeriod) == []


def test_a_township_declares_for_itself_and_nobody_else_touches_it(town: Town) -> None:
    with pytest.raises(NotAllowed):
        declare(town.deployment, town.actor("township"), COLD.id, "red", (TOWNSHIP,), "", "自行启动", town.at)
    alert = declared(town)
    for nobody in ("township", "doctor", "supervisor"):
        with pytest.raises((NotAllowed, NotFound)):
            close(town.deployment, town.actor(nobody), alert.id, 1, {}, "不该", new_id(), town.at)
        task = town.first(Task, about=alert.id)
        assert permitted(town.rulebook, town.actor(nobody), task) == ()
    with pytest.raises((Conflict, NotAllowed)):
        do_to_task(town.deployment, Asked(verb="claim", actor=town.actor("centre"), task=task.id, version=1), town.at)


def test_a_summary_sent_twice_closes_once(town: Town) -> None:
    alert, key = declared(town), new_id()
    closed(town, alert, key)
    with pytest.raises(Conflict):
        closed(town, alert, new_id())
    assert len(town.events("alert.closed")) == 1
    (event,) = town.events("alert.closed")
    assert (event.told["reason"], "reason" in event.data) == ("寒潮过去", False)


def test_what_a_later_release_no_longer_asks_for_is_taken_back(town: Town) -> None:
    alert = declared(town, "orange")
    town.work_until()
    rulebooks = town.deployment.rulebooks
    rulebooks._now.earlier[town.rulebook.digest] = town.rulebook
    rulebooks.current[JURISDICTION] = replace(town.rulebook, digest="0" * 64, duties={}, alerts={})
    town.work_until("2026-03-11T00:00:30")
    assert {row.status for row in town.rows(DutyPeriod)} == {"withdrawn"}
    closed(town, alert)  # by the release that knows it
    assert stands(town, alert).ended_at is not None


def test_the_worker_of_a_deployment_puts_back_what_of_a_day_was_lost(town: Town) -> None:
    declared(town, "orange")
    town.work_until()
    with transaction(town.database, "") as tx:
        tx.delete(Job, kind="alert-duties")
    worker = create_worker(town.deployment, read_settings(Path(__file__).parents[2] / "config.toml"), town.now)
    town.at = parse("2026-03-11T00:10:00")
    worker.sweep()
    assert [row.begins_on.day for row in owed(town, "cold-daily", unit=OURS)] == [10, 11]
    assert reconcile(town.deployment, town.at + timedelta(minutes=1)) == 0


def test_its_record_is_told_whole_and_names_no_village_twice(town: Town) -> None:
    alert = declared(town)
    town.work_until()
    opened = [event for event in town.rows(Event) if event.name == "duty.opened"]
    assert len(opened) == len({event.data["unit"] for event in opened}) == len(owed(town, "cold-round"))
    assert all(event.actor_name == "系统" for event in opened)
    assert town.first(Task, about=alert.id).ended_at is None
