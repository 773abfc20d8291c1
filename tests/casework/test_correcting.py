"""One's own report put right or taken back, before and after somebody acted."""

from dataclasses import replace
from typing import Any

import pytest

from casework.county import County, typical
from xunfang.casework import Asked, Case, Changes, Clue, Correction, Dispatch, Holding, Task
from xunfang.errors import Conflict, Invalid, NotAllowed
from xunfang.rules.intake import decide

TOWNSHIP = "township:370304102"


ILL = {"needs": ["medical"], "illness": "脑梗死"}
PUPIL = {"needs": ["education"], "schooling": "高中在读"}
BOTH = {**ILL, **PUPIL, "needs": ["medical", "education"]}
EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}


@pytest.fixture
def county() -> County:
    return County()


def clue_of(county: County, case: Case) -> Clue:
    return next(clue for clue in county.all(Clue) if clue.case == case.id)


def asked(county: County, verb: str, clue: Clue, by: str = TOWNSHIP, **told: Any) -> Changes:
    asked = Asked(verb=verb, actor=county.memory.person(unit=by), clue=clue.id, **told)
    return county.memory.do(asked, county.at, [county.case(clue.case)])


def correct(county: County, case: Case, by: str = TOWNSHIP, **answers: Any) -> Changes:
    decision = decide(county.rulebook, "clue-report", {**typical(), **answers}, county.at)
    assert decision.problems == ()
    key = county.memory.new_id()
    return asked(county, "correct", clue_of(county, case), by, decision=decision, submission=key)


def waiting(county: County, case: Case) -> set[str]:
    rows = [row for row in county.all(Dispatch) if row.case == case.id and row.status == "proposed"]
    return {str(item["lead"]) for row in rows for item in row.proposed}


def told(county: County, kind: str) -> set[str]:
    return {each.unit for each in county.memory.tellings if each.kind == kind}


def test_before_anybody_acted_the_new_answers_decide(county: County) -> None:
    case = county.report(**ILL)
    before, first = waiting(county, case), clue_of(county, case).submission
    county.later(hours=1)
    correct(county, case, **PUPIL)
    correction = county.all(Correction)[0]
    assert (correction.before, correction.submission) == (first, clue_of(county, case).submission)
    assert (correction.fields, correction.acted, correction.at) == (("needs", "illness", "schooling"), False, county.at)
    after = county.case(case.id)
    assert (after.needs, after.due_at, after.number) == (("education",), case.due_at, case.number)
    assert waiting(county, case)
    assert waiting(county, case).isdisjoint(before)
    assert county.events("clue.corrected")[0].data["fields"] == ["needs", "illness", "schooling"]


def test_after_somebody_acted_the_holder_is_told_and_the_facts_change(county: County) -> None:
    case = county.report(**ILL)
    county.confirm(case)
    task = county.task(county.case(case.id))
    correct(county, case, **PUPIL)
    assert county.all(Correction)[0].acted
    assert county.case(case.id).needs == ("education",)
    assert told(county, "corrected") == {task.unit, "service-centre"}
    same = county.memory.rows[task.id]
    assert isinstance(same, Task)
    assert (same.ended_at, same.due_at) == (None, task.due_at)


def test_whoever_lives_elsewhere_is_seen_there_from_then_on(county: County) -> None:
    case = county.report()
    correct(county, case, residence="370304103011")
    assert county.case(case.id).residence == "370304103011"
    assert {task.residence for task in county.all(Task)} == {"370304103011"}


def test_a_correction_that_says_nothing_new_is_none(county: County) -> None:
    with pytest.raises(Invalid):
        correct(county, county.report())


def test_an_emergency_found_out_by_a_correction_goes_out_at_once(county: County) -> None:
    case = county.report()
    correct(county, case, **EMERGENCY)
    assert county.case(case.id).urgency == "emergency"
    assert waiting(county, case) == set()
    assert county.events("dispatch.sent_at_once")
    correct(county, case)
    assert county.case(case.id).urgency == "emergency", "it never falls by a correction"


@pytest.mark.parametrize("verb", ["correct", "withdraw"])
def test_only_whoever_reported_it_does(county: County, verb: str) -> None:
    case = county.report()
    told = {"reason": "x", "decision": decide(county.rulebook, "clue-report", {**typical(), **PUPIL}, county.at)}
    with pytest.raises(NotAllowed):
        asked(county, verb, clue_of(county, case), "housing-bureau", **told)


def test_taken_back_before_anybody_acted_the_case_it_opened_ends(county: County) -> None:
    case = county.report()
    asked(county, "withdraw", clue_of(county, case), reason="报错了人")
    after = county.case(case.id)
    assert (after.ended_as, after.closed_at, after.number) == ("withdrawn", county.at, case.number)
    assert [task for task in county.all(Task) if not task.ended_at] == []
    assert told(county, "withdrawn") == {"service-centre"}
    said = county.events("clue.withdrawn")[0].data
    assert (said["reason"], said["submission"]) == ("报错了人", clue_of(county, case).submission)
    with pytest.raises(Conflict):
        asked(county, "withdraw", clue_of(county, case), reason="再撤")


def test_a_clue_that_joined_is_taken_back_alone(county: County) -> None:
    case = county.report(**ILL)
    both = county.report(**PUPIL)
    last = county.all(Clue)[-1]
    assert both.id == case.id
    asked(county, "withdraw", last, reason="报错了人")
    after = county.case(case.id)
    assert (after.closed_at, after.needs, after.due_at) == (None, ("medical",), case.due_at)


def test_after_somebody_acted_it_is_a_request_and_the_case_goes_on(county: County) -> None:
    case = county.report()
    county.confirm(case)
    task = county.task(county.case(case.id))
    asked(county, "withdraw", clue_of(county, case), reason="情况已好转")
    clue = clue_of(county, case)
    assert (clue.withdrawn_at, clue.asked_back_at) == (None, county.at)
    assert county.case(case.id).closed_at is None
    assert county.memory.rows[task.id] == task
    assert told(county, "asked-back") == {task.unit, "service-centre"}
    with pytest.raises(Conflict):
        asked(county, "withdraw", clue, reason="再撤")


def test_an_emergency_is_not_taken_back_in_silence(county: County) -> None:
    case = county.report(**EMERGENCY)
    held = {task.unit for task in county.all(Task) if not task.ended_at}
    asked(county, "withdraw", clue_of(county, case), reason="报错了人")
    assert county.case(case.id).ended_as == "withdrawn"
    assert told(county, "urgent-taken-back") == held | {"service-centre"}


def test_a_report_of_a_closed_case_stays_as_it_is(county: County) -> None:
    case = county.report()
    county.do_whole("void", case, reason="x")
    with pytest.raises(Conflict):
        correct(county, case, **PUPIL)


@pytest.mark.parametrize("verb", ["correct", "withdraw"])
def test_a_report_on_a_form_that_its_case_does_not_know_yet_is_refused_in_words(county: County, verb: str) -> None:
    case = county.report()
    clue = clue_of(county, case)
    decision = decide(county.rulebook, "clue-report", {**typical(), **PUPIL}, county.at)
    county.memory.rows[clue.id] = replace(clue, form="form-of-next-year")
    with pytest.raises(Conflict, match="另报一条") as refused:
        asked(county, verb, clue, clue.unit, decision=decision, submission=county.memory.new_id(), reason="报错了人")
    assert refused.value.code == "FORM_LATER"


def test_the_record_tells_what_somebody_is_held_to_be_by_a_corrected_report(county: County) -> None:
    case = county.report(categories=["disabled"])
    correct(county, case, categories=["orphan"])
    (corrected,) = county.events("clue.corrected")
    assert corrected.data["categories"] == ["orphan"]
    held = {row.category: row.until for row in county.all(Holding) if row.person == case.person}
    assert (held["disabled"] is not None, held["orphan"]) == (True, None)
