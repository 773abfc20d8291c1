"""Meetings in the database: a sitting is called, opened with a quorum, and each item moves exactly its case."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.meeting import CONVENER, MEETING, MEMBERS, called, do, item_of, opened, settle, waiting, with_convener
from actions.town import SIBLING, TOWNSHIP, Town
from xunfang.actions.handling import do_to_case
from xunfang.actions.meetings import add_to_sitting, call_sitting
from xunfang.casework import Asked, Sitting
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import unit_label
from xunfang.store import Case, Event, Message, Notice, Task, transaction
from xunfang.store.scoped import scoped


@pytest.fixture(name="town")
def _town(town: Town) -> Town:
    return with_convener(town)


def _problem(town: Town, *tasks: Task, **told: object) -> str:
    with pytest.raises(Invalid) as raised:
        settle(town, *tasks, **told)  # type: ignore[arg-type]
    return "".join(problem.message for problem in raised.value.problems)


def test_three_cases_are_decided_each_by_itself(town: Town) -> None:
    tasks = [waiting(town, n) for n in range(3)]
    sitting = opened(town, *tasks)
    for task in tasks[:2]:
        settle(town, task)
    assert [town.case(task.case).state for task in tasks] == ["review", "review", "case-meeting"]
    with pytest.raises(Conflict, match="还有1件"):
        do(town, "close-sitting", sitting)
    settle(town, tasks[2])
    do(town, "close-sitting", sitting)
    assert town.first(Sitting, id=sitting.id).status == "closed"
    assert sorted(row.case for row in town.rows(Notice, kind="case-meeting-minutes")) == sorted(t.case for t in tasks)


def test_sittings_of_a_year_are_numbered_without_a_gap(town: Town) -> None:
    assert [called(town).n for _ in range(3)] == [1, 2, 3]


def test_the_same_send_decides_nothing_twice_and_a_second_one_is_refused(town: Town) -> None:
    task = waiting(town)
    opened(town, task)
    version = item_of(town, task).version
    key = settle(town, task)
    settle(town, task, key=key, version=version)
    assert len(town.rows(Event, name="sitting.item_decided")) == 1
    with pytest.raises(Conflict):
        settle(town, task)


def test_nobody_sits_with_too_few_members(town: Town) -> None:
    sitting = called(town, waiting(town))
    with pytest.raises(Invalid, match="没有开始"):
        do(town, "open-sitting", sitting, present={})
    assert town.first(Sitting, id=sitting.id).status == "planned"


def test_where_every_member_stands_aside_nobody_decides(town: Town) -> None:
    task = waiting(town)
    opened(town, task)
    assert "不能议决" in _problem(town, task, recused=tuple(MEMBERS))
    settle(town, task, recused=(f"township:{TOWNSHIP}",))
    assert item_of(town, task).recused == (f"township:{TOWNSHIP}",)


def test_where_all_who_came_stand_aside_nobody_decides_though_others_belong_to_it(town: Town) -> None:
    task = waiting(town)
    opened(town, task, present={CONVENER: "赵主任"})
    assert "不能议决" in _problem(town, task, recused=(CONVENER,))


def test_who_belongs_to_the_sitting_for_another_place_cannot_stand_aside_for_the_one_of_here(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    meeting = replace(rulebook.meetings[MEETING], quorum="all")
    town = with_convener(Town(tmp_path, replace(rulebook, meetings={MEETING: meeting})))
    task, other = waiting(town), f"township:{SIBLING}"
    sitting = called(town, task)
    with transaction(town.database, "") as tx:
        tx.update(Sitting, {"id": sitting.id}, {"invited": (*sitting.invited, other)})
    do(town, "open-sitting", sitting, present={CONVENER: "赵主任", other: "孙镇长"})
    assert unit_label(rulebook, f"township:{TOWNSHIP}") in _problem(town, task, recused=(other,))
    town.database.close()


def test_a_decision_must_be_one_that_the_outcome_carries_out(town: Town) -> None:
    task = waiting(town)
    opened(town, task)
    assert "请选择会议的决定" in _problem(town, task, decision="nothing-of-the-kind")
    assert "票数" in _problem(town, task, votes_for="多数")


def test_what_is_postponed_waits_for_the_next_sitting(town: Town) -> None:
    task = waiting(town)
    first, item = opened(town, task), item_of(town, task)
    do(town, "postpone-item", first, item=item.id, version=item.version, reason="材料不齐")
    do(town, "close-sitting", first)
    with scoped(town.database, town.actor("convener").scope) as reader:
        (found,) = reader.meetings.waiting_for(("civil-affairs",), [("rigid-expense-application", "case-meeting")])
    assert (found.task, found.postponed) == (task.id, True)
    opened(town, task)
    settle(town, task)
    assert town.case(task.case).state == "review"


def test_a_task_is_on_one_sitting_at_a_time(town: Town) -> None:
    task = waiting(town)
    called(town, task)
    with pytest.raises(Conflict, match="另一次会议"):
        called(town, task)


def test_what_was_completed_outside_the_sitting_comes_off_when_it_closes(town: Town) -> None:
    task = waiting(town)
    sitting = opened(town, task)
    told = {"met_on": "2026-03-10", "participants": "区民政局", "opinion": "同意。"}
    town.complete("convener", town.first(Task, id=task.id), "studied", told)
    with pytest.raises(Conflict):
        settle(town, task)
    do(town, "close-sitting", sitting)
    assert item_of(town, task).status == "withdrawn"


@pytest.mark.parametrize("verb", ["invite-to-sitting", "open-sitting", "cancel-sitting"])
def test_what_was_settled_before_the_sitting_comes_off_and_is_left_to_no_other(town: Town, verb: str) -> None:
    task, other = waiting(town), waiting(town, 1)
    sitting = called(town, task, other)
    void = Asked(verb="void", actor=town.actor("leader"), case=task.case, version=town.case(task.case).version)
    do_to_case(town.deployment, replace(void, reason="重复登记"), town.at)
    do(town, verb, sitting, reason="领导外出", present=MEMBERS)
    assert (item_of(town, task).status, item_of(town, task).words) == ("withdrawn", "任务已收回")
    for told in town.inbox(f"township:{TOWNSHIP}", "sitting")[-1:]:
        assert "研究1件个案" in told.body


def test_members_are_told_and_told_again_when_it_is_off(town: Town) -> None:
    sitting = called(town, waiting(town))
    do(town, "invite-to-sitting", sitting)
    do(town, "cancel-sitting", sitting, reason="领导出差")
    titles = [row.title for row in town.rows(Message, unit=f"township:{TOWNSHIP}", kind="sitting")]
    assert titles == ["会议通知：“一事一议”会商", "会议取消：“一事一议”会商"]


def test_only_its_convener_calls_and_holds_a_sitting(town: Town) -> None:
    task = waiting(town)
    with pytest.raises(NotAllowed):
        call_sitting(town.deployment, town.actor("township"), "case-by-case", "2026-03-11T09:00", "x", [], town.at)
    sitting = opened(town, task)
    with pytest.raises(NotAllowed):
        settle(town, task, by="township")
    with pytest.raises(NotAllowed):
        do(town, "close-sitting", sitting, by="township")


@pytest.mark.parametrize("day", ["2026-03-09T09:00", "", "someday"])
def test_a_sitting_is_called_for_a_day_to_come(town: Town, day: str) -> None:
    with pytest.raises(Invalid):
        call_sitting(town.deployment, town.actor("convener"), "case-by-case", day, "三楼", [], town.at)


def test_a_case_is_put_on_by_its_number(town: Town) -> None:
    task = waiting(town)
    sitting, number = called(town), town.first(Case, id=task.case).number
    add_to_sitting(town.deployment, town.actor("convener"), sitting.id, [], number, town.at)
    assert item_of(town, task).sitting == sitting.id


@pytest.mark.parametrize(("login", "named"), [("convener", True), ("township", True), ("leader", True)])
def test_a_sitting_is_seen_by_its_members_and_above(town: Town, login: str, named: bool) -> None:
    sitting = called(town, waiting(town))
    with scoped(town.database, town.actor(login).scope) as reader:
        (item,) = reader.meetings.file(sitting.id).agenda
    assert bool(item.person) is named


@pytest.mark.parametrize("login", ["sibling", "doctor", "village"])
def test_a_sitting_is_nothing_to_anybody_else(town: Town, login: str) -> None:
    sitting = called(town, waiting(town))
    with scoped(town.database, town.actor(login).scope) as reader, pytest.raises(NotFound):
        reader.meetings.sitting(sitting.id)


_ACTS = st.lists(st.sampled_from(["settle", "postpone", "withdraw", "complete", "again"]), min_size=1, max_size=6)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
def test_whatever_is_tried_one_decision_moves_one_case(town: Town, acts: list[str]) -> None:
    """An item is decided at most once, and no act on it touches the other case of the sitting."""
    town.later(hours=1)
    n = len(town.rows(Case))
    task, other = waiting(town, n), waiting(town, n + 1)
    untouched = town.case(other.case)
    sitting = opened(town, task, other)
    for act in acts:
        item = item_of(town, task)
        try:
            if act in ("settle", "again"):
                settle(town, task)
            elif act == "complete":
                town.complete("convener", town.first(Task, id=task.id), "studied", {"met_on": "2026-03-10"})
            else:
                do(town, f"{act}-item", sitting, item=item.id, version=item.version, reason="x")
        except Refused:
            pass
    decided = [e for e in town.rows(Event, name="sitting.item_decided") if e.case == task.case]
    completed = [e for e in town.rows(Event, name="task.completed") if e.task == task.id]
    assert len(decided) <= len(completed) <= 1
    assert (item_of(town, task).status == "decided") is bool(decided)
    assert town.case(other.case) == untouched
