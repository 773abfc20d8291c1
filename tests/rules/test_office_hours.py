"""Office hours by season and by unit: what ends by them, whose they were, and what an extension past a season does."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from elsewhere import on_the_national_layer
from rules.answers import TOWNSHIP, clue
from xunfang.clock import local, parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import LimitCase, Rulebook, UnitInstance
from xunfang.rulebook.softness import fixed
from xunfang.rules.clocks import due_of, extended, recounted, resumed
from xunfang.rules.deadlines import next_repeat, plan_deadline, plan_reminders
from xunfang.rules.describe import sentence_of
from xunfang.rules.explain import due_data, due_sentence
from xunfang.rules.intake import decide
from xunfang.rules.units import division_of, kind_of, own_office
from xunfang.worktime import Office, parse_office, parse_season

USUAL = ["08:30-12:00", "13:30-17:30"]
SUMMER = parse_season("06-01", "08-31", ["08:00-12:00", "15:00-18:00"], "夏季")
SEASONAL = parse_office(USUAL, [SUMMER])
SHORT = parse_office(["09:00-12:00", "13:00-17:00"])


def seasonal(rulebook: Rulebook) -> Rulebook:
    return replace(rulebook, info=replace(rulebook.info, office=SEASONAL))


def with_hours(rulebook: Rulebook, unit: str, office: Office) -> Rulebook:
    """Return the rules with hours of its own for one instance of a unit."""
    kind = rulebook.units[kind_of(unit)]
    code = division_of(unit)
    changed = replace(kind, instances={**kind.instances, code: UnitInstance(code, office=office)})
    return replace(rulebook, units={**rulebook.units, kind.id: changed})


def planned(rulebook: Rulebook, limit: str, start: str, unit: str = "") -> tuple[Rulebook, Mapping[str, Any]]:
    """Return the rules with that limit for feedback, and what a task of a unit that begins then is told."""
    deadline = replace(rulebook.deadlines["feedback"], limits=(LimitCase(ALWAYS, fixed(limit)),))
    rules = replace(rulebook, deadlines={**rulebook.deadlines, "feedback": deadline})
    return rules, due_data(plan_deadline(rules, deadline, {}, parse(start), unit))


def due_at(told: Mapping[str, Any]) -> str:
    return f"{local(due_of(told)):%m-%d %H:%M}"


def test_a_limit_in_workdays_ends_by_the_season_of_its_last_day(rulebook: Rulebook) -> None:
    rules = seasonal(rulebook)
    ends = {start: due_at(planned(rules, "2 workdays", f"2026-{start}T10:00")[1]) for start in ENDS}
    assert ends == ENDS


ENDS = {"05-28": "06-01 18:00", "08-27": "08-31 18:00", "08-28": "09-01 17:30"}


def test_half_days_and_office_hours_go_by_the_season(rulebook: Rulebook) -> None:
    rules = seasonal(rulebook)
    assert due_at(planned(rules, "half day", "2026-08-28T16:00")[1]) == "08-31 12:00"
    assert due_at(planned(rules, "2 half days", "2026-08-28T16:00")[1]) == "08-31 18:00"
    assert due_at(planned(rules, "8 office hours", "2026-08-31T08:00")[1]) == "09-01 09:30"


def test_the_explanation_says_whose_hours_and_which_season(rulebook: Rulebook) -> None:
    _, told = planned(seasonal(rulebook), "2 workdays", "2026-08-27T10:00")
    assert due_sentence(told) == (
        "期限2个工作日，收到当日不计，计入8月28日（周五）、8月31日（周一）；不计8月29日（周六）（周六）、8月30日（周日）（周日）；"
        "到期日按博山区夏季（6月1日至8月31日）办公时间，18:00下班。"
    )
    _, plain = planned(rulebook, "2 workdays", "2026-08-27T10:00")
    assert "office" not in plain


def test_a_unit_may_have_hours_of_its_own(rulebook: Rulebook) -> None:
    rules, told = planned(with_hours(seasonal(rulebook), TOWNSHIP, SHORT), "2 workdays", "2026-08-27T10:00", TOWNSHIP)
    assert due_at(told) == "08-31 17:00"
    assert told["office"]["unit"] == TOWNSHIP
    assert due_sentence(told).endswith("办公时间，17:00下班。")
    assert due_at(planned(rules, "2 workdays", "2026-08-27T10:00", "civil-affairs")[1]) == "08-31 18:00"


def test_limits_in_days_or_hours_know_no_office(rulebook: Rulebook) -> None:
    rules = with_hours(seasonal(rulebook), TOWNSHIP, SHORT)
    for limit, ends in {"3 days": "08-31 23:59", "24 hours": "08-29 10:00"}.items():
        _, told = planned(rules, limit, "2026-08-28T10:00", TOWNSHIP)
        assert due_at(told) == ends
        assert "office" not in told


def test_an_extension_past_the_end_of_a_season_ends_by_the_hours_of_the_next(rulebook: Rulebook) -> None:
    rules, told = planned(seasonal(rulebook), "2 workdays", "2026-08-27T10:00")
    longer = extended(rules, told, 2, parse("2026-08-28T09:00"), "分管领导")
    assert due_at(longer) == "09-02 17:30"
    assert longer["office"]["season"] == ""
    rules, halves = planned(seasonal(rulebook), "half day", "2026-08-28T16:00")
    assert due_at(extended(rules, halves, 1, parse("2026-08-28T17:00"), "分管领导")) == "09-01 12:00"


def test_a_clock_stopped_in_summer_runs_out_by_the_hours_of_autumn(rulebook: Rulebook) -> None:
    rules, told = planned(
        with_hours(seasonal(rulebook), TOWNSHIP, SEASONAL), "2 workdays", "2026-08-27T10:00", TOWNSHIP
    )
    later = resumed(rules, told, parse("2026-08-28T10:00"), parse("2026-09-01T10:00"))
    assert due_at(later) == "09-02 17:30"
    assert later["office"]["unit"] == TOWNSHIP
    again = recounted(rules, later, parse("2026-08-27T10:00"), parse("2026-09-02T10:00"))
    assert again is not None
    assert due_at(again) == "09-02 17:30"


def test_reminders_come_when_the_unit_opens(rulebook: Rulebook) -> None:
    rules = with_hours(seasonal(rulebook), TOWNSHIP, SHORT)
    opened = parse("2026-08-26T10:00")
    deadline = rules.deadlines["feedback"]
    ends: datetime = plan_deadline(rules, deadline, {}, opened, TOWNSHIP).due.due_at
    theirs = [local(each.at).hour for each in plan_reminders(rules, deadline, ends, TOWNSHIP, opened, {})[:2]]
    assert theirs == [9, 9]
    assert local(next_repeat(rules, deadline, ends, TOWNSHIP, ends).at).hour == 9


def test_show_tells_the_hours_of_seasons_and_units(rulebook: Rulebook) -> None:
    rules = with_hours(seasonal(rulebook), TOWNSHIP, SHORT)
    office, township = (sentence_of(rules, id) for id in ("office", kind_of(TOWNSHIP)))
    assert office is not None
    assert office.text.startswith(
        "博山区的办公时间为08:30至12:00、13:30至17:30，夏季（6月1日至8月31日）为08:00至12:00、15:00至18:00；"
    )
    assert township is not None
    assert "的办公时间为09:00至12:00、13:00至17:00" in township.text


def arrival(rulebook: Rulebook, limit: str, entered: str, found: str = "2026-08-31T16:00:00") -> bool:
    """Whether what was found at four on a Monday, and is to be reported within so long, arrived in time."""
    within = replace(rulebook.deadlines["report-clue"], limits=(LimitCase(ALWAYS, fixed(limit)),))
    rules = replace(rulebook, deadlines={**rulebook.deadlines, "report-clue": within})
    decided = decide(rules, "clue-report", clue(found_at=found), parse(entered))
    assert decided.problems == ()
    return bool((decided.in_time or {})["report-clue"])


def test_an_arrival_is_judged_by_the_hours_of_the_unit_that_receives_it(rulebook: Rulebook) -> None:
    desk = replace(rulebook.units["service-centre"], office=SHORT)
    own = replace(rulebook, units={**rulebook.units, "service-centre": desk})
    elsewhere = with_hours(rulebook, TOWNSHIP, SHORT)
    for limit, entered, usual, short in (
        ("1 workday", "2026-09-01T17:15:00", True, False),  # it closes at five
        ("2 office hours", "2026-09-01T09:30:00", False, True),  # an hour was left on Monday, it opens again at nine
        ("1 day", "2026-09-01T23:00:00", True, True),
    ):
        judged = [arrival(rules, limit, entered) for rules in (rulebook, elsewhere, own)]
        assert judged == [usual, usual, short], limit


def test_a_unit_that_differs_in_one_season_keeps_the_rest() -> None:
    files = on_the_national_layer("wuling")
    town = "workflows/999701201-wuling"
    summer = (
        '\n[[office.seasons]]\nlabel = "夏季"\nfrom = "06-01"\nto = "08-31"\nhours = ["08:00-11:30", "15:00-18:30"]\n'
    )
    whole = f'[office]\nhours = ["09:00-12:00", "13:00-16:00"]\ncites = ["WL-17"]\n{summer}'
    days = 'seasons = [{ from = "12-20", to = "12-31", hours = ["09:30-12:00"] }]\n'
    lone = f'[township.instances.999701201.office]\ncites = ["WL-17"]\n{days}'
    files = {
        **files,
        f"{town}/jurisdiction.toml": files[f"{town}/jurisdiction.toml"].replace("[soft]", f"{whole}\n[soft]"),
        f"{town}/units.toml": files[f"{town}/units.toml"].replace("[village]", f"{lone}\n[village]"),
    }
    rulebook = compile_rulebook(files, "999701201-wuling")
    kind, own = rulebook.units["township"].office, own_office(rulebook, "township:999701201")
    assert kind
    assert own
    hours = {
        day: (f"{kind.closes_on(date.fromisoformat(day)):%H:%M}", f"{own.closes_on(date.fromisoformat(day)):%H:%M}")
        for day in ("2026-05-10", "2026-07-10", "2026-11-10", "2026-12-25")
    }
    assert hours == {
        "2026-05-10": ("16:00", "16:00"),  # those of the town
        "2026-07-10": ("18:30", "18:30"),  # the summer of the town
        "2026-11-10": ("17:00", "17:00"),  # the winter of the station
        "2026-12-25": ("17:00", "12:00"),  # and the last days of the year of this one
    }
