"""Nothing is done that the person's own page did not ask for."""

import pytest
from conftest import Town
from test_access import PUBLIC, addresses


@pytest.mark.parametrize("token", ["", "stale", "of-another-session"])
def test_no_act_without_the_token_of_this_session(town: Town, token: str) -> None:
    told = town.report()
    given = town.client("clerk").csrf if token == "of-another-session" else token
    before = town.events()
    seen = 0
    for login in ("worker", "clerk", "leader", "admin"):
        browser = town.client(login)
        browser.csrf = given
        for endpoint, method, path in addresses(town.app):
            if method == "GET" or endpoint in PUBLIC:
                continue
            answer = browser.post(path.replace("0" * 32, told.case))
            assert 400 <= answer.status_code < 500, endpoint
            seen += 1
    assert seen > 40
    assert town.events() == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_page_of_another_site_cannot_act_even_with_the_token(town: Town, origin: str) -> None:
    browser = town.client("worker")
    answer = browser.post("/logout", headers={"Origin": origin})
    assert answer.status_code == 400
    assert browser.get("/").status_code == 200


def test_a_stale_report_comes_back_whole_with_a_fresh_token_and_writes_nothing(town: Town) -> None:
    browser = town.client("worker")
    fresh, browser.csrf = browser.csrf, "outdated"
    before = town.events()
    answer = browser.post("/forms/clue-report", {"name": "孙桂兰", "difficulty": "没有收入", "submission_id": "b" * 32})
    assert answer.status_code == 400
    assert 'value="孙桂兰"' in answer.text
    assert "没有收入" in answer.text
    assert fresh in answer.text
    assert "b" * 32 in answer.text
    assert town.events() == before


def test_a_body_beyond_the_limit_is_refused(town: Town) -> None:
    browser = town.client("worker")
    assert browser.post("/forms/clue-report", {"difficulty": "长" * 500_000}).status_code == 413
    assert browser.post("/logout", {"x": "y" * 100_000}).status_code == 413
