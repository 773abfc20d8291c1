"""Ledgers in which somebody looks for a name or a number: what cannot be looked for is never said to have narrowed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions.town import VILLAGE, Town, compiled, other_id, report
from databases import KINDS, kept_in
from desk.plain_ledgers import with_plain_ledgers
from xunfang.actions.submitting import submit
from xunfang.desk.circulating import circulated
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.store import new_id
from xunfang.store.reading import ledgers

OWN, OTHER = report()["name"], "周大福"


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    with kept_in(request.param):
        rules = with_plain_ledgers(compiled())
        told = {"person": "person.name", "visit": "person.name"}
        plain = {
            of: replace(each, columns=(replace(each.columns[0], path=told.get(of, each.columns[0].path)),))
            for of, each in rules.ledgers.items()
        }
        town = Town(tmp_path, replace(rules, ledgers=plain))
        yield town
        town.database.close()


def visited(town: Town, name: str) -> None:
    told = {"visited_on": "2026-03-10", "name": name, "residence": VILLAGE, "found_difficulty": False}
    submit(town.deployment, town.actor("village"), "visit", told, new_id(), town.at)


def test_a_number_finds_whom_it_is_of_among_people_and_visits(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    case = town.case(town.report(categories=["disabled"]).case)
    town.report(name=OTHER, id_number=other_id(26), categories=["disabled"])
    for name in (OWN, OTHER):
        visited(town, name)
    sought = ("", OTHER, case.number, report()["id_number"], other_id(26), other_id(28), "3")
    found: list[list[str]] = [sorted([OWN, OTHER]), [OTHER], [OWN], [OWN], [OTHER], [], []]
    for few in (2_000, 0):  # as if little were in sight, and as if much were
        monkeypatch.setattr(ledgers, "FEW", few)
        for of in ("person", "visit"):
            told = {login: [listed(town, login, of, each) for each in sought] for login in SEES}
            assert told == {login: found if sees else [[]] * 7 for login, sees in SEES.items()}, (of, few)


SEES = {"leader": True, "township": True, "sibling": False, "doctor": False}


def listed(town: Town, login: str, of: str, sought: str) -> list[str]:
    page = LedgerDesk(town.deployment).page(town.actor(login), of, LedgerAsked(find=sought), town.at)
    return sorted(line.cells[0] for line in page.lines)


def test_what_a_ledger_cannot_look_for_is_not_said_to_be(town: Town) -> None:
    desk, leader = LedgerDesk(town.deployment), town.actor("leader")
    asked = LedgerAsked(find="370304-1", first=date(2026, 3, 1), last=date(2026, 3, 31))
    told = {of: desk.page(leader, of, asked, town.at) for of in ("duty", "person", "visit")}
    assert [page.finds for page in told.values()] == [False, True, True]
    assert [[each[:2] for each in page.told] for page in told.values()] == [["报告"], ["查找"], ["走访", "查找"]]
    for of, page in told.items():
        taken = circulated(desk, leader, of, asked, town.at, whole=False)
        assert taken.told == page.told
