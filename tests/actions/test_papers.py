"""Papers: numbered without a gap, printed once, opened byte for byte; what the press refuses shows and is mended."""

from dataclasses import replace
from pathlib import Path

import pytest

from actions.town import CENTRE, GRANTED, MEDICAL, SIBLING, TOLD, Town, other_id
from xunfang.actions.papers import open_notice, print_notice
from xunfang.clock import parse
from xunfang.errors import Conflict, NotAllowed, NotFound
from xunfang.rulebook.model import Rulebook
from xunfang.store import Job, Notice


def test_slips_are_numbered_in_order_without_a_gap(town: Town) -> None:
    for serial in (1, 2, 3):
        town.dispatched(id_number=other_id(serial))
    town.work_until()
    slips = sorted(town.rows(Notice, kind="transfer-slip"), key=lambda notice: notice.n or 0)
    assert [slip.number for slip in slips] == [f"博社救转〔2026〕{n}号" for n in (1, 2, 3)]
    assert {slip.status for slip in slips} == {"issued"}
    assert len(town.press.orders) == 3


def test_another_kind_has_a_series_of_its_own(town: Town) -> None:
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL))
    town.work_until()
    assert town.first(Notice, kind="closing-notice").number == "博社救结〔2026〕1号"


def test_a_paper_is_kept_and_opened_byte_for_byte(town: Town) -> None:
    case = town.dispatched()
    slip = town.first(Notice)
    with pytest.raises(Conflict, match="正在生成"):
        open_notice(town.deployment, town.actor("doctor"), slip.id, town.at)
    town.work_until()
    first = open_notice(town.deployment, town.actor("doctor"), slip.id, town.at)
    town.complete("doctor", town.task(case, MEDICAL))
    town.later(days=30)
    assert open_notice(town.deployment, town.actor("leader"), slip.id, town.at) == first == b"%PDF 1"
    assert len(town.events("notice.opened")) == 2


def test_asking_twice_prints_once(town: Town) -> None:
    case = town.dispatched()
    task = town.task(case, MEDICAL)
    slip = town.first(Notice)
    for _ in range(2):
        assert print_notice(town.deployment, town.actor("doctor"), case, task.id, "transfer-slip", town.at) == slip.id
    town.work_until()
    print_notice(town.deployment, town.actor("doctor"), case, task.id, "transfer-slip", town.at)
    town.work_until()
    assert len(town.press.orders) == 1


def test_the_slip_masks_the_person_and_the_closing_notice_names_them(town: Town) -> None:
    case = town.dispatched()
    town.complete("doctor", town.task(case, MEDICAL), "granted", {**GRANTED, "amount": 1200})
    town.work_until()
    slip, closing = (order.facts for order in town.press.orders)
    assert slip["person"]["phone"] == "138****1234"
    assert slip["person"]["id_number"].count("*") == 12
    assert slip["signer"] == "测试leader"
    assert slip["deadline"]["counted"][0] == "2026-03-11"
    assert closing["person"]["phone"] == "13800001234"
    assert closing["results"][0]["amount"] == 1200
    assert closing["results"][0]["programme"] == "医疗救助"


def test_a_paper_that_asks_a_unit_names_that_units_own_deadline(tmp_path: Path, rulebook: Rulebook) -> None:
    kind = replace(rulebook.notices["closing-notice"], to="unit")
    town = Town(tmp_path, replace(rulebook, notices={**rulebook.notices, kind.id: kind}))
    case = town.dispatched()
    town.later(days=1)
    town.complete("doctor", town.task(case, MEDICAL))
    town.work_until()
    told, own = town.press.orders[-1].facts, town.task(case, CENTRE, state="notify")
    assert parse(told["task"]["due_at"]) == own.due_at
    assert own.due is not None
    assert told["deadline"]["counted"] == own.due["counted"]
    assert told["task"]["findings"] == GRANTED["findings"]
    town.database.close()


def test_what_the_press_refuses_is_shown_and_wanted_again_with_its_number(town: Town) -> None:
    case = town.dispatched()
    town.press.refuses = "模板中没有“姓名”。"
    town.work_until()
    failed = town.first(Notice)
    assert (failed.status, failed.error, failed.number) == ("failed", "模板中没有“姓名”。", "博社救转〔2026〕1号")
    assert town.inbox("service-centre", "notice")[0].body == "模板中没有“姓名”。"
    with pytest.raises(Conflict, match="模板中没有"):
        open_notice(town.deployment, town.actor("leader"), failed.id, town.at)
    town.press.refuses = ""
    print_notice(town.deployment, town.actor("leader"), case, failed.task, "transfer-slip", town.at)
    town.work_until()
    issued = town.first(Notice)
    assert (issued.status, issued.error, issued.number) == ("issued", "", "博社救转〔2026〕1号")
    assert not town.rows(Job, status="parked")


def test_a_number_is_never_given_twice_over_the_turn_of_the_year(town: Town) -> None:
    town.dispatched()
    town.work_until()
    town.later(days=300)
    town.dispatched(id_number=other_id(2), found_at=town.at.isoformat())
    town.work_until()
    assert sorted(notice.number for notice in town.rows(Notice, kind="transfer-slip")) == [
        "博社救转〔2026〕1号",
        "博社救转〔2027〕1号",
    ]


def test_papers_of_a_case_out_of_sight_do_not_exist(town: Town) -> None:
    case = town.dispatched()
    town.work_until()
    slip = town.first(Notice)
    assert SIBLING not in slip.addressee
    with pytest.raises(NotFound):
        open_notice(town.deployment, town.actor("sibling"), slip.id, town.at)
    with pytest.raises(NotFound):
        print_notice(town.deployment, town.actor("sibling"), case, "", "closing-notice", town.at)
    with pytest.raises(NotAllowed):
        print_notice(town.deployment, town.actor("village"), case, "", "closing-notice", town.at)
    with pytest.raises(NotFound):
        print_notice(town.deployment, town.actor("leader"), case, "", "no-such-paper", town.at)


def test_nobody_prints_a_decision_at_will(town: Town) -> None:
    case = town.dispatched()
    with pytest.raises(Conflict, match="还没有办到"):
        print_notice(town.deployment, town.actor("leader"), case, "", "refusal-notice", town.at)
    assert [notice.kind for notice in town.rows(Notice)] == ["transfer-slip"]


def test_a_paper_is_owed_even_when_its_task_has_ended(town: Town) -> None:
    case = town.dispatched()
    task = town.task(case, MEDICAL)
    town.complete("doctor", task)
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    town.work_until()
    assert {notice.status for notice in town.rows(Notice)} == {"issued"}
