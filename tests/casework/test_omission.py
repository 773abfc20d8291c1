"""What is deemed because nobody said otherwise in time: by the machinery, with its clause, the breach kept."""

from functools import cache

import pytest

from casework.altered import STORY, W, altered, both_floors, county_files
from casework.county import County
from casework.test_outcomes import REFUSED
from xunfang.casework import Case, Task
from xunfang.clock import parse
from xunfang.errors import Conflict, RulebookError
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentence_of

EAST, WEST, CENTRE = "township:370304102", "township:370304103", "service-centre"
FLOW = f"{W}/flows/clue.toml"
CLAUSE = "BS-二(二)3-7"
SILENT = """join = "all"
on_breach = "silent"
"""
OUTCOME = f"""[states.handling.outcomes.silent]
label = "期满未反馈，视为无异议"
starts = ["emergency-aid"]
informs = ["civil-affairs"]
to = "notify"
cites = ["{CLAUSE}"]

[states.handling.outcomes.granted]
"""
DUE = parse("2026-03-17T17:30:00")
TOLD = """
label = "承办单位到期没有反馈，视为无异议，转入下一环节"
[[steps]]
at = 2026-03-10T10:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-03-10T09:30:00
[[steps]]
at = 2026-03-10T11:00:00
act = "confirm-dispatch"
expect.state = "handling"
[[steps]]
at = 2026-03-17T17:00:00
expect.state = "handling"
[[steps]]
at = 2026-03-18T09:00:00
expect.state = "notify"
expect.started = ["emergency-aid"]
expect.informed = ["civil-affairs"]
"""


def silent(outcome: str = OUTCOME, without: str = "") -> dict[str, str]:
    """Return the flow of clues in which a lead that tells nothing is deemed to have told something."""
    text = county_files()[FLOW].replace('join = "all"\n', SILENT, 1).replace(without, "", 1)
    return {FLOW: text.replace("[states.handling.outcomes.granted]\n", outcome, 1)}


@cache
def rules() -> Rulebook:
    return altered({}, {**silent(), STORY: TOLD})


def handed(*leads: str) -> tuple[County, Case]:
    county = County(rules())
    case = county.report()
    county.confirm(case, *leads or (EAST,))
    return county, county.case(case.id)


def test_both_floors_deem_alike() -> None:
    assert both_floors(rules()) == []


def test_the_task_ends_with_what_is_deemed_and_the_breach_stays() -> None:
    county, case = handed()
    task = county.task(case)
    county.later(days=8)
    after = county.memory.rows[task.id]
    assert isinstance(after, Task)
    assert (after.status, after.outcome, after.overdue_at, after.completed_in_time) == ("done", "silent", DUE, False)
    assert county.case(case.id).state == "notify"
    assert county.case(case.id).outcome == "silent"
    (event,) = county.events("task.deemed")
    assert (event.data["outcome"], event.data["unit"], event.cites) == ("silent", EAST, (CLAUSE,))
    assert len(county.events("task.fell_overdue")) == 1
    names = [event.name for event in county.memory.events if event.task == task.id]
    assert names.index("task.fell_overdue") < names.index("task.deemed")


def test_those_concerned_are_told_and_nobody_is_pressed_any_more() -> None:
    county, case = handed()
    task = county.task(case)
    county.later(days=30)
    told = [each for each in county.memory.tellings if each.kind == "deemed"]
    assert [each.unit for each in told] == [EAST, CENTRE]
    assert all("到3月17日 17:30未办，按规定视为“期满未反馈，视为无异议”" in each.body for each in told)
    after = [each.name for each in county.memory.events if each.task == task.id]
    assert after[after.index("task.deemed") + 1 :] == []


def test_what_was_answered_in_time_stands() -> None:
    county, case = handed()
    county.later(days=2)
    county.do("complete", county.task(case), outcome="ineligible", answers=REFUSED, submission="feedback")
    county.later(days=10)
    assert county.events("task.deemed") == []


def test_an_answer_that_comes_too_late_is_refused_even_before_the_machinery_came() -> None:
    county, case = handed()
    county.at = parse("2026-03-17T17:30:01")
    with pytest.raises(Conflict, match="已超过期限，按规定视为“期满未反馈，视为无异议”"):
        county.do("complete", county.task(case), outcome="ineligible", answers={}, submission="late")


def test_an_extension_puts_it_off() -> None:
    county, case = handed()
    county.do("ask-extension", county.task(case), days=3, reason="外地协查")
    county.do("approve-extension", county.task(case), by=CENTRE)
    county.later(days=8)
    assert county.case(case.id).state == "handling"
    county.later(days=4)
    assert county.case(case.id).state == "notify"


def test_of_several_leads_only_the_silent_one_is_deemed() -> None:
    county, case = handed(EAST, WEST)
    county.later(days=2)
    county.do("complete", county.task(case, EAST), outcome="ineligible", answers=REFUSED, submission="feedback")
    assert county.case(case.id).state == "handling"
    county.later(days=6)
    decided = {one["unit"]: one["outcome"] for one in county.case(case.id).decided}
    assert decided == {EAST: "ineligible", WEST: "silent"}


def test_show_says_what_is_deemed() -> None:
    line = sentence_of(rules(), "clue.handling")
    assert line is not None
    assert "到期仍未办的，视为“期满未反馈，视为无异议”" in line.text


def test_it_needs_a_basis() -> None:
    bare = OUTCOME.replace(f'cites = ["{CLAUSE}"]\n', "")
    with pytest.raises(RulebookError, match="到期未办视为“期满未反馈，视为无异议”，却没有依据"):
        altered({}, silent(bare, 'cites = ["BS-二(二)3-7", "BS-二(二)3-10b"]\n'))
