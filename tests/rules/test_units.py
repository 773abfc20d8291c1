"""Which unit is meant, what it is called, and who writes down what a unit without a desk answers on paper."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from elsewhere import on_the_national_layer
from merged import NEW, ONE, OTHER, Change, changed, handing_on, merging, splitting
from xunfang.clock import parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Escalation, Rulebook, UnitRef
from xunfang.rules.deadlines import SUPERIOR, plan_reminders
from xunfang.rules.describe import sentence_of
from xunfang.rules.units import (
    answers_for,
    climb,
    exists,
    former_places,
    former_wholes,
    instances,
    places_of,
    superior_of,
    unit_id,
    works_outside,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def boshan() -> Rulebook:
    return compile_rulebook(read_files(ROOT), "370304-boshan")


@pytest.fixture(scope="module")
def heyu() -> Rulebook:
    return compile_rulebook(read_files(ROOT), "500229221-heyu")


def test_a_township_is_that_of_the_residence_or_of_the_registration(boshan: Rulebook) -> None:
    places = {"residence": "370304102201", "registration": "370304001001"}
    assert unit_id(boshan, UnitRef("township"), places) == "township:370304102"
    assert unit_id(boshan, UnitRef("township", "registration"), places) == "township:370304001"


def test_a_place_outside_falls_to_the_unit_above_and_never_to_nobody(boshan: Rulebook) -> None:
    assert unit_id(boshan, UnitRef("township"), {"residence": "110101001001"}) == "service-centre"
    assert climb(boshan, "village:370304102201") == (
        "village:370304102201", "township:370304102", "service-centre", "leading-group-office", "leading-group",
    )  # fmt: skip


def test_only_known_divisions_have_units(boshan: Rulebook) -> None:
    assert exists(boshan, "township:370304102")
    assert not exists(boshan, "township:999999999")
    assert not exists(boshan, "township")
    assert not exists(boshan, "service-centre:370304")


def test_what_an_external_unit_answers_is_written_down_by_the_nearest_unit_above(boshan: Rulebook) -> None:
    assert works_outside(boshan, "volunteer-team")
    assert answers_for(boshan, "service-centre", "volunteer-team")
    assert not answers_for(boshan, "leading-group-office", "volunteer-team")
    assert not answers_for(boshan, "service-centre", "medical-insurance-bureau")


@pytest.mark.parametrize("county", ["county-command-centre", "civil-affairs", "county-education"])
def test_what_a_county_answers_a_township_is_written_down_by_who_reports_to_it(heyu: Rulebook, county: str) -> None:
    assert works_outside(heyu, county)
    assert answers_for(heyu, "command-post", county)
    assert not answers_for(heyu, "command-post-office", county)
    assert not answers_for(heyu, "township:500229221", county)


def test_a_township_beyond_the_jurisdiction_works_outside_it(heyu: Rulebook) -> None:
    assert exists(heyu, "township:500229001")
    assert works_outside(heyu, "township:500229001")
    assert not works_outside(heyu, "township:500229221")


@pytest.fixture(scope="module")
def chengyu() -> Rulebook:
    return compile_rulebook(on_the_national_layer("chengyu"), "9998-chengyu")


def test_one_unit_serves_several_towns_and_above_it_is_the_town_of_each(chengyu: Rulebook) -> None:
    agency, ref = "social-work:999800101", UnitRef("social-work")
    for home in ("999800101201", "999800102201", "999800102202"):
        assert unit_id(chengyu, ref, {"residence": home}) == agency
    assert unit_id(chengyu, ref, {"residence": "999800001001"}) == "social-work:999800001"
    assert instances(chengyu, "social-work") == ("social-work:999800001", agency)
    assert places_of(chengyu, agency) == ("999800101", "999800102")
    assert superior_of(chengyu, agency) == "township:999800101"
    assert superior_of(chengyu, agency, "999800102202") == "township:999800102"
    assert superior_of(chengyu, agency, "999800001001") == "township:999800101"  # it serves nobody there
    assert climb(chengyu, agency, "999800102202") == (agency, "township:999800102", "civil-affairs")


def test_what_is_late_there_goes_to_the_town_of_the_case(chengyu: Rulebook) -> None:
    deadline = replace(chengyu.deadlines["assessment"], escalate=(escalation(chengyu),))
    opened, due_at = parse("2026-09-08T10:00:00"), parse("2026-09-11T17:30:00")
    for home, town in (("999800102202", "township:999800102"), ("999800101201", "township:999800101")):
        planned = plan_reminders(chengyu, deadline, due_at, "social-work:999800101", opened, {"residence": home})
        assert [each.to for each in planned if each.kind == "supervise"] == [town]


def escalation(chengyu: Rulebook) -> Escalation:
    """The supervision of the city, but by the unit above."""
    found = next(each for deadline in chengyu.deadlines.values() for each in deadline.escalate)
    return replace(found, to=SUPERIOR, act="supervise", informs=())


def test_it_is_told_whom_it_serves(chengyu: Rulebook) -> None:
    told = sentence_of(chengyu, "social-work")
    assert told
    assert "暖渡社会工作服务社还承办北埭镇的任务" in told.text


@pytest.mark.parametrize(
    ("change", "division", "wholes", "places"),
    [
        (merging, NEW, (ONE, OTHER), 0),
        (merging, ONE, (), 0),
        (splitting, "370304122", (), 35),  # the township and its odd villages; the others went elsewhere
        (handing_on, OTHER, (), 1),
    ],
)
def test_a_division_that_ended_with_all_in_it_is_followed_as_one(
    change: Change, division: str, wholes: tuple[str, ...], places: int
) -> None:
    rules = compile_rulebook(changed(read_files(ROOT), change), "370304-boshan")
    rules = replace(rules, divisions=rules.divisions.on(date(2026, 6, 1)))
    assert former_wholes(rules, division) == wholes
    assert len(former_places(rules, division)) == places
