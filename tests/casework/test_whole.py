"""A case as a whole: voided, opened again, put away; who may."""

from dataclasses import replace
from typing import Any

import pytest

from casework.county import County
from xunfang.casework import VERBS, Actor, Case, Clue, Dispatch, Notice, Task, Whole, permits, permitted
from xunfang.errors import Conflict, Invalid, NotAllowed

MEDICAL = "medical-insurance-bureau"
GRANTED = {"visited_on": "2026-03-10", "findings": "入户核实，情况属实。", "eligible": True, "programme": "medical-aid"}
TOLD = {"notified_on": "2026-03-10", "notify_way": "phone", "satisfaction": "satisfied"}


ILL = {"needs": ["medical"], "illness": "脑梗死"}
PUPIL = {"needs": ["education"], "schooling": "高中在读"}
BOTH = {**ILL, **PUPIL, "needs": ["medical", "education"]}
EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}


@pytest.fixture
def county() -> County:
    return County()


def dispatched(county: County) -> Case:
    case = county.report()
    county.confirm(case, MEDICAL)
    return county.case(case.id)


def closed(county: County) -> Case:
    """A case that went its whole way."""
    case = dispatched(county)
    county.do("complete", county.task(case), outcome="granted", answers=GRANTED, submission="feedback")
    county.do("complete", county.task(case), outcome="done", answers=TOLD, submission="survey")
    case = county.case(case.id)
    assert case.closed_at
    return case


def open_tasks(county: County, case: Case) -> list[Task]:
    return [task for task in county.all(Task) if task.case == case.id and not task.ended_at]


def test_a_case_opened_by_mistake_is_voided_with_all_that_was_owed_in_it(county: County) -> None:
    case = dispatched(county)
    task = county.task(case)
    for notice in county.all(Notice):
        assert notice.status == "wanted"
    county.do_whole("void", case, reason="重复建案")
    case = county.case(case.id)
    assert (case.ended_as, case.closed_at, case.closed_from, case.outcome) == ("voided", county.at, "handling", "")
    assert open_tasks(county, case) == []
    assert {notice.status for notice in county.all(Notice)} <= {"withdrawn"}
    assert [told.unit for told in county.memory.tellings if told.kind == "voided"] == [MEDICAL]
    assert county.events("case.voided")[0].data == {"reason": "重复建案", "number": case.number}
    before = len(county.memory.events)
    county.later(days=60)
    assert len(county.memory.events) == before, "nothing reminds of a case that is void"
    assert county.memory.rows[task.id].status == "withdrawn"  # type: ignore[union-attr]


def test_the_number_of_a_void_case_stays_in_the_series(county: County) -> None:
    first = county.report("one")
    county.do_whole("void", first, reason="重复建案")
    second = county.report("two")
    assert first.number.replace("1", "2") == second.number or first.number != second.number
    assert county.case(first.id).number == first.number


def test_a_void_case_is_joined_by_nothing(county: County) -> None:
    first = county.report()
    county.do_whole("void", first, reason="重复建案")
    assert county.report().id != first.id


def test_a_dispatch_that_waited_is_withdrawn_with_its_case(county: County) -> None:
    case = county.report()
    county.do_whole("void", case, reason="重复建案")
    assert [dispatch.status for dispatch in county.all(Dispatch)] == ["withdrawn"]


def test_a_closed_case_is_opened_again_where_it_was_closed_and_its_clocks_begin_anew(county: County) -> None:
    case = closed(county)
    county.later(days=20)
    county.do_whole("reopen", case, reason="回访发现救助未到位")
    again = county.case(case.id)
    assert (again.number, again.closed_at, again.outcome, again.state) == (case.number, None, "", case.closed_from)
    task = county.task(again)
    assert task.opened_at == county.at
    assert task.due_at is None or task.due_at > county.at
    assert again.due_at is None or (case.due_at and again.due_at > case.due_at and again.counts_from == county.at)
    event = county.events("case.reopened")[0]
    assert (event.data["was_outcome"], event.data["reason"]) == (case.outcome, "回访发现救助未到位")
    county.do("complete", task, outcome="done", answers=TOLD, submission="survey-2")
    assert county.case(case.id).closed_at == county.at


def test_what_voiding_cut_off_goes_on_with_the_same_units(county: County) -> None:
    case = dispatched(county)
    county.do_whole("void", case, reason="重复建案")
    county.do_whole("reopen", county.case(case.id), reason="并非重复")
    again = county.case(case.id)
    assert (again.state, [task.unit for task in open_tasks(county, again)]) == ("handling", [MEDICAL])


def test_a_case_voided_before_it_was_dispatched_waits_for_its_dispatch_again(county: County) -> None:
    case = county.report()
    county.do_whole("void", case, reason="重复建案")
    county.do_whole("reopen", county.case(case.id), reason="并非重复")
    assert [dispatch.status for dispatch in county.all(Dispatch)] == ["withdrawn", "proposed"]
    county.confirm(county.case(case.id))


def test_reminders_of_the_case_come_again_even_when_it_is_opened_in_the_same_moment(county: County) -> None:
    case = dispatched(county)
    jobs = {key for key, job in county.memory.jobs.items() if job.case == case.id and not job.task}
    county.do_whole("void", case, reason="重复建案")
    county.do_whole("reopen", county.case(case.id), reason="并非重复")
    assert {key for key, job in county.memory.jobs.items() if job.case == case.id and not job.task} == jobs


def test_nothing_is_done_to_an_archived_case_but_opening_it_again(county: County) -> None:
    case = closed(county)
    for notice in county.all(Notice):
        county.memory.rows[notice.id] = replace(notice, status="issued")
    county.do_whole("archive", case)
    case = county.case(case.id)
    assert case.archived_at == county.at
    director = county.memory.person("leader", unit="service-centre")
    whole = permitted(county.rulebook, director, Whole(case))
    assert [verb.id for verb in whole if verb.id != "confirm-dispatch"] == ["reopen"]
    county.do_whole("reopen", case, reason="补办")
    assert county.case(case.id).archived_at is None


@pytest.mark.parametrize(("verb", "told"), [("reopen", {"reason": "x"}), ("archive", {})])
def test_a_case_under_way_is_neither_opened_again_nor_put_away(county: County, verb: str, told: Any) -> None:
    with pytest.raises(Conflict):
        county.do_whole(verb, dispatched(county), **told)


def test_a_closed_case_is_not_voided(county: County) -> None:
    with pytest.raises(Conflict):
        county.do_whole("void", closed(county), reason="x")


@pytest.mark.parametrize("verb", ["void", "reopen"])
def test_a_reason_is_needed(county: County, verb: str) -> None:
    case = closed(county) if verb == "reopen" else county.report()
    with pytest.raises(Invalid):
        county.do_whole(verb, case)


@pytest.mark.parametrize(("reason", "kept"), [("报重了\u200b\u202e", "报重了"), ("𠮷某重复", "𠮷某重复")])
def test_a_reason_is_kept_without_what_nobody_sees(county: County, reason: str, kept: str) -> None:
    changes = county.do_whole("void", county.report(), reason=reason)
    assert kept in [event.data.get("reason") for event in changes.events]


def test_a_reason_that_no_paper_could_show_is_refused_and_named(county: County) -> None:
    with pytest.raises(Invalid) as refused:
        county.do_whole("void", county.report(), reason="报重了😀")
    assert "所写文字中的“😀”（U+1F600）印不出来" in refused.value.problems[0].message


def test_a_case_that_was_changed_meanwhile_is_left_alone(county: County) -> None:
    case = county.report()
    with pytest.raises(Conflict):
        county.do_whole("void", replace(case, version=case.version + 1), reason="x")


@pytest.mark.parametrize(
    ("unit", "division", "may"),
    [
        ("housing-bureau", "", False),  # sees the case by a task at most
        ("service-centre", "", True),  # where such cases begin
        ("leading-group-office", "370304", True),
        ("township:370304102", "370304102", True),
        ("township:370304103", "370304103", False),
    ],
)
def test_a_whole_case_is_decided_on_where_it_lies(county: County, unit: str, division: str, may: bool) -> None:
    case = county.report()
    somebody = Actor("a", "某人", "370304-boshan", unit, division, ("leader",), frozenset({"supervise"}))
    assert permits(county.rulebook, somebody, VERBS["void"], Whole(case)) is may
    nobody = replace(somebody, acts=frozenset({"urge"}))
    assert not permits(county.rulebook, nobody, VERBS["void"], Whole(case))
    if not may:
        with pytest.raises(NotAllowed):
            county.do_whole("void", case, reason="x", actor=somebody)


def two_reports(county: County) -> tuple[Case, Clue]:
    """A case of two clues, and the one that joined."""
    case = county.report(**ILL)
    county.later(hours=1)
    county.report(**BOTH)
    return county.case(case.id), county.all(Clue)[-1]


def clues(county: County, case: Case) -> list[Clue]:
    return [clue for clue in county.all(Clue) if clue.case == case.id and not clue.withdrawn_at]


def leads(county: County, case: Case) -> set[str]:
    waiting = [row for row in county.all(Dispatch) if row.case == case.id and row.status == "proposed"]
    return {str(item["lead"]) for row in waiting for item in row.proposed}


def test_a_clue_that_joined_wrongly_gets_a_case_of_its_own(county: County) -> None:
    case, clue = two_reports(county)
    both = leads(county, case)
    county.do_whole("split", case, clue=clue.id, reason="另一件事")
    new = next(row for row in county.all(Case) if row.id != case.id)
    assert ([each.case for each in county.all(Clue)], new.number != case.number) == ([case.id, new.id], True)
    assert (new.needs, new.person, new.opened_at) == (("medical", "education"), case.person, county.at)
    assert county.case(case.id).needs == ("medical",)
    assert county.case(case.id).due_at == case.due_at
    assert leads(county, new) == both
    assert leads(county, case) < both
    assert not county.all(Clue)[-1].joined
    told = county.events("clue.split")
    assert [(event.case, event.data["submission"]) for event in told] == [
        (each.id, clue.submission) for each in (case, new)
    ]
    county.do_whole("link", new, county.case(case.id), clue=clue.id, number=case.number, reason="分错了")
    assert len(clues(county, case)) == 2
    assert (county.case(case.id).needs, leads(county, case)) == (("medical", "education"), both)
    assert county.case(new.id).ended_as == "linked"


def test_the_only_clue_of_a_case_is_not_split_off(county: County) -> None:
    case = county.report()
    with pytest.raises(Conflict):
        county.do_whole("split", case, clue=clues(county, case)[0].id, reason="x")


def test_two_cases_about_the_same_become_one_and_two_again(county: County) -> None:
    one, other = county.report("one"), county.report("other")
    clue = clues(county, other)[0]
    county.do_whole("link", other, one, clue=clue.id, number=one.number, reason="同一人")
    assert (len(clues(county, one)), county.case(other.id).ended_as) == (2, "linked")
    assert open_tasks(county, other) == []
    assert [event.case for event in county.events("clue.linked")] == [other.id, one.id]
    county.do_whole(
        "link", county.case(one.id), county.case(other.id), clue=clue.id, number=other.number, reason="并错"
    )
    back = county.case(other.id)
    assert (back.closed_at, back.person, back.number, len(clues(county, back))) == (None, "other", other.number, 1)
    county.confirm(back)


def test_a_clue_split_off_again_is_about_whom_it_was_about(county: County) -> None:
    one, other = county.report("one"), county.report("other")
    clue = clues(county, other)[0]
    county.do_whole("link", other, one, clue=clue.id, number=one.number, reason="同一人")
    county.do_whole("split", county.case(one.id), clue=clue.id, reason="不是同一人")
    assert [case.person for case in county.all(Case)] == ["one", "other", "other"]


def test_a_linked_clue_raises_urgency_and_never_lowers_it(county: County) -> None:
    one, other = county.report("one"), county.report("other", **EMERGENCY)
    county.do_whole("link", other, one, clue=clues(county, other)[0].id, number=one.number, reason="同一人")
    assert county.case(one.id).urgency == "emergency"
    urgent = clues(county, one)[-1]
    county.do_whole("split", county.case(one.id), clue=urgent.id, reason="分开")
    assert county.case(one.id).urgency == "emergency"


@pytest.mark.parametrize("number", ["", "没有〔2026〕1号", "own", "closed"])
def test_a_clue_is_linked_only_to_another_open_case(county: County, number: str) -> None:
    one, other = county.report("one"), county.report("other")
    if number == "closed":
        county.do_whole("void", other, reason="x")
    number = {"own": one.number, "closed": other.number}.get(number, number)
    with pytest.raises(Invalid):
        county.do_whole("link", one, county.case(other.id), clue=clues(county, one)[0].id, number=number, reason="x")


def test_a_clue_of_another_case_is_not_moved(county: County) -> None:
    one, other = county.report("one"), county.report("other")
    clue = clues(county, other)[0]
    with pytest.raises(Invalid):
        county.do_whole("link", one, other, clue=clue.id, number=other.number, reason="x")
