"""What a case says of itself at the end: all that was decided in it, never the last word or the first one alone."""

from dataclasses import replace

from casework.county import County
from xunfang.casework import Case
from xunfang.desk.labels import Labels
from xunfang.rulebook.model import Rulebook

MEDICAL, EDUCATION = "medical-insurance-bureau", "education-sports-bureau"
GRANTED = {"visited_on": "2026-03-10", "findings": "入户核实，情况属实。", "eligible": True, "programme": "medical-aid"}
REFUSED = {
    "visited_on": "2026-03-10",
    "findings": "入户核实，收入超过标准。",
    "eligible": False,
    "refusal_reason": "supporters",
}
TOLD = {"notified_on": "2026-03-10", "notify_way": "phone", "satisfaction": "satisfied"}


def told(county: County, case: Case) -> str:
    case = county.case(case.id)
    return Labels(county.rulebook).decided(case.flow, case.outcome, case.decided)


def decided(county: County, *outcomes: str) -> Case:
    """Return a case in which the leads have decided, one after the other, and the person has not been told yet."""
    units = (MEDICAL, EDUCATION)[: len(outcomes)]
    case = county.report()
    county.confirm(case, *units)
    for unit, outcome in zip(units, outcomes, strict=True):
        answers = GRANTED if outcome == "granted" else REFUSED
        county.do("complete", county.task(case, unit), outcome=outcome, answers=answers, submission=unit)
    return county.case(case.id)


def closed(county: County, case: Case, outcome: str = "done") -> Case:
    county.do("complete", county.task(case), outcome=outcome, answers=TOLD, submission="told")
    return county.case(case.id)


def deciding_later(rulebook: Rulebook) -> Rulebook:
    """The state after the leads grants or refuses aid, as in counties whose leads only visit."""
    flow = rulebook.flows["clue"]
    notify = flow.states["notify"]
    done = notify.outcomes["done"]
    labels = {"granted": "给予救助", "refused": "不予救助"}
    outcomes = {id: replace(done, id=id, label=label) for id, label in labels.items()}
    states = {**flow.states, "notify": replace(notify, label="救助", outcomes=outcomes)}
    return replace(rulebook, flows={**rulebook.flows, "clue": replace(flow, states=states)})


def test_what_units_decided_side_by_side_is_told_of_each() -> None:
    county = County()
    case = closed(county, decided(county, "granted", "ineligible"))
    assert told(county, case) == "符合条件，落实救助（区医保分局）；不符合条件（区教体局）"
    (event,) = county.events("case.closed")
    assert [one["outcome"] for one in event.data["decided"]] == ["granted", "ineligible"]


def test_whoever_refused_first_hides_nothing() -> None:
    county = County()
    case = closed(county, decided(county, "ineligible", "granted"))
    assert told(county, case) == "不符合条件（区医保分局）；符合条件，落实救助（区教体局）"


def test_what_all_decided_alike_is_said_once() -> None:
    county = County()
    assert told(county, closed(county, decided(county, "ineligible", "ineligible"))) == "不符合条件"


def test_a_later_refusal_is_the_outcome_and_what_came_before_is_told_too() -> None:
    county = County(deciding_later(County().rulebook))
    case = closed(county, decided(county, "granted"), "refused")
    assert case.outcome == "refused"
    assert told(county, case) == "符合条件，落实救助；不予救助"


def test_a_case_opened_again_tells_its_new_decision() -> None:
    county = County(deciding_later(County().rulebook))
    case = closed(county, decided(county, "granted"), "refused")
    county.do_whole("reopen", case, reason="复查后情况有变")
    assert county.case(case.id).outcome == ""
    county.do("complete", county.task(case), outcome="granted", answers=TOLD, submission="again")
    assert told(county, case) == "符合条件，落实救助；给予救助"
