"""What the rules take back is recorded with its reason, and whoever had it in hand is told."""

from casework.county import County
from xunfang.casework import Task

EDUCATION, MEDICAL = "education-sports-bureau", "medical-insurance-bureau"
GRANTED = {"visited_on": "2026-03-10", "findings": "入户核实，情况属实。", "eligible": True, "programme": "medical-aid"}
SCHOOL = {"needs": ["education"], "illness": None, "schooling": "初二，欠伙食费。"}


def told_last(county: County) -> County:
    """Return a county in which a case came to telling its person, and that was claimed."""
    case = county.report()
    county.confirm(case, MEDICAL)
    county.do("complete", county.task(case, MEDICAL), outcome="granted", answers=GRANTED, submission="feedback")
    county.do("claim", county.task(case, "service-centre"))
    return county


def test_a_claimed_task_that_a_new_clue_takes_back_says_why_and_to_whom() -> None:
    county = told_last(County())
    case = county.report(**SCHOOL)
    county.confirm(case)
    (event,) = county.events("task.withdrawn")
    assert (event.data["state"], event.data["unit"]) == ("notify", "service-centre")
    assert event.data["because"] == "有新的线索并入，个案重新办理"
    (message,) = [message for message in county.memory.tellings if message.kind == "withdrawn"]
    assert message.unit == "service-centre"
    assert "“告知与回访”已按规则收回，不用再办" in message.body
    assert event.data["because"] in message.body


def test_no_task_is_taken_back_without_an_event() -> None:
    county = told_last(County())
    county.confirm(county.report(**SCHOOL))
    gone = {task.id for task in county.all(Task) if task.status == "withdrawn"}
    assert gone == {event.task for event in county.events("task.withdrawn")}


def test_what_nobody_had_in_hand_is_taken_back_without_a_message() -> None:
    county = County()
    case = county.report()
    county.confirm(case, MEDICAL)
    county.do("complete", county.task(case, MEDICAL), outcome="granted", answers=GRANTED, submission="feedback")
    county.confirm(county.report(**SCHOOL))
    assert county.events("task.withdrawn")
    assert not [message for message in county.memory.tellings if message.kind == "withdrawn"]


def test_a_case_made_void_tells_each_unit_once() -> None:
    county = told_last(County())
    case = county.case(county.all(Task)[0].case)
    county.do_whole("void", case, reason="重复建案")
    about = [message for message in county.memory.tellings if message.kind in ("withdrawn", "voided")]
    assert [(message.unit, message.kind) for message in about] == [("service-centre", "voided")]
