"""What a unit does with its task, who was faster, and how the case goes on."""

import pytest

from actions.town import EDUCATION, GRANTED, HOUSING, MEDICAL, TOLD, TOWNSHIP, VILLAGE, Town
from xunfang.actions.handling import return_task, transfer, urge
from xunfang.casework import Decided
from xunfang.clock import parse
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.store import Case, Dispatch, Job, Notice, Submission, Task, new_id

ASSISTING = f"township:{TOWNSHIP}"
REFUSED = {
    "visited_on": "2026-03-10", "findings": "子女有赡养能力。", "eligible": False, "refusal_reason": "supporters",
    "refusal_text": "您的子女有能力赡养您。",
}  # fmt: skip
BASIC = {"needs": ["basic-living"], "illness": None}


def test_a_task_is_claimed_by_one_and_the_other_is_told_by_whom(town: Town) -> None:
    case = town.dispatched()
    task = town.task(case, MEDICAL)
    claimed = town.claim("doctor", task)
    assert (claimed.status, claimed.claimed_by) == ("claimed", "account-doctor")
    with pytest.raises(Conflict, match="已由测试doctor签收") as error:
        town.claim("colleague", task)
    assert error.value.code == "TASK_TAKEN"
    with pytest.raises(Conflict, match="已由测试doctor签收"):
        town.complete("colleague", claimed)
    assert not town.rows(Submission, form="investigation-feedback")


def test_a_task_of_another_unit_is_out_of_sight_or_out_of_reach(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    with pytest.raises(NotFound):
        town.claim("teacher", task)
    with pytest.raises(NotAllowed, match="区医保分局承办"):
        town.claim("township", task)
    with pytest.raises(NotAllowed):
        town.claim("leader", task)


def test_completed_with_its_form_the_case_goes_on_to_the_centre(town: Town) -> None:
    case = town.dispatched()
    done = town.complete("doctor", town.task(case, MEDICAL))
    assert (done.status, done.outcome, done.completed_in_time) == ("done", "granted", True)
    assert town.case(case).state == "notify"
    notify = town.task(case, "service-centre")
    assert notify.due_at == parse("2026-03-13T17:30:00")
    assert town.first(Task, case=case, unit=ASSISTING).status == "withdrawn"
    assert not town.rows(Job, task=done.id, status="ready")
    completed = town.events("task.completed")[0]
    assert completed.cites == ("BS-二(二)3-8", "BS-二(二)3-9")
    assert completed.data["in_time"] is True


def test_a_repeated_completion_is_the_same_one(town: Town) -> None:
    task, key = town.task(town.dispatched(), MEDICAL), new_id()
    first = town.complete("doctor", task, key=key)
    before = len(town.events())
    assert town.complete("doctor", task, key=key) == first
    assert len(town.events()) == before
    with pytest.raises(Conflict, match="内容不同"):
        town.complete("doctor", task, answers={**GRANTED, "findings": "另一个说法。"}, key=key)


def test_a_completed_task_stays_completed(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    town.complete("doctor", task)
    with pytest.raises(Conflict, match="已于3月10日14:00由您办结"):
        town.complete("doctor", task)
    with pytest.raises(Conflict, match="办结"):
        return_task(town.deployment, town.actor("doctor"), task.id, task.version, "不归本单位办理", town.at)


@pytest.mark.parametrize(
    ("outcome", "answers", "field"),
    [
        ("", GRANTED, "outcome"),
        ("no-outcome", GRANTED, "outcome"),
        ("granted", {"visited_on": "2026-03-10", "eligible": True, "programme": "medical-aid"}, "findings"),
        ("ineligible", GRANTED, "refusal_reason"),
        ("granted", REFUSED, "programme"),
        ("special-aid", {**GRANTED, "programme": "temporary-aid"}, "outcome"),
        ("referred", {"visited_on": "2026-03-10", "findings": "转介。"}, "referred_to"),
    ],
)
def test_an_outcome_that_its_form_does_not_bear_out_is_refused(
    town: Town, outcome: str, answers: dict[str, object], field: str
) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    with pytest.raises(Invalid) as error:
        town.complete("doctor", task, outcome, answers)
    assert field in {problem.field for problem in error.value.problems}
    assert town.first(Task, id=task.id) == task


def test_the_case_waits_for_all_its_leads_and_closes_after_the_survey(town: Town) -> None:
    case = town.dispatched(needs=["medical", "education"], schooling="欠伙食费。")
    town.complete("doctor", town.task(case, MEDICAL))
    assert town.case(case).state == "handling"
    town.complete("teacher", town.task(case, EDUCATION), "ineligible", REFUSED)
    found = town.case(case)
    assert (found.state, found.outcome) == ("notify", "granted")
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    closed = town.case(case)
    assert (closed.state, closed.outcome, closed.closed_at) == ("archived", "granted", town.at)
    assert not town.rows(Job, case=case, kind="remind", status="ready")
    assert town.events("case.closed")


def test_a_refusal_is_put_in_writing(town: Town) -> None:
    case = town.dispatched(**BASIC)
    town.complete("township", town.task(case, ASSISTING), "ineligible", REFUSED)
    assert len(town.rows(Notice, kind="refusal-notice")) == 1


def test_an_emergency_found_on_the_spot_starts_its_own_flow_and_the_task_goes_on(town: Town) -> None:
    case = town.dispatched(**BASIC)
    task = town.task(case, ASSISTING)
    answers = {"visited_on": "2026-03-10", "findings": "当日断粮。", "emergency": True}
    after = town.complete("township", task, "emergency", answers)
    assert (after.status, after.ended_at) == ("claimed", None)
    beside = town.first(Case, flow="emergency-aid")
    assert (beside.person, beside.state, beside.number) == (town.case(case).person, "first-aid", "博急救〔2026〕1号")
    assert town.task(beside.id, ASSISTING).due_at == parse("2026-03-11T14:00:00")
    town.complete("township", after, "granted", {**GRANTED, "programme": "temporary-aid"})
    assert town.case(case).state == "notify"
    assert town.case(beside.id).closed_at is None


def test_the_assisting_village_reports_its_help_without_a_form(town: Town) -> None:
    case = town.dispatched(**BASIC)
    assisting = town.task(case, f"village:{VILLAGE}")
    done = town.complete("village", assisting, "", {})
    assert (done.status, done.outcome) == ("done", "assisted")
    assert town.events("task.assisted")
    with pytest.raises(NotAllowed):
        town.complete("village", town.task(case, ASSISTING))


def test_a_returned_task_is_proposed_anew_with_a_new_clock(town: Town) -> None:
    case = town.dispatched()
    task = town.claim("doctor", town.task(case, MEDICAL))
    town.later(days=2)
    return_task(town.deployment, town.actor("doctor"), task.id, task.version, "参保地在外区", town.at)
    assert town.first(Task, id=task.id).status == "returned"
    assert town.events("task.returned")[0].told["reason"] == "参保地在外区"
    assert town.first(Task, case=case, unit=ASSISTING).status == "withdrawn"
    assert town.task(case, "service-centre", state="dispatch").due_at == parse("2026-03-13T17:30:00")
    town.confirm(case)
    again = town.task(case, MEDICAL)
    assert again.id != task.id
    assert again.due_at == parse("2026-03-19T17:30:00")
    assert len(town.rows(Dispatch, case=case)) == 2


def test_a_case_does_not_move_on_while_a_returned_part_waits(town: Town) -> None:
    case = town.dispatched(needs=["medical", "education"], schooling="欠伙食费。")
    task = town.task(case, EDUCATION)
    return_task(town.deployment, town.actor("teacher"), task.id, task.version, "学籍在外区", town.at)
    town.complete("doctor", town.task(case, MEDICAL))
    assert town.case(case).state != "notify"
    town.confirm(case)
    town.complete("teacher", town.task(case, EDUCATION), "special-aid", {**GRANTED, "programme": "education-aid"})
    assert town.case(case).state == "notify"


def test_only_what_was_dispatched_to_a_lead_can_be_given_back(town: Town) -> None:
    case = town.dispatched(**BASIC)
    village = town.task(case, f"village:{VILLAGE}")
    with pytest.raises((Conflict, NotAllowed)):
        return_task(town.deployment, town.actor("village"), village.id, village.version, "不归我办", town.at)
    town.complete("township", town.task(case, ASSISTING), "granted", {**GRANTED, "programme": "temporary-aid"})
    survey = town.task(case, "service-centre", state="notify")
    before = len(town.events())
    with pytest.raises(Conflict, match="不能退回"):
        return_task(town.deployment, town.actor("centre"), survey.id, survey.version, "不归我办", town.at)
    assert len(town.events()) == before
    assert town.first(Task, id=survey.id) == survey


def test_a_transferred_task_begins_anew_and_takes_those_who_assist_along(town: Town) -> None:
    case = town.dispatched()
    task = town.task(case, MEDICAL)
    town.later(days=1)
    transfer(town.deployment, town.actor("doctor"), task.id, task.version, HOUSING, "实为住房问题", town.at)
    new = town.task(case, HOUSING)
    assert (new.role, new.routes, new.due_at) == ("lead", ("medical",), parse("2026-03-18T17:30:00"))
    assisting = town.task(case, ASSISTING)
    assert (assisting.lead_task, assisting.due_at) == (new.id, new.due_at)
    assert not town.rows(Job, task=task.id, status="ready")
    town.complete("builder", new, "granted", {**GRANTED, "programme": "housing-aid"})
    assert not town.rows(Task, case=case, state="handling", ended_at=None)
    assert town.case(case).state == "notify"


def test_a_task_handed_to_the_unit_that_assisted_leaves_it_one_task(town: Town) -> None:
    case = town.dispatched()
    task = town.task(case, MEDICAL)
    transfer(town.deployment, town.actor("doctor"), task.id, task.version, ASSISTING, "属临时救助", town.at)
    assert [found.role for found in town.rows(Task, case=case, unit=ASSISTING, ended_at=None)] == ["lead"]


TWO = {"needs": ["medical", "education"], "schooling": "欠伙食费。"}


def _both_helped(town: Town) -> str:
    """Return the key of a case whose two leads have one and the same helping township."""
    case = town.report(**TWO).case
    town.confirm(case, Decided(MEDICAL, (ASSISTING,)), Decided(EDUCATION, (ASSISTING,)))
    return case


def _first_and_other(town: Town, case: str) -> tuple[Task, Task]:
    helped = town.task(case, ASSISTING).lead_task
    leads = town.rows(Task, case=case, state="handling", role="lead", ended_at=None)
    return next(task for task in leads if task.id == helped), next(task for task in leads if task.id != helped)


LOGINS = {MEDICAL: "doctor", EDUCATION: "teacher", HOUSING: "builder"}
PROGRAMMES = {MEDICAL: "medical-aid", EDUCATION: "education-aid", HOUSING: "housing-aid"}


def _finish(town: Town, task: Task) -> None:
    town.complete(LOGINS[task.unit], task, "granted", {**GRANTED, "programme": PROGRAMMES[task.unit]})


def test_who_helps_two_leads_stays_until_the_last_of_them_is_done(town: Town) -> None:
    case = _both_helped(town)
    first, other = _first_and_other(town, case)
    _finish(town, first)
    assert town.task(case, ASSISTING).lead_task == other.id
    assert not town.events("task.withdrawn")
    _finish(town, other)
    assert town.first(Task, case=case, unit=ASSISTING).status == "withdrawn"
    assert [event.told["because"] for event in town.events("task.withdrawn")] == ["主办单位已办结"]


def test_who_helps_two_leads_stays_with_the_one_that_did_not_return(town: Town) -> None:
    case = _both_helped(town)
    first, other = _first_and_other(town, case)
    return_task(town.deployment, town.actor(LOGINS[first.unit]), first.id, first.version, "不归我办", town.at)
    assert town.task(case, ASSISTING).lead_task == other.id
    assert town.first(Dispatch, case=case, status="proposed").proposed[0]["assist"] == []


def test_who_helps_goes_on_with_whoever_took_the_other_lead_over(town: Town) -> None:
    case = _both_helped(town)
    first, other = _first_and_other(town, case)
    town.later(days=1)
    actor = town.actor(LOGINS[other.unit])
    transfer(town.deployment, actor, other.id, other.version, HOUSING, "实为住房问题", town.at)
    _finish(town, first)
    new = town.task(case, HOUSING)
    helping = town.task(case, ASSISTING)
    assert (helping.lead_task, helping.due_at) == (new.id, new.due_at)


def test_a_lead_that_named_no_help_keeps_none(town: Town) -> None:
    case = town.report(**TWO).case
    town.confirm(case, Decided(MEDICAL, (ASSISTING,)), Decided(EDUCATION))
    _finish(town, town.task(case, MEDICAL))
    assert town.first(Task, case=case, unit=ASSISTING).status == "withdrawn"


def test_the_help_of_a_returned_task_is_proposed_with_it(town: Town) -> None:
    case = town.dispatched()
    task = town.task(case, MEDICAL)
    return_task(town.deployment, town.actor("doctor"), task.id, task.version, "参保地在外区", town.at)
    proposed = town.first(Dispatch, case=case, status="proposed").proposed
    assert [(told["lead"], told["assist"]) for told in proposed] == [(MEDICAL, [ASSISTING])]


def test_return_and_transfer_need_a_reason_and_another_unit(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    who = town.actor("doctor")
    with pytest.raises(Invalid, match="没有执行"):
        return_task(town.deployment, who, task.id, task.version, "  ", town.at)
    for unit in (MEDICAL, "no-such-unit", "township:1"):
        with pytest.raises(Invalid):
            transfer(town.deployment, who, task.id, task.version, unit, "转办", town.at)
    with pytest.raises(Invalid):
        transfer(town.deployment, who, task.id, task.version, HOUSING, "", town.at)
    assert town.first(Task, id=task.id) == task


def test_urging_reaches_the_unit_and_the_record(town: Town) -> None:
    task = town.task(town.dispatched(), MEDICAL)
    urge(town.deployment, town.actor("leader"), task.id, town.at)
    assert "应于3月17日 17:30前办理" in town.inbox(MEDICAL, "urge")[0].body
    assert town.events("task.urged")[0].actor == "account-leader"
    with pytest.raises(NotAllowed):
        urge(town.deployment, town.actor("doctor"), task.id, town.at)
    town.complete("doctor", task)
    with pytest.raises(Conflict):
        urge(town.deployment, town.actor("leader"), task.id, town.at)
