"""submit: kept once, judged on arrival, joined or opened, proposed or sent at once."""

from datetime import timedelta

import pytest

from actions.town import (
    CENTRE,
    EDUCATION,
    GRANTED,
    HOUSING,
    JURISDICTION,
    MEDICAL,
    START,
    TOLD,
    TOWNSHIP,
    Town,
    other_id,
    report,
)
from xunfang.actions.reading import attach
from xunfang.actions.submitting import submit
from xunfang.clock import parse
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.store import (
    Attachment,
    Case,
    Clue,
    Dispatch,
    Event,
    Job,
    Notice,
    Person,
    Scope,
    ScopedReader,
    Submission,
    Task,
    connection,
    new_id,
    transaction,
)
from xunfang.store.reading.case_file import person_view

EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}


def test_a_report_opens_a_case_and_proposes_its_dispatch(town: Town) -> None:
    told = town.report()
    case = town.case(told.case)
    assert (case.state, case.number, told.joined) == ("dispatch", "博救〔2026〕1号", False)
    assert told.in_time == {"report-clue": True}
    assert case.due_at == parse("2026-04-08T17:30:00")
    dispatch = town.first(Dispatch, case=case.id)
    assert [(row["lead"], row["assist"]) for row in dispatch.proposed] == [(MEDICAL, [f"township:{TOWNSHIP}"])]
    task = town.task(case.id, "service-centre")
    assert task.due_at == parse("2026-03-11T17:30:00")
    assert task.due is not None
    assert task.due["counted"] == ["2026-03-11"]
    assert "BS-二(二)3-4" in task.cites
    assert [message.kind for message in town.inbox("service-centre")] == ["task"]


def test_the_record_says_which_rule_row_and_clause(town: Town) -> None:
    town.report()
    proposed = town.events("dispatch.proposed")[0]
    assert (proposed.rule, proposed.row) == ("clue", "medical")
    assert proposed.cites == ("BS-二(二)3-9", "BS-二(二)3-10b")
    submitted = town.events("clue.submitted")[0]
    assert submitted.actor_name == "测试village"
    assert "BS-二(二)1-6" in submitted.cites


def test_a_repeated_send_is_answered_as_the_first_and_writes_nothing(town: Town) -> None:
    key = new_id()
    first = town.report(key=key)
    before = len(town.events())
    town.later(minutes=5)
    assert town.report(key=key) == first
    assert len(town.events()) == before
    assert len(town.rows(Clue)) == len(town.rows(Submission)) == 1


def test_the_same_key_with_other_answers_is_refused(town: Town) -> None:
    key = new_id()
    town.report(key=key)
    with pytest.raises(Conflict, match="内容不同"):
        town.report(key=key, difficulty="改了一句。")
    with pytest.raises(Conflict):
        town.report(by="township", key=key)
    assert len(town.rows(Clue)) == 1


def test_every_problem_of_an_entry_is_named_and_nothing_kept(town: Town) -> None:
    with pytest.raises(Invalid) as error:
        town.report(id_number="370304195803140001", illness=None, name=None)
    assert {problem.field for problem in error.value.problems} == {"id_number", "illness", "name"}
    assert not town.rows(Submission)


def test_only_who_may_report_reports_on_a_form_there_is(town: Town) -> None:
    with pytest.raises(NotAllowed):
        town.report(by="supervisor")
    with pytest.raises(NotFound):
        submit(town.deployment, town.actor("village"), "no-form", {}, new_id(), START)


def test_what_is_sensitive_is_sealed_and_out_of_the_record(town: Town) -> None:
    town.report()
    kept = town.first(Submission)
    assert {"id_number", "phone", "illness"}.isdisjoint(kept.answers)
    assert kept.sealed is not None
    person = town.first(Person)
    view = person_view(person, town.keys)
    assert view.masked_id == "370304************"
    assert view.phones == (("138****1234", "registry"),)
    said = str([event.told for event in town.events()]) + str([job.payload for job in town.rows(Job)])
    assert other_id(24) not in said
    assert "脑梗" not in said
    assert "孙桂兰" not in said


def test_a_late_report_is_kept_and_judged_late(town: Town) -> None:
    told = town.report(found_at="2026-03-09T08:30:00+08:00")
    assert told.in_time == {"report-clue": False}


def test_a_second_clue_on_the_same_person_joins_and_proposes_only_what_is_new(town: Town) -> None:
    first = town.dispatched()
    town.later(days=3)
    again = town.report(by="township", needs=["medical", "education"], schooling="初二，欠伙食费。")
    assert (again.case, again.joined) == (first, True)
    waiting = town.rows(Dispatch, case=first, status="proposed")
    assert [row["lead"] for dispatch in waiting for row in dispatch.proposed] == [EDUCATION]
    assert set(town.case(first).needs) == {"medical", "education"}
    town.confirm(first)
    assert town.task(first, MEDICAL)
    assert town.task(first, EDUCATION)


def test_a_second_clue_before_the_decision_is_added_to_the_waiting_proposal(town: Town) -> None:
    first = town.report()
    town.report(by="township", needs=["housing"], illness=None, housing="屋顶漏雨。")
    waiting = town.rows(Dispatch, case=first.case)
    assert len(waiting) == 1
    assert [row["lead"] for row in waiting[0].proposed] == [MEDICAL, HOUSING]
    assert waiting[0].version == 2
    assert len(town.rows(Task, case=first.case)) == 1


def test_another_person_or_a_month_later_opens_another_case(town: Town) -> None:
    first = town.report()
    assert town.report(id_number=other_id(25)).case != first.case
    town.later(days=31)
    found = (town.at - timedelta(hours=1)).isoformat()
    assert town.report(found_at=found).case != first.case


def test_reports_without_a_number_are_never_taken_for_one_person(town: Town) -> None:
    assert town.report(id_number=None).case != town.report(id_number=None).case


def test_two_needs_become_two_tasks_with_one_assisting_unit(town: Town) -> None:
    case = town.dispatched(needs=["medical", "education"], schooling="初二，欠伙食费。")
    tasks = town.rows(Task, case=case, state="handling")
    assert sorted((task.unit, task.role) for task in tasks) == [
        (EDUCATION, "lead"), (MEDICAL, "lead"), (f"township:{TOWNSHIP}", "assist"),
    ]  # fmt: skip
    assert len(town.rows(Notice, case=case, kind="transfer-slip")) == 2


def test_an_emergency_goes_out_at_once_and_the_leader_is_told(town: Town) -> None:
    told = town.report(**EMERGENCY)
    assert town.case(told.case).state == "handling"
    assert town.task(told.case, MEDICAL).due_at == parse("2026-03-17T17:30:00")
    dispatch = town.first(Dispatch, case=told.case)
    assert (dispatch.status, dispatch.decided_by) == ("confirmed", "")
    assert [message.kind for message in town.inbox("service-centre")] == ["sent-at-once"]
    assert town.events("dispatch.sent_at_once")


def test_an_emergency_joining_makes_the_case_urgent_and_takes_along_what_waits_for_the_leader(town: Town) -> None:
    first = town.report()
    town.report(by="township", needs=["basic-living"], illness=None, **EMERGENCY)
    assert town.case(first.case).urgency == "emergency"
    assert town.task(first.case, f"township:{TOWNSHIP}", role="lead")
    assert not town.rows(Dispatch, case=first.case, status="proposed")
    assert not town.rows(Task, case=first.case, state="dispatch", ended_at=None)
    assert town.case(first.case).state == "handling"
    assert {"急难线索已直接转办", "紧急程度提高"} <= {message.title for message in town.inbox("service-centre")}


def test_a_clue_that_joins_after_the_survey_brings_the_case_back(town: Town) -> None:
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL))
    assert town.case(case).state == "notify"
    town.report(by="township", needs=["education"], illness=None, schooling="欠伙食费。")
    town.confirm(case)
    assert town.case(case).state == "handling"
    assert not town.rows(Task, case=case, state="notify", ended_at=None)
    town.complete("teacher", town.task(case, EDUCATION), "special-aid", {**GRANTED, "programme": "education-aid"})
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    assert town.case(case).closed_at is not None
    assert not town.rows(Task, case=case, ended_at=None)


def test_photos_belong_to_the_report_they_came_with_and_to_nobody_elses(town: Town) -> None:
    own = attach(town.deployment, town.actor("village"), "现场.jpg", "image/jpeg", b"one", town.at)
    strange = attach(town.deployment, town.actor("township"), "别处.jpg", "image/jpeg", b"two", town.at)
    with pytest.raises(Invalid):
        town.report(photos=[own, strange])
    told = town.report(photos=[own])
    assert town.first(Attachment, id=own).submission == told.submission
    assert town.first(Attachment, id=strange).submission == ""


def test_a_visit_opens_no_case_and_is_only_kept(town: Town) -> None:
    answers = {"visited_on": "2026-03-10", "name": "孙桂兰", "residence": report()["residence"], "found": False}
    form = town.rulebook.forms["visit"]
    answers = {name: value for name, value in answers.items() if name in form.fields}
    for name, found in form.fields.items():
        if found.required and name not in answers:
            answers[name] = False if found.kind == "boolean" else "2026-03-10"
    told = submit(town.deployment, town.actor("township"), "visit", answers, new_id(), START)
    assert told.case == ""
    assert not town.rows(Case)
    assert town.rows(Event, name="visit.made")


def _beyond(town: Town, unit: str) -> Scope:
    """How far somebody of a unit sees who sees nothing but its own tasks and cases."""
    return Scope(f"account-{unit}", JURISDICTION, unit, "", frozenset())


def test_the_unit_passed_over_can_open_what_went_out_past_it(town: Town) -> None:
    told = town.report(**EMERGENCY)
    with connection(town.database) as reader:
        sees = {
            unit: ScopedReader(reader, _beyond(town, unit)).sees_case(told.case) for unit in (CENTRE, MEDICAL, HOUSING)
        }
        (message,) = ScopedReader(reader, _beyond(town, CENTRE)).inbox().items
    assert sees == {CENTRE: True, MEDICAL: True, HOUSING: False}
    assert (message.case, message.in_sight) == (told.case, True)


def test_nobody_without_a_unit_sees_what_no_unit_decided(town: Town) -> None:
    told = town.report(**EMERGENCY)
    with transaction(town.database, "") as tx:
        tx.update(Dispatch, {"case": told.case}, {"unit": ""})
    with connection(town.database) as reader:
        assert not ScopedReader(reader, _beyond(town, "")).sees_case(told.case)
        (message,) = ScopedReader(reader, _beyond(town, CENTRE)).inbox().items
    assert (message.case, message.in_sight) == (told.case, False)
