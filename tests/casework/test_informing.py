"""抄送 by the rules: a row, an outcome and an escalation tell a unit that gets no task, on both floors."""

from functools import cache

from casework.altered import STORY, altered, both_floors
from casework.county import County
from xunfang.casework import Dispatch, Task
from xunfang.casework.file import File
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences

MEDICAL, CIVIL, OFFICE, EAST = "medical-insurance-bureau", "civil-affairs", "leading-group-office", "township:370304102"

TOLD = """
label = "医疗困难线索抄送民政局，不符合条件的抄送领导小组办公室，督办抄送民政局"
[[steps]]
at = 2026-03-10T10:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-03-10T09:30:00
answers.needs = ["medical"]
answers.illness = "慢性肾病，需要长期透析。"
expect.proposed = [{ lead = "medical-insurance-bureau", assist = ["township:370304102"], informs = ["civil-affairs"] }]
expect.informed = []
[[steps]]
at = 2026-03-10T11:00:00
act = "confirm-dispatch"
expect.informed = ["civil-affairs"]
expect.tasks = [{ unit = "medical-insurance-bureau" }]
[[steps]]
at = 2026-03-18T09:00:00
expect.informed = ["civil-affairs", "township:370304102"]
[[steps]]
at = 2026-03-18T10:00:00
act = "complete"
unit = "medical-insurance-bureau"
outcome = "ineligible"
answers.visited_on = 2026-03-17
answers.findings = "已通过医保报销大部分费用。"
answers.eligible = false
answers.refusal_reason = "income"
expect.informed = ["leading-group-office"]
"""


@cache
def rulebook() -> Rulebook:
    row = 'lead = "medical-insurance-bureau"'
    supervise = 'act = "supervise"\nnotice = "supervision-notice"'
    return altered(
        {
            "routing.toml": (row, f'informs = ["civil-affairs"]\n{row}'),
            "flows/clue.toml": (
                'requires = ["refusal_reason"]',
                'informs = ["leading-group-office"]\nrequires = ["refusal_reason"]',
            ),
            "deadlines.toml": (supervise, f'informs = ["civil-affairs", "township"]\n{supervise}'),
        },
        {STORY: TOLD},
    )


def test_rows_outcomes_and_escalations_inform_on_both_floors() -> None:
    assert both_floors(rulebook()) == []


def test_who_is_informed_gets_a_message_no_task_and_no_way_into_the_case() -> None:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    assert not [telling for telling in county.memory.tellings if telling.unit == CIVIL]
    county.confirm(case)
    (told,) = (telling for telling in county.memory.tellings if telling.unit == CIVIL)
    assert (told.kind, told.case, told.task) == ("copy", "", "")
    assert case.number in told.body
    assert "已交区医保分局主办" in told.body
    assert CIVIL not in {task.unit for task in county.all(Task)}
    (event,) = county.events("case.informed")
    assert (event.case, event.data["to"], event.rule, event.row) == (case.id, CIVIL, "clue", "medical")
    assert event.cites


def test_a_lead_chosen_by_the_leader_rests_on_no_row_and_informs_nobody() -> None:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case, "housing-bureau")
    assert county.events("case.informed") == []


def test_what_comes_back_and_goes_out_again_is_told_once() -> None:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case)
    county.do("return", county.task(case, MEDICAL), reason="材料不全")
    county.confirm(county.case(case.id), MEDICAL)
    assert len(county.events("case.informed")) == 1


def test_who_holds_a_task_of_the_dispatch_is_not_told_besides() -> None:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    county.confirm(case, MEDICAL, CIVIL)
    assert county.events("case.informed") == []


def test_a_unit_without_anybody_is_told_through_its_superior() -> None:
    county = County(rulebook())
    case = county.report(needs=["medical"], illness="慢性肾病。")
    file_of = county.memory._file

    def without_civil(*asked: object) -> File:
        file = file_of(*asked)  # type: ignore[arg-type]
        return File(file.rows, file.answers, file.numbers, staffed={"service-centre", MEDICAL, EAST})

    county.memory._file = without_civil  # type: ignore[method-assign]
    county.confirm(case)
    (event,) = county.events("case.informed")
    assert (event.data["to"], event.data["nobody_at"]) == ("service-centre", [CIVIL])


def test_rules_in_words_name_who_is_informed() -> None:
    text = "".join(line.text for section in sentences(rulebook()) for line in section.lines)
    assert "由区医保分局主办，居住地镇（街道）协办，抄送区民政局" in text
    assert "抄送区社会救助工作领导小组办公室，转入" in text
    assert "抄送区民政局、居住地镇（街道）" in text


def test_a_dispatch_keeps_whom_it_will_inform() -> None:
    county = County(rulebook())
    county.report(needs=["medical"], illness="慢性肾病。")
    (dispatch,) = county.all(Dispatch)
    assert dispatch.proposed[0]["informs"] == [CIVIL]
