"""Cases as a whole, stored: voided, opened again, put away."""

from dataclasses import replace
from typing import Any

import pytest

from actions.town import CENTRE, GRANTED, MEDICAL, SIBLING, TOLD, Town, other_id, report
from xunfang.actions.acting import Act
from xunfang.actions.correcting import correct, do_to_report
from xunfang.actions.deployment import Actor
from xunfang.actions.filling import whole_answers
from xunfang.actions.handling import do_to_case, do_to_task
from xunfang.actions.reminding import reconcile
from xunfang.actions.submitting import Submitted
from xunfang.casework import Asked, Case, Clue, Correction, Notice, Task
from xunfang.errors import Conflict, NotAllowed, NotFound
from xunfang.store import Job, Person, Question, ScopedReader, Submission, connection, new_id, verify_chain
from xunfang.store.reading.lists import CaseFilter


def do(town: Town, verb: str, case: str, by: str = "leader", **told: str) -> None:
    asked = Asked(verb=verb, actor=town.actor(by), case=case, version=town.case(case).version, **told)  # type: ignore[arg-type]
    do_to_case(town.deployment, asked, town.at)


def closed(town: Town) -> str:
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL), "granted", GRANTED)
    town.complete("centre", town.task(case, CENTRE), "done", TOLD)
    town.work_until()
    return case


def listed(town: Town, show: str) -> list[str]:
    actor: Actor = town.actor("leader")
    with connection(town.database) as reader:
        return [item.case for item in ScopedReader(reader, actor.scope).cases(CaseFilter(show=show)).items]


def test_a_void_case_owes_nothing_and_keeps_its_number(town: Town) -> None:
    case = town.dispatched()
    number = town.case(case).number
    do(town, "void", case, reason="重复建案")
    assert (town.case(case).ended_as, town.case(case).number) == ("voided", number)
    assert town.rows(Task, case=case, ended_at=None) == []
    town.later(days=90)
    town.work_until()
    assert town.press.orders == []
    assert {notice.status for notice in town.rows(Notice, case=case)} <= {"withdrawn"}
    assert reconcile(town.deployment, town.at) == 0
    assert town.inbox(MEDICAL, "voided")
    assert verify_chain(town.database, town.keys.chain) is None


def test_jobs_of_a_void_case_are_ready_again_when_it_is_opened_again(town: Town) -> None:
    case = town.dispatched()
    before = {job.key for job in town.rows(Job, case=case, task="", status="ready")}
    do(town, "void", case, reason="重复建案")
    assert town.rows(Job, case=case, status="ready") == []
    do(town, "reopen", case, reason="并非重复")
    assert {job.key for job in town.rows(Job, case=case, task="", status="ready")} == before
    assert reconcile(town.deployment, town.at) == 0
    assert town.task(case, MEDICAL).status == "open"


def test_a_closed_case_is_put_away_and_found_and_opened_again(town: Town) -> None:
    case = closed(town)
    with pytest.raises(Conflict):
        do(town, "archive", case)  # its papers wait to be signed
    town.sign()
    town.work_until()
    do(town, "archive", case)
    assert [listed(town, show) for show in ("current", "archived", "void", "")] == [[], [case], [], [case]]
    with pytest.raises(Conflict):
        do(town, "archive", case)
    do(town, "reopen", case, reason="回访发现救助未到位")
    assert listed(town, "current") == [case]
    assert town.task(case, CENTRE).state == "notify"
    assert reconcile(town.deployment, town.at) == 0


def test_papers_that_wait_to_be_signed_are_withdrawn_with_a_void_case(town: Town) -> None:
    case = closed(town)
    do(town, "reopen", case, reason="回访发现救助未到位")
    assert "draft" in {notice.status for notice in town.rows(Notice, case=case)}
    do(town, "void", case, reason="重复建案")
    assert not {"wanted", "draft", "signed"} & {notice.status for notice in town.rows(Notice, case=case)}
    assert reconcile(town.deployment, town.at) == 0


def test_a_suspended_case_is_voided_and_opened_again_with_clocks_begun_anew(town: Town) -> None:
    case = town.dispatched()
    task = town.claim("doctor", town.task(case, MEDICAL))
    actor = town.actor("doctor")
    actor = replace(actor, acts=actor.acts | {"suspend"})
    do_to_task(
        town.deployment, Asked(verb="suspend", actor=actor, task=task.id, version=task.version, reason="补正"), town.at
    )
    assert town.case(case).suspended_at
    town.later(days=3)
    do(town, "void", case, reason="重复建案")
    assert town.case(case).suspended_at is None
    assert town.rows(Job, case=case, status="ready") == []
    do(town, "reopen", case, reason="并非重复")
    again = town.case(case)
    assert again.suspended_at is None
    assert again.due_at
    assert again.due
    assert again.due_at > town.at
    assert "paused" not in again.due
    assert town.task(case, MEDICAL, ended_at=None).suspended_at is None
    assert reconcile(town.deployment, town.at) == 0


def test_whoever_only_has_a_task_in_a_case_does_nothing_to_it_as_a_whole(town: Town) -> None:
    case = town.dispatched()
    for by, error in (("doctor", NotAllowed), ("teacher", NotAllowed), ("village", NotAllowed)):
        with pytest.raises(error):
            do(town, "void", case, by=by, reason="重复建案")
    asked = Asked(verb="void", actor=town.actor("leader"), case="nothing", version=1, reason="x")
    with pytest.raises(NotFound):
        do_to_case(town.deployment, asked, town.at)


def correct_as(town: Town, told: Submitted, by: str = "village", key: str = "", **changes: Any) -> str:
    """Put a report right as its page does: what is sealed is left out unless it is written anew."""
    sealed = {name for name, field in town.rulebook.forms["clue-report"].fields.items() if field.sensitive}
    answers = {name: value for name, value in report().items() if name not in sealed} | changes
    key = key or new_id()
    correct(town.deployment, town.actor(by), told.submission, answers, key, town.at)
    return key


def withdraw_as(town: Town, submission: str, by: str = "village") -> None:
    asked = Asked(verb="withdraw", actor=town.actor(by), submission=submission, reason="报错了人")
    do_to_report(town.deployment, asked, town.at)


def test_a_corrected_report_keeps_what_it_said_and_what_is_sealed(town: Town) -> None:
    told = town.report()
    town.later(hours=1)
    key = correct_as(town, told, difficulty="更正：已出院，药费较多。")
    (correction,) = town.rows(Correction)
    assert (correction.before, correction.submission, correction.fields) == (told.submission, key, ("difficulty",))
    with connection(town.database) as reader:
        act = Act(reader, town.deployment, town.actor("village"), town.at)  # type: ignore[arg-type]
        before, now = (whole_answers(act, reader.find(Submission, each)) for each in (told.submission, key))
    assert before["difficulty"] == report()["difficulty"]
    assert {name: now[name] for name in ("id_number", "illness")} == {
        name: before[name] for name in ("id_number", "illness")
    }
    assert [event.data["fields"] for event in town.events("clue.corrected")] == [["difficulty"]]
    assert town.case(told.case).person == town.rows(Person)[0].id


def test_the_same_correction_sent_again_is_the_same_one(town: Town) -> None:
    told = town.report()
    key = correct_as(town, told, difficulty="更正：已出院，药费较多。")
    assert correct_as(town, told, key=key, difficulty="更正：已出院，药费较多。") == key
    assert len(town.rows(Correction)) == 1


def test_a_name_is_put_right_and_another_number_is_another_person(town: Town) -> None:
    told = town.report()
    key = correct_as(town, told, name="孙桂芝")
    (person,) = town.rows(Person)
    assert (person.name, town.case(told.case).person) == ("孙桂芝", person.id)
    correct_as(town, replace(told, submission=key), name="孙桂芝", id_number=other_id(77))
    assert town.case(told.case).person == town.rows(Person)[1].id != person.id


def test_nobody_corrects_or_takes_back_what_another_reported(town: Town) -> None:
    told = town.report()
    with pytest.raises(NotFound):
        correct_as(town, told, by="township", difficulty="更正")
    with pytest.raises(NotFound):
        withdraw_as(town, told.submission, by="sibling")


def test_a_report_taken_back_ends_the_case_it_opened(town: Town) -> None:
    told = town.report()
    withdraw_as(town, told.submission)
    assert town.case(told.case).ended_as == "withdrawn"
    assert town.inbox(CENTRE, "withdrawn")
    assert listed(town, "void") == [told.case]
    assert town.report().case != told.case


def test_after_somebody_acted_taking_back_is_asked_for(town: Town) -> None:
    case = town.dispatched()
    submission = town.first(Clue, case=case).submission
    withdraw_as(town, submission)
    assert town.case(case).closed_at is None
    assert town.inbox(MEDICAL, "asked-back")
    assert town.inbox(CENTRE, "asked-back")


def test_clues_move_between_cases_and_back(town: Town) -> None:
    one, other = town.report(), town.report(id_number=other_id(77), name="孙桂芝")
    clue = town.first(Clue, case=other.case)
    do(town, "link", other.case, clue=clue.id, number=one.case_number, reason="同一人")
    assert [clue.case for clue in town.rows(Clue)] == [one.case, one.case]
    assert town.case(other.case).ended_as == "linked"
    do(town, "link", one.case, clue=clue.id, number=other.case_number, reason="并错了")
    assert town.case(other.case).closed_at is None
    do(town, "link", other.case, clue=clue.id, number=one.case_number, reason="还是同一人")
    do(town, "split", one.case, clue=clue.id, reason="不是同一人")
    new = town.first(Clue, id=clue.id).case
    assert town.case(new).person == town.case(other.case).person
    assert len({case.number for case in town.rows(Case)}) == 3
    assert verify_chain(town.database, town.keys.chain) is None


def test_a_number_out_of_sight_is_none(town: Town) -> None:
    case = town.report().case
    clue = town.first(Clue, case=case)
    with pytest.raises(NotFound):
        do(town, "link", case, clue=clue.id, number="博救〔2020〕9号", reason="x")


def test_a_record_that_others_told_of_too_keeps_its_name_and_a_question_is_asked(town: Town) -> None:
    told = town.report()
    town.report(by="township")
    correct_as(town, told, name="孙桂芝")
    first, second = town.rows(Person)
    assert [first.name, second.name] == ["孙桂兰", "孙桂芝"]
    assert town.case(told.case).person == second.id
    assert [(each.person, each.other) for each in town.rows(Question)] == [(second.id, first.id)]
    assert town.first(Clue, by="account-village").told["name"] == "孙桂芝"


def test_a_correction_meets_no_record_out_of_sight(town: Town) -> None:
    hidden = town.report(by="sibling", residence=f"{SIBLING}011", id_number=other_id(77), name="孙桂芝")
    told = town.report()
    correct_as(town, told, id_number=other_id(77), name="孙桂芝")
    assert town.case(told.case).person != town.case(hidden.case).person
    assert town.case(told.case).id != hidden.case
    assert town.first(Clue, by="account-village").joined is False
