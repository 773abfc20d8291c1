"""Caps on the running system: earlier grants are read from the stored cases of the person; papers tell who let."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actions.town import GRANTED, MEDICAL, TOLD, Town
from xunfang.actions.reading import caps_before
from xunfang.errors import Invalid, NotFound
from xunfang.rulebook.model import Basis, Cap, CapOverride, Rulebook
from xunfang.store import Task, transaction

AID, CLAUSE = "medical-aid", "BS-三(二)-4"
LET = CapOverride("clerk", "remarks", Basis((CLAUSE,)))
ONCE = Cap("once", "一年一次", 1.0, "", (), 0, LET, Basis(practice="试验"))
SECOND = "一年一次：2026年已给予1次（2026-03-10），本次是第2次，最多1次"
REASON = {**GRANTED, "remarks": "病情反复，再次住院。"}


@pytest.fixture
def capped(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    programme = replace(rulebook.programmes[AID], caps=(ONCE, replace(ONCE, id="sum", label="累计", sum="amount")))
    programme = replace(programme, caps=(programme.caps[0], replace(programme.caps[1], at_most=9000.0)))
    town = Town(tmp_path, replace(rulebook, programmes={**rulebook.programmes, AID: programme}))
    yield town
    town.database.close()


def granted(town: Town, **told: object) -> Task:
    case = town.dispatched(**told)
    town.complete("doctor", town.task(case, MEDICAL), "granted", {**GRANTED, "amount": 8000})
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    return town.first(Task, case=case, unit=MEDICAL)


def test_a_grant_of_an_earlier_case_counts_and_who_may_goes_beyond_with_a_reason(capped: Town) -> None:
    granted(capped)
    case = capped.dispatched()
    task = capped.task(case, MEDICAL)
    with pytest.raises(Invalid) as caught:
        capped.complete("doctor", task, "granted", GRANTED)
    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == ("remarks", "CAP_REASON_MISSING")
    assert SECOND in problem.message
    done = capped.complete("doctor", task, "granted", REASON)
    assert CLAUSE in done.cites
    event = capped.events("task.completed", task=task.id)[0]
    assert (event.told["beyond"], event.told["caps"][0]) == (["一年一次"], SECOND)
    assert (event.actor_name, CLAUSE in event.cites) == ("测试doctor", True)


def test_sums_lie_sealed_in_the_record(capped: Town) -> None:
    task = granted(capped)
    event = capped.events("task.completed", task=task.id)[0]
    assert "8,000元" in event.told["caps"][1]
    assert "caps" not in event.data


def test_somebody_else_has_had_nothing(capped: Town) -> None:
    granted(capped)
    other = capped.dispatched(id_number=None, name="周秀英")
    capped.complete("doctor", capped.task(other, MEDICAL), "granted", GRANTED)


def test_a_paper_tells_who_decided_and_by_which_clause_a_cap_was_passed(capped: Town) -> None:
    granted(capped)
    case = capped.dispatched()
    capped.complete("doctor", capped.task(case, MEDICAL), "granted", REASON)
    capped.work_until()
    before, closing = [
        order.facts for order in capped.press.orders if order.facts["notice"]["kind"] == "closing-notice"
    ]
    assert closing["results"][0]["completed_by"] == "测试doctor"
    assert closing["results"][0]["remarks"] == "病情反复，再次住院。"
    assert CLAUSE in [cited["clause"] for cited in closing["cites"]]
    assert CLAUSE not in [cited["clause"] for cited in before["cites"]]


def test_before_deciding_whoever_sees_the_task_is_told(capped: Town) -> None:
    granted(capped)
    task = capped.task(capped.dispatched(), MEDICAL)
    once, total = caps_before(capped.deployment, capped.actor("doctor"), task.id, capped.at)
    assert (str(once), once.beyond) == ("一年一次：2026年已给予1次（2026-03-10），最多1次", True)
    assert str(total) == "累计：2026年已给予8,000元（2026-03-10 8,000元），上限9,000元，还可以给予1,000元"
    with pytest.raises(NotFound):
        caps_before(capped.deployment, capped.actor("sibling"), task.id, capped.at)


def test_to_be_told_writes_nothing(capped: Town) -> None:
    task = capped.task(capped.dispatched(), MEDICAL)
    before = len(capped.events())
    with transaction(capped.database, ""):  # somebody else is writing meanwhile
        assert caps_before(capped.deployment, capped.actor("doctor"), task.id, capped.at)
    assert len(capped.events()) == before
