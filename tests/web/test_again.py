"""Nothing typed is lost: an act whose page is outdated is asked for once more, a refused one shows its reason again."""

import re
from typing import Any

import pytest
from conftest import PASSWORD, Town

REASON = "户籍不在本区，应由户籍地办理"


def hidden(page: str) -> dict[str, list[str]]:
    """Return the fields a page would send along."""
    data: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        data.setdefault(name, []).append(value)
    return data


def returning(town: Town) -> tuple[Any, dict[str, str]]:
    """Return a claimed task and the form that gives it back with a reason."""
    task = town.dispatched()
    town.client("clerk").post(f"/tasks/{task.id}/claim", {"version": task.version})
    task = town.task(task.id)
    return task, {"version": str(task.version), "case": task.case, "reason": REASON}


def test_an_outdated_page_asks_again_with_the_reason_and_does_nothing_yet(town: Town) -> None:
    task, typed = returning(town)
    clerk = town.client("clerk")
    fresh, clerk.csrf = clerk.csrf, "outdated"
    asked = clerk.post(f"/tasks/{task.id}/return", typed)
    assert asked.status_code == 400
    assert REASON in asked.text
    assert "退回" in asked.text
    assert town.task(task.id).status == "claimed"
    data = {**hidden(asked.text), "reason": REASON}
    assert data["csrf"] == [fresh]
    assert clerk.client.post(f"/tasks/{task.id}/return", data=data).status_code == 303
    assert town.task(task.id).status == "returned"


def test_an_act_outlives_its_session(town: Town) -> None:
    task, typed = returning(town)
    clerk = town.client("clerk")
    town.later(hours=13)
    asked = clerk.post(f"/tasks/{task.id}/return", typed)
    assert asked.status_code == 401
    signed_in = clerk.client.post("/login", data={**hidden(asked.text), "login": "clerk", "password": PASSWORD})
    assert REASON in signed_in.text
    assert PASSWORD not in signed_in.text
    done = clerk.client.post(f"/tasks/{task.id}/return", data={**hidden(signed_in.text), "reason": REASON})
    assert done.status_code == 303
    assert town.task(task.id).status == "returned"


def test_another_site_is_never_asked_again(town: Town) -> None:
    task, typed = returning(town)
    clerk = town.client("clerk")
    clerk.csrf = "outdated"
    refused = clerk.post(f"/tasks/{task.id}/return", typed, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 400
    assert REASON not in refused.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_lays_nothing_behind_the_sign_in(town: Town, origin: str) -> None:
    """From there no session comes along, so that everybody is asked to sign in first."""
    task, typed = returning(town)
    stranger = town.app.test_client()
    asked = stranger.post(f"/tasks/{task.id}/return", data=typed, headers={"Origin": origin})
    assert asked.status_code == 401
    assert REASON not in asked.text
    signed_in = stranger.post("/login", data={**hidden(asked.text), "login": "clerk", "password": PASSWORD})
    assert (signed_in.status_code, signed_in.headers["Location"]) == (302, "/")


def test_of_two_who_give_back_the_second_sees_what_happened_and_keeps_the_reason(town: Town) -> None:
    task, typed = returning(town)
    assert town.client("clerk").post(f"/tasks/{task.id}/return", typed).status_code == 303
    second = town.client("clerk").post(f"/tasks/{task.id}/return", typed)
    assert second.status_code == 409
    assert REASON in second.text


def test_what_one_person_typed_is_never_shown_to_the_next_at_the_same_screen(town: Town) -> None:
    task, typed = returning(town)
    clerk = town.client("clerk")
    town.later(hours=13)
    asked = clerk.post(f"/tasks/{task.id}/return", typed)
    next_one = clerk.client.post("/login", data={**hidden(asked.text), "login": "colleague", "password": PASSWORD})
    assert next_one.status_code == 302
    assert REASON not in next_one.text
