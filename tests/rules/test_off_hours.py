"""Who answers off hours: when an office is closed, and whom the rules name for that."""

from dataclasses import replace

import pytest

from xunfang.clock import parse
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import Closed, OffHours, Rulebook
from xunfang.rules.describe import lines_of
from xunfang.rules.off_hours import closed_at, on_duty
from xunfang.worktime import parse_office

CENTRE, TOWN, VILLAGE = "service-centre", "township:370304102", "370304102201"
NIGHT = "2026-03-10T22:00:00"


def row(unit: str, *during: Closed, role: str = "") -> OffHours:
    return OffHours(during, unit, role, Basis(practice="试验"))


def with_rows(rulebook: Rulebook, *rows: OffHours, **own: tuple[OffHours, ...]) -> Rulebook:
    units = {name: replace(unit, off_hours=own.get(name, ())) for name, unit in rulebook.units.items()}
    return replace(rulebook, info=replace(rulebook.info, off_hours=rows), units=units)


@pytest.mark.parametrize(
    ("at", "closed"),
    [
        ("2026-03-10T08:29:59", Closed.NIGHT),
        ("2026-03-10T08:30:00", None),
        ("2026-03-10T11:59:59", None),
        ("2026-03-10T12:00:00", Closed.NOON),
        ("2026-03-10T13:30:00", None),
        ("2026-03-10T17:30:00", Closed.NIGHT),
        ("2026-03-14T10:00:00", Closed.WEEKEND),
        ("2026-02-14T10:00:00", None),  # a Saturday that is worked
        ("2026-10-02T10:00:00", Closed.HOLIDAY),
        ("2026-10-03T22:00:00", Closed.HOLIDAY),  # a Saturday within the holiday
    ],
)
def test_when_an_office_is_closed(rulebook: Rulebook, at: str, closed: Closed | None) -> None:
    assert closed_at(rulebook, TOWN, parse(at)) is closed


def test_an_office_with_hours_of_its_own_is_closed_by_those(rulebook: Rulebook) -> None:
    late = replace(rulebook.units["township"], office=parse_office(["13:00-22:30"]))
    rules = replace(rulebook, units={**rulebook.units, "township": late})
    assert closed_at(rules, TOWN, parse(NIGHT)) is None
    assert closed_at(rules, CENTRE, parse(NIGHT)) is Closed.NIGHT


def told(rules: Rulebook, unit: str = TOWN, at: str = NIGHT) -> tuple[str, ...]:
    found = on_duty(rules, unit, VILLAGE, parse(at))
    return (found.unit, found.role, found.rule) if found else ()


def test_the_first_row_that_holds_answers(rulebook: Rulebook) -> None:
    rules = with_rows(rulebook, row("civil-affairs", Closed.WEEKEND), row(CENTRE, role="duty-officer"))
    assert told(rules) == (CENTRE, "duty-officer", "off_hours.2")
    assert told(rules, at="2026-03-14T10:00:00") == ("civil-affairs", "", "off_hours.1")
    assert told(rules, at="2026-03-10T10:00:00") == ()
    assert told(with_rows(rulebook, row(CENTRE, Closed.NOON))) == ()


def test_what_a_unit_says_for_itself_goes_before(rulebook: Rulebook) -> None:
    rules = with_rows(rulebook, row(CENTRE), township=(row("township", role="duty-officer"),))
    assert told(rules) == (TOWN, "duty-officer", "township.off_hours.1")
    assert told(rules, "civil-affairs") == (CENTRE, "", "off_hours.1")


def test_a_desk_of_each_division_is_that_of_the_unit_or_else_of_the_residence(rulebook: Rulebook) -> None:
    rules = with_rows(rulebook, row("township"))
    assert told(rules, "civil-affairs") == (TOWN, "", "off_hours.1")
    assert told(rules, "township:370304103") == ("township:370304103", "", "off_hours.1")


def test_no_rule_no_desk(rulebook: Rulebook) -> None:
    assert told(with_rows(rulebook)) == ()


def test_it_is_shown_in_sentences(rulebook: Rulebook) -> None:
    own = row("township", role="duty-officer")
    rules = with_rows(rulebook, row(CENTRE, Closed.NIGHT, Closed.HOLIDAY, role="duty-officer"), township=(own,))
    told = {line.id: line.text for _, lines in lines_of(rules) for line in lines}
    assert told["off_hours.1"].startswith(
        "下班时间、节假日有紧急任务的，除承办单位外，同时告知区社会救助综合服务中心的值班员"
    )
    assert told["township.off_hours.1"].startswith(
        "各镇（街道）不办公的时间有紧急任务的，除承办单位外，同时告知各镇（街道）的值班员"
    )
