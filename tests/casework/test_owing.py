"""What is owed about people, decided in memory: whatever happens in between, once a period, by a unit that exists."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.county import rulebook_of
from xunfang.casework import OwedThing, Visit
from xunfang.casework.owing import Somebody, is_overdue, settle
from xunfang.clock import SHANGHAI
from xunfang.rules.rhythms import Bound, binding
from xunfang.rules.units import exists
from xunfang.rules.visits import facts_about, planned_day
from xunfang.worktime import Every, Period, period_of

DONGYING = rulebook_of("3705-dongying")
VILLAGES = [place.code for place in DONGYING.divisions.answering("village", DONGYING.code)][:3]
QUARTERLY, MONTHLY = "disabled", "orphan"
FORM = "visit"


@dataclass
class Life:
    """Somebody whose visits are planned day by day."""

    day: date
    residence: str = VILLAGES[0]
    held: set[str] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)
    things: dict[str, OwedThing] = field(default_factory=dict)
    keys: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, time(9), SHANGHAI)

    def bound(self) -> Bound | None:
        return binding(DONGYING, FORM, facts_about(self.residence, "", "", self.held, ()), self.day, {})

    def plan(self) -> None:
        somebody = Somebody("p", DONGYING.id, self.residence, list(self.things.values()), self.visits)
        made = settle(DONGYING, FORM, self.bound(), somebody, self.at, _whole, lambda: f"t{next(self.keys)}")
        for one in list(made):
            assert (one.before is None) == (one.after.id not in self.things)
            self.things[one.after.id] = one.after

    def visit(self, told_later: int = 0) -> None:
        key = f"v{next(self.keys)}"
        self.visits.append(
            Visit(
                id=key, jurisdiction=DONGYING.id, residence=self.residence, person="p", unit="u", by="a",
                visited_on=self.day - timedelta(days=told_later), told_at=self.at, form=FORM, submission=key,
                release="",
            )
        )  # fmt: skip


def _whole(duty: str, unit: str, period: Period) -> tuple[str, int, str]:
    return f"{duty} {unit} {period.first}", 0, "owed"


def _standing(life: Life, status: str = "owed") -> list[OwedThing]:
    return [thing for thing in life.things.values() if thing.status == status]


def _life(*held: str, day: date = date(2026, 9, 1)) -> Life:
    life = Life(day, held=set(held))
    life.plan()
    return life


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["move", "monthly", "quarterly", "visit", "told late", "nothing"]),
        st.integers(min_value=0, max_value=40),
        st.integers(min_value=0, max_value=2),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(ACTS)
def test_whatever_happens_somebody_is_owed_one_visit_at_a_time_by_a_unit_there_is(
    acts: Sequence[tuple[str, int, int]],
) -> None:
    life = _life()
    for act, days, where in acts:
        life.day += timedelta(days=days)
        match act:
            case "move":
                life.residence = VILLAGES[where]
            case "monthly" | "quarterly":
                life.held ^= {MONTHLY if act == "monthly" else QUARTERLY}
            case "visit" | "told late":
                life.visit(where if act == "told late" else 0)
        life.plan()
        _holds(life)


def _holds(life: Life) -> None:
    bound, owed = life.bound(), _standing(life)
    periods = [(thing.every, thing.begins_on) for thing in life.things.values()]
    assert len(periods) == len(set(periods))
    assert len(owed) <= 1
    if bound is None:
        assert not owed
        return
    now = next(thing for thing in life.things.values() if _of(thing, bound))
    assert exists(DONGYING, now.unit)
    counting = [visit for visit in life.visits if bound.period.first <= visit.visited_on <= bound.period.last]
    assert (now.status == "done") == bool(counting)
    if owed:
        assert owed == [now]
        assert now.unit == f"village:{life.residence}"
        assert not is_overdue(now, life.at)


def _of(thing: OwedThing, bound: Bound) -> bool:
    return (thing.every, thing.begins_on) == (bound.period.every.value, bound.period.first)


def test_the_same_day_planned_twice_changes_nothing() -> None:
    life = _life(MONTHLY)
    before = dict(life.things)
    life.plan()
    assert life.things == before


def test_a_visit_told_after_its_period_counts_for_the_day_it_was_made_on() -> None:
    life = _life(MONTHLY)
    life.day = date(2026, 10, 2)
    life.plan()
    assert [thing.begins_on for thing in _standing(life, "missed")] == [date(2026, 9, 1)]
    assert is_overdue(_standing(life, "missed")[0], life.at)
    life.visit(told_later=3)
    life.plan()
    assert [thing.begins_on for thing in _standing(life, "done")] == [date(2026, 9, 1)]
    assert [thing.begins_on for thing in _standing(life)] == [date(2026, 10, 1)]


def test_what_asks_for_more_takes_the_place_of_what_asks_for_less_and_gives_it_back() -> None:
    life = _life(QUARTERLY)
    assert [thing.every for thing in _standing(life)] == ["quarter"]
    life.held.add(MONTHLY)
    life.plan()
    assert [thing.every for thing in _standing(life)] == ["month"]
    life.held.remove(MONTHLY)
    life.plan()
    assert [thing.every for thing in _standing(life)] == ["quarter"]
    assert [thing.every for thing in _standing(life, "ended")] == ["month"]


def test_whoever_comes_when_the_time_is_up_is_not_late_with_it() -> None:
    life = _life(MONTHLY, day=date(2026, 9, 11))
    bound = life.bound()
    assert bound is not None
    early = replace(bound, due=replace(bound.due, due_at=life.at))
    somebody = Somebody("q", DONGYING.id, life.residence, (), ())
    assert list(settle(DONGYING, FORM, early, somebody, life.at, _whole, lambda: "t")) == []
    assert len(list(settle(DONGYING, FORM, bound, somebody, life.at, _whole, lambda: "t"))) == 1


@settings(max_examples=100)
@given(
    st.integers(min_value=0, max_value=60), st.sampled_from(list(Every)), st.dates(date(2026, 1, 1), date(2026, 12, 31))
)
def test_visits_are_planned_within_their_period_and_no_day_is_crowded(many: int, every: Every, since: date) -> None:
    period = period_of(every, since)
    days = [planned_day(DONGYING.calendar, period, nth, since) for nth in range(many)]
    assert all(since <= day <= period.last for day in days)
    left = (period.last - since).days + 1
    most = max((days.count(day) for day in set(days)), default=0)
    assert most <= 3 + many * 2 / max(1, left * 5 // 14)
