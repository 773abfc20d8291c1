"""A routing row's own deadline, papers and form, for the task of its lead and no other, on both floors."""

from functools import cache

import pytest

from casework.altered import STORY, altered, both_floors, fields_of, form_like
from casework.county import County
from xunfang.casework import Notice, Task
from xunfang.casework.terms import terms_of_task
from xunfang.errors import Invalid, RulebookError
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences

MEDICAL, SCHOOL = "medical-insurance-bureau", "education-sports-bureau"
FORM = "forms/370304-boshan/medical-check.json"
CHECK = form_like(
    "investigation-feedback",
    title="医疗困难核查单",
    required=["findings", "visited_on", "hospital"],
    properties={
        **fields_of("investigation-feedback"),
        "hospital": {"title": "就诊医院", "type": "string", "maxLength": 50, "x-serves": ["task:handling"]},
    },
    **{"x-contradictions": None},  # those of the county's form speak of outcomes that not every use of this one has
)
TERMS = 'deadline = "check"\nform = "medical-check"\nprints = ["transfer-slip", "supervision-notice"]\n'
DEADLINE = """[check]
label = "医疗困难核查"
limit = "2 workdays"
from = "task.opened"
remind = ["at due"]
cites = ["BS-二(二)3-7"]

"""
TOLD = """
label = "医疗一行有自己的时限、表单和文书，教育一行按环节的"
[[steps]]
at = 2026-03-10T10:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-03-10T09:30:00
answers.needs = ["medical", "education"]
answers.illness = "慢性肾病，需要长期透析。"
answers.schooling = "欠伙食费。"
[[steps]]
at = 2026-03-10T11:00:00
act = "confirm-dispatch"
expect.tasks = [
    { unit = "medical-insurance-bureau", form = "medical-check", deadline = "check", due_at = 2026-03-12T17:30:00 },
    { unit = "education-sports-bureau", form = "investigation-feedback", due_at = 2026-03-17T17:30:00 },
]
expect.printed = ["transfer-slip", "supervision-notice"]
[[steps]]
at = 2026-03-11T10:00:00
act = "complete"
unit = "medical-insurance-bureau"
outcome = "ineligible"
answers.visited_on = 2026-03-11
answers.findings = "已通过医保报销大部分费用。"
answers.eligible = false
answers.refusal_reason = "income"
expect.problems = ["hospital"]
[[steps]]
at = 2026-03-13T10:00:00
act = "complete"
unit = "medical-insurance-bureau"
outcome = "ineligible"
answers.visited_on = 2026-03-11
answers.findings = "已通过医保报销大部分费用。"
answers.eligible = false
answers.refusal_reason = "income"
answers.hospital = "区医院"
expect.reminded = [{ to = "medical-insurance-bureau", kind = "due" }]
expect.state = "handling"
"""


@cache
def rulebook(terms: str = TERMS, limit: str = "2 workdays") -> Rulebook:
    row = 'lead = "medical-insurance-bureau"'
    return altered(
        {
            "routing.toml": (row, terms + row),
            "deadlines.toml": ("[feedback]", DEADLINE.replace("2 workdays", limit) + "[feedback]"),
        },
        {FORM: CHECK, STORY: TOLD},
    )


def test_a_rows_own_terms_hold_on_both_floors() -> None:
    assert both_floors(rulebook()) == []


def ill(county: County, *needs: str) -> Task:
    case = county.report(needs=["medical", *needs], illness="慢性肾病。", schooling="欠伙食费。" if needs else None)
    county.confirm(case)
    return county.task(case, MEDICAL)


def test_papers_of_a_row_are_printed_for_its_lead_only() -> None:
    county = County(rulebook())
    mine = ill(county, "education")
    printed = {(notice.kind, notice.task == mine.id) for notice in county.all(Notice)}
    assert printed == {("transfer-slip", True), ("supervision-notice", True), ("transfer-slip", False)}


def test_no_papers_at_all_can_be_said() -> None:
    county = County(rulebook("prints = []\n"))
    ill(county)
    assert county.all(Notice) == []


def test_a_task_keeps_its_terms_when_it_is_handed_on_and_when_it_comes_back() -> None:
    county = County(rulebook())
    task = ill(county)
    county.do("transfer", task, unit=SCHOOL, reason="由教体局一并核查")
    moved = county.task(county.case(task.case), SCHOOL)
    assert (moved.due or {})["deadline"] == "check"
    assert terms_of_task(county.rulebook, moved).form == "medical-check"
    county.do("return", moved, reason="材料不全")
    county.confirm(county.case(task.case), SCHOOL)
    again = county.task(county.case(task.case), SCHOOL)
    assert (again.due or {})["deadline"] == "check"
    assert terms_of_task(county.rulebook, again).form == "medical-check"


def test_a_lead_that_the_leader_chose_works_by_the_terms_of_the_state() -> None:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case, SCHOOL)
    task = county.task(case, SCHOOL)
    assert (task.due or {})["deadline"] == "feedback"
    assert terms_of_task(county.rulebook, task).form == "investigation-feedback"


def test_of_two_rows_of_one_lead_the_deadline_that_is_over_first_holds_and_every_paper_is_printed() -> None:
    row, terms = 'lead = "education-sports-bureau"', TERMS.replace('"transfer-slip", ', "")
    both = altered(
        {
            "routing.toml": (row, terms + row.replace(SCHOOL, MEDICAL)),
            "deadlines.toml": ("[feedback]", f"{DEADLINE}[feedback]"),
        },
        {FORM: CHECK},
    )
    county = County(both)
    task = ill(county, "education")
    assert task.routes == ("medical", "education")
    assert (task.due or {})["deadline"] == "check"
    assert terms_of_task(county.rulebook, task).form == "medical-check"
    assert {notice.kind for notice in county.all(Notice)} == {"transfer-slip", "supervision-notice"}


def test_a_more_urgent_report_counts_by_the_rows_own_deadline() -> None:
    county = County(rulebook(limit="8 workdays"))
    task = ill(county)
    county.later(hours=1)
    case = county.report(urgency="urgent", needs=["medical"], illness="慢性肾病。")
    assert county.events("case.urgency_raised")
    assert county.task(case, MEDICAL).due_at == task.due_at


def test_what_does_not_fit_its_form_is_nobodys_answer() -> None:
    county = County(rulebook())
    task = ill(county)
    answers = {"findings": "已核查。", "eligible": False, "refusal_reason": "income", "visited_on": "2026-03-10"}
    with pytest.raises(Invalid) as caught:
        county.do("complete", task, outcome="ineligible", answers=answers, submission="s")
    assert [problem.field for problem in caught.value.problems] == ["hospital"]


def test_rules_in_words_tell_the_terms_of_a_row() -> None:
    text = "".join(line.text for section in sentences(rulebook()) for line in section.lines)
    assert "执行“医疗困难核查”时限，填写《医疗困难核查单》，印发线索转办单、" in text


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ('deadline = "case-closing"\n', "DEADLINE_UNFIT"),
        ('form = "visit"\n', "ROW_FORM_LACKS"),
        ('form = "visits"\n', "NAME_UNKNOWN"),
        ('prints = ["slip"]\n', "NAME_UNKNOWN"),
    ],
)
def test_terms_that_cannot_be_used_are_refused(terms: str, code: str) -> None:
    with pytest.raises(RulebookError) as caught:
        rulebook(terms)
    found = [problem.code for problem in caught.value.problems if problem.code != "NOTHING_USES"]  # of the row's own
    assert found == [code]


def test_terms_of_a_table_whose_cases_are_no_ones_on_routes_are_refused() -> None:
    with pytest.raises(RulebookError) as caught:
        altered(
            {
                "routing.toml": ('lead = "housing-bureau"', 'form = "investigation-feedback"\nlead = "housing-bureau"'),
                "flows/clue.toml": ("per_route = true", 'unit = "service-centre"'),
            }
        )
    assert "ROW_TERMS_UNUSED" in {problem.code for problem in caught.value.problems}
