"""Whoever is about to grant something sees first what the person has had, and what a cap says of more."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import JURISDICTION, PEOPLE, Town, open_town
from test_casework import feedback

from xunfang.actions.handling import complete
from xunfang.rulebook.model import Basis, Cap, CapOverride, Rulebook
from xunfang.store import new_id

AID = "medical-aid"
LET = CapOverride("clerk", "remarks", Basis(practice="试验"))
ONCE = Cap("once", "一年一次", 1.0, "", (), 0, LET, Basis(practice="试验"))
TOLD = {"notified_on": "2026-09-29", "notify_way": "phone", "satisfaction": "satisfied"}


@pytest.fixture
def capped(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    programme = replace(rulebook.programmes[AID], caps=(ONCE,))
    rules = replace(rulebook, programmes={**rulebook.programmes, AID: programme})
    town = open_town(tmp_path, {JURISDICTION: rules}, PEOPLE.values())
    yield town
    town.deployment.database.close()


def granted(town: Town) -> None:
    """Let the person have had it once, in a case that is closed."""
    task = town.dispatched()
    assert complete_on_page(town, task).status_code == 303
    (told,) = town.tasks(task.case)
    complete(town.deployment, town.actor("leader"), told.id, told.version, "done", TOLD, new_id(), town.at)


def complete_on_page(town: Town, task: Any, **more: Any) -> Any:
    done = feedback(town, task, "granted", programme=AID, submission_id=new_id(), **more)
    return town.client("clerk").post(f"/tasks/{task.id}/complete", done)


def test_the_form_tells_what_was_granted_before(capped: Town) -> None:
    granted(capped)
    task = capped.dispatched()
    page = capped.client("clerk").get(f"/tasks/{task.id}/complete").text
    assert re.search(r"<li>一年一次：2026年已给予1次（2026-09-29），最多1次　<strong>已到上限</strong></li>", page)


def test_beyond_the_cap_the_form_comes_back_and_asks_why(capped: Town) -> None:
    granted(capped)
    task = capped.dispatched()
    answer = complete_on_page(capped, task)
    assert answer.status_code == 422
    second = "一年一次：2026年已给予1次（2026-09-29），本次是第2次，最多1次"
    assert f"超过上限，确需给予的请写明理由。{second}。" in answer.text
    assert complete_on_page(capped, task, remarks="病情反复，再次住院。").status_code == 303
    page = capped.client("clerk").get(f"/cases/{task.case}").text
    assert "超过上限，经本人同意：一年一次" in page
    assert f"上限：{second}" in page


def test_where_nothing_is_capped_the_form_says_nothing_of_it(town: Town) -> None:
    task = town.dispatched()
    assert "以前的救助与上限" not in town.client("clerk").get(f"/tasks/{task.id}/complete").text
