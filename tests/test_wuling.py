"""A township on its own: help first, papers later, cash only by a leader's word, reports to two superiors at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from elsewhere import Elsewhere, on_the_national_layer
from xunfang.actions.alerts import change_level, close, declare
from xunfang.actions.duties import begin_duties, hand_in
from xunfang.actions.handling import do_to_task
from xunfang.actions.signing import do_to_paper
from xunfang.casework import Asked
from xunfang.checking import check
from xunfang.cli.engine_scenarios import can_be_played, disagreements
from xunfang.clock import parse
from xunfang.errors import Conflict, Invalid, NotAllowed
from xunfang.prove.coverage import coverage
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentence_of
from xunfang.store import Alert, Case, DutyPeriod, Message, Notice, Task, connection, new_id, verify_chain
from xunfang.store.reading.duties import Shown, duty_page

TOWNSHIP = "999701201-wuling"
START = parse("2026-09-08T10:00:00")  # a Tuesday
TOWN, GROUP, VILLAGE = "999701201", "999701201201001", "999701201201"
STATION = f"township:{TOWN}"
COMMITTEE = f"village:{VILLAGE}"
PEOPLE = {
    "liaison": (f"group:{GROUP}", ("group-liaison",), GROUP),
    "village": (COMMITTEE, ("village-head",), VILLAGE),
    "clerk": (STATION, ("clerk",), TOWN),
    "leader": (STATION, ("leader",), TOWN),
    "mayor": ("government", ("mayor",), TOWN),
    "office": ("government", ("clerk",), TOWN),
    "cashier": ("finance-office", ("clerk",), TOWN),
    "police": ("police-station", ("clerk",), TOWN),
    "bureau": ("civil-affairs", ("clerk",), "999701"),
    "emergency": ("county-emergency", ("clerk",), "999701"),
}
FOUND = {
    "found_at": "2026-09-08T09:00:00", "finder_role": "group-liaison", "name": "雷春花",
    "id_number": "999701196805120018", "residence": GROUP, "causes": ["disaster"],
    "difficulty": "夜间山洪冲毁灶房，家中断炊，老人受凉发热。", "life_in_danger": False,
}  # fmt: skip
ON_SITE = {
    "aided_at": "2026-09-08T09:50:00", "on_site": "found", "findings": "灶房冲毁，老人发热，已送卫生院。",
    "goods": [{"what": "棉被", "quantity": "2床", "value": 160}, {"what": "方便食品", "quantity": "1箱"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(on_the_national_layer("wuling"), TOWNSHIP)


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook) -> Iterator[Elsewhere]:
    town = Elsewhere(tmp_path, rulebook, on_the_national_layer("wuling"), PEOPLE, START)
    yield town
    town.database.close()


def report(town: Elsewhere, **changes: Any) -> str:
    return town.submit("liaison", "emergency-report", {**FOUND, **changes}).case


def aided(town: Elsewhere, case: str, outcome: str, **told: Any) -> None:
    town.complete("clerk", town.open_task(case, STATION), outcome, **ON_SITE, **told)


def confirmed_by_two(town: Elsewhere, case: str) -> None:
    """Let the village and the finance office say that it is so; two of three are enough."""
    for login, unit in (("village", COMMITTEE), ("cashier", "finance-office")):
        town.complete(login, town.open_task(case, unit), "true", opinion="true")


def test_nothing_is_found_wanting(rulebook: Rulebook) -> None:
    assert rulebook.chain == ("00-national", TOWNSHIP)
    assert [str(problem) for problem in check(on_the_national_layer("wuling"), TOWNSHIP, START.date()).warnings] == []


def test_the_stations_own_hours_name_their_clause(rulebook: Rulebook) -> None:
    told = sentence_of(rulebook, "township")
    assert told
    assert told.cites == ("WL-1", "WL-17")
    assert "办公时间为" in told.text


def test_every_scenario_holds_on_both_floors(rulebook: Rulebook) -> None:
    for scenario in rulebook.scenarios:
        assert [str(failure) for failure in run(rulebook, scenario)] == []
        assert can_be_played(scenario)
        assert [str(failure) for failure in disagreements(rulebook, scenario)] == []


def test_every_clause_is_proved(rulebook: Rulebook) -> None:
    found = coverage(rulebook, prove=True)
    assert len(found.clauses) == 21
    assert found.open == ()


def test_help_first_papers_later_and_a_report_to_both_superiors(town: Elsewhere) -> None:
    case = report(town)
    assert town.first(Case, id=case).number == "雾急〔2026〕1号"
    assert town.open_task(case, STATION).due_at == parse("2026-09-08T14:00:00")
    aided(town, case, "goods", needs_cash=False)
    town.work_until("2026-09-08T10:30:00")
    receipt = town.first(Notice, kind="goods-receipt")
    assert (receipt.status, receipt.number) == ("issued", "雾救签〔2026〕1号")
    text = town.read("clerk", "goods-receipt")
    assert "2026年9月8日9时50分到户" in text
    assert "棉被2床160元" in text
    assert "方便食品1箱" in text
    confirmed_by_two(town, case)
    assert town.first(Task, case=case, unit="police-station").ended_at  # taken back: two were enough
    town.work_until("2026-09-08T11:00:00")
    posting = town.read("clerk", "aid-posting")
    assert "因灾" in posting
    assert "999701" not in posting
    town.work_until("2026-09-12T00:30:00")  # three days on the board, without an objection
    papers = town.open_task(case, STATION)
    assert (papers.state, papers.due_at) == ("late-papers", parse("2026-09-21T17:30:00"))
    town.at = parse("2026-09-14T10:00:00")
    told = {"applied_on": "2026-09-14", "checked_on": "2026-09-14", "reasons": "山洪冲毁灶房，当日发放实物并送医。"}
    town.complete("clerk", papers, "supplied", **told)
    town.complete("office", town.open_task(case, "government"), "reported")
    town.work_until("2026-09-14T11:00:00")
    town.sign("mayor", "aid-report")
    town.work_until("2026-09-14T12:00:00")
    letter = town.first(Notice, kind="aid-report")
    assert (letter.status, letter.number) == ("issued", "雾政报〔2026〕1号")
    text = town.read("office", "aid-report")
    assert "县民政局、县应急管理局：" in text
    assert "发放实物、提供服务：棉被2床、方便食品1箱。" in text
    assert "山洪冲毁灶房，当日发放实物并送医。" in text
    assert town.first(Case, id=case).closed_at
    assert "抄送：镇财政办。" in text
    informed = {message.unit for message in town.rows(Message, kind="copy")}
    assert informed == {"civil-affairs", "county-emergency", "finance-office"}
    assert verify_chain(town.database, town.deployment.keys.chain) is None


def delivered(town: Elsewhere, paper: Notice, to: str, day: str) -> Any:
    """The paper of a number after it was noted that it reached a unit."""
    asked = Asked(verb="deliver", actor=town.actor("office"), paper=paper.id, unit=to, way="by-hand", day=day)
    do_to_paper(town.deployment, asked, town.at)
    return town.first(Notice, id=paper.id)


def test_one_letter_of_one_number_reaches_each_of_two_on_a_day_of_its_own(town: Elsewhere) -> None:
    case = report(town)
    aided(town, case, "goods", needs_cash=False)
    confirmed_by_two(town, case)
    town.work_until("2026-09-12T00:30:00")
    town.at = parse("2026-09-14T10:00:00")
    told = {"applied_on": "2026-09-14", "checked_on": "2026-09-14", "reasons": "山洪冲毁灶房，当日发放实物并送医。"}
    town.complete("clerk", town.open_task(case, STATION), "supplied", **told)
    town.complete("office", town.open_task(case, "government"), "reported")
    town.work_until("2026-09-14T11:00:00")
    town.sign("mayor", "aid-report")
    town.work_until("2026-09-14T12:00:00")
    letter = town.first(Notice, kind="aid-report")
    assert (letter.addressees, letter.copies) == (("civil-affairs", "county-emergency"), ("finance-office",))
    for nobody in ("", "finance-office"):
        with pytest.raises(Invalid, match="送达没有登记"):
            delivered(town, letter, nobody, "2026-09-14")
    once = delivered(town, letter, "county-emergency", "2026-09-14")
    assert (once.status, len(once.deliveries)) == ("issued", 1)
    with pytest.raises(Invalid):
        delivered(town, letter, "county-emergency", "2026-09-14")
    twice = delivered(town, letter, "", "2026-09-14")  # only one is left
    assert (twice.status, [each["to"] for each in twice.deliveries]) == ("filed", ["county-emergency", "civil-affairs"])
    assert [row.number for row in town.rows(Notice, kind="aid-report")] == ["雾政报〔2026〕1号"]


def test_cash_goes_out_only_by_the_word_of_who_may_give_so_much(town: Elsewhere) -> None:
    case = report(town)
    with pytest.raises(Invalid):
        aided(town, case, "cash-small", needs_cash=True, proposed_amount=801)
    aided(town, case, "cash-large", needs_cash=True, proposed_amount=1600)
    task = town.open_task(case, "government")
    with pytest.raises(NotAllowed):
        town.complete("office", task, "approved", agreed=True, amount=1600)
    town.complete("mayor", task, "approved", agreed=True, amount=1600)
    town.work_until("2026-09-08T10:30:00")
    text = town.read("cashier", "cash-order")
    assert "经测试mayor批准，先行发放现金1600元" in text
    paying = town.open_task(case, "finance-office")
    assert paying.due_at == parse("2026-09-08T15:30:00")
    paid = {"paid_at": "2026-09-08T10:20:00", "received_by": "雷春花"}
    town.complete("cashier", paying, "paid", **paid, present=[{"name": "钟会计"}, {"name": "蓝站长"}])
    assert town.open_task(case, COMMITTEE).state == "opinions"


def test_more_than_the_town_may_give_is_asked_of_the_county_and_what_was_untrue_is_recovered(town: Elsewhere) -> None:
    case = report(town)
    aided(town, case, "beyond", needs_cash=True, proposed_amount=2401)
    town.work_until("2026-09-08T10:30:00")
    town.sign("mayor", "request-to-county")
    town.work_until("2026-09-08T11:00:00")
    assert "尚需现金2401元，超出镇级审批权限" in town.read("office", "request-to-county")
    told = {"opinion": "untrue", "opinion_text": "当日在县城居住，家中没有进水。"}
    for login, unit in (("police", "police-station"), ("village", COMMITTEE)):
        town.complete(login, town.open_task(case, unit), "untrue", **told)
    town.work_until("2026-09-08T12:00:00")
    town.sign("leader", "recovery-notice")
    town.work_until("2026-09-08T13:00:00")
    assert "当日在县城居住，家中没有进水。" in town.read("clerk", "recovery-notice")
    assert town.open_task(case, "finance-office").state == "recovering"


def test_a_red_response_is_reported_to_two_superiors_until_it_is_over(town: Elsewhere) -> None:
    key = declare(town.deployment, town.actor("mayor"), "hazard", "yellow", (TOWN,), "", "暴雨红色预警", town.at)
    town.work_until("2026-09-08T10:05:00")
    assert {(row.duty, row.unit) for row in town.rows(DutyPeriod)} == {
        ("hazard-round", f"village:{TOWN}{village}") for village in ("201", "202", "203")
    }
    alert = town.first(Alert, id=key)
    change_level(town.deployment, town.actor("mayor"), key, alert.version, "red", "山洪已经发生", town.at)
    town.work_until("2026-09-08T10:10:00")
    ours = {row.duty: row for row in town.rows(DutyPeriod, unit=STATION)}
    assert set(ours) == {"hazard-upwards"}
    task = town.first(Task, about=ours["hazard-upwards"].id)
    figures = {"visited": 30, "moved": 4}
    hand_in(town.deployment, town.actor("clerk"), task.id, task.version, figures, "", new_id(), town.at)
    alert = town.first(Alert, id=key)
    close(town.deployment, town.actor("mayor"), key, alert.version, {}, "山洪退去，没有人员伤亡。", new_id(), town.at)
    town.work_until("2026-09-08T10:15:00")
    assert all(task.ended_at for task in town.rows(Task, subject="duty"))


def monthly(town: Elsewhere) -> tuple[DutyPeriod, Task]:
    """What the town owes both superiors for September, opened in October."""
    town.at = parse("2026-10-08T00:00:20")
    begin_duties(town.deployment, town.at)
    town.work_until("2026-10-08T00:05:00")
    (owed,) = town.rows(DutyPeriod, unit=STATION)
    return owed, town.first(Task, about=owed.id)


def seen_by(town: Elsewhere, login: str) -> list[str]:
    """The duties in the list of whoever signs in so, by what their unit has to do with them alone."""
    scope = replace(town.actor(login).scope, division="")
    with connection(town.database) as reader:
        page = duty_page(reader, scope, Shown.ALL, town.at, "")
    return [item.duty for item in page.items]


def waive(town: Elsewhere, login: str, task: Task, reason: str) -> None:
    asked = Asked(verb="waive", actor=town.actor(login), task=task.id, version=task.version, reason=reason)
    do_to_task(town.deployment, asked, town.at)


def test_every_month_one_report_goes_to_both_superiors(town: Elsewhere) -> None:
    owed, task = monthly(town)
    assert (owed.duty, owed.to, task.due_at) == (
        "monthly",
        ("civil-affairs", "county-emergency"),
        parse("2026-10-08T23:59:59"),
    )
    hand_in(
        town.deployment, town.actor("clerk"), task.id, task.version, {"aided": 3, "cash": 2400}, "", new_id(), town.at
    )
    assert seen_by(town, "bureau") == seen_by(town, "emergency") == ["monthly"]
    assert seen_by(town, "police") == []


def test_what_one_superior_waives_is_still_owed_to_the_other(town: Elsewhere) -> None:
    owed, task = monthly(town)
    waive(town, "bureau", task, "本月已从台账取数")
    town.work_until("2026-10-08T00:10:00")
    task = town.first(Task, id=task.id)
    assert (task.ended_at, task.excused) == (None, ("civil-affairs",))
    (told,) = town.rows(Message, kind="excused")
    assert told.unit == STATION
    assert town.first(DutyPeriod, id=owed.id).status == "owed"
    with pytest.raises(Conflict, match="本单位已经免报"):
        waive(town, "bureau", task, "再免一次")
    waive(town, "emergency", task, "不再需要")
    assert town.first(DutyPeriod, id=owed.id).status == "waived"
    assert verify_chain(town.database, town.deployment.keys.chain) is None
