"""Deadlines: which limit applies, who is reminded when, what came in time."""

from dataclasses import replace
from datetime import datetime

import pytest

from rules.answers import TOWNSHIP
from xunfang.clock import SHANGHAI, parse
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import Deadline, Escalation, LimitCase, Operator, Remind, Rulebook, Test
from xunfang.rulebook.softness import settled
from xunfang.rules.clocks import workdays_late
from xunfang.rules.deadlines import anchor, judge_arrival, limit_of, next_repeat, plan_deadline, plan_reminders
from xunfang.rules.explain import due_data, due_sentence
from xunfang.worktime import parse_limit

SOFT = {"promptly": parse_limit("3 workdays")}


def _at(text: str) -> datetime:
    return parse(text)


def _case(limit: str, **when: str) -> LimitCase:
    condition = Test(next(iter(when)), Operator.IS, next(iter(when.values()))) if when else ALWAYS
    return LimitCase(condition, settled(parse_limit(limit), SOFT))


def test_the_first_limit_whose_condition_holds_applies(rulebook: Rulebook) -> None:
    cases = (_case("24 hours", alert_level="red"), _case("soft:promptly"))
    deadline = replace(rulebook.deadlines["feedback"], limits=cases)
    assert limit_of(deadline, {"alert_level": "red"}) == (parse_limit("24 hours"), "")
    assert limit_of(deadline, {}) == (parse_limit("3 workdays"), "promptly")


def test_a_number_left_to_others_is_an_error_not_a_guess(rulebook: Rulebook) -> None:
    deadline = replace(rulebook.deadlines["feedback"], limits=(_case("local"),))
    with pytest.raises(ValueError, match="尚未由本级确定期限"):
        plan_deadline(rulebook, deadline, {}, _at("2026-03-10T10:00"))
    nowhere = replace(deadline, limits=(_case("5 workdays", alert_level="red"),))
    with pytest.raises(ValueError, match="没有一种情形适用"):
        plan_deadline(rulebook, nowhere, {}, _at("2026-03-10T10:00"))


@pytest.mark.parametrize(
    ("found", "reported", "in_time"),
    [
        ("2026-03-10T08:30", "2026-03-10T23:59:59", True),
        ("2026-03-10T08:30", "2026-03-11T00:00:00", False),
        ("2026-03-10T23:59", "2026-03-11T00:01", False),
        ("2026-03-10T16:30:00+00:00", "2026-03-11T09:00", True),  # half past midnight in China
    ],
)
def test_the_same_day_ends_at_midnight_in_china(rulebook: Rulebook, found: str, reported: str, in_time: bool) -> None:
    verdict = judge_arrival(rulebook, {"found_at": found}, "clue.submitted", _at(reported))
    assert verdict == {"report-clue": in_time}


@pytest.mark.parametrize("found_at", [None, "", "昨天", 3])
def test_what_was_not_answered_is_not_judged(rulebook: Rulebook, found_at: object) -> None:
    assert judge_arrival(rulebook, {"found_at": found_at}, "clue.submitted", _at("2026-03-10T10:00")) == {}
    assert anchor(rulebook.deadlines["feedback"], {"found_at": "2026-03-10"}) is None


def test_reminders_and_escalations_in_order(rulebook: Rulebook) -> None:
    deadline, opened = rulebook.deadlines["feedback"], _at("2026-09-29T11:00")
    due_at = plan_deadline(rulebook, deadline, {}, opened).due.due_at
    planned = plan_reminders(rulebook, deadline, due_at, TOWNSHIP, opened, {})
    assert [(f"{reminder.at:%m-%d %H:%M:%S}", reminder.to, reminder.kind, reminder.rule) for reminder in planned] == [
        ("10-10 08:30:00", TOWNSHIP, "remind", "feedback.remind.1"),  # the make-up Saturday before Monday the twelfth
        ("10-12 08:30:00", TOWNSHIP, "due", "feedback.remind.2"),  # while there is still time
        ("10-12 17:30:01", "service-centre", "supervise", "feedback.escalate.1"),
        ("10-13 08:30:00", TOWNSHIP, "overdue", "feedback.remind.3"),
        ("10-15 17:30:01", "leading-group-office", "escalate", "feedback.escalate.2"),  # the third workday has ended
        ("10-22 08:30:00", TOWNSHIP, "overdue", "feedback.repeat.1"),  # and so on, until it is done
    ]
    assert planned[2].notice == "supervision-notice"
    assert planned[2].cites == ("BS-二(二)3-5",)


def test_reminders_before_the_task_was_opened_are_left_out(rulebook: Rulebook) -> None:
    deadline = rulebook.deadlines["feedback"]
    due_at, opened = _at("2026-03-10T17:30"), _at("2026-03-10T09:00")
    kinds = [reminder.kind for reminder in plan_reminders(rulebook, deadline, due_at, TOWNSHIP, opened, {})]
    assert kinds == ["due", "supervise", "overdue", "escalate", "overdue"]


def test_the_next_repeat_is_the_first_after_a_moment_and_keeps_its_number(rulebook: Rulebook) -> None:
    deadline, due_at = rulebook.deadlines["feedback"], _at("2026-03-10T17:30")
    found = [next_repeat(rulebook, deadline, due_at, TOWNSHIP, after) for after in
             (due_at, _at("2026-03-20T08:29"), _at("2026-03-20T08:30"), _at("2026-06-30T00:00"))]  # fmt: skip
    assert [(f"{each.at:%m-%d %H:%M}", each.rule.rpartition(".")[2]) for each in found] == [
        ("03-20 08:30", "1"), ("03-20 08:30", "1"), ("03-27 08:30", "2"), ("07-02 08:30", "15"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due_at", "opened_at", "reminded_at"),
    [
        ("2026-03-17T17:30", "2026-03-10T10:00", "2026-03-17T08:30"),
        ("2026-03-17T23:59:59", "2026-03-10T10:00", "2026-03-17T08:30"),  # a limit in days ends at midnight
        ("2026-03-17T17:30", "2026-03-17T08:29", "2026-03-17T08:30"),
        ("2026-03-17T17:30", "2026-03-17T08:30", "2026-03-17T17:30"),  # opened when the office was open already
        ("2026-03-17T23:59:59", "2026-03-17T10:00", "2026-03-17T23:59:59"),
        ("2026-03-17T14:20", "2026-03-16T14:20", "2026-03-17T14:20"),  # in hours
    ],
)
def test_the_last_day_is_reminded_of_when_the_office_opens(
    rulebook: Rulebook, due_at: str, opened_at: str, reminded_at: str
) -> None:
    planned = plan_reminders(rulebook, rulebook.deadlines["feedback"], _at(due_at), TOWNSHIP, _at(opened_at), {})
    assert [reminder.at for reminder in planned if reminder.kind == "due"] == [_at(reminded_at)]


def test_a_deadline_in_hours_runs_from_the_minute(rulebook: Rulebook) -> None:
    planned = plan_deadline(rulebook, rulebook.deadlines["first-aid"], {}, _at("2026-02-16T22:10"))
    assert planned.due.due_at == datetime(2026, 2, 17, 22, 10, tzinfo=SHANGHAI)
    assert (planned.limit, planned.soft) == ("24小时", "immediately")
    assert due_sentence(due_data(planned)) == "期限24小时，按小时连续计算。"


def test_the_sentence_says_which_days_counted_and_why_others_did_not(rulebook: Rulebook) -> None:
    planned = plan_deadline(rulebook, rulebook.deadlines["feedback"], {}, _at("2026-12-28T10:00"))
    assert due_sentence(due_data(planned)) == (
        "期限5个工作日，收到当日不计，计入12月29日（周二）、12月30日（周三）、12月31日（周四）、1月4日（周一）、1月5日（周二）；"
        "不计1月1日（周五）（元旦）、1月2日（周六）（周六）、1月3日（周日）（周日）。次年放假安排尚未公布，到期日为暂定。"
    )


def test_an_escalation_upward_goes_to_the_unit_above_whoever_has_the_task(rulebook: Rulebook) -> None:
    deadline = rulebook.deadlines["feedback"]
    upward = replace(deadline, remind=(), escalate=(replace(deadline.escalate[0], to="superior"),))
    due_at, opened = _at("2026-03-17T17:30"), _at("2026-03-10T09:00")
    told = {unit: plan_reminders(rulebook, upward, due_at, unit, opened, {})[0].to for unit in CLIMB}
    assert told == CLIMB


CLIMB = {
    "village:370304102200": TOWNSHIP,
    TOWNSHIP: "service-centre",
    "civil-affairs": "service-centre",
    "service-centre": "leading-group-office",
    "leading-group": "leading-group",  # nobody stands above: it stays where it is
}


def _with(rulebook: Rulebook, after: Remind, limit: str = "24 hours") -> Deadline:
    """Return a deadline with a reminder at due and one escalation."""
    feedback = rulebook.deadlines["feedback"]
    escalation: Escalation = replace(feedback.escalate[0], after=after)
    return replace(feedback, limits=(_case(limit),), remind=(Remind("at due", 0, "hour"),), escalate=(escalation,))


@pytest.mark.parametrize(
    ("after", "opened", "limit", "escalated"),
    [
        (Remind("0 workdays", 0, "workday"), "2026-03-10T10:00", "1 workday", "2026-03-11T17:30:01"),
        (Remind("1 workday", 1, "workday"), "2026-03-10T10:00", "1 workday", "2026-03-12T17:30:01"),
        (Remind("1 workday", 1, "workday"), "2026-03-12T10:00", "1 workday", "2026-03-16T17:30:01"),  # over a weekend
        (Remind("1 day", 1, "day"), "2026-03-12T10:00", "1 workday", "2026-03-15T00:00:00"),  # the Saturday has ended
        (Remind("24 hours", 24, "hour"), "2026-03-10T10:00", "24 hours", "2026-03-12T10:00:01"),
        (Remind("1 workday", 1, "workday"), "2026-03-10T10:00", "24 hours", "2026-03-12T17:30:01"),
    ],
)
def test_an_escalation_comes_when_its_time_has_gone_by(
    rulebook: Rulebook, after: Remind, opened: str, limit: str, escalated: str
) -> None:
    deadline, start = _with(rulebook, after, limit), _at(opened)
    due = plan_deadline(rulebook, deadline, {}, start).due
    planned = plan_reminders(rulebook, deadline, due.due_at, TOWNSHIP, start, {}, by_hours=not due.counted)
    assert [reminder.at for reminder in planned if reminder.kind == "supervise"] == [_at(escalated)]


def test_a_limit_in_hours_that_ends_when_the_office_closes_reminds_at_its_end(rulebook: Rulebook) -> None:
    deadline, start = _with(rulebook, Remind("0 workdays", 0, "workday")), _at("2026-03-10T17:30:00")
    due = plan_deadline(rulebook, deadline, {}, start).due
    assert due.due_at == _at("2026-03-11T17:30:00")
    (at_due, *_) = plan_reminders(rulebook, deadline, due.due_at, TOWNSHIP, start, {}, by_hours=not due.counted)
    assert (at_due.at, at_due.kind) == (_at("2026-03-11T17:30:00"), "due")


@pytest.mark.parametrize(
    ("answer", "limit", "due_at"),
    [
        ("2026-03-10", "24 hours", "2026-03-11T23:59:59"),
        ("2026-03-10T09:00", "24 hours", "2026-03-11T09:00"),
        ("2026-03-10", "1 workday", "2026-03-11T17:30"),
        ("2026-03-10", "3 days", "2026-03-13T23:59:59"),
        ("2026-03-10", "same day", "2026-03-10T23:59:59"),
    ],
)
def test_from_a_day_without_an_hour_hours_count_from_its_end(
    rulebook: Rulebook, answer: str, limit: str, due_at: str
) -> None:
    deadline = replace(rulebook.deadlines["feedback"], from_="answers.applied_on", limits=(_case(limit),))
    begun = anchor(deadline, {"applied_on": answer})
    assert begun is not None
    assert plan_deadline(rulebook, deadline, {}, begun).due.due_at == _at(due_at)


@pytest.mark.parametrize(
    ("due_at", "at", "workdays"),
    [
        ("2026-03-13T17:30", "2026-03-13T17:30", 0),
        ("2026-03-13T17:30", "2026-03-13T18:00", 0),
        ("2026-03-13T17:30", "2026-03-15T09:00", 0),  # the weekend counts for nobody
        ("2026-03-13T17:30", "2026-03-16T09:00", 1),
        ("2026-09-30T17:30", "2026-10-09T09:00", 2),  # over the holiday of the National Day
        ("2026-10-09T17:30", "2026-10-10T09:00", 1),  # a Saturday that is worked
    ],
)
def test_what_is_late_is_late_by_workdays(rulebook: Rulebook, due_at: str, at: str, workdays: int) -> None:
    assert workdays_late(rulebook, _at(due_at), _at(at)) == workdays
    assert workdays_late(rulebook, None, _at(at)) == 0
