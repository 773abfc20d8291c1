"""Cases as a whole, stored: voided, opened again, put away."""

import pytest

from actions.town import CENTRE, GRANTED, MEDICAL, TOLD, Town
from xunfang.actions.deployment import Actor
from xunfang.actions.handling import do_to_case
from xunfang.actions.reminding import reconcile
from xunfang.casework import Asked, Notice, Task
from xunfang.errors import Conflict, NotAllowed, NotFound
from xunfang.store import Desk, Job, connection, verify_chain
from xunfang.store.reading.lists import CaseFilter


def do(town: Town, verb: str, case: str, by: str = "leader", **told: str) -> None:
    asked = Asked(verb=verb, actor=town.actor(by), case=case, version=town.case(case).version, **told)  # type: ignore[arg-type]
    do_to_case(town.deployment, asked, town.at)


def closed(town: Town) -> str:
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL), "granted", GRANTED)
    town.complete("centre", town.task(case, CENTRE), "done", TOLD)
    town.work_until()
    return case


def listed(town: Town, show: str) -> list[str]:
    actor: Actor = town.actor("leader")
    with connection(town.database) as reader:
        return [item.case for item in Desk(reader, actor.scope).cases(CaseFilter(show=show)).items]


def test_a_void_case_owes_nothing_and_keeps_its_number(town: Town) -> None:
    case = town.dispatched()
    number = town.case(case).number
    do(town, "void", case, reason="重复建案")
    assert (town.case(case).ended_as, town.case(case).number) == ("voided", number)
    assert town.rows(Task, case=case, ended_at=None) == []
    town.later(days=90)
    town.work_until()
    assert town.press.orders == []
    assert {notice.status for notice in town.rows(Notice, case=case)} <= {"withdrawn"}
    assert reconcile(town.deployment, town.at) == 0
    assert town.inbox(MEDICAL, "voided")
    assert verify_chain(town.database, town.keys.chain) is None


def test_jobs_of_a_void_case_are_ready_again_when_it_is_opened_again(town: Town) -> None:
    case = town.dispatched()
    before = {job.key for job in town.rows(Job, case=case, task="", status="ready")}
    do(town, "void", case, reason="重复建案")
    assert town.rows(Job, case=case, status="ready") == []
    do(town, "reopen", case, reason="并非重复")
    assert {job.key for job in town.rows(Job, case=case, task="", status="ready")} == before
    assert reconcile(town.deployment, town.at) == 0
    assert town.task(case, MEDICAL).status == "open"


def test_a_closed_case_is_put_away_and_found_and_opened_again(town: Town) -> None:
    case = closed(town)
    do(town, "archive", case)
    assert [listed(town, show) for show in ("current", "archived", "void", "")] == [[], [case], [], [case]]
    with pytest.raises(Conflict):
        do(town, "archive", case)
    do(town, "reopen", case, reason="回访发现救助未到位")
    assert listed(town, "current") == [case]
    assert town.task(case, CENTRE).state == "notify"
    assert reconcile(town.deployment, town.at) == 0


def test_whoever_only_has_a_task_in_a_case_does_nothing_to_it_as_a_whole(town: Town) -> None:
    case = town.dispatched()
    for by, error in (("doctor", NotAllowed), ("teacher", NotAllowed), ("village", NotAllowed)):
        with pytest.raises(error):
            do(town, "void", case, by=by, reason="重复建案")
    asked = Asked(verb="void", actor=town.actor("leader"), case="nothing", version=1, reason="x")
    with pytest.raises(NotFound):
        do_to_case(town.deployment, asked, town.at)
