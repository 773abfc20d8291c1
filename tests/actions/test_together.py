"""Several units on one case, as it is stored: who sees what, who is told, what the record says."""

import pytest

from actions.town import EDUCATION, HOUSING, MEDICAL, Town
from xunfang.actions.handling import do_to_case, do_to_task
from xunfang.casework import Asked
from xunfang.errors import Conflict, NotAllowed, NotFound
from xunfang.store import ScopedReader, Task, connection


def sees(town: Town, login: str, case: str) -> bool:
    with connection(town.database) as reader:
        return ScopedReader(reader, town.actor(login).scope).sees_case(case)


def consult(town: Town, case: str, by: str = "doctor", to: str = HOUSING) -> Task:
    task = town.task(case, MEDICAL)
    asked = Asked(verb="consult", actor=town.actor(by), task=task.id, unit=to, reason="房屋能否改造？")
    do_to_task(town.deployment, asked, town.at)
    return town.task(case, to, role="consult")


def test_who_is_asked_sees_the_case_and_answers_and_the_case_goes_on_meanwhile(town: Town) -> None:
    case = town.dispatched()
    assert not sees(town, "builder", case)
    before = town.task(case, MEDICAL)
    asked = consult(town, case)
    assert sees(town, "builder", case)
    assert town.task(case, MEDICAL) == before
    answer = Asked(verb="answer", actor=town.actor("builder"), task=asked.id, version=asked.version, reason="可以。")
    do_to_task(town.deployment, answer, town.later(hours=1))
    ended = town.first(Task, id=asked.id)
    assert (ended.status, ended.outcome, ended.claimed_by) == ("done", "answered", "account-builder")
    assert [told.task for told in town.inbox(MEDICAL, "answer")] == [before.id]
    assert town.task(case, MEDICAL) == before
    with pytest.raises(Conflict, match="由您办结"):
        do_to_task(town.deployment, answer, town.at)


def test_a_lead_that_does_not_wait_withdraws_its_question(town: Town) -> None:
    case = town.dispatched()
    asked = consult(town, case)
    town.complete("doctor", town.task(case, MEDICAL))
    assert town.first(Task, id=asked.id).status == "withdrawn"
    assert town.case(case).state == "notify"


def test_only_the_unit_of_a_task_asks_others_about_it(town: Town) -> None:
    case = town.dispatched()
    with pytest.raises(NotFound):
        consult(town, case, by="teacher")
    with pytest.raises(NotAllowed, match="医保"):
        consult(town, case, by="township", to=EDUCATION)


def test_a_copy_reaches_the_inbox_and_shows_nothing_of_the_case(town: Town) -> None:
    case = town.dispatched()
    asked = Asked(verb="copy", actor=town.actor("doctor"), case=case, unit=EDUCATION, reason="请留意其孙辈就学。")
    do_to_case(town.deployment, asked, town.at)
    (told,) = town.inbox(EDUCATION, "copy")
    assert "请留意其孙辈就学。" in told.body
    assert (told.case, told.task) == ("", "")
    assert not sees(town, "teacher", case)
    assert town.events("case.copied", case=case)[0].data["to"] == EDUCATION


def test_a_note_is_one_event_of_the_case(town: Town) -> None:
    case = town.dispatched()
    before = len(town.events())
    asked = Asked(verb="note", actor=town.actor("township"), case=case, reason="已电话联系。")
    do_to_case(town.deployment, asked, town.at)
    assert len(town.events()) == before + 1
    noted = town.events("case.noted", case=case)[0]
    assert (noted.actor, noted.told) == ("account-township", {"reason": "已电话联系。"})
    with pytest.raises(NotFound):
        do_to_case(town.deployment, Asked(verb="note", actor=town.actor("teacher"), case=case, reason="看看"), town.at)
