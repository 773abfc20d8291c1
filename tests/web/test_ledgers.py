"""Ledgers on their pages: what is listed, narrowed, masked, and never a stranger's."""

import re
from urllib.parse import unquote

import pytest
from conftest import TOWNSHIP, VILLAGE, Town, report_answers

NAME = report_answers()["name"]
HEADS = re.compile(r'<th scope="col">([^<]*)</th>')


def show(town: Town, login: str, ledger: str = "clue-ledger", query: str = "") -> str:
    return str(town.client(login).get(f"/ledgers/{ledger}{query}").text)


def test_every_ledger_of_the_county_is_listed_and_opens(town: Town) -> None:
    town.dispatched()
    index = town.client("leader").get("/ledgers/").text
    opened = re.findall(r'href="/ledgers/([a-z-]+)"', index)
    assert {"clue-ledger", "temporary-aid-register"} <= set(opened)
    for ledger in opened:
        page = town.client("leader").get(f"/ledgers/{ledger}")
        assert (page.status_code, ledger in index) == (200, True), ledger
    assert town.client("leader").get("/ledgers/nothing").status_code == 404


def test_a_line_tells_the_case_by_its_labels_masked_and_opens_it(town: Town) -> None:
    task, told = town.dispatched(), report_answers()
    page = show(town, "leader")
    assert HEADS.findall(page)[0] == "线索编号"
    for text in (NAME, told["difficulty"], "医疗救助", "区医保分局", "2026-09-29 08:30", f'href="/cases/{task.case}"'):
        assert text in page
    for secret in (told["id_number"], told["phone"], told["illness"]):
        assert secret not in page
    assert "138****1234" in page


SEES = dict.fromkeys(("leader", "township", "worker", "clerk"), True)
SEES |= dict.fromkeys(("other-worker", "sibling", "teacher", "builder"), False)


@pytest.mark.parametrize("login", SEES)
def test_a_line_is_seen_by_those_who_see_its_case(town: Town, login: str) -> None:
    town.dispatched()
    assert (NAME in show(town, login)) is SEES[login]


def test_a_ledger_is_narrowed_and_no_address_tells_a_name(town: Town) -> None:
    town.dispatched()
    town.report(name="周大福", id_number=None, residence=VILLAGE)
    leader = town.client("leader")

    def narrowed(**asked: str) -> str:
        sent = leader.post("/ledgers/clue-ledger", asked)
        assert sent.status_code == 303
        assert all(name not in unquote(sent.location) for name in (NAME, "周大福"))
        return str(leader.get(sent.location).text)

    found = {
        "name": narrowed(q=NAME), "place": narrowed(place=TOWNSHIP), "elsewhere": narrowed(place="370304103"),
        "since": narrowed(first="2026-09-29"), "before": narrowed(last="2026-09-28"), "ended": narrowed(stands="ended"),
        "open": narrowed(stands="open"), "odd": narrowed(first="nonsense", place="x' or 1=1", stands="y"),
        "as of": narrowed(on="2026-09-28"),
    }  # fmt: skip
    told = {what: (NAME in re.sub("<input[^>]*>", "", page), "周大福" in page) for what, page in found.items()}
    both, none = (True, True), (False, False)
    assert told == {
        "name": (True, False), "place": both, "elsewhere": none, "since": both, "before": none, "ended": none,
        "open": both, "odd": both, "as of": none,
    }  # fmt: skip
