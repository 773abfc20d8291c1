"""A case that turns out to be a special one has the longer limit that its deadline gives for such, with its clause."""

from functools import cache

from casework.altered import altered
from casework.county import County
from xunfang.casework import Case
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook

EAST = "township:370304102"
CLAUSE = "BS-三(二)-2"
FOUND = {"visited_on": "2026-03-10", "findings": "屋内断炊。", "emergency": True}
PLAIN = {"visited_on": "2026-03-10", "findings": "收入超过标准。", "eligible": False, "refusal_reason": "income"}


@cache
def rules(limit: str) -> Rulebook:
    row = f'[[case-closing.limits]]\nwhen.emergency = true\nlimit = "{limit}"\ncites = ["{CLAUSE}"]\n\n'
    return altered({"deadlines.toml": ("[[case-closing.escalate]]", f"{row}[[case-closing.escalate]]")})


def handed(limit: str) -> tuple[County, Case]:
    county = County(rules(limit))
    case = county.report()
    county.confirm(case, EAST)
    return county, case


def due(county: County, case: Case) -> str:
    at = county.case(case.id).due_at
    return f"{local(at):%m-%d %H:%M}" if at else ""


def tell(county: County, case: Case, outcome: str, answers: dict[str, object]) -> None:
    county.do("complete", county.task(case), outcome=outcome, answers=answers, submission=f"told-{outcome}")


def test_what_is_told_later_lengthens_the_whole_from_its_beginning() -> None:
    county, case = handed("25 workdays")
    assert due(county, case) == "04-08 17:30"
    county.later(days=1)
    tell(county, case, "emergency", FOUND)
    assert due(county, case) == "04-15 17:30"
    (event,) = county.events("case.due_lengthened")
    assert event.cites == (CLAUSE,)
    assert [event.data[name][:10] for name in ("was_due", "now_due")] == ["2026-04-08", "2026-04-15"]
    told = county.case(case.id).due
    assert told is not None
    assert (told["limit"], told["cites"]) == ("25个工作日", [CLAUSE])


def test_what_is_ordinary_and_what_would_be_shorter_change_nothing() -> None:
    county, case = handed("25 workdays")
    tell(county, case, "ineligible", PLAIN)
    assert due(county, case) == "04-08 17:30"
    county, case = handed("5 workdays")
    tell(county, case, "emergency", FOUND)
    assert due(county, case) == "04-08 17:30"
    assert county.events("case.due_lengthened") == []


def test_a_case_that_is_over_its_time_stays_so() -> None:
    county, case = handed("25 workdays")
    county.later(days=31)
    tell(county, case, "emergency", FOUND)
    assert due(county, case) == "04-08 17:30"


def test_the_time_it_stood_still_is_kept() -> None:
    county, case = handed("25 workdays")
    county.do("suspend", county.task(case), reason="等待补正")
    county.later(days=7)
    county.do("resume", county.task(case))
    stopped = due(county, case)
    tell(county, case, "emergency", FOUND)
    assert (stopped, due(county, case)) == ("04-15 17:30", "04-22 17:30")
    told = county.case(case.id).due
    assert told is not None
    assert len(told["paused"]) == 1
