"""The calendar the product ships, and the office hours most offices keep."""

import tomllib
from pathlib import Path

import pytest

from xunfang.worktime import Office, WorkCalendar, YearDays, parse_office, parse_year

CALENDARS = Path(__file__).parents[2] / "workflows" / "00-national" / "calendars"


@pytest.fixture(scope="session")
def years() -> dict[int, YearDays]:
    read = [parse_year(tomllib.loads(file.read_text("utf-8"))) for file in sorted(CALENDARS.glob("*.toml"))]
    return {found.year: found for found in read}


@pytest.fixture(scope="session")
def calendar(years: dict[int, YearDays]) -> WorkCalendar:
    return WorkCalendar(years)


@pytest.fixture(scope="session")
def office() -> Office:
    return parse_office(["08:30-12:00", "13:30-17:30"])
