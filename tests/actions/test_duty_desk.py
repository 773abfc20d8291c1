"""The duty desk on the running system: who reads what is urgent off hours, and what the record says of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actions.town import CENTRE, JURISDICTION, VILLAGE, Town
from xunfang.clock import parse
from xunfang.desk.events import particulars, what_happened
from xunfang.desk.labels import Labels
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import OffHours, Rulebook
from xunfang.rules.off_hours import closed_at
from xunfang.store import Account, Message, Task, transaction

CLAUSE = "BS-二(二)3-7"
DESK = OffHours((), CENTRE, "duty-officer", Basis((CLAUSE,)))
EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。", "found_at": "2026-03-10T21:30:00+08:00"}


@pytest.fixture
def guarded(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    town = Town(tmp_path, replace(rulebook, info=replace(rulebook.info, off_hours=(DESK,))))
    town.at = parse("2026-03-10T22:00:00")
    yield town
    town.database.close()


def at_the_desk(town: Town) -> list[Message]:
    return [message for message in town.inbox(CENTRE) if message.title.startswith("值班：")]


def test_an_urgent_case_at_night_is_told_to_whoever_is_on_duty(guarded: Town) -> None:
    case = guarded.report(**EMERGENCY).case
    tasks = guarded.rows(Task, case=case, role="lead", ended_at=None)
    assert tasks
    messages = at_the_desk(guarded)
    assert {message.account for message in messages} == {"account-duty"}  # not the dispatcher and the leader beside
    assert all(guarded.inbox(task.unit, "task") for task in tasks)  # the unit hears of it as ever
    assert {(message.case, message.task) for message in messages} <= {(case, task.id) for task in tasks}
    assert "现在是下班时间，请值班人员立即查看，联系" in messages[0].body


def test_the_record_says_when_whom_and_why(guarded: Town) -> None:
    case = guarded.report(**EMERGENCY).case
    event = guarded.events("case.duty_told", case=case)[0]
    assert (event.rule, event.cites) == ("off_hours.1", (CLAUSE,))
    labels = Labels(guarded.rulebook)
    assert what_happened(event, labels, "").startswith("承办单位不在办公时间，同时告知值班单位")
    said = particulars(event, labels)
    assert {"送交：区社会救助综合服务中心", "当时是：下班时间", "值班角色：值班员"} <= set(said)


def test_by_day_and_for_what_is_not_urgent_nobody_is_told_besides(guarded: Town) -> None:
    guarded.dispatched(found_at="2026-03-10T21:30:00+08:00")
    guarded.at = parse("2026-03-11T10:00:00")
    guarded.report(**EMERGENCY, name="李秀英", id_number=None)
    assert at_the_desk(guarded) == []
    assert guarded.events("case.duty_told") == []


def test_a_case_that_becomes_urgent_at_night_is_told(guarded: Town) -> None:
    guarded.at = parse("2026-03-10T16:00:00")
    guarded.dispatched()
    guarded.at = parse("2026-03-10T22:00:00")
    guarded.report(**EMERGENCY)
    assert "值班：紧急程度提高" in {message.title for message in at_the_desk(guarded)}


def test_what_is_pressed_for_off_hours_comes_to_the_desk_as_well(guarded: Town) -> None:
    guarded.report(**EMERGENCY)
    guarded.work_until("2026-03-21T07:00:00")
    pressed = [event for event in guarded.events("case.duty_told") if event.at > parse("2026-03-11T00:00:00")]
    assert pressed
    assert all(closed_at(guarded.rulebook, event.told["of"], event.at) for event in pressed)
    assert {message.title for message in at_the_desk(guarded)} >= {"值班：督办：任务超期未办结"}


def test_where_nobody_has_the_role_the_whole_desk_reads_it(guarded: Town) -> None:
    with transaction(guarded.database, JURISDICTION) as tx:
        tx.update(Account, {"login": "duty"}, {"state": "disabled"})
    guarded.report(**EMERGENCY)
    assert {message.account for message in at_the_desk(guarded)} == {""}


def test_a_desk_in_which_nobody_is_passes_it_up(guarded: Town) -> None:
    with transaction(guarded.database, JURISDICTION) as tx:
        for login in ("duty", "centre", "leader"):
            tx.update(Account, {"login": login}, {"state": "disabled"})
    case = guarded.report(**EMERGENCY, residence=VILLAGE).case
    event = guarded.events("case.duty_told", case=case)[0]
    assert event.told["nobody_at"] == [CENTRE]
    assert event.told["to"] == "leading-group-office"
    titles = [message.title for message in guarded.inbox("leading-group-office") if message.case == case]
    assert any(title.startswith("值班：") for title in titles)
