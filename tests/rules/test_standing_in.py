"""Duties of an event in place of ordinary ones: the moment at which something is due decides."""

from dataclasses import replace
from datetime import date

import pytest

from casework.county import rulebook_of
from cold import in_the_cold
from rules.test_alerts import MORNING, OTHER, TOWNSHIP, VILLAGE, event
from xunfang.casework import Alert
from xunfang.clock import parse
from xunfang.rules.describe import sentence_of
from xunfang.rules.standing_in import Ordinary, owed_again, stand_ins, stood_aside, stood_in_for
from xunfang.worktime import Every

PLAIN = rulebook_of("370304-boshan")
WEEKLY = replace(
    PLAIN.duties["contact-roster"], id="weekly", label="周报", every=Every.WEEK, due=None, to=("township",), form=""
)
COLD = in_the_cold(PLAIN, weekly=WEEKLY)
RULES = replace(COLD, duties={**COLD.duties, "cold-daily": replace(COLD.duties["cold-daily"], instead_of="weekly")})
UNIT = f"village:{VILLAGE}"
SUNDAY = "2026-01-18T23:59:59"  # the last day of the week of MORNING, a Tuesday
FROM_ORANGE = (("yellow", MORNING), ("orange", "2026-01-14T10:00:00"))


def stands(at: str, *events: Alert, unit: str = UNIT, due: str = SUNDAY) -> str:
    found = stood_in_for(RULES, events, WEEKLY, unit, parse(due), parse(at))
    return found[0].id if found else ""


@pytest.mark.parametrize(
    ("at", "ended", "found"),
    [
        ("2026-01-14T09:00:00", "", ""),  # yellow: the daily report is owed from orange on
        ("2026-01-14T10:00:00", "", "cold-daily"),
        ("2026-01-16T09:00:00", "2026-01-16T09:00:00", ""),  # closed before it is due: owed, for all of the week
        ("2026-01-20T09:00:00", "2026-01-19T09:00:00", "cold-daily"),  # on when it was due, and never owed afterwards
        ("2026-01-20T09:00:00", "2026-01-18T23:59:59", ""),  # over in that very moment
    ],
)
def test_on_now_or_when_it_was_due(at: str, ended: str, found: str) -> None:
    assert stands(at, event(*FROM_ORANGE, ended=ended)) == found


def test_what_was_due_before_the_event_stays_owed() -> None:
    assert stands("2026-01-14T12:00:00", event(("red", MORNING)), due="2026-01-11T23:59:59") == ""


def test_only_where_the_event_holds_and_only_one_of_its_kind() -> None:
    red = event(("red", MORNING))
    assert stands("2026-01-14T12:00:00", red) == "cold-daily"
    assert stands("2026-01-14T12:00:00", red, unit=f"village:{OTHER}200") == ""
    assert stands("2026-01-14T12:00:00", replace(red, kind="flood")) == ""
    assert stand_ins(RULES, "cold-daily") == ()


def row(status: str, begins_on: date = date(2026, 1, 12), due: str = SUNDAY) -> Ordinary:
    return Ordinary("1", "weekly", UNIT, "week", begins_on, status, parse(due))


def aside(at: str, *rows: Ordinary) -> dict[str, date]:
    found = list(stood_aside(RULES, [event(("red", MORNING))], rows, parse(at)))
    assert {each.alert for each in found} <= {"a"}
    return {each.unit: each.begins_on for each in found}


def test_what_is_open_and_what_was_not_opened_yet_is_put_aside_and_nothing_else() -> None:
    everybody = aside("2026-01-14T12:00:00")
    assert everybody[UNIT] == date(2026, 1, 12)
    assert {unit.split(":")[1][:9] for unit in everybody} == {TOWNSHIP}
    assert aside("2026-01-14T12:00:00", row("owed")) == everybody
    for done in ("reported", "nil", "waived", "replaced"):
        assert UNIT not in aside("2026-01-14T12:00:00", row(done))
    next_week = aside("2026-01-19T00:00:00", row("replaced"))
    assert set(next_week.values()) == {date(2026, 1, 19)}


def test_what_is_owed_of_an_earlier_period_and_due_in_this_one_is_put_aside_too() -> None:
    late = replace(WEEKLY, id="weekly", every=Every.MONTH, due=None)
    rules = replace(RULES, duties={**RULES.duties, "weekly": late})
    overdue = row("owed", date(2025, 12, 1), "2025-12-31T23:59:59")
    found = list(stood_aside(rules, [event(("red", MORNING))], [overdue], parse("2026-01-14T12:00:00")))
    assert {each.begins_on for each in found} == {date(2026, 1, 1)}  # what was late before stays late


def test_owed_again_is_what_was_put_aside_and_is_due_after_the_event() -> None:
    closed, on = event(("red", MORNING), ended="2026-01-15T09:00:00"), event(("red", MORNING))
    at = parse("2026-01-15T09:00:10")
    assert list(owed_again(RULES, [closed], [row("replaced")], at)) == [row("replaced")]
    assert list(owed_again(RULES, [on], [row("replaced")], at)) == []
    assert list(owed_again(RULES, [closed, replace(on, id="b")], [row("replaced")], at)) == []
    assert list(owed_again(RULES, [closed], [row("owed")], at)) == []
    assert list(owed_again(RULES, [closed], [replace(row("replaced"), duty="gone")], at)) == []


def test_both_say_so() -> None:
    daily, weekly = (sentence_of(RULES, name) for name in ("cold-daily", "weekly"))
    assert daily
    assert weekly
    assert "期间不再报送“周报”" in daily.text
    assert "到期时寒潮应急响应（橙色预警及以上）正在进行的不用报，以“寒潮每日探访”代替" in weekly.text
