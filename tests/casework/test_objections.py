"""Objections handed in by form to what a case publishes: nobody is said not to have objected while one stands."""

from dataclasses import replace

import pytest

from casework.county import County, typical
from casework.test_lengthening import PLAIN
from casework.test_objecting import EAST, rules
from xunfang.casework import Actor, Asked, Case
from xunfang.casework.rows import Clue, Publication, Task
from xunfang.errors import Invalid
from xunfang.rulebook.model import Rulebook
from xunfang.rules.intake import decide
from xunfang.rules.objections import Count

VILLAGE = "370304102200"


def publishing(unit: str = "") -> Rulebook:
    """Return rules by which a case is published for seven days, and stays where it is if nobody objects."""
    found = rules(unit)
    flow = found.flows["clue"]
    states = {**flow.states, "notify": replace(flow.states["notify"], publishes="village-board")}
    return replace(found, flows={**found.flows, "clue": replace(flow, states=states)})


def hung(unit: str = "") -> tuple[County, Case]:
    county = County(publishing(unit))
    case = county.report()
    county.confirm(case, EAST)
    county.do("complete", county.task(case), outcome="ineligible", answers=PLAIN, submission="refused")
    return county, county.case(case.id)


def object_by_form(county: County, case: Case) -> Case:
    """Let the township take in an objection to what a case published; returns the case that handles it."""
    posted = next(row for row in county.all(Publication) if row.case == case.id)
    told = {
        "raised_on": "2026-03-11",
        "name": "王秀兰",
        "residence": VILLAGE,
        "content": "其子女有赡养能力",
        "named": False,
    }
    decision = decide(county.rulebook, "objection", told, county.at)
    assert decision.problems == ()
    submission, actor = county.memory.new_id(), county.memory.person(unit=EAST)
    asked = Asked(
        verb="submit", actor=actor, decision=decision, submission=submission, person=case.person,
        payload={"publication": posted.id},
    )  # fmt: skip
    changes = county.memory.do(asked, county.at, [case])
    clue = next(row for row in changes.new if isinstance(row, Clue))
    assert clue.told["publication"] == posted.id
    return county.case(clue.case)


def answer(county: County, objection: Case, *, upheld: bool) -> None:
    told = {"verified_on": county.at.date().isoformat(), "findings": "已逐户核实。", "upheld": upheld}
    outcome = "upheld" if upheld else "rejected"
    county.do("complete", county.task(objection), outcome=outcome, answers=told, submission=f"answer-{objection.id}")


def test_an_objection_is_a_case_of_its_own_and_noted_where_it_was_published() -> None:
    county, case = hung()
    county.later(days=1)
    objection = object_by_form(county, case)
    assert (objection.flow, objection.person) == ("objection-handling", case.person)
    (noted,) = county.events("publication.objected")
    assert (noted.case, noted.data["number"]) == (case.id, objection.number)
    told = [telling for telling in county.memory.tellings if telling.kind == "objection"]
    assert [(telling.case, objection.number in telling.body) for telling in told] == [(case.id, True)]


def test_a_wait_is_not_over_while_an_objection_is_open_and_goes_on_the_day_after_it_was_found_wrong() -> None:
    county, case = hung()
    county.later(days=1)
    objection = object_by_form(county, case)
    county.later(days=9)  # the wait would have ended on 17 March
    assert county.case(case.id).state == "notify"
    (held,) = county.events("case.wait_held")  # told once, however often it is looked at
    assert held.data["objections"] == [objection.number]
    answer(county, objection, upheld=False)
    assert county.case(case.id).state == "notify"
    county.later(days=1)
    assert county.case(case.id).state != "notify"
    assert [event.data["state"] for event in county.events("case.wait_ended")] == ["notify"]


def move(county: County, case: Case, to: Rulebook) -> None:
    """Let a case go on by another release."""
    machine = Actor("", "系统", to.id, "", "", (), frozenset(), "改用规则版本")
    asked = Asked(verb="move-release", actor=machine, case=case.id, payload={"was": county.memory.rulebook})
    county.memory.rulebook = to
    county.memory.do(asked, county.at, [county.case(case.id)])


def test_a_wait_that_is_held_up_goes_on_after_its_case_was_moved_to_another_release() -> None:
    county, case = hung()
    county.later(days=1)
    objection = object_by_form(county, case)
    county.later(days=9)
    move(county, case, replace(county.rulebook, digest="later"))
    answer(county, objection, upheld=False)
    county.later(days=1)
    assert county.case(case.id).state != "notify"
    assert len(county.events("case.wait_held")) == 1


def test_one_that_was_answered_in_time_holds_nothing_up() -> None:
    county, case = hung()
    county.later(days=1)
    answer(county, object_by_form(county, case), upheld=False)
    county.later(days=7)
    assert county.case(case.id).closed_at is not None
    assert county.events("case.wait_held") == []


def test_one_that_was_found_right_leads_where_an_objection_does_once_the_time_is_over() -> None:
    county, case = hung()
    county.later(days=1)
    objection = object_by_form(county, case)
    answer(county, objection, upheld=True)
    county.later(days=7)
    assert county.case(case.id).state == "dispatch"
    (noted,) = county.events("case.objected")
    assert objection.number in noted.data["reason"]


@pytest.mark.parametrize(("upheld", "words"), [(None, "还没有办结"), (True, "经核查成立")])
def test_whoever_has_the_task_cannot_say_that_nobody_objected(upheld: bool | None, words: str) -> None:
    county, case = hung("township")
    county.later(days=1)
    objection = object_by_form(county, case)
    if upheld is not None:
        answer(county, objection, upheld=upheld)
    county.later(days=8)
    task = next(row for row in county.all(Task) if row.case == case.id and row.ended_at is None)
    first = next(iter(county.rulebook.flows["clue"].states["notify"].outcomes))
    with pytest.raises(Invalid) as refused:
        county.do("complete", task, outcome=first, submission="undisputed")
    assert words in refused.value.problems[0].message
    county.do("complete", task, outcome="disputed", submission="disputed")
    assert county.case(case.id).state == "dispatch"


def test_whoever_has_the_task_may_say_so_once_it_was_found_wrong() -> None:
    county, case = hung("township")
    county.later(days=1)
    answer(county, object_by_form(county, case), upheld=False)
    county.later(days=8)
    assert county.case(case.id).state != "notify"


@pytest.mark.parametrize(
    ("count", "over", "words"),
    [
        (Count(), False, "目前没有收到异议"),
        (Count(), True, "公示期间没有收到异议"),
        (Count(waiting=1), False, "公示期间收到异议1件：1件正在核查"),
        (Count(waiting=0, upheld=1, rejected=2, noted=1), True, "公示期间收到异议3件：1件成立，2件经核查不成立"),
        (Count(noted=1), True, "公示期间收到异议1件：已登记并中止公示"),
    ],
)
def test_whether_anybody_objected_is_said_in_words(count: Count, over: bool, words: str) -> None:
    assert count.words(over=over) == words


def test_it_is_put_right_but_never_becomes_one_about_somebody_else() -> None:
    county, case = hung()
    county.later(days=1)
    objection = object_by_form(county, case)
    (clue,) = (row for row in county.all(Clue) if row.case == objection.id)
    told = {"raised_on": "2026-03-11", "name": "王秀芳", "residence": VILLAGE, "content": "写错了名字", "named": False}
    decision = decide(county.rulebook, "objection", told, county.at)
    sender = county.memory.person(unit=EAST)
    asked = Asked(verb="correct", actor=sender, clue=clue.id, decision=decision, submission="anew", person="other")
    with pytest.raises(Invalid) as refused:
        county.memory.do(asked, county.at, [objection])
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("name", "OBJECTED_NAME")]
    county.memory.do(replace(asked, person=case.person), county.at, [objection])
    (clue,) = (row for row in county.all(Clue) if row.case == objection.id)
    assert (clue.submission, bool(clue.told["publication"])) == ("anew", True)


def test_what_was_published_is_corrected_but_never_becomes_about_somebody_else() -> None:
    county, case = hung()
    (clue,) = (row for row in county.all(Clue) if row.case == case.id)
    decision = decide(county.rulebook, "clue-report", {**typical(), "name": "王秀芳"}, county.at)
    sender = county.memory.person(unit=EAST)
    asked = Asked(verb="correct", actor=sender, clue=clue.id, decision=decision, submission="anew", person="other")
    with pytest.raises(Invalid) as refused:
        county.memory.do(asked, county.at, [case])
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("id_number", "PUBLISHED_PERSON")]
    county.memory.do(replace(asked, person=case.person), county.at, [case])
    assert county.case(case.id).person == case.person


def test_it_is_linked_to_no_objection_about_somebody_else() -> None:
    county, case = hung()
    county.later(days=1)
    objection = object_by_form(county, case)
    other = replace(objection, id="other", number="异议〔2026〕99号", person="somebody-else")
    county.memory.rows[other.id] = other
    (clue,) = (row for row in county.all(Clue) if row.case == objection.id)
    told = {"clue": clue.id, "reason": "同一户"}
    with pytest.raises(Invalid, match="只能并入对同一人的异议"):
        county.do_whole("link", objection, other, number=other.number, **told)
    county.memory.rows[other.id] = replace(other, person=objection.person)
    county.do_whole("link", objection, county.case(other.id), number=other.number, **told)
    (clue,) = (row for row in county.all(Clue) if row.id == clue.id)
    assert clue.case == other.id
