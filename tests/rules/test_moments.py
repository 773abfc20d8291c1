"""Twelve moments of 2026 worked out by hand from the published calendar: units, due times, days counted and skipped.

Nothing here is computed by the code under test. For each moment: the day of the confirmed dispatch is not counted, then
five workdays, make-up workdays among them; the fifth ends at 17:30, when the office closes, reminded of at 08:30.
When three workdays more have ended it is escalated, and from then on a reminder comes every five workdays.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from xunfang.clock import parse
from xunfang.rulebook.model import Rulebook
from xunfang.rules.explain import explanation
from xunfang.rules.intake import decide

TOWNSHIP = "township:370304102"
VILLAGE = "village:370304102200"


@dataclass(frozen=True)
class Moment:
    """What must follow from a clue reported, and its dispatch confirmed, at one moment."""

    id: str
    at: str
    found_at: str
    in_time: bool
    needs: dict[str, str]  # each need with the answer that it asks for
    leads: dict[str, list[str]]  # unit → assisting units
    due_at: str
    counted: str
    skipped: dict[str, str]  # "02-15 02-16" → reason
    remind: list[str]  # reminders of one lead: before, on the last day; escalation follows
    again: str  # three workdays to the last escalation, five more to the first of those that come again and again
    urgent: bool = False
    provisional: bool = False


MEDICAL = {"medical": "illness"}
MOMENTS = [
    Moment(
        # Wed 31 Dec 2025. 1–3 Jan off, Sunday 4 Jan is worked.
        id="before-new-year",
        at="2025-12-31T16:00",
        found_at="2025-12-31T15:00",
        in_time=True,
        needs=MEDICAL,
        leads={"medical-insurance-bureau": [TOWNSHIP]},
        due_at="2026-01-08T17:30:00+08:00",
        counted="01-04 01-05 01-06 01-07 01-08",
        skipped={"01-01 01-02 01-03": "元旦"},
        remind=["2026-01-07T08:30", "2026-01-08T08:30"],
        again="2026-01-20T08:30",
    ),
    Moment(
        # Fri 13 Feb: Saturday 14 is worked, 15–23 off, Saturday 28 is worked but not reached.
        id="before-spring-festival",
        at="2026-02-13T10:00",
        found_at="2026-02-13T09:00",
        in_time=True,
        needs={"housing": "housing"},
        leads={"housing-bureau": [TOWNSHIP]},
        due_at="2026-02-27T17:30:00+08:00",
        counted="02-14 02-24 02-25 02-26 02-27",
        skipped={"02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23": "春节"},
        remind=["2026-02-26T08:30", "2026-02-27T08:30"],
        again="2026-03-10T08:30",
    ),
    Moment(
        # Fri 3 Apr: 4–6 off (Sat to Mon), no make-up day.
        id="before-tomb-sweeping",
        at="2026-04-03T09:00",
        found_at="2026-04-02T16:00",
        in_time=False,
        needs={"education": "schooling"},
        leads={"education-sports-bureau": [TOWNSHIP]},
        due_at="2026-04-13T17:30:00+08:00",
        counted="04-07 04-08 04-09 04-10 04-13",
        skipped={"04-04 04-05 04-06": "清明节", "04-11": "周六", "04-12": "周日"},
        remind=["2026-04-10T08:30", "2026-04-13T08:30"],
        again="2026-04-23T08:30",
    ),
    Moment(
        # Thu 30 Apr: 1–5 May off, Saturday 9 is worked.
        id="before-labour-day",
        at="2026-04-30T17:00",
        found_at="2026-04-30T08:00",
        in_time=True,
        needs={"employment": "employment"},
        leads={"human-resources-bureau": [TOWNSHIP]},
        due_at="2026-05-11T17:30:00+08:00",
        counted="05-06 05-07 05-08 05-09 05-11",
        skipped={"05-01 05-02 05-03 05-04 05-05": "劳动节", "05-10": "周日"},
        remind=["2026-05-09T08:30", "2026-05-11T08:30"],
        again="2026-05-21T08:30",
    ),
    Moment(
        # Thu 18 Jun, evening: 19–21 off.
        id="evening-before-dragon-boat",
        at="2026-06-18T21:15",
        found_at="2026-06-18T20:40",
        in_time=True,
        needs={"disability": "disability"},
        leads={"disabled-federation": [TOWNSHIP]},
        due_at="2026-06-26T17:30:00+08:00",
        counted="06-22 06-23 06-24 06-25 06-26",
        skipped={"06-19 06-20 06-21": "端午节"},
        remind=["2026-06-25T08:30", "2026-06-26T08:30"],
        again="2026-07-08T08:30",
    ),
    Moment(
        # Thu 24 Sep: 25–27 off, 28–30 worked, 1–7 Oct off, 8 and 9 worked.
        id="before-mid-autumn-and-national-day",
        at="2026-09-24T14:00",
        found_at="2026-09-24T13:00",
        in_time=True,
        needs=MEDICAL,
        leads={"medical-insurance-bureau": [TOWNSHIP]},
        due_at="2026-10-09T17:30:00+08:00",
        counted="09-28 09-29 09-30 10-08 10-09",
        skipped={
            "09-25 09-26 09-27": "中秋节",
            "10-01 10-02 10-03 10-04 10-05 10-06 10-07": "国庆节",
        },
        remind=["2026-10-08T08:30", "2026-10-09T08:30"],
        again="2026-10-20T08:30",
    ),
    Moment(
        # Sat 10 Oct is worked, so it is an ordinary day of receipt.
        id="on-a-make-up-saturday",
        at="2026-10-10T10:00",
        found_at="2026-10-10T09:00",
        in_time=True,
        needs={"disaster": "disaster"},
        leads={"emergency-management": [TOWNSHIP]},
        due_at="2026-10-16T17:30:00+08:00",
        counted="10-12 10-13 10-14 10-15 10-16",
        skipped={"10-11": "周日"},
        remind=["2026-10-15T08:30", "2026-10-16T08:30"],
        again="2026-10-28T08:30",
    ),
    Moment(
        # Thu 12 Mar 24:00 is Fri 13 Mar 00:00: the thirteenth is the day of receipt, and the report a day late.
        id="at-midnight",
        at="2026-03-13T00:00",
        found_at="2026-03-12T23:50",
        in_time=False,
        needs={"charity": ""},
        leads={"charity-federation": [TOWNSHIP]},
        due_at="2026-03-20T17:30:00+08:00",
        counted="03-16 03-17 03-18 03-19 03-20",
        skipped={"03-14": "周六", "03-15": "周日"},
        remind=["2026-03-19T08:30", "2026-03-20T08:30"],
        again="2026-04-01T08:30",
    ),
    Moment(
        # Sun 16 Aug, a rest day: it is not counted, Monday is the first.
        id="on-a-rest-day",
        at="2026-08-16T11:00",
        found_at="2026-08-16T10:30",
        in_time=True,
        needs={"basic-living": ""},
        leads={TOWNSHIP: [VILLAGE]},
        due_at="2026-08-21T17:30:00+08:00",
        counted="08-17 08-18 08-19 08-20 08-21",
        skipped={},
        remind=["2026-08-20T08:30", "2026-08-21T08:30"],
        again="2026-09-02T08:30",
    ),
    Moment(
        # Tue 29 Dec: 30 and 31 counted; 2027 is not announced, so only its statutory 1 January is off.
        id="end-of-year",
        at="2026-12-29T15:00",
        found_at="2026-12-29T14:00",
        in_time=True,
        needs=MEDICAL,
        leads={"medical-insurance-bureau": [TOWNSHIP]},
        due_at="2027-01-06T17:30:00+08:00",
        counted="12-30 12-31 2027-01-04 2027-01-05 2027-01-06",
        skipped={"2027-01-01": "元旦", "2027-01-02": "周六", "2027-01-03": "周日"},
        remind=["2027-01-05T08:30", "2027-01-06T08:30"],
        again="2027-01-18T08:30",
        provisional=True,
    ),
    Moment(
        # Wed 16 Sep: Sunday 20 is worked. Three bureaus and the township, which leads and so assists none.
        id="several-needs-at-once",
        at="2026-09-16T09:30",
        found_at="2026-09-16T08:50",
        in_time=True,
        needs={"medical": "illness", "education": "schooling", "housing": "housing", "basic-living": ""},
        leads={
            "medical-insurance-bureau": [TOWNSHIP],
            "education-sports-bureau": [TOWNSHIP],
            "housing-bureau": [TOWNSHIP],
            TOWNSHIP: [VILLAGE],
        },
        due_at="2026-09-22T17:30:00+08:00",
        counted="09-17 09-18 09-20 09-21 09-22",
        skipped={"09-19": "周六"},
        remind=["2026-09-21T08:30", "2026-09-22T08:30"],
        again="2026-10-10T08:30",
    ),
    Moment(
        # Sat 14 Nov at night, an emergency: it goes out at once, nobody confirms.
        id="emergency",
        at="2026-11-14T22:40",
        found_at="2026-11-14T22:10",
        in_time=True,
        needs={"basic-living": ""},
        leads={TOWNSHIP: [VILLAGE]},
        due_at="2026-11-20T17:30:00+08:00",
        counted="11-16 11-17 11-18 11-19 11-20",
        skipped={"11-15": "周日"},
        remind=["2026-11-19T08:30", "2026-11-20T08:30"],
        again="2026-12-02T08:30",
        urgent=True,
    ),
]


def _answers(moment: Moment) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "found_at": moment.found_at,
        "finder_role": "village-cadre",
        "name": "李桂芬",
        "residence": "370304102200",
        "needs": list(moment.needs),
        "willing": True,
        "urgency": "emergency" if moment.urgent else "ordinary",
    }
    answers |= {name: "已入户了解情况。" for name in moment.needs.values() if name}
    return answers | ({"danger": "当晚无处居住。"} if moment.urgent else {})


@pytest.fixture(params=MOMENTS, ids=lambda moment: moment.id)
def moment(request: pytest.FixtureRequest) -> Moment:
    found: Moment = request.param
    return found


@pytest.fixture
def told(rulebook: Rulebook, moment: Moment) -> dict[str, Any]:
    return explanation(rulebook, decide(rulebook, "clue-report", _answers(moment), parse(moment.at)))


def _days(text: str) -> list[str]:
    year = "2026-"
    return [day if len(day) == 10 else year + day for day in text.split()]


def test_the_report_is_accepted_and_judged(told: dict[str, Any], moment: Moment) -> None:
    assert (told["valid"], told["problems"]) == (True, [])
    assert told["in_time"] == {"report-clue": moment.in_time}


def test_units_are_exactly_these(told: dict[str, Any], moment: Moment) -> None:
    assert {item["lead"]: item["assist"] for item in told["proposed"]} == moment.leads
    assert [task["unit"] for task in told["tasks"]] == list(moment.leads)
    assert [task["routes"] for task in told["tasks"]] == [[need] for need in moment.needs]


def test_due_and_why(told: dict[str, Any], moment: Moment) -> None:
    skipped = [{"date": day, "reason": why} for days, why in moment.skipped.items() for day in _days(days)]
    for task in told["tasks"]:
        assert task["due_at"] == moment.due_at
        assert task["counted"] == _days(moment.counted)
        assert task["skipped"] == skipped
        assert task["provisional"] == moment.provisional
        assert (task["state"], task["deadline"], task["limit"]) == ("handling", "feedback", "5个工作日")
        assert "BS-二(二)3-7" in task["cites"]


def test_reminders_begin_when_they_should(told: dict[str, Any], moment: Moment) -> None:
    lead = next(iter(moment.leads))
    own = [reminder for reminder in told["reminders"] if reminder["to"] == lead]
    assert [f"{item['at'][:16]}" for item in own[:2]] == moment.remind
    assert [item["kind"] for item in own] == ["remind", "due", "overdue", "overdue"]
    assert own[-1]["at"][:16] == moment.again
    supervised = [item for item in told["reminders"] if item["kind"] == "supervise"]
    assert {(item["at"], item["to"], item["notice"]) for item in supervised} == {
        (moment.due_at.replace(":00+", ":01+"), "service-centre", "supervision-notice")
    }


def test_who_confirms_and_what_is_printed(told: dict[str, Any], moment: Moment) -> None:
    assert told["needs_confirmation"] is not moment.urgent
    assert told["notices"] == ["transfer-slip"]
