"""Units side by side: all answer, the first does, the first that decides, or two of three; the others are told."""

from functools import cache

import pytest

from casework.altered import STORY, altered, both_floors
from casework.county import County
from xunfang.casework import Case, Task
from xunfang.errors import RulebookError
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences

MEDICAL, SCHOOL, HOUSING = "medical-insurance-bureau", "education-sports-bureau", "housing-bureau"
FIRST = """
label = "三家主办，转介的不算决定，以最先作出的决定转入下一环节"
[[steps]]
at = 2026-03-10T10:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-03-10T09:30:00
answers.needs = ["medical", "education", "housing"]
answers.illness = "慢性肾病，需要长期透析。"
answers.schooling = "欠伙食费。"
answers.housing = "漏雨。"
[[steps]]
at = 2026-03-10T11:00:00
act = "confirm-dispatch"
expect.state = "handling"
[[steps]]
at = 2026-03-11T10:00:00
act = "complete"
unit = "medical-insurance-bureau"
outcome = "referred"
answers.visited_on = 2026-03-11
answers.findings = "已报销，转介慈善总会。"
answers.eligible = false
answers.refusal_reason = "income"
answers.referred_to = "慈善总会"
expect.state = "handling"
expect.withdrawn = []
[[steps]]
at = 2026-03-12T10:00:00
act = "complete"
unit = "education-sports-bureau"
outcome = "ineligible"
answers.visited_on = 2026-03-11
answers.findings = "已减免。"
answers.eligible = false
answers.refusal_reason = "income"
expect.state = "notify"
expect.withdrawn = ["housing-bureau", "township:370304102"]
"""


@cache
def rulebook(join: str, story: str = "") -> Rulebook:
    return altered({"flows/clue.toml": ('join = "all"', join)}, {STORY: story} if story else None)


def test_the_first_decision_leads_on_on_both_floors() -> None:
    assert both_floors(rulebook('join = "first-decided"\nundecided = ["referred"]', FIRST)) == []


def three(join: str) -> tuple[County, Case]:
    county = County(rulebook(join))
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case, MEDICAL, SCHOOL, HOUSING)
    return county, case


def refuse(county: County, case: Case, unit: str) -> None:
    answers = {"findings": "已核查。", "eligible": False, "refusal_reason": "income", "visited_on": "2026-03-10"}
    task = county.task(case, unit)
    county.do("complete", task, outcome="ineligible", answers=answers, submission=f"by-{unit}")


def standing(county: County, case: Case) -> dict[str, str]:
    tasks = (task for task in county.all(Task) if task.case == case.id and task.state == "handling")
    return {task.unit: task.status for task in tasks if task.role == "lead"}


def test_any_first_answer_leads_on_and_every_other_unit_is_told_even_what_nobody_had_claimed() -> None:
    county, case = three('join = "any"')
    refuse(county, case, SCHOOL)
    assert county.case(case.id).state == "notify"
    assert standing(county, case) == {MEDICAL: "withdrawn", SCHOOL: "done", HOUSING: "withdrawn"}
    told = {telling.unit for telling in county.memory.tellings if telling.kind == "withdrawn"}
    assert told == {MEDICAL, HOUSING}


def test_two_of_three_lead_on() -> None:
    county, case = three('join = "2"')
    refuse(county, case, SCHOOL)
    assert county.case(case.id).state == "handling"
    refuse(county, case, MEDICAL)
    assert county.case(case.id).state == "notify"
    assert standing(county, case) == {MEDICAL: "done", SCHOOL: "done", HOUSING: "withdrawn"}


def test_fewer_leads_than_are_asked_for_are_all_of_them() -> None:
    county = County(rulebook('join = "2"'))
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case, MEDICAL)
    refuse(county, case, MEDICAL)
    assert county.case(case.id).state == "notify"


def test_rules_in_words_tell_how_units_are_waited_for() -> None:
    def text(join: str) -> str:
        return "".join(line.text for section in sentences(rulebook(join)) for line in section.lines)

    assert "有2个主办单位办结即转入下一环节，其余的收回并告知" in text('join = "2"')
    told = text('join = "first-decided"\nundecided = ["referred"]')
    assert "以最先作出的决定转入下一环节" in told
    assert "结果为“转介社会力量帮扶”的不算作出决定" in told


@pytest.mark.parametrize(
    ("join", "code"),
    [
        ('join = "1"', "VALUE_UNKNOWN"),
        ('join = "first-decided"\nundecided = ["refered"]', "NAME_UNKNOWN"),
        ('join = "any"\nundecided = ["referred"]', "UNDECIDED_UNUSED"),
        (
            'join = "2"\nundecided = ["granted", "special-aid", "referred", "ineligible", "declined"]',
            "JOIN_NEVER_DECIDED",
        ),
    ],
)
def test_joins_that_cannot_work_are_refused(join: str, code: str) -> None:
    with pytest.raises(RulebookError) as caught:
        rulebook(join)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_join_of_a_single_task_is_refused() -> None:
    with pytest.raises(RulebookError) as caught:
        altered({"flows/clue.toml": ('form = "notify-and-survey"', 'join = "any"\nform = "notify-and-survey"')})
    assert [problem.code for problem in caught.value.problems] == ["JOIN_UNUSED"]
