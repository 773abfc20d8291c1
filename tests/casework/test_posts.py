"""A role 岗位 as the holder of a state: only its members in the unit have the task in hand, on both floors."""

from dataclasses import replace
from functools import cache

import pytest

from casework.altered import STORY, W, altered, both_floors
from casework.county import County
from casework.test_holding import But
from xunfang.casework import Actor, Asked, Case, Stead, Task, advance, permitted
from xunfang.errors import NotAllowed, RulebookError
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences

MEDICAL, CENTRE, OFFICE = "medical-insurance-bureau", "service-centre", "leading-group-office"
ROLES = """[leader]
may = [
    "confirm-dispatch", "approve-extension", "sign-off", "urge", "supervise", "print", "reveal",
    "claim", "complete", "return", "transfer",
]
"""
TOLD = """
label = "告知与回访须由分管领导办理"
[[steps]]
at = 2026-03-10T10:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-03-10T09:30:00
answers.needs = ["medical"]
answers.illness = "慢性肾病，需要长期透析。"
[[steps]]
at = 2026-03-10T11:00:00
act = "confirm-dispatch"
[[steps]]
at = 2026-03-11T10:00:00
act = "complete"
unit = "medical-insurance-bureau"
outcome = "ineligible"
answers.visited_on = 2026-03-11
answers.findings = "已报销大部分费用。"
answers.eligible = false
answers.refusal_reason = "income"
expect.state = "notify"
[[steps]]
at = 2026-03-12T10:00:00
act = "complete"
unit = "service-centre"
by = "clerk"
outcome = "done"
expect.problems = ["NOT_ALLOWED"]
expect.state = "notify"
[[steps]]
at = 2026-03-12T11:00:00
act = "complete"
unit = "service-centre"
outcome = "done"
answers.notified_on = 2026-03-12
answers.notify_way = "phone"
answers.satisfaction = "satisfied"
expect.state = "archived"
"""


@cache
def rulebook() -> Rulebook:
    notify = 'unit = "service-centre"\nform = "notify-and-survey"'
    return altered({"flows/clue.toml": (notify, f'role = "leader"\n{notify}')}, {f"{W}/roles.toml": ROLES, STORY: TOLD})


def test_only_holders_of_the_role_complete_on_both_floors() -> None:
    assert both_floors(rulebook()) == []


def notifying() -> tuple[County, Case, Task]:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case, MEDICAL)
    refuse(county, case)
    return county, county.case(case.id), county.task(case, CENTRE)


def refuse(county: County, case: Case) -> None:
    answers = {"findings": "已核查。", "eligible": False, "refusal_reason": "income", "visited_on": "2026-03-10"}
    task = county.task(case, MEDICAL)
    county.do("complete", task, outcome="ineligible", answers=answers, submission="s")


def test_no_button_leads_anybody_else_of_the_unit_into_it() -> None:
    county, _, task = notifying()
    clerk, leader = county.memory.person("clerk", unit=CENTRE), county.memory.person("leader", unit=CENTRE)
    holders = {"claim", "complete", "transfer", "suspend", "ask-extension", "consult"}
    assert {verb.id for verb in permitted(rulebook(), clerk, task)}.isdisjoint(holders)
    assert {verb.id for verb in permitted(rulebook(), leader, task)} >= {"claim", "complete", "transfer"}
    elsewhere = county.memory.person("leader", unit=MEDICAL)
    assert {verb.id for verb in permitted(rulebook(), elsewhere, task)}.isdisjoint(holders)


def test_who_is_refused_is_told_whose_it_is() -> None:
    county, _, task = notifying()
    with pytest.raises(NotAllowed, match="这项任务由区社会救助综合服务中心的分管领导办理"):
        county.do("claim", task)
    (telling,) = (one for one in county.memory.tellings if one.task == task.id)
    assert "须由分管领导办理" in telling.body


def test_who_stands_in_for_the_holder_may_and_every_event_says_for_whom() -> None:
    county, case, task = notifying()
    stead = Stead("boss", "王主任", frozenset({"claim", "complete"}), frozenset({"complete"}), ("leader",))
    deputy: Actor = replace(county.memory.person("clerk", unit=CENTRE), name="李四", steads=(stead,))
    asked = Asked(verb="claim", actor=deputy, task=task.id, version=task.version)
    changes = county.memory.do(asked, county.at, [case])
    assert {event.data["stead"] for event in changes.events} == {"王主任"}


def test_a_unit_in_which_nobody_has_the_role_is_passed_over() -> None:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case, MEDICAL)
    task = county.task(case, MEDICAL)
    asked = Asked(
        verb="complete",
        actor=county.memory.person(unit=MEDICAL),
        task=task.id,
        version=task.version,
        outcome="ineligible",
        answers={"findings": "已核查。", "eligible": False, "refusal_reason": "income", "visited_on": "2026-03-10"},
        submission="s",
    )
    file = replace(county.memory._file([case], county.at), posts=But(CENTRE))
    changes = advance(county.rulebook, file, asked, county.at, county.memory.new_id)
    (opened,) = (row for row in changes.new if isinstance(row, Task))
    assert opened.unit == OFFICE
    (event,) = (event for event in changes.events if event.name == "task.sent_up")
    assert event.data == {"to": OFFICE, "nobody_at": [CENTRE]}


@pytest.mark.parametrize(("roles", "claimed_by"), [(["leader"], "heir"), (["clerk"], "")])
def test_work_is_handed_to_a_holder_of_the_role_or_back_to_the_unit(roles: list[str], claimed_by: str) -> None:
    county, case, task = notifying()
    leader = county.memory.person("leader", unit=CENTRE)
    county.memory.do(Asked(verb="claim", actor=leader, task=task.id, version=task.version), county.at, [case])
    told = {"heir": "heir", "heir_name": "赵六", "roles": roles, "was": "王主任", "because": "因工作交接"}
    machine = replace(leader, reason="交接")
    county.memory.do(Asked(verb="hand-over", actor=machine, task=task.id, payload=told), county.at, [case])
    assert county.task(case, CENTRE).claimed_by == claimed_by


def test_rules_in_words_name_the_role() -> None:
    text = "".join(line.text for section in sentences(rulebook()) for line in section.lines)
    assert "由区社会救助综合服务中心的分管领导办理" in text


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ('role = "clerck"\nunit = "service-centre"', "NAME_UNKNOWN"),
        ('role = "supervisor"\nunit = "service-centre"', "HOLDER_WITHOUT_VERB"),
        ('role = "clerk"\nwaits = "3 days"', "ROLE_OF_NO_UNIT"),
    ],
)
def test_roles_that_could_do_nothing_are_refused(state: str, code: str) -> None:
    notify = 'unit = "service-centre"\nform = "notify-and-survey"'
    with pytest.raises(RulebookError) as caught:
        altered({"flows/clue.toml": (notify, f'{state}\nform = "notify-and-survey"')})
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_role_beside_the_one_that_confirms_is_refused() -> None:
    with pytest.raises(RulebookError) as caught:
        altered({"flows/clue.toml": ('routes_by = "clue"', 'routes_by = "clue"\nrole = "leader"')})
    assert [problem.code for problem in caught.value.problems] == ["ROLE_BESIDE_CONFIRM"]
