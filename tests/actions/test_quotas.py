"""Quotas: what is owed this time follows from the earlier returns, in the message, on the pages and in the record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from elsewhere import Elsewhere, on_the_national_layer
from test_chengyu import CITY, OFFICE, PEOPLE, STREET
from xunfang.actions.duties import begin_duties, hand_in
from xunfang.clock import parse
from xunfang.desk import Readings
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import DutyPeriod, Message, Task, new_id

YEAR = ("2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(on_the_national_layer("chengyu"), CITY)


@pytest.fixture
def city(tmp_path: Path, rulebook: Rulebook) -> Iterator[Elsewhere]:
    start = parse("2026-01-01T00:00:20")
    city = Elsewhere(tmp_path, rulebook, on_the_national_layer("chengyu"), PEOPLE, start)
    yield city
    city.database.close()


def opened(city: Elsewhere, day: str) -> tuple[DutyPeriod, Task]:
    """Return what the street owes for the quarter that begins on a day."""
    city.at = max(city.at, parse(f"{day}T00:00:20"))
    begin_duties(city.deployment, city.at)
    city.work_until(f"{day}T00:05:00")
    found = [row for row in city.rows(DutyPeriod, duty="spot-check", unit=OFFICE) if row.begins_on.isoformat() == day]
    return found[0], city.first(Task, about=found[0].id)


def report(city: Elsewhere, task: Task, count: int) -> None:
    told = {"checked": count}
    hand_in(city.deployment, city.actor("clerk"), task.id, task.version, told, "", new_id(), city.at)


def test_what_the_earlier_quarters_left_is_owed_in_the_last(city: Elsewhere) -> None:
    for day, count in zip(YEAR, (12, 12, 12), strict=False):
        report(city, opened(city, day)[1], count)
    owed, task = opened(city, YEAR[3])
    told = next(each for each in city.rows(Message, unit=OFFICE) if each.task == task.id)
    assert "2026年以前各期已做36，本期（第4期，共4期）不少于14。" in told.body
    readings = Readings(city.deployment)
    face = readings.duty(city.actor("clerk"), owed.id, city.at)
    assert face.quota.endswith("2026年以前各期已做36，本期（第4期，共4期）不少于14")
    form = readings.duty_form(city.actor("clerk"), owed.id)
    assert form
    assert form.quota == face.quota
    report(city, task, 10)
    face = readings.duty(city.actor("clerk"), owed.id, city.at)
    assert any("本期不少于14，报10，少4" in detail for event in face.events for detail in event.details)
    assert city.first(DutyPeriod, id=owed.id).status == "reported"


def test_only_the_own_returns_are_counted(city: Elsewhere) -> None:
    report(city, opened(city, YEAR[0])[1], 30)
    other = next(row for row in city.rows(DutyPeriod, duty="spot-check") if row.unit != OFFICE)
    assert other.residence != STREET
    owed, _ = opened(city, YEAR[1])
    begun = next(
        row for row in city.rows(DutyPeriod, duty="spot-check", unit=other.unit) if row.begins_on == owed.begins_on
    )
    face = Readings(city.deployment).duty(city.actor("city"), begun.id, city.at)
    assert "已做0" in face.quota
    assert "已做30" in Readings(city.deployment).duty(city.actor("city"), owed.id, city.at).quota
