"""A city without counties: found by the grid or by a contracted society, three modes of patrol, two paths."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from elsewhere import Elsewhere, on_the_national_layer
from xunfang.actions.alerts import change_level, close, declare
from xunfang.actions.duties import hand_in
from xunfang.checking import check
from xunfang.cli.engine_scenarios import can_be_played, disagreements
from xunfang.clock import parse
from xunfang.errors import NotAllowed
from xunfang.prove.coverage import coverage
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentence_of
from xunfang.store import Alert, Case, DutyPeriod, Notice, Task, new_id, verify_chain

CITY = "9998-chengyu"
START = parse("2026-09-08T10:00:00")  # a Tuesday of summer hours
STREET, GRID, VILLAGE = "999800001", "999800001001001", "999800001001"
OFFICE = f"township:{STREET}"
SOCIETY = f"social-work:{STREET}"
PEOPLE = {
    "grid": (f"grid:{GRID}", ("grid-worker",), GRID),
    "village": (f"village:{VILLAGE}", ("village-head",), VILLAGE),
    "society": (SOCIETY, ("social-worker",), STREET),
    "clerk": (OFFICE, ("clerk",), STREET),
    "leader": (OFFICE, ("leader",), STREET),
    "doctor": ("medical-insurance-bureau", ("clerk",), ""),
    "city": ("civil-affairs", ("clerk",), "9998"),
    "city-leader": ("civil-affairs", ("leader",), "9998"),
}
FOUND = {
    "found_at": "2026-09-08T08:30:00", "finder_role": "grid-worker", "name": "虞静秋", "residence": GRID,
    "categories": ["elder-alone"], "difficulty": "老人独居，摔伤后行动不便，近几日做不了饭。",
    "needs": ["basic-living"], "urgency": "ordinary",
}  # fmt: skip


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(on_the_national_layer("chengyu"), CITY)


@pytest.fixture
def city(tmp_path: Path, rulebook: Rulebook) -> Iterator[Elsewhere]:
    city = Elsewhere(tmp_path, rulebook, on_the_national_layer("chengyu"), PEOPLE, START)
    yield city
    city.database.close()


def report(city: Elsewhere, login: str = "grid", **changes: Any) -> str:
    return city.submit(login, "clue-report", {**FOUND, **changes}).case


def test_nothing_is_found_wanting(rulebook: Rulebook) -> None:
    assert rulebook.chain == ("00-national", CITY)
    assert [str(problem) for problem in check(on_the_national_layer("chengyu"), CITY, START.date()).warnings] == []


def test_the_office_hours_name_their_clause(rulebook: Rulebook) -> None:
    told = sentence_of(rulebook, "office")
    assert told
    assert told.cites == ("CY-20",)
    assert told.text.endswith("（依据：澄政规〔2026〕3号 20）")


def test_every_scenario_holds_on_both_floors(rulebook: Rulebook) -> None:
    for scenario in rulebook.scenarios:
        assert [str(failure) for failure in run(rulebook, scenario)] == []
        assert can_be_played(scenario)
        assert [str(failure) for failure in disagreements(rulebook, scenario)] == []


def test_every_clause_is_proved(rulebook: Rulebook) -> None:
    found = coverage(rulebook, prove=True)
    assert len(found.clauses) == 27
    assert found.open == ()


def test_from_the_grid_to_the_letter(city: Elsewhere) -> None:
    case = report(city)
    assert city.first(Case, id=case).number == "澄访〔2026〕1号"
    city.confirm("leader", case)
    task = city.open_task(case, OFFICE)
    assert task.due_at == parse("2026-09-15T18:00:00")
    city.complete(
        "clerk", task, "helped", visited_on="2026-09-08", findings="老人独居，右腕骨折，近期无法做饭。",
        needs_assessment=False, eligible=True, programme="service-aid",
    )  # fmt: skip
    city.work_until("2026-09-08T11:30:00")
    letter = city.first(Notice, kind="closing-notice")
    assert (letter.status, letter.number) == ("draft", "")
    city.sign("leader", "closing-notice")
    city.work_until("2026-09-08T12:00:00")
    letter = city.first(Notice, kind="closing-notice")
    assert (letter.status, letter.number) == ("issued", "潮音访结〔2026〕1号")
    text = city.read("clerk", "closing-notice")
    assert "虞静秋" in text
    assert "老人独居，右腕骨折，近期无法做饭。" in text
    assert "服务类社会救助" in text
    city.complete("clerk", city.open_task(case, OFFICE), "done", notified_on="2026-09-08", notify_way="in-person")
    assert city.first(Case, id=case).closed_at
    assert {row.kind for row in city.rows(Notice)} == {"closing-notice"}  # nobody sends a slip to themselves


def test_the_slip_to_the_bureau_and_the_paper_when_it_is_late(city: Elsewhere) -> None:
    case = report(city, needs=["medical"])
    city.confirm("leader", case)
    task = city.open_task(case, "medical-insurance-bureau")
    city.work_until("2026-09-08T11:00:00")
    slip = city.first(Notice, kind="transfer-slip")
    assert (slip.status, slip.number) == ("issued", "潮音访转〔2026〕1号")
    text = city.read("doctor", "transfer-slip")
    assert "市医疗保障局" in text
    assert "潮音街道望海社区第一网格虞静秋" in text
    assert "请于2026年9月11日18时" in text
    city.work_until("2026-09-14T09:00:00")
    assert city.first(Task, id=task.id).overdue_at == task.due_at
    city.sign("city-leader", "supervision-notice")
    city.work_until("2026-09-14T10:00:00")
    assert city.first(Notice, kind="supervision-notice").number == "澄民访督〔2026〕1号"
    assert "应于2026年9月11日18时00分前办结反馈" in city.read("doctor", "supervision-notice")


def test_at_night_danger_goes_out_at_once_and_help_is_a_case_of_its_own(city: Elsewhere) -> None:
    city.at = parse("2026-09-08T22:00:00")
    case = report(city, found_at="2026-09-08T21:40:00", urgency="emergency")
    task = city.open_task(case, OFFICE)
    assert (task.state, task.due_at) == ("handling", city.at + timedelta(hours=24))
    city.complete(
        "clerk", task, "emergency", visited_on="2026-09-08", findings="老人高烧，屋内没有食物。",
        needs_assessment=False, emergency=True, eligible=True, programme="temporary-aid",
    )  # fmt: skip
    aid = city.first(Case, flow="emergency-aid")
    assert city.open_task(aid.id, OFFICE).due_at is not None
    assert city.first(Case, id=case).closed_at is None


def test_the_society_finds_and_assesses_and_decides_nothing(city: Elsewhere) -> None:
    case = report(city, "society", finder_role="social-worker")
    city.confirm("leader", case)
    task = city.open_task(case, OFFICE)
    with pytest.raises(NotAllowed):
        city.complete("society", task, "helped")
    city.complete(
        "clerk", task, "assess", visited_on="2026-09-08", findings="需要评估。", needs_assessment=True,
        assess_by="2026-09-11",
    )  # fmt: skip
    assessing = city.open_task(case, SOCIETY)
    assert assessing.due_at == parse("2026-09-11T23:59:59")
    city.complete("society", assessing, "assessed", visited_on="2026-09-08", opinion="建议每周上门探访一次。")
    asked = city.open_task(case, f"village:{VILLAGE}")
    city.work_until("2026-09-10T18:30:00")
    assert city.first(Task, id=asked.id).outcome == "agreed"  # nobody objected by the end of the second workday
    assert city.open_task(case, OFFICE).state == "deciding"


def test_three_modes_are_switched_by_events(city: Elsewhere) -> None:
    declare(city.deployment, city.actor("leader"), "patrol", "heightened", (STREET,), "", "台风蓝色预警", city.at)
    city.work_until("2026-09-08T10:05:00")
    assert {(row.duty, row.status) for row in city.rows(DutyPeriod)} == {
        ("heightened-report", "owed"),
        ("ordinary-report", "replaced"),  # in whose place it stands
    }
    alert = city.first(Alert)
    change_level(
        city.deployment, city.actor("leader"), alert.id, alert.version, "emergency", "台风红色预警", city.at
    )  # fmt: skip
    city.work_until("2026-09-08T10:10:00")
    owed = {(row.duty, row.unit) for row in city.rows(DutyPeriod)}
    assert {("emergency-round", f"grid:{GRID}"), ("emergency-daily", f"village:{VILLAGE}")} <= owed
    assert ("emergency-summary", OFFICE) in owed
    daily = city.first(DutyPeriod, duty="emergency-daily", unit=f"village:{VILLAGE}")
    task = city.first(Task, about=daily.id)
    answers = {"visited": 12, "clues": 1}
    hand_in(city.deployment, city.actor("village"), task.id, task.version, answers, "", new_id(), city.at)
    alert = city.first(Alert)
    told = {"visited": 61, "summary": "台风过境，特殊群体全部巡访一遍。"}
    close(city.deployment, city.actor("leader"), alert.id, alert.version, told, "", new_id(), city.at)
    city.work_until("2026-09-08T12:00:00")
    still = {task.state for task in city.rows(Task, subject="duty") if task.ended_at is None}
    assert still == {"ordinary-report"}  # closed before it is due: owed again
    assert verify_chain(city.database, city.deployment.keys.chain) is None
