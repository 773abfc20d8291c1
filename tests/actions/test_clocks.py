"""Extension 延期, suspension 中止 and resumption 恢复 as they are stored."""

import pytest

from actions.town import MEDICAL, Town, other_id
from xunfang.actions.handling import do_to_task
from xunfang.actions.reminding import reconcile
from xunfang.casework import Asked
from xunfang.clock import local, parse
from xunfang.errors import Conflict, NotAllowed, NotFound
from xunfang.store import Account, Job, Task, transaction

DUE = "2026-03-17T17:30:00"


def do(town: Town, by: str, verb: str, task: Task, **told: object) -> Task:
    asked = Asked(verb=verb, actor=town.actor(by), task=task.id, version=task.version, **told)  # type: ignore[arg-type]
    do_to_task(town.deployment, asked, town.at)
    return town.first(Task, id=task.id)


def test_more_time_is_asked_for_and_given_by_somebody_else(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    asked = do(town, "doctor", "ask-extension", task, days=3, reason="需外地协查")
    assert (asked.due_at, (asked.extension or {})["workdays"]) == (parse(DUE), 3)
    for by in ("doctor", "teacher", "centre"):
        with pytest.raises((NotAllowed, NotFound)):
            do(town, by, "approve-extension", asked)
    given = do(town, "leader", "approve-extension", asked)
    assert given.extension is None
    assert given.due_at == parse("2026-03-20T17:30:00")
    assert given.due is not None
    assert given.due["extended"][0]["by"] == "测试leader"
    (event,) = town.events("task.extended")
    assert (event.data["was_due"], event.data["now_due"]) == (local(parse(DUE)).isoformat(), given.due["due_at"])
    assert [message.kind for message in town.inbox(MEDICAL, "extension")] == ["extension"]
    assert reconcile(town.deployment, town.at) == 0
    town.work_until("2026-03-20T17:30:00")
    assert town.first(Task, id=task.id).overdue_at is None
    town.work_until("2026-03-20T17:30:01")
    assert town.first(Task, id=task.id).overdue_at == parse("2026-03-20T17:30:00")


def test_a_request_decided_meanwhile_is_not_decided_again(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    asked = do(town, "doctor", "ask-extension", task, days=3, reason="需外地协查")
    do(town, "leader", "refuse-extension", asked, reason="理由不充分")
    with pytest.raises(Conflict):
        do(town, "leader", "approve-extension", asked)
    assert town.first(Task, id=task.id).due_at == parse(DUE)


def test_while_suspended_nothing_fires_and_the_reconciler_puts_nothing(town: Town) -> None:
    case = town.dispatched()
    town.report(id_number=other_id(2))
    task = do(town, "doctor", "suspend", town.task(case, MEDICAL), reason="等待申请人补正材料")
    assert (task.due_at, task.suspended_at, town.case(case).suspended_at) == (None, town.at, town.at)
    assert reconcile(town.deployment, town.at) == 0
    town.work_until("2026-06-30T00:00:00")
    assert not [event for event in town.events(case=case) if event.name in ("task.reminded", "task.fell_overdue")
                and event.task in (task.id, "")]  # fmt: skip
    assert reconcile(town.deployment, town.at) == 0
    assert not [job for job in town.rows(Job, status="ready") if job.task == task.id]
    with pytest.raises(Conflict, match="先恢复"):
        town.complete("doctor", task)


def test_what_is_resumed_runs_on_with_what_was_left(town: Town) -> None:
    case = town.dispatched()
    task = do(town, "doctor", "suspend", town.task(case, MEDICAL), reason="等待申请人补正材料")
    town.work_until("2026-03-24T09:00:00")
    case_due = town.case(case).due
    task = do(town, "doctor", "resume", task)
    assert task.due_at == parse("2026-03-31T17:30:00")  # five workdays were left
    assert case_due is not None
    assert (town.case(case).due_at or town.at) > parse(case_due["due_at"])
    assert town.case(case).due is not None
    assert len((town.case(case).due or {})["paused"]) == 1
    assert reconcile(town.deployment, town.at) == 0
    town.work_until("2026-03-31T17:30:01")
    assert town.first(Task, id=task.id).overdue_at == task.due_at
    reasons = [event.told["reason"] for event in town.events("task.suspended")]
    assert reasons == ["等待申请人补正材料"]


def test_only_whoever_holds_it_suspends_it(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    for by in ("leader", "teacher", "supervisor"):
        with pytest.raises((NotAllowed, NotFound)):
            do(town, by, "suspend", task, reason="等待补正")
    with transaction(town.database, "") as tx:
        tx.update(Account, {"login": "doctor"}, {"roles": ("leader",)})
    with pytest.raises(NotAllowed):
        do(town, "doctor", "suspend", task, reason="等待补正")
