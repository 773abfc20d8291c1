"""What a case has been through, as numbers that conditions read: in a row, in so many days, for so many months."""

from dataclasses import replace
from typing import Any

import pytest

from casework.county import County, rulebook_of
from xunfang.casework import Asked, Case
from xunfang.casework.facts import case_facts
from xunfang.errors import Invalid
from xunfang.rulebook.history import History
from xunfang.rulebook.model import Basis, Operator, Outcome, Rulebook, Test
from xunfang.rules.describe import sentences

MEDICAL = "medical-insurance-bureau"
TOLD = {"visited_on": "2026-03-10", "findings": "入户核实。"}
NOBODY = History("nobody", "入户未遇", (("handling", "nobody"),))
ROW = replace(NOBODY, id="row", label="连续入户未遇", in_a_row=True)
MONTH = replace(NOBODY, id="month", label="三十日内入户未遇", days=30)
JOBLESS = History("unwilling", "不愿申请", held=Test("willing", Operator.IS, False), unit="months")
DAYS = replace(JOBLESS, id="days", unit="days")


def counting(*histories: History, gone: Test | None = None) -> Rulebook:
    """The county whose leads may find nobody at home, which is recorded, and give up by a condition."""
    rulebook = rulebook_of("370304-boshan")
    flow = rulebook.flows["clue"]
    handling = flow.states["handling"]
    plain = Outcome("", "", None, (), "", (), (), "handling", Basis())
    more = {
        "nobody": replace(plain, id="nobody", label="入户未遇"),
        "met": replace(plain, id="met", label="已见到本人"),
        "gone": replace(plain, id="gone", label="终止调查", when=gone, to="notify"),
    }
    states = {**flow.states, "handling": replace(handling, outcomes={**handling.outcomes, **more})}
    counted = replace(flow, states=states, history={each.id: each for each in histories})
    return replace(rulebook, flows={**rulebook.flows, "clue": counted})


def handed(county: County, **told: Any) -> Case:
    case = county.report(**told)
    county.confirm(case, MEDICAL)
    return county.case(case.id)


def tell(county: County, case: Case, outcome: str, **answers: Any) -> None:
    task = county.task(case, MEDICAL)
    asked = Asked(
        verb="complete", actor=county.memory.person(unit=MEDICAL), task=task.id, version=task.version,
        outcome=outcome, answers={**TOLD, **answers}, submission=county.memory.new_id(),
    )  # fmt: skip
    county.memory.do(asked, county.at, [case])


def facts(county: County, case: Case) -> dict[str, Any]:
    draft = county.memory.draft_of(county.case(case.id), county.at)
    return {name: value for name, value in case_facts(draft, case).items() if name.startswith("history.")}


def test_outcomes_are_counted_in_all_in_a_row_and_within_so_many_days() -> None:
    county = County(counting(NOBODY, ROW, MONTH))
    case = handed(county)
    for outcome, days in (("nobody", 1), ("met", 3), ("nobody", 20), ("nobody", 10)):
        tell(county, case, outcome)
        county.later(days=days)
    found = facts(county, case)
    assert (found["history.nobody"], found["history.row"], found["history.month"]) == (3, 2, 2)
    assert found["history."] == {
        "nobody": "入户未遇3次（2026-03-10、2026-03-14、2026-04-03）",
        "row": "连续入户未遇2次（2026-03-14、2026-04-03）",
        "month": "三十日内入户未遇2次（2026-03-14、2026-04-03）",
    }
    county.later(days=1)
    assert facts(county, case)["history.month"] == 1  # the thirtieth day before still counts, the one before it not


def test_what_has_held_lasts_from_the_day_it_was_told_and_begins_anew() -> None:
    county = County(counting(JOBLESS, DAYS))
    case = handed(county, willing=False)
    assert facts(county, case)["history.unwilling"] == 0
    county.later(days=31)  # 10 April
    found = facts(county, case)
    assert (found["history.unwilling"], found["history.days"]) == (1, 31)
    tell(county, case, "met", willing=True, visited_on="2026-04-10")
    assert facts(county, case)["history.unwilling"] == 0
    assert facts(county, case)["history."]["unwilling"] == "不愿申请0个月"
    county.later(days=1)
    tell(county, case, "met", willing=False, declined_note="再次说明不愿申请。", visited_on="2026-04-11")
    county.later(days=29)
    tell(county, case, "nobody", visited_on="2026-05-10")  # who says nothing of it changes nothing
    assert facts(county, case)["history."]["unwilling"] == "不愿申请0个月（自2026-04-11起）"
    county.later(days=1)
    assert facts(county, case)["history."]["unwilling"] == "不愿申请1个月（自2026-04-11起）"


def test_an_outcome_waits_for_its_number_and_the_record_tells_the_days() -> None:
    county = County(counting(ROW, gone=Test("history.row", Operator.AT_LEAST, 2)))
    case = handed(county)
    tell(county, case, "nobody")
    with pytest.raises(Invalid) as caught:
        tell(county, case, "gone")
    (problem,) = caught.value.problems
    assert problem.message == (
        "所填内容与结果“终止调查”不一致（连续入户未遇1次（2026-03-10）），请核对填报内容或改选结果。"
    )
    tell(county, case, "nobody")
    tell(county, case, "gone")
    assert county.case(case.id).state == "notify"
    assert county.events("task.completed")[-1].data["sums"] == ["连续入户未遇2次（2026-03-10、2026-03-10）"]


def test_the_state_that_follows_knows_the_outcome_that_led_to_it() -> None:
    last = History("gone", "终止调查", (("handling", "gone"),))
    county = County(counting(last))
    case = handed(county)
    tell(county, case, "gone")
    assert facts(county, case)["history.gone"] == 1


def test_a_history_is_told_in_a_sentence() -> None:
    rulebook = counting(ROW, MONTH, JOBLESS, gone=Test("history.row", Operator.AT_LEAST, 2))
    told = {line.id: line.text for section in sentences(rulebook) for line in section.lines}
    assert "“连续入户未遇”按连续出现“调查办理”环节的“入户未遇”的次数计算" in told["clue.row"]
    assert "按最近30天内出现“调查办理”" in told["clue.month"]
    assert "一直持续的时间计算，满几个月算几个月" in told["clue.unwilling"]
    assert "连续入户未遇不低于2次" in told["clue.handling.gone"]
