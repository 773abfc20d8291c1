"""Whoever confirms a dispatch that an amount decides sees the sum beside it: of each proposal its own, as last told."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import JURISDICTION, PEOPLE, Town, open_town, report_answers

from xunfang.actions.correcting import correct
from xunfang.rulebook.model import FactRef, Operator, Rulebook, Test, UnitRef
from xunfang.store import Dispatch, Event, connection, new_id

LOW, HIGH = (
    Test("household_income", operator, FactRef("standards.subsistence", times))
    for operator, times in ((Operator.AT_MOST, 12.0), (Operator.AT_LEAST, 6.0))
)


@pytest.fixture
def weighing(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    table = rulebook.routing["clue"]
    plain = next(row for row in table.rows if row.id == "medical")
    rows = (
        replace(plain, id="low", when=LOW, lead=UnitRef("civil-affairs"), assist=()),
        replace(plain, id="high", when=HIGH, lead=UnitRef("charity-federation"), assist=()),
        plain,
    )
    rules = replace(rulebook, routing={**rulebook.routing, "clue": replace(table, rows=rows)})
    town = open_town(tmp_path, {JURISDICTION: rules}, PEOPLE.values())
    yield town
    town.deployment.database.close()


def told_to_the_leader(town: Town) -> dict[str, list[str]]:
    """The sums on the page of dispatches, by the unit that is proposed."""
    page = town.client("leader").get("/dispatch/").text
    found = {}
    for proposal in re.findall(r'<fieldset class="proposal">.*?</fieldset>', page, re.DOTALL):
        lead = re.search(r'value="([a-z-]+)" selected', proposal)
        assert lead
        found[lead[1]] = re.findall(r'<p class="note num">计算：(.*?)</p>', proposal)
    return found


def test_each_proposal_shows_the_sum_of_its_own_rows(weighing: Town) -> None:
    weighing.report(household_income=10000)
    low = "近12个月家庭收入10,000元 &lt; 12 × 1,060元（城乡低保标准，2026-01-01起）= 12,720元"
    high = "近12个月家庭收入10,000元 &gt; 6 × 1,060元（城乡低保标准，2026-01-01起）= 6,360元"
    assert told_to_the_leader(weighing) == {
        "civil-affairs": [low],
        "charity-federation": [high],
        "medical-insurance-bureau": [],
    }


def test_a_report_that_is_corrected_is_weighed_anew(weighing: Town) -> None:
    told = weighing.report(household_income=10000)
    changed = {**report_answers(), "household_income": 6000}
    correct(weighing.deployment, weighing.actor("worker"), told.submission, changed, new_id(), weighing.at)
    assert told_to_the_leader(weighing) == {
        "civil-affairs": ["近12个月家庭收入6,000元 &lt; 12 × 1,060元（城乡低保标准，2026-01-01起）= 12,720元"],
        "medical-insurance-bureau": [],
    }


def test_sums_lie_sealed(weighing: Town) -> None:
    case = weighing.report(household_income=10000).case
    with connection(weighing.deployment.database) as reader:
        (event,) = reader.select(Event, case=case, name="dispatch.proposed")
        (waiting,) = reader.select(Dispatch, case=case)
    assert set(event.typed["sums_by"]) == {"low", "high"}
    assert "10,000" not in f"{event.data}{waiting.proposed}"
