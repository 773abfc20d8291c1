"""Who owes a duty where there is no unit of its kind: 网格排查，没有网格的由村排查."""

from dataclasses import replace

import pytest

from elsewhere import on_the_national_layer
from xunfang.clock import parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentence_of
from xunfang.rules.duties import owed_on, owing, owing_at, receivers
from xunfang.worktime import Every

GRIDS = ("grid:999800001001001", "grid:999800001001002")
WITH_GRIDS, WITHOUT = "village:999800001001", "village:999800001002"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(on_the_national_layer("chengyu"), "9998-chengyu")


def test_every_grid_owes_it_and_every_village_without_any(rulebook: Rulebook) -> None:
    found = owing(rulebook, rulebook.duties["emergency-round"])
    assert found[:2] == GRIDS
    assert WITHOUT in found
    assert WITH_GRIDS not in found
    assert len(found) == len(set(found)) == 7  # two grids and five of six villages
    alone = replace(rulebook.duties["emergency-round"], or_else="")
    assert owing(rulebook, alone) == GRIDS


def test_a_village_that_takes_over_reports_to_the_town_and_not_to_itself(rulebook: Rulebook) -> None:
    duty = rulebook.duties["emergency-round"]
    assert receivers(rulebook, duty, GRIDS[0]) == (WITH_GRIDS,)
    assert receivers(rulebook, duty, WITHOUT) == ("township:999800001",)


@pytest.mark.parametrize(
    ("place", "unit"),
    [("999800001001002", GRIDS[1]), ("999800001002", WITHOUT), ("999800102201", "village:999800102201")],
)
def test_about_a_place_it_is_the_grid_there_or_the_village(rulebook: Rulebook, place: str, unit: str) -> None:
    assert owing_at(rulebook, rulebook.duties["emergency-round"], {"residence": place}) == unit


def test_where_no_unit_is_given_it_goes_up_as_ever(rulebook: Rulebook) -> None:
    towns = replace(rulebook.duties["emergency-round"], of="village", or_else="township")
    assert {unit.partition(":")[0] for unit in owing(rulebook, towns)} == {"village"}  # every town has some
    assert owing_at(rulebook, towns, {"residence": "999800102"}) == "township:999800102"


def test_what_recurs_is_owed_by_the_same_units(rulebook: Rulebook) -> None:
    daily = replace(rulebook.duties["emergency-round"], while_="", from_level="", limit=None, every=Every.DAY)
    only = replace(rulebook, duties={daily.id: daily})
    planned = list(owed_on(only, parse("2026-09-08T10:00:00").date()))
    assert {each.unit for each in planned} == set(owing(rulebook, daily))
    assert {each.to for each in planned if each.unit == WITHOUT} == {("township:999800001",)}


def test_it_is_told_in_one_sentence(rulebook: Rulebook) -> None:
    told = sentence_of(rulebook, "emergency-round")
    assert told
    assert told.text.startswith("各网格（村民小组）（没有的由村（社区）承担）在巡访响应（应急巡访）启动后4小时内，向")
