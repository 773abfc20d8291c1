"""What a routing row says besides its lead, on the pages of those who decide, who handle, and who are only told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import JURISDICTION, PEOPLE, Person, Town, open_town

from casework.altered import altered
from casework.test_posts import rulebook as with_role
from casework.test_row_terms import rulebook as with_terms
from xunfang.actions.reminding import reconcile

MEDICAL = 'lead = "medical-insurance-bureau"'


@pytest.fixture
def informing_town(tmp_path: Path) -> Iterator[Town]:
    rulebook = altered({"routing.toml": (MEDICAL, f'informs = ["leading-group-office"]\n{MEDICAL}')})
    town = open_town(tmp_path, {JURISDICTION: rulebook}, PEOPLE.values())
    yield town
    town.deployment.database.close()


def test_the_dispatch_card_and_the_case_say_who_is_informed(informing_town: Town) -> None:
    leader, case = informing_town.client("leader"), informing_town.report().case
    card = leader.get("/dispatch/").text
    assert "交区医保分局主办的，按规定抄送：区社会救助工作领导小组办公室（只告知，不需办理）" in card
    done = {"version": 1, "lead-0": "medical-insurance-bureau", "assist-0": ""}
    assert leader.post(f"/dispatch/{case}", done).status_code == 303
    page = leader.get(f"/cases/{case}").text
    step = page[page.index("按规定抄送") :]
    assert step.index("系统按规则") < step.index("起于：测试leader") < step.index("</li>")


@pytest.fixture
def checking_town(tmp_path: Path) -> Iterator[Town]:
    town = open_town(tmp_path, {JURISDICTION: with_terms()}, PEOPLE.values())
    yield town
    town.deployment.database.close()


def test_a_lead_fills_in_the_form_of_its_row_and_the_night_finds_nothing_missing(checking_town: Town) -> None:
    case = checking_town.report().case
    done = {"version": 1, "lead-0": "medical-insurance-bureau", "assist-0": ""}
    checking_town.client("leader").post(f"/dispatch/{case}", done)
    (task,) = checking_town.tasks(case)
    page = checking_town.client("clerk").get(f"/tasks/{task.id}/complete").text
    assert 'name="hospital"' in page
    assert reconcile(checking_town.deployment, checking_town.now()) == 0


@pytest.fixture
def leading_town(tmp_path: Path) -> Iterator[Town]:
    front = Person("front", "service-centre", ("clerk",), "370304")
    town = open_town(tmp_path, {JURISDICTION: with_role()}, (*PEOPLE.values(), front))
    yield town
    town.deployment.database.close()


def test_only_a_holder_of_the_role_is_offered_the_task(leading_town: Town) -> None:
    case = leading_town.report().case
    done = {"version": 1, "lead-0": "medical-insurance-bureau", "assist-0": ""}
    leading_town.client("leader").post(f"/dispatch/{case}", done)
    (task,) = leading_town.tasks(case)
    answers = {"visited_on": "2026-09-29", "findings": "已核查。", "eligible": "false", "refusal_reason": "income"}
    told = {"version": task.version, "outcome": "ineligible", "submission_id": "c" * 32, **answers}
    assert leading_town.client("clerk").post(f"/tasks/{task.id}/complete", told).status_code == 303
    task = next(task for task in leading_town.tasks(case) if task.state == "notify")
    leader, front = leading_town.client("leader"), leading_town.client("front")
    tick = f'value="{task.id}'
    assert tick in leader.get("/").text
    assert tick not in front.get("/").text
    assert "待区社会救助综合服务中心（分管领导）签收" in front.get(f"/cases/{case}").text
    assert f"/tasks/{task.id}/claim" in leader.get(f"/cases/{case}").text
    assert f"/tasks/{task.id}/claim" not in front.get(f"/cases/{case}").text
    refused = front.post(f"/tasks/{task.id}/claim", {"version": task.version})
    assert refused.status_code == 403
    assert "由区社会救助综合服务中心的分管领导办理" in refused.text
    assert front.get(f"/tasks/{task.id}/complete").status_code == 404
    assert leader.get(f"/tasks/{task.id}/complete").status_code == 200
