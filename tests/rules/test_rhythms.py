"""What binds for one person on a day, and which visits count."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.test_duties import duty, with_duties
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import AlertKind, Duty, Equivalent, Operator, Rhythm, Rulebook, Test
from xunfang.rules.rhythms import Made, binding, counting
from xunfang.worktime import Every, YearSpan, parse_limit, parse_span

PRACTICE = Basis(practice="试验")
WAVE = AlertKind("wave", "寒潮", ("yellow", "red"), {}, (), "", "", PRACTICE)
VILLAGE, TOWN, ELSEWHERE = "370304102201", "370304102", "370304103201"
SUMMER, WINTER = parse_span("06-01", "09-30"), parse_span("11-15", "03-15")
DAY = date(2026, 6, 10)


def visits(name: str, every: Every, word: str, at_least: int = 1, **changes: Any) -> Duty:
    wanted = Test("category", Operator.ANY, (word,))
    plain = {"of": "village", "due": None, "satisfied_by": "visit", "for_": wanted}
    return duty(id=name, label=name, every=every, at_least=at_least, **{**plain, **changes})


def rhythm(every: Every, at_least: int = 1, **changes: Any) -> Rhythm:
    plain: dict[str, Any] = {"for_": None, "places": (), "season": None, "while_": "", "from_level": ""}
    return Rhythm(every=every, at_least=at_least, basis=changes.pop("basis", Basis()), **{**plain, **changes})


def bound(
    rules: Rulebook, *words: str, place: str = VILLAGE, on: date = DAY, **levels: str
) -> tuple[str, tuple[str, ...]]:
    found = binding(rules, "visit", {"category": list(words), "residence": place}, on, levels)
    return (found.ask.id, tuple(other.id for other in found.others)) if found else ("", ())


def test_of_several_duties_about_a_person_the_strictest_binds(rulebook: Rulebook) -> None:
    rules = with_duties(
        rulebook,
        visits("quarterly", Every.QUARTER, "a", 2),
        visits("monthly", Every.MONTH, "b"),
        visits("weekly", Every.WEEK, "c"),
    )
    assert bound(rules, "a") == ("quarterly", ())
    assert bound(rules, "a", "b") == ("monthly", ("quarterly",))
    assert bound(rules, "a", "b", "c") == ("weekly", ("quarterly", "monthly"))
    assert bound(rules, "d") == ("", ())
    assert binding(rules, "return-visit", {"category": ["a"]}, DAY, {}) is None


def test_who_owes_it_and_by_when(rulebook: Rulebook) -> None:
    rules = with_duties(rulebook, visits("monthly", Every.MONTH, "a", due=parse_limit("by day 10")))
    weekly = replace(rules.duties["monthly"], rhythms=(rhythm(Every.WEEK, places=(VILLAGE,)),))

    def owed(rules: Rulebook) -> tuple[str, str, str]:
        found = binding(rules, "visit", {"category": ["a"], "residence": VILLAGE}, DAY, {})
        assert found
        return found.unit, found.period.label, f"{found.due.due_at:%m-%d}"

    assert owed(rules) == (f"village:{VILLAGE}", "2026年6月", "06-10")
    unit, _, due = owed(with_duties(rules, weekly))
    assert (unit, due) == (f"village:{VILLAGE}", "06-14")  # the due day of the month is none of a week's


@pytest.mark.parametrize(
    ("made", "place", "on", "levels", "binds"),
    [
        (rhythm(Every.WEEK, places=(TOWN,)), VILLAGE, DAY, {}, True),
        (rhythm(Every.WEEK, places=(TOWN,)), ELSEWHERE, DAY, {}, False),
        (rhythm(Every.WEEK, places=(TOWN,)), "", DAY, {}, False),  # nobody knows where they live
        (rhythm(Every.WEEK, season=SUMMER), VILLAGE, date(2026, 6, 1), {}, True),
        (rhythm(Every.WEEK, season=SUMMER), VILLAGE, date(2026, 9, 30), {}, True),
        (rhythm(Every.WEEK, season=SUMMER), VILLAGE, date(2026, 10, 1), {}, False),
        (rhythm(Every.WEEK, season=WINTER), VILLAGE, date(2026, 1, 1), {}, True),
        (rhythm(Every.WEEK, season=WINTER), VILLAGE, date(2026, 6, 1), {}, False),
        (rhythm(Every.WEEK, while_="wave"), VILLAGE, DAY, {}, False),
        (rhythm(Every.WEEK, while_="wave"), VILLAGE, DAY, {"wave": "yellow"}, True),
        (rhythm(Every.WEEK, while_="wave", from_level="red"), VILLAGE, DAY, {"wave": "yellow"}, False),
        (rhythm(Every.WEEK, while_="wave", from_level="red"), VILLAGE, DAY, {"wave": "red"}, True),
        (rhythm(Every.WEEK, for_=Test("category", Operator.ANY, ("b",))), VILLAGE, DAY, {}, False),
        (rhythm(Every.WEEK, for_=Test("category", Operator.ANY, ("a",))), VILLAGE, DAY, {}, True),
        (rhythm(Every.WEEK, places=(TOWN,), season=WINTER), VILLAGE, DAY, {}, False),  # all of it must hold
        (rhythm(Every.QUARTER), VILLAGE, DAY, {}, False),  # laxer than the duty itself
    ],
)
def test_a_rhythm_binds_for_whom_where_and_when_it_says(
    rulebook: Rulebook, made: Rhythm, place: str, on: date, levels: dict[str, str], binds: bool
) -> None:
    rules = with_duties(replace(rulebook, alerts={"wave": WAVE}), visits("m", Every.MONTH, "a", rhythms=(made,)))
    assert (bound(rules, "a", place=place, on=on, **levels)[0] == "m.rhythms.1") is binds


def test_a_duty_may_have_no_period_but_its_rhythms(rulebook: Rulebook) -> None:
    watch = replace(visits("w", Every.MONTH, "a", rhythms=(rhythm(Every.DAY, season=SUMMER),)), every=None, for_=None)
    rules = with_duties(rulebook, watch)
    assert bound(rules, on=DAY) == ("w.rhythms.1", ())
    assert bound(rules, on=date(2026, 12, 1)) == ("", ())


def test_a_rhythm_rests_on_its_own_clause_or_on_its_dutys(rulebook: Rulebook) -> None:
    own, none = rhythm(Every.WEEK, basis=Basis(("X-1",))), rhythm(Every.WEEK)
    for made, cites in ((own, ("X-1",)), (none, ("BS-二(二)2-¶2",))):
        rules = with_duties(rulebook, visits("m", Every.MONTH, "a", rhythms=(made,)))
        found = binding(rules, "visit", {"category": ["a"], "residence": VILLAGE}, DAY, {})
        assert found
        assert found.ask.basis.cites == cites


def count(share: tuple[int, int], ways: Iterable[str]) -> str:
    equivalents = (Equivalent(("phone", "video"), *share, PRACTICE),)
    counts = duty(satisfied_by="visit", way="way", in_full=("home",), equivalents=equivalents)
    made = [Made(DAY + timedelta(days=n), way) for n, way in enumerate(ways)]
    counted = counting(counts, made).counted
    return "".join("+" if visit in counted else "-" for visit in made)


@pytest.mark.parametrize(
    ("share", "ways", "counted"),
    [
        ((1, 2), ["home", "phone", "phone", "home", "phone"], "++-++"),
        ((1, 2), ["phone", "video", "phone", "home"], "+--+"),  # the ways of one equivalent share their limit
        ((1, 3), ["phone", "home", "phone", "home", "phone"], "++-++"),
        ((2, 3), ["phone", "phone", "phone", "home", "phone"], "++-++"),
        ((0, 0), ["phone", "video", "phone"], "+++"),
        ((1, 2), ["home", "neighbours", "", "phone"], "+--+"),
    ],
)
def test_which_visits_count(share: tuple[int, int], ways: list[str], counted: str) -> None:
    assert count(share, ways) == counted


@given(
    st.lists(st.sampled_from(["home", "phone", "video", "other"]), max_size=30),
    st.sampled_from([(1, 2), (1, 4), (2, 3)]),
)
def test_equivalents_never_pass_their_share(ways: list[str], share: tuple[int, int]) -> None:
    found = [way for way, sign in zip(ways, count(share, ways), strict=True) if sign == "+"]
    assert found.count("home") == ways.count("home")
    assert "other" not in found
    for start in range(len(found)):
        window = found[start : start + share[1]]
        assert sum(way != "home" for way in window) <= share[0]


def test_without_ways_every_visit_counts_and_in_the_order_of_days() -> None:
    made = [Made(DAY), Made(DAY - timedelta(days=3), "phone")]
    found = counting(duty(satisfied_by="visit"), made)
    assert found.counted == (made[1], made[0])
    assert found.passed == ()


def test_a_span_of_the_year_is_told_with_its_days() -> None:
    assert YearSpan((6, 1), (9, 30), "汛期").name == "汛期（6月1日至9月30日）"
    assert SUMMER.name == "6月1日至9月30日"
    with pytest.raises(ValueError, match="不是一年中的一天"):
        parse_span("02-30", "06-01")
