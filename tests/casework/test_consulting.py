"""Several units on one case: consulted and answering, copied in, noting how it goes; no clock moves."""

from dataclasses import replace
from typing import Any

import pytest

from casework.county import County
from xunfang.casework import Asked, Case, Changes, Task, Whole, permitted
from xunfang.casework.verbs import VERBS
from xunfang.errors import Conflict, Invalid, NotAllowed

EAST, WEST, MEDICAL, HOUSING = (
    "township:370304102",
    "township:370304103",
    "medical-insurance-bureau",
    "housing-bureau",
)


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def case(county: County) -> Case:
    case = county.report()
    county.confirm(case, EAST)
    return county.case(case.id)


def on_case(county: County, verb: str, case: Case, by: str = EAST, **told: Any) -> Changes:
    asked = Asked(verb=verb, actor=county.memory.person(unit=by), case=case.id, **told)
    return county.memory.do(asked, county.at, [county.case(case.id)])


def consulted(county: County, case: Case, unit: str = MEDICAL) -> Task:
    county.do("consult", county.task(case, EAST), unit=unit, reason="能否纳入医疗救助？")
    found = [task for task in county.all(Task) if task.role == "consult" and task.unit == unit]
    assert isinstance(found[-1], Task)
    return found[-1]


def test_who_is_asked_gets_a_task_without_a_clock_and_the_asking_one_goes_on(county: County, case: Case) -> None:
    before = county.task(case, EAST)
    asked = consulted(county, case)
    assert (asked.lead_task, asked.status, asked.due_at, asked.state) == (before.id, "open", None, before.state)
    assert (county.task(case, EAST), county.case(case.id)) == (before, case)
    (event,) = county.events("task.consulted")
    assert (event.task, event.data) == (asked.id, {"to": MEDICAL, "reason": "能否纳入医疗救助？"})
    assert county.memory.tellings[-1].unit == MEDICAL
    assert "能否纳入" not in "".join(telling.body for telling in county.memory.tellings)


def test_the_answer_ends_the_asked_task_only_and_tells_who_asked(county: County, case: Case) -> None:
    before = county.task(case, EAST)
    asked = consulted(county, case)
    county.do("claim", asked)
    county.do("answer", county.memory.rows[asked.id], reason="可以，自付部分按规定救助。")  # type: ignore[arg-type]
    ended = county.memory.rows[asked.id]
    assert isinstance(ended, Task)
    assert (ended.status, ended.outcome) == ("done", "answered")
    assert (county.task(case, EAST), county.case(case.id)) == (before, case)
    assert (county.memory.tellings[-1].unit, county.memory.tellings[-1].task) == (EAST, before.id)
    assert county.events("task.answered")[0].data["reason"] == "可以，自付部分按规定救助。"


@pytest.mark.parametrize("verb", ["return", "transfer"])
def test_whatever_ends_the_asking_task_withdraws_what_it_asked(county: County, case: Case, verb: str) -> None:
    asked = consulted(county, case)
    county.do(verb, county.task(case, EAST), reason="不属本单位职责", unit=WEST if verb == "transfer" else "")
    withdrawn = county.memory.rows[asked.id]
    assert isinstance(withdrawn, Task)
    assert (withdrawn.status, withdrawn.ended_at) == ("withdrawn", county.at)
    told = [event for event in county.events("task.withdrawn") if event.task == asked.id]
    assert [event.data["because"] for event in told] == ["提出会商的任务已结束，不需再答复"]
    with pytest.raises(Conflict):
        county.do("answer", withdrawn, reason="来得晚了")


def test_a_unit_that_was_asked_neither_completes_nor_hands_on_and_decides_no_outcome(
    county: County, case: Case
) -> None:
    asked = consulted(county, case)
    actor = county.memory.person(unit=MEDICAL)
    assert [verb.id for verb in permitted(county.rulebook, actor, asked)] == ["claim", "answer", "urge"]
    for verb in ("complete", "transfer", "return", "consult"):
        with pytest.raises(Conflict, match="会商任务"):
            county.do(verb, asked, reason="理由", unit=WEST)
    with pytest.raises(Conflict):
        county.do("answer", county.task(case, EAST), reason="答复")


def test_the_same_unit_is_not_asked_twice_at_once_nor_the_own_one_nor_none(county: County, case: Case) -> None:
    consulted(county, case)
    with pytest.raises(Conflict) as again:
        consulted(county, case)
    assert again.value.code == "CONSULT_WAITS"
    consulted(county, case, HOUSING)
    for unit, reason in ((EAST, "问题"), ("no-such-bureau", "问题"), (WEST, " ")):
        with pytest.raises(Invalid):
            county.do("consult", county.task(case, EAST), unit=unit, reason=reason)


def test_a_copy_is_a_message_and_nothing_else(county: County, case: Case) -> None:
    before = dict(county.memory.rows)
    on_case(county, "copy", case, unit=HOUSING, reason="请留意该户住房安全。")
    assert county.memory.rows == before
    told = county.memory.tellings[-1]
    assert (told.unit, told.kind, told.case, told.task) == (HOUSING, "copy", "", "")
    assert "请留意该户住房安全。" in told.body
    (event,) = county.events("case.copied")
    assert (event.case, event.data) == (case.id, {"to": HOUSING, "reason": "请留意该户住房安全。"})


def test_only_a_party_copies_others_in(county: County, case: Case) -> None:
    stranger = replace(county.memory.person(unit=HOUSING), acts=frozenset({"consult"}))
    leader = replace(county.memory.person(unit="service-centre"), acts=frozenset({"confirm-dispatch"}))
    tasks = [task for task in county.all(Task) if task.case == case.id]
    copying = VERBS["copy"]
    assert copying not in permitted(county.rulebook, stranger, Whole(case, (), tuple(tasks)))
    assert copying in permitted(county.rulebook, leader, Whole(case, (), tuple(tasks)))
    asked = Asked(verb="copy", actor=stranger, case=case.id, unit=WEST, reason="请知悉")
    with pytest.raises(NotAllowed, match="没有办理本案"):
        county.memory.do(asked, county.at, [case])


def test_a_note_changes_nothing_and_a_closed_case_takes_none(county: County, case: Case) -> None:
    before = dict(county.memory.rows)
    on_case(county, "note", case, by=WEST, reason="已电话联系，约定周四上门。")
    assert county.memory.rows == before
    assert county.events("case.noted")[0].data == {"reason": "已电话联系，约定周四上门。"}
    with pytest.raises(Invalid):
        on_case(county, "note", case, reason="")
    county.memory.rows[case.id] = replace(case, closed_at=county.at)
    with pytest.raises(Conflict) as closed:
        on_case(county, "note", case, reason="又想起一件事")
    assert closed.value.code == "NOT_NOW"


def test_a_question_goes_with_what_asked_it_and_is_taken_back_once(county: County, case: Case) -> None:
    asked = consulted(county, case)
    county.do_whole("void", case, reason="重复建案")
    assert len([event for event in county.events("task.withdrawn") if event.task == asked.id]) == 1
    told = [message.kind for message in county.memory.tellings if message.task == asked.id]
    assert told == ["task"]
