"""Papers: numbered without a gap, printed once, opened byte for byte; what the press refuses shows and is mended."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.town import CENTRE, EDUCATION, FILES, GRANTED, JURISDICTION, MEDICAL, SIBLING, TOLD, Town, other_id
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.papers import DRAFT, NoticeIssuing, open_notice, print_notice
from xunfang.actions.publishing import publish
from xunfang.actions.signing import sign_several
from xunfang.casework.jobs import ISSUE
from xunfang.clock import parse
from xunfang.desk import Readings
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.printing.order import plain_facts
from xunfang.printing.rendering import render
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Account, Job, Message, Notice, transaction
from xunfang.store.database import MOST_ROWS
from xunfang.worker import Worker


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
    town.sign()
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
    town.sign()
    issued = town.first(Notice)
    assert (issued.status, issued.error, issued.number) == ("issued", "", "博社救转〔2026〕1号")
    assert not town.rows(Job, status="parked")


def test_a_paper_that_failed_is_made_by_the_corrected_template_once_that_is_published_its_number_kept(
    town: Town,
) -> None:
    town.dispatched()
    town.press.refuses = "模板中没有“姓名”。"
    town.work_until()
    failed = town.first(Notice)
    name = f"templates/{JURISDICTION}/transfer-slip.html"
    files = {**FILES, name: FILES[name] + "<!-- 改好的模板 -->"}
    books = Rulebooks(town.database, {JURISDICTION: compile_rulebook(files, JURISDICTION)})
    publish(replace(town.deployment, rulebooks=books), files, town.later(minutes=1))
    assert town.deployment.rulebooks.renew()
    town.press.refuses = ""
    again = town.paper("remake-paper", failed, by="leader")
    assert (again.release, again.number) == (town.deployment.rulebooks.of(JURISDICTION).digest, failed.number)
    town.sign()
    issued = town.first(Notice)
    assert (issued.id, issued.status, issued.number) == (failed.id, "issued", failed.number)
    order = town.press.orders[-1]
    assert "改好的模板" in order.templates[order.template]
    assert town.case(failed.case).release == failed.release
    town.paper("void-paper", issued, reason="地址写错。")
    other = town.dispatched(id_number=other_id(31), name="另一位")
    town.sign()
    numbers = {paper.number: paper.status for paper in town.rows(Notice, kind="transfer-slip")}
    assert numbers == {"博社救转〔2026〕1号": "void", "博社救转〔2026〕2号": "issued"}
    file = Readings(town.deployment).case(town.actor("leader"), failed.case, town.at)
    assert [(paper.number, paper.told[-1]) for paper in file.papers] == [(failed.number, "理由：地址写错。")]
    assert file.papers[0].edition.endswith("第2版")
    assert file.edition.endswith("第1版")
    assert Readings(town.deployment).case(town.actor("leader"), other, town.at).edition.endswith("第2版")


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
    assert SIBLING not in slip.addressees
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
    town.sign()
    assert {notice.status for notice in town.rows(Notice)} == {"issued"}


def refused(town: Town, **changes: Any) -> tuple[str, Notice]:
    """Return a case refused by the bureau, and the draft of the paper that says so."""
    case = town.dispatched(**changes)
    told = {**GRANTED, "eligible": False, "refusal_reason": "supporters", "refusal_text": "子女有赡养能力。"}
    town.complete("doctor", town.task(case, MEDICAL), "ineligible", {k: v for k, v in told.items() if k != "programme"})
    town.work_until()
    return case, town.first(Notice, case=case, kind="refusal-notice")


def test_nothing_is_numbered_or_dated_before_it_is_signed(town: Town) -> None:
    _, draft = refused(town)
    assert (draft.status, draft.n, draft.issued_at, draft.signed_by) == ("draft", None, None, "")
    order = next(order for order in town.press.orders if order.template == "refusal-notice.html")
    assert (order.mark, order.facts["notice"]["number"], order.facts["notice"]["issued_on"]) == (DRAFT, "", "")
    assert order.facts["signer"] == ""
    assert open_notice(town.deployment, town.actor("leader"), draft.id, town.at).startswith(b"%PDF")
    waiting = [told for told in town.inbox(CENTRE, "notice") if told.title.startswith("文书待签发：不予")]
    assert len(waiting) == 1
    town.later(days=3)
    town.sign("refusal-notice")
    issued = town.first(Notice, id=draft.id)
    assert (issued.status, issued.number, issued.signed_by) == ("issued", "博社救不〔2026〕1号", "account-leader")
    last = town.press.orders[-1]
    assert (last.mark, last.facts["notice"]["number"]) == ("", "博社救不〔2026〕1号")
    assert last.facts["notice"]["issued_on"] == "2026-03-13"
    assert last.facts["signer"] == "测试leader"


def test_what_was_signed_is_what_is_printed_whatever_came_after(town: Town) -> None:
    case, draft = refused(town)
    drafted = town.press.orders[-1].facts if town.press.orders[-1].template == "refusal-notice.html" else None
    town.complete("centre", town.task(case, CENTRE, state="notify"), "done", TOLD)
    town.later(days=40)
    town.sign("refusal-notice")
    printed = next(o.facts for o in reversed(town.press.orders) if o.template == "refusal-notice.html")
    drafted = drafted or next(o.facts for o in town.press.orders if o.template == "refusal-notice.html")
    changing = ("notice", "signer")
    assert {k: v for k, v in printed.items() if k not in changing} == {
        k: v for k, v in drafted.items() if k not in changing
    }
    assert town.first(Notice, id=draft.id).status == "issued"


def test_only_whoever_signs_within_sight_signs(town: Town) -> None:
    _, draft = refused(town)
    for login in ("doctor", "centre", "supervisor", "operator"):
        with pytest.raises(NotAllowed):
            town.paper("sign-off", draft, by=login)
    with pytest.raises(NotFound):
        town.paper("deliver", draft, by="sibling", way="mail", day="2026-03-10")
    assert town.first(Notice, id=draft.id).status == "draft"


def test_several_are_signed_at_once_and_one_that_changed_holds_up_no_other(town: Town) -> None:
    first = refused(town)[1]
    second = refused(town, id_number=other_id(2))[1]
    third = refused(town, id_number=other_id(3))[1]
    town.paper("refuse-sign-off", second, reason="写得不清。")
    told = [(paper.id, paper.version) for paper in (first, second, third)]
    leader = town.actor("leader")
    assert sign_several(town.deployment, leader, "sign-off", told, "", town.at) == (2, 1)
    town.work_until()
    numbers = {paper.id: paper.number for paper in town.rows(Notice, kind="refusal-notice")}
    assert [numbers[paper.id] for paper in (first, second, third)] == ["博社救不〔2026〕1号", "", "博社救不〔2026〕2号"]


def test_a_paper_refused_is_made_again_and_one_void_gives_way_to_another(town: Town) -> None:
    _, draft = refused(town)
    town.paper("refuse-sign-off", draft, reason="写得不清。")
    with pytest.raises(Conflict, match="没有获准签发"):
        open_notice(town.deployment, town.actor("leader"), draft.id, town.at)
    town.paper("remake-paper", draft, by="doctor")
    town.sign()
    issued = town.paper("void-paper", draft, reason="姓名写错。")
    assert (issued.status, issued.number) == ("void", "博社救不〔2026〕1号")
    with pytest.raises(Conflict, match="已经作废"):
        open_notice(town.deployment, town.actor("leader"), draft.id, town.at)
    town.paper("remake-paper", draft, by="doctor")
    town.sign()
    papers = [(paper.status, paper.number) for paper in town.rows(Notice, kind="refusal-notice")]
    assert sorted(papers) == [("issued", "博社救不〔2026〕2号"), ("void", "博社救不〔2026〕1号")]


def test_a_failed_paper_is_printed_from_the_release_in_force_and_its_case_stays(town: Town) -> None:
    town.press.refuses = "模板中没有“姓名”。"
    case, failed = refused(town)
    assert failed.status == "failed"
    town.press.refuses = ""
    texts = {**town.rulebook.templates, "refusal-notice.html": "改好的模板"}
    later = replace(town.rulebook, digest="f" * 64, templates=texts)
    books = Rulebooks(town.database, {JURISDICTION: later})
    books._books.earlier[town.rulebook.digest] = town.rulebook
    town.deployment = replace(town.deployment, rulebooks=books)
    handlers = {ISSUE: NoticeIssuing(town.deployment, town.press, town.now)}
    town.worker = Worker(town.database, handlers, town.now)
    again = town.paper("remake-paper", failed, by="operator")
    assert (again.status, again.release, town.case(case).release) == ("wanted", later.digest, town.rulebook.digest)
    town.work_until()
    order = town.press.orders[-1]
    assert order.templates[order.template] == "改好的模板"
    assert town.first(Notice, id=failed.id).status == "draft"
    assert town.events("notice.wanted_again")[-1].told["release"] == later.digest


def test_whoever_operates_has_only_failed_papers_made_again(town: Town) -> None:
    _, draft = refused(town)
    with pytest.raises(NotFound):
        town.paper("remake-paper", draft, by="operator")


def test_a_paper_is_delivered_and_filed(town: Town) -> None:
    _, draft = refused(town)
    town.sign()
    with pytest.raises(Invalid):
        town.paper("deliver", draft, by="leader", way="posted", day="2026-03-10")
    filed = town.paper("deliver", draft, by="leader", way="mail", day="2026-03-10")
    assert filed.status == "filed"
    assert filed.deliveries == [{"to": "", "on": "2026-03-10", "way": "mail", "by": "account-leader"}]
    assert town.events("notice.delivered")[0].told["delivered"] == "2026-03-10"
    assert open_notice(town.deployment, town.actor("leader"), draft.id, town.at)


def test_a_paper_after_several_leads_takes_no_single_ones_facts(town: Town) -> None:
    case = town.dispatched(needs=["medical", "education"], schooling="欠伙食费。")
    town.complete("doctor", town.task(case, MEDICAL), "granted", {**GRANTED, "amount": 1200})
    town.later(minutes=1)
    refused = {"eligible": False, "refusal_reason": "supporters", "refusal_text": "您的子女有能力赡养您。"}
    same = {"visited_on": GRANTED["visited_on"], "findings": "入户核实，子女有赡养能力。"}
    town.complete("teacher", town.task(case, EDUCATION), "ineligible", {**same, **refused})
    town.work_until()
    told = {order.facts["notice"]["kind"]: order.facts for order in town.press.orders}
    closing, refusal = told["closing-notice"], told["refusal-notice"]
    assert [(each["unit"], each["outcome"]) for each in closing["results"]] == [
        ("区医保分局", "符合条件，落实救助"),
        ("区教体局", "不符合条件"),
    ]
    assert closing["unit"]["label"] == "区医保分局、区教体局"
    for name in ("findings", "programme", "amount", "outcome", "refusal_text"):
        assert not closing["task"][name], name
    assert refusal["task"]["findings"] == same["findings"]
    assert refusal["unit"]["label"] == "区教体局"


def test_a_county_of_more_than_a_thousand_accounts_has_its_papers_laid_before_the_leader(town: Town) -> None:
    task = town.claim("doctor", town.task(town.dispatched(), MEDICAL))
    with transaction(town.database, "") as tx:
        known = tx.first(Account, login="village")
        assert known
        for n in range(MOST_ROWS + 1):
            tx.insert(replace(known, id=f"villager-{n}", login=f"villager{n}"))
    town.complete("doctor", task)
    town.work_until()
    assert town.papers_waiting()
    assert [message for message in town.rows(Message, unit=CENTRE) if message.title.startswith("文书待签发")]


def test_a_paper_of_an_outcome_that_is_only_recorded_tells_of_it_each_time_it_is(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    flow = rulebook.flows["clue"]
    state = flow.states["handling"]
    printing = replace(state.outcomes["emergency"], prints=("closing-notice",))
    state = replace(state, outcomes={**state.outcomes, "emergency": printing})
    flow = replace(flow, states={**flow.states, "handling": state})
    town = Town(tmp_path, replace(rulebook, flows={**rulebook.flows, "clue": flow}))
    case = town.dispatched()
    for findings in ("当日断粮。", "次日断水。"):
        told = {"visited_on": "2026-03-10", "findings": findings, "emergency": True}
        town.complete("doctor", town.task(case, MEDICAL), "emergency", told)
        town.work_until()
        task = town.press.orders[-1].facts["task"]
        assert (task["findings"], task["outcome"], task["completed_at"]) == (findings, printing.label, "")
        town.later(hours=1)
    made = town.rows(Notice, kind="closing-notice")
    assert {notice.status for notice in made} == {"draft"}
    town.complete("doctor", town.task(case, MEDICAL))
    town.work_until()
    town.paper("refuse-sign-off", made[0], reason="写得不清。")
    town.paper("remake-paper", made[0], by="leader")
    town.work_until()
    assert town.press.orders[-1].facts["task"]["findings"] == "当日断粮。"
    town.database.close()


def test_days_overdue_are_told_with_the_day_they_were_counted_on_however_late_it_is_signed(town: Town) -> None:
    town.dispatched()
    town.later(days=10)
    town.work_until()
    drafted = town.press.orders[-1].facts
    assert drafted["notice"]["kind"] == "supervision-notice"
    town.later(days=5)
    town.sign("supervision-notice")
    printed = town.press.orders[-1].facts
    assert (printed["notice"]["kind"], printed["notice"]["issued_on"]) == ("supervision-notice", "2026-03-25")
    assert printed["task"]["days_overdue"] == drafted["task"]["days_overdue"]
    as_of = date.fromisoformat(printed["task"]["overdue_as_of"])
    assert as_of < date(2026, 3, 25)
    text = render("supervision-notice.html", town.rulebook.templates, plain_facts(printed), "letter")
    assert f"截至2026年{as_of.month}月{as_of.day}日，已超期{printed['task']['days_overdue']}个工作日" in text
    printed["task"]["days_overdue"] = 0  # late since the same day: nothing was counted, and it still has not come
    text = render("supervision-notice.html", town.rulebook.templates, plain_facts(printed), "letter")
    assert "截至2026年3月25日，仍未收到" in text


def test_every_unit_stands_on_a_paper_by_the_name_it_bears_on_that_day(tmp_path: Path, rulebook: Rulebook) -> None:
    renamed = {
        unit: replace(rulebook.units[unit], formerly=((f"旧{unit}", date(2026, 12, 31)),)) for unit in (MEDICAL, CENTRE)
    }
    town = Town(tmp_path, replace(rulebook, units={**rulebook.units, **renamed}))
    town.dispatched()
    town.work_until()
    facts = town.press.orders[-1].facts
    told = [facts["issuer"]["label"], facts["contact"]["unit"], facts["unit"]["label"], facts["task"]["unit"]]
    assert told == [f"旧{CENTRE}", f"旧{CENTRE}", f"旧{MEDICAL}", f"旧{MEDICAL}"]
    town.database.close()
