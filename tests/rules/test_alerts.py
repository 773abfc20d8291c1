"""Events: at which level since when, who is concerned, what is owed by whom, once and for each period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest

from casework.county import rulebook_of
from cold import COLD, in_the_cold
from xunfang.casework import Alert
from xunfang.clock import parse
from xunfang.rulebook.model import Rulebook
from xunfang.rules.alerts import Owed, concerns, is_on, level_of, missing, spells, surplus
from xunfang.rules.duties import PlannedDuty

BOSHAN = in_the_cold(rulebook_of("370304-boshan"))
TOWNSHIP, OTHER, VILLAGE = "370304102", "370304103", "370304102200"
MORNING = "2026-01-13T09:00:00"  # a Tuesday


@dataclass(frozen=True)
class Row:
    """Something that was opened before."""

    duty: str
    unit: str
    begins_on: date
    alert: str = "a"
    turn: int = 0
    status: str = "owed"


def event(*steps: tuple[str, str], id: str = "a", places: tuple[str, ...] = (TOWNSHIP,), ended: str = "") -> Alert:
    return Alert(
        id=id,
        jurisdiction=BOSHAN.id,
        kind=COLD.id,
        places=places,
        steps=tuple({"level": level, "at": at} for level, at in steps),
        unit="service-centre",
        residence="370304",
        release="",
        declared_at=parse(steps[0][1]),
        ended_at=parse(ended) if ended else None,
    )


def owed(
    events: Sequence[Alert], at: str, rows: Iterable[Owed] = (), rulebook: Rulebook = BOSHAN
) -> dict[str, list[PlannedDuty]]:
    found: dict[str, list[PlannedDuty]] = {"cold-round": [], "cold-daily": []}
    for planned in missing(rulebook, events, rows, parse(at)):
        found[planned.duty].append(planned)
    return found


def taken_back(events: Sequence[Alert], at: str, *rows: Row) -> list[str]:
    return [row.duty for row in surplus(BOSHAN, events, rows, parse(at))]


def moment(hour: int, day: int = 13) -> datetime:
    return parse(f"2026-01-{day}T{hour:02}:00:00")


def test_a_level_holds_from_one_step_to_the_next_that_is_lower() -> None:
    told = event(
        ("yellow", MORNING), ("orange", "2026-01-13T11:00:00"), ("red", "2026-01-13T12:00:00"),
        ("yellow", "2026-01-13T15:00:00"), ("orange", "2026-01-13T18:00:00"),
    )  # fmt: skip
    assert [(spell.turn, spell.since, spell.until) for spell in spells(COLD, told, "orange")] == [
        (1, moment(11), moment(15)),
        (4, moment(18), None),
    ]
    assert [(spell.turn, spell.until) for spell in spells(COLD, told, "")] == [(0, None)]
    closed = event(("red", MORNING), ended="2026-01-13T20:00:00")
    assert [(spell.turn, spell.until) for spell in spells(COLD, closed, "orange")] == [(0, moment(20))]
    assert (level_of(told), level_of(closed)) == ("orange", "red")


@pytest.mark.parametrize(
    ("at", "ended", "on"), [("08:59:59", "", False), (MORNING[11:], "", True), ("10:00", "09:30", False)]
)
def test_it_is_on_from_its_begin_until_it_is_closed(at: str, ended: str, on: bool) -> None:
    told = event(("yellow", MORNING), ended=f"2026-01-13T{ended}:00" if ended else "")
    assert is_on(told, parse(f"2026-01-13T{at}")) is on


@pytest.mark.parametrize(
    ("place", "concerned"), [(TOWNSHIP, True), (VILLAGE, True), ("370304", True), (OTHER, False), ("370305", False)]
)
def test_it_concerns_its_places_what_lies_in_them_and_above_them(place: str, concerned: bool) -> None:
    assert concerns(event(("yellow", MORNING)), place) is concerned


def test_what_is_owed_once_is_owed_by_every_village_there_by_hours_from_the_begin() -> None:
    found = owed([event(("yellow", MORNING))], "2026-01-13T10:00:00")
    villages = {f"village:{each.code}" for each in BOSHAN.divisions.of_level("village", TOWNSHIP)}
    assert {planned.unit for planned in found["cold-round"]} == villages
    assert len(villages) > 5
    assert {planned.due.due_at for planned in found["cold-round"] if planned.due} == {moment(13)}
    assert {planned.to for planned in found["cold-round"]} == {(f"township:{TOWNSHIP}",)}
    assert found["cold-daily"] == []


def test_a_daily_duty_of_a_level_is_owed_for_each_day_from_the_one_it_is_reached() -> None:
    told = event(("yellow", MORNING), ("orange", "2026-01-14T10:00:00"))
    assert owed([event(("yellow", MORNING))], "2026-01-14T12:00:00")["cold-daily"] == []
    for day in (14, 15):
        (first, *_) = owed([told], f"2026-01-{day}T12:00:00")["cold-daily"]
        assert first.due is not None
        assert (first.begins_on, first.due.due_at, first.turn) == (
            date(2026, 1, day),
            parse(f"2026-01-{day}T23:59:59"),
            1,
        )


def test_what_begins_after_office_is_owed_daily_from_the_next_day() -> None:
    late = event(("red", "2026-01-13T21:00:00"))
    assert owed([late], "2026-01-13T21:30:00")["cold-daily"] == []
    assert owed([late], "2026-01-13T21:30:00")["cold-round"] != []
    assert owed([late], "2026-01-14T00:00:00")["cold-daily"] != []


def test_nothing_is_owed_before_it_begins_and_nothing_after_it_is_closed() -> None:
    ahead = event(("red", "2026-01-14T08:00:00"))
    closed = event(("red", MORNING), ended="2026-01-13T10:00:00")
    for events in ([ahead], [closed], []):
        assert owed(events, "2026-01-13T11:00:00") == {"cold-round": [], "cold-daily": []}


def test_what_was_opened_is_not_opened_again_but_what_was_taken_back_is() -> None:
    told, unit = event(("orange", MORNING)), f"village:{VILLAGE}"
    rows = [Row("cold-round", unit, date(2026, 1, 13)), Row("cold-daily", unit, date(2026, 1, 13), status="nil")]
    found = owed([told], "2026-01-13T12:00:00", rows)
    assert unit not in {planned.unit for each in found.values() for planned in each}
    back = [Row("cold-round", unit, date(2026, 1, 13), status="withdrawn")]
    assert unit in {planned.unit for planned in owed([told], "2026-01-13T12:00:00", back)["cold-round"]}
    assert unit in {planned.unit for planned in owed([told], "2026-01-14T12:00:00", rows)["cold-daily"]}


def test_raised_again_after_a_fall_it_is_owed_once_more() -> None:
    told = event(("orange", MORNING), ("yellow", "2026-01-13T12:00:00"), ("orange", "2026-01-13T15:00:00"))
    rulebook, unit = _once_from_orange(), f"village:{VILLAGE}"
    before = [Row("cold-round", unit, date(2026, 1, 13), turn=0, status="reported")]
    again = owed([told], "2026-01-13T16:00:00", before, rulebook)["cold-round"]
    (mine,) = [planned for planned in again if planned.unit == unit]
    assert mine.due is not None
    assert (mine.turn, mine.due.due_at) == (2, moment(19))


def _once_from_orange() -> Rulebook:
    duties = {**BOSHAN.duties, "cold-round": replace(BOSHAN.duties["cold-round"], from_level="orange")}
    return replace(BOSHAN, duties=duties)


def test_two_events_over_one_place_make_it_owe_once_and_one_going_on_keeps_it_owing() -> None:
    first = event(("yellow", MORNING))
    second = event(("orange", "2026-01-13T12:00:00"), id="b", places=("370304",))
    unit, row = f"village:{VILLAGE}", Row("cold-round", f"village:{VILLAGE}", date(2026, 1, 13), status="reported")
    assert unit not in {planned.unit for planned in owed([first, second], "2026-01-13T13:00:00", [row])["cold-round"]}
    closed = event(("yellow", MORNING), ended="2026-01-13T14:00:00")
    assert unit not in {planned.unit for planned in owed([closed, second], "2026-01-13T15:00:00", [row])["cold-round"]}
    assert taken_back([closed, second], "2026-01-13T15:00:00", row) == []
    early = event(("yellow", MORNING), ended="2026-01-13T11:00:00")  # closed before the other began
    assert unit in {planned.unit for planned in owed([early, second], "2026-01-13T15:00:00", [row])["cold-round"]}


def test_what_is_owed_no_more_is_taken_back_and_nothing_else() -> None:
    unit = f"village:{VILLAGE}"
    rows = (Row("cold-round", unit, date(2026, 1, 13)), Row("cold-daily", unit, date(2026, 1, 13)))
    lower = event(("orange", MORNING), ("yellow", "2026-01-13T12:00:00"))
    assert taken_back([event(("orange", MORNING))], "2026-01-13T13:00:00", *rows) == []
    assert taken_back([lower], "2026-01-13T13:00:00", *rows) == ["cold-daily"]
    assert taken_back([], "2026-01-13T13:00:00", *rows) == ["cold-round", "cold-daily"]
    assert taken_back([event(("orange", MORNING), places=(OTHER,))], "2026-01-13T13:00:00", *rows) == [
        "cold-round",
        "cold-daily",
    ]
