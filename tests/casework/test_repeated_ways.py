"""Ways through a flow that come again: a shorter posting after an objection, states entered anew, one that stays open;
checks side by side whose doubt goes to another organ. All of it is said with states, waits, routes and outcomes.
"""

from functools import cache

from casework.altered import STORY, W, altered, both_floors, county_files
from casework.county import County
from xunfang.rulebook.model import Rulebook

TOWNSHIP = "township:370304102"
TRIAL = """
label = "公示和并联核对"
start = "posting"
number = "试〔{year}〕{n}号"

[states.posting]
label = "公示"
unit = "township"
waits = "7 days"
interrupted_by = "objection"
outcomes.undisputed.to = "checks"
outcomes.disputed.to = "recheck"
cites = ["BS-二(二)3-7"]

[states.recheck]
label = "重新调查"
unit = "township"
outcomes.found.to = "posting-again"

[states.posting-again]
label = "再次公示"
unit = "township"
waits = "3 days"
interrupted_by = "objection"
outcomes.undisputed.to = "checks"
outcomes.disputed.to = "recheck"
cites = ["BS-二(二)3-7"]

[states.checks]
label = "提请核对"
unit = "service-centre"
routes_by = "checks"
outcomes.sent.to = "checking"

[states.checking]
label = "并联核对"
per_route = true
join = "all"
outcomes.doubtful.to = "ruling"
outcomes.clear.to = "watch"

[states.ruling]
label = "有疑问的由民政局裁定"
unit = "civil-affairs"
outcomes.ruled.to = "watch"

[states.watch]
label = "长期跟踪"
unit = "township"
outcomes.visited.to = "watch"
outcomes.ended.to = "closed"

[states.closed]
label = "结束"
ends = true
"""
TABLE = """
[checks]
label = "并联核对分派表"
hit = "collect"
confirm = "nobody"
otherwise.lead = "civil-affairs"
otherwise.practice = "试验"
[[checks.rows]]
id = "insured"
when.needs.known = true
lead = "medical-insurance-bureau"
practice = "试验"
[[checks.rows]]
id = "housed"
when.residence.known = true
lead = "housing-bureau"
practice = "试验"

[[clue.rows]]
"""
TOLD = """
label = "公示有异议的，重新调查后公示三天；两家并联核对，一家有疑问的由民政局裁定；长期跟踪不结案"
[[steps]]
at = 2026-03-10T10:00:00
submit = "clue-report"
base = "typical"
answers.found_at = 2026-03-10T09:30:00
[[steps]]
at = 2026-03-10T11:00:00
act = "confirm-dispatch"
[[steps]]
at = 2026-03-11T09:00:00
act = "complete"
unit = "township:370304102"
outcome = "emergency"
answers.visited_on = 2026-03-11
answers.findings = "屋内断炊。"
answers.emergency = true
expect.started = ["emergency-aid", "trial"]
[[steps]]
at = 2026-03-12T09:00:00
flow = "trial"
act = "complete"
unit = "township:370304102"
outcome = "disputed"
expect.state = "recheck"
[[steps]]
at = 2026-03-13T09:00:00
flow = "trial"
act = "complete"
unit = "township:370304102"
outcome = "found"
expect.state = "posting-again"
expect.waits_until = 2026-03-16T23:59:59
[[steps]]
at = 2026-03-16T09:00:00
flow = "trial"
act = "complete"
unit = "township:370304102"
outcome = "disputed"
expect.state = "recheck"
[[steps]]
at = 2026-03-17T09:00:00
flow = "trial"
act = "complete"
unit = "township:370304102"
outcome = "found"
expect.state = "posting-again"
expect.waits_until = 2026-03-20T23:59:59
[[steps]]
at = 2026-03-21T09:00:00
flow = "trial"
expect.state = "checking"
expect.tasks = [
    { state = "checking", unit = "medical-insurance-bureau" },
    { state = "checking", unit = "housing-bureau" },
]
[[steps]]
at = 2026-03-23T09:00:00
flow = "trial"
act = "complete"
unit = "housing-bureau"
outcome = "doubtful"
expect.state = "checking"
[[steps]]
at = 2026-03-23T10:00:00
flow = "trial"
act = "complete"
unit = "medical-insurance-bureau"
outcome = "clear"
expect.state = "ruling"
expect.tasks = [{ state = "ruling", unit = "civil-affairs" }]
[[steps]]
at = 2026-03-24T09:00:00
flow = "trial"
act = "complete"
unit = "civil-affairs"
outcome = "ruled"
expect.state = "watch"
[[steps]]
at = 2026-06-24T09:00:00
flow = "trial"
act = "complete"
unit = "township:370304102"
outcome = "visited"
expect.state = "watch"
[[steps]]
at = 2027-03-24T09:00:00
flow = "trial"
act = "complete"
unit = "township:370304102"
outcome = "visited"
expect.state = "watch"
"""


@cache
def rules() -> Rulebook:
    clue = county_files()[f"{W}/flows/clue.toml"]
    starts = clue.replace('starts = ["emergency-aid"]', 'starts = ["emergency-aid", "trial"]', 1)
    more = {f"{W}/flows/clue.toml": starts, f"{W}/flows/trial.toml": TRIAL, STORY: TOLD}
    return altered({"routing.toml": ("\n[[clue.rows]]\n", TABLE)}, more)


def test_both_floors_go_the_same_way_again() -> None:
    assert both_floors(rules()) == []


def test_nothing_of_it_is_warned_of() -> None:
    told = [str(each) for each in rules().warnings]
    assert [each for each in told if "trial.toml" in each] == []


def test_a_case_that_stays_in_a_state_is_never_closed() -> None:
    county = County(rules())
    case = county.report()
    county.confirm(case, TOWNSHIP)
    answers = {"visited_on": "2026-03-10", "findings": "屋内断炊。", "emergency": True}
    county.do("complete", county.task(case), outcome="emergency", answers=answers, submission="found")
    trial = next(each for each in county.all(type(case)) if each.flow == "trial")
    county.later(days=8)
    for unit in ("medical-insurance-bureau", "housing-bureau"):
        county.do("complete", county.task(trial, unit), outcome="clear", submission=unit)
    for n in range(3):
        county.later(days=40)
        county.do("complete", county.task(trial), outcome="visited", submission=f"visit-{n}")
    assert (county.case(trial.id).state, county.case(trial.id).closed_at) == ("watch", None)
    assert len(county.events("task.outcome_recorded")) == 4
