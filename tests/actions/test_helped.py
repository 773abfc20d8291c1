"""Who is helped now 长期公示: each village's list is renewed as entitlements change, and the one before is kept."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from actions.roll import ACCOUNT, FAR, NEAR, exits, grant, number_of, person, work
from actions.town import FILES, JURISDICTION, TOWNSHIP, Town
from merged import after, changed, merging
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.following import follow_divisions
from xunfang.actions.helped import begin_helped
from xunfang.actions.jobs import handlers
from xunfang.actions.printing_sheets import SHEET, ask_sheet
from xunfang.actions.printouts import open_printout, printouts_of
from xunfang.actions.publishing import publish
from xunfang.casework import HelpedList
from xunfang.clock import local_date
from xunfang.desk import Readings
from xunfang.desk.publications import helped_facts
from xunfang.errors import NotFound
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Event
from xunfang.worker import Worker


def renewed(town: Town) -> None:
    begin_helped(town.deployment, town.at)
    work(town)


def test_a_village_has_a_list_that_is_renewed_when_it_changes(town: Town) -> None:
    one, other, away = person(town, 1, "王甲"), person(town, 2, "王乙"), person(town, 3, "王丙", FAR)
    grant(town, one, "2026-01-01", 53050)
    ended = grant(town, other, "2026-01-01")
    grant(town, away, "2026-01-01")
    grant(town, person(town, 4, "王丁"), "2026-05-01")  # not yet
    renewed(town)
    lists = {each.residence: each for each in town.rows(HelpedList)}
    assert {place: len(each.told["rows"]) for place, each in lists.items()} == {NEAR: 2, FAR: 1}
    assert {"name": "王甲", "members": "2人", "amount": "530.50元"} in lists[NEAR].told["rows"]
    town.at += timedelta(days=1)
    renewed(town)
    assert len(town.rows(HelpedList)) == 2, "the same list is not hung again"
    exits(town, ended, "2026-03-11")
    town.at += timedelta(days=1)
    renewed(town)
    (before,) = [each for each in town.rows(HelpedList) if each.replaced_at]
    assert (before.id, before.households) == (lists[NEAR].id, 2)
    now = town.first(HelpedList, residence=NEAR, replaced_at=None)
    assert (now.households, now.posted_at) == (1, town.at)
    assert len(town.rows(Event, name="helped.posted")) == 3
    text = str([each.told for each in town.rows(HelpedList)])
    assert number_of(1) not in text
    assert ACCOUNT not in text


def going_by(town: Town, rulebook: Rulebook) -> None:
    """Let a town go by other rules, as they are on its own day."""
    books = Rulebooks(town.database, {JURISDICTION: rulebook}, today=lambda: local_date(town.at))
    town.deployment = replace(town.deployment, rulebooks=books)
    town.worker = Worker(town.database, handlers(town.deployment, town.press, town.now), town.now)
    publish(town.deployment, FILES, town.at)


def hanging(town: Town) -> dict[str, list[str]]:
    """Return who is on the lists that hang now, by place."""
    rows = town.rows(HelpedList, replaced_at=None)
    return {each.residence: [row["name"] for row in each.told["rows"]] for each in rows}


@pytest.mark.parametrize("followed", [False, True])
def test_villages_that_were_merged_have_the_list_of_the_new_one_and_none_is_left_out(
    tmp_path: Path, rulebook: Rulebook, followed: bool
) -> None:
    town = Town(tmp_path, rulebook)
    for n, (name, place) in enumerate([("王甲", NEAR), ("王乙", FAR)], 1):
        grant(town, person(town, n, name, place), "2026-01-01")
    renewed(town)
    assert hanging(town) == {NEAR: ["王甲"], FAR: ["王乙"]}
    going_by(town, compile_rulebook(changed(FILES, merging, date(2026, 3, 11)), JURISDICTION))
    town.at += timedelta(days=1)
    if followed:
        follow_divisions(town.deployment, town.at)
        work(town)
    renewed(town)
    assert hanging(town) == {after(NEAR): ["王甲"], after(FAR): ["王乙"]}
    assert len(town.rows(HelpedList)) == 4, "what hung before is kept"
    town.database.close()


@pytest.mark.parametrize("known", [True, False])
def test_what_the_rules_do_not_publish_any_more_comes_down(town: Town, known: bool) -> None:
    for n, place in enumerate((NEAR, FAR)):
        grant(town, person(town, n, "王甲", place), "2026-01-01")
    renewed(town)
    assert len(hanging(town)) == 2
    given = town.rulebook.programmes["subsistence-allowance"]
    programmes = {id: each for id, each in town.rulebook.programmes.items() if id != given.id}
    kept = {given.id: replace(given, published=replace(given.published, boards=()))} if known else {}
    going_by(town, replace(town.rulebook, programmes={**programmes, **kept}))
    town.at += timedelta(days=1)
    with patch("xunfang.actions.helped.PIECE", 1):
        renewed(town)
    assert hanging(town) == {}


def test_on_a_website_names_are_masked_and_places_are_townships(tmp_path: Path, rulebook: Rulebook) -> None:
    given = rulebook.programmes["subsistence-allowance"]
    public = {"subsistence-allowance": replace(given, published=replace(given.published, boards=("website",)))}
    town = Town(tmp_path, replace(rulebook, programmes={**rulebook.programmes, **public}))
    grant(town, person(town, 1, "欧阳建国"), "2026-01-01")
    renewed(town)
    desk = Readings(town.deployment).publications
    ((row,), _) = desk.public_lists(JURISDICTION, "")
    page = desk.public_list(JURISDICTION, row.id)
    assert page is not None
    assert page.people == (("欧**国", "2人", "530元"),)
    assert town.first(HelpedList).residence == TOWNSHIP
    with pytest.raises(NotFound):
        desk.public_list(JURISDICTION, "none")
    town.database.close()


def test_the_sheet_of_a_village_is_printed_for_whoever_asked(town: Town) -> None:
    grant(town, person(town, 1, "王甲"), "2026-01-01")
    renewed(town)
    readings, clerk = Readings(town.deployment).publications, town.actor("township")
    rows, after = readings.helped(clerk, "")
    assert ([row.households for row in rows], after) == ([1], "")
    assert readings.helped(town.actor("sibling"), "")[0] == []
    facts = helped_facts(readings.helped_list(clerk, rows[0].id), wide=True)
    key = ask_sheet(town.deployment, clerk, facts, {"count": 1}, town.at)
    work(town)
    order = town.press.orders[-1]
    assert order.template == "board-sheet.html"
    assert order.facts["sheet"]["rows"] == [["1", "王甲", "2人", "530元"]]
    assert "向" in order.facts["sheet"]["firsts"][0]
    assert open_printout(town.deployment, clerk, SHEET, key).startswith(b"%PDF")
    assert [each.id for each in printouts_of(town.deployment, clerk, SHEET)] == [key]
    assert printouts_of(town.deployment, town.actor("sibling"), SHEET) == []
