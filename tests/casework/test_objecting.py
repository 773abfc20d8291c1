"""An objection cuts short what a case waits for 公示, where the state says so and nobody has a task in it."""

from dataclasses import replace

import pytest

from casework.county import BOSHAN, County, rulebook_of
from casework.test_lengthening import PLAIN
from casework.test_outcomes import GRANTED, MEDICAL
from xunfang.casework import VERBS, Case, permits
from xunfang.casework.rows import Notice, Task, Wait
from xunfang.casework.subjects import Whole
from xunfang.errors import Conflict, Invalid
from xunfang.rulebook.model import Rulebook
from xunfang.worktime import parse_limit

EAST = "township:370304102"
WHAT = "邻居反映其子女有赡养能力"


def rules(unit: str = "", interrupted_by: str = "objection") -> Rulebook:
    """Return rules by which a refusal is posted for seven days; an objection sends the case back to its dispatch."""
    found = rulebook_of(BOSHAN)
    flow = found.flows["clue"]
    told = flow.states["notify"]
    done = next(iter(told.outcomes.values()))
    outcomes = {done.id: done, "disputed": replace(done, id="disputed", label="有异议", to="dispatch", prints=())}
    posting = replace(
        told, unit=unit, form="", deadline="", waits=parse_limit("7 days"), interrupted_by=interrupted_by,
        outcomes=outcomes,
    )  # fmt: skip
    states = {**flow.states, "notify": posting}
    return replace(found, flows={**found.flows, "clue": replace(flow, states=states)})


def posted(rulebook: Rulebook) -> tuple[County, Case]:
    """Return a case that was refused on Tuesday 10 March, and is posted."""
    county = County(rulebook)
    case = county.report()
    county.confirm(case, EAST)
    county.do("complete", county.task(case), outcome="ineligible", answers=PLAIN, submission="refused")
    case = county.case(case.id)
    assert case.state == "notify"
    return county, case


def test_an_objection_ends_the_wait_and_the_case_goes_on_by_the_outcome_of_one() -> None:
    county, case = posted(rules())
    county.later(days=2)
    county.do_whole("object", case, reason=WHAT)
    after = county.case(case.id)
    assert after.state == "dispatch"
    (wait,) = (row for row in county.all(Wait) if row.case == case.id)
    assert wait.ended_at == county.at
    (noted,), (cut,) = county.events("case.objected"), county.events("case.wait_interrupted")
    assert (noted.data["reason"], noted.data["state"]) == (WHAT, "notify")
    assert cut.data["until"][:10] == "2026-03-17"
    county.later(days=8)
    assert county.events("case.wait_ended") == []  # the job of the wait finds nothing to end


def test_what_is_posted_anew_after_an_objection_has_a_paper_of_its_own() -> None:
    county, case = posted(rules())
    county.later(days=2)
    county.do_whole("object", case, reason=WHAT)
    county.confirm(county.case(case.id), EAST)
    county.do("complete", county.task(case), outcome="ineligible", answers=PLAIN, submission="refused again")
    assert county.case(case.id).state == "notify"
    papers = [paper for paper in county.all(Notice) if paper.kind == "closing-notice"]
    assert [paper.wanted_at.day for paper in sorted(papers, key=lambda paper: paper.id)] == [10, 12]
    assert len({paper.key for paper in papers}) == 2


def test_nobody_objects_without_a_word_or_to_what_has_changed() -> None:
    county, case = posted(rules())
    with pytest.raises(Invalid):
        county.do_whole("object", case, reason=" ")
    with pytest.raises(Conflict):
        county.do_whole("object", replace(case, version=case.version - 1), reason=WHAT)
    assert county.case(case.id).state == "notify"


def can_object(county: County, case: Case) -> bool:
    tasks = tuple(task for task in county.all(Task) if task.case == case.id)
    leader = county.memory.person("leader", unit="service-centre")
    return permits(county.rulebook, leader, VERBS["object"], Whole(case, (), tasks))


def test_it_is_offered_only_while_a_case_waits_in_a_state_that_says_so_and_nobody_has_the_task() -> None:
    county, case = posted(rules())
    assert can_object(county, case)
    county, case = posted(rules(interrupted_by=""))
    assert not can_object(county, case)
    county, case = posted(rules(unit="township"))
    assert not can_object(county, case)
    with pytest.raises(Conflict, match="请在任务中选相应的办理结果"):
        county.do_whole("object", case, reason=WHAT)


def test_a_task_that_ends_a_wait_early_says_that_it_was_cut_short() -> None:
    county, case = posted(rules(unit="township"))
    county.later(days=1)
    county.do("complete", county.task(case), outcome="disputed", submission="disputed")
    assert county.case(case.id).state == "dispatch"
    assert len(county.events("case.wait_interrupted")) == 1


def test_what_is_dispatched_again_after_an_objection_is_decided_anew() -> None:
    county = County(rules())
    case = county.report()
    county.confirm(case, MEDICAL)
    county.later(hours=1)
    county.do("complete", county.task(case), outcome="granted", answers=GRANTED, submission="granted")
    county.later(days=1)
    county.do_whole("object", county.case(case.id), reason=WHAT)
    county.confirm(county.case(case.id), MEDICAL)
    county.later(days=1)
    county.do("complete", county.task(case), outcome="ineligible", answers=PLAIN, submission="refused")
    after = county.case(case.id)
    assert after.outcome == "ineligible"
    assert [one["outcome"] for one in after.decided if one["state"] == "handling"] == ["ineligible"]


def test_what_other_leads_of_the_same_round_decided_still_counts_after_a_return() -> None:
    county = County(rules())
    case = county.report()
    county.confirm(case, MEDICAL, EAST)
    county.later(hours=1)
    county.do("complete", county.task(case, MEDICAL), outcome="granted", answers=GRANTED, submission="granted")
    county.do("return", county.task(case, EAST), reason="不归本单位办理")
    county.later(hours=1)
    county.confirm(county.case(case.id), EAST)
    county.do("complete", county.task(case, EAST), outcome="ineligible", answers=PLAIN, submission="refused")
    assert sorted(one["outcome"] for one in county.case(case.id).decided) == ["granted", "ineligible"]
