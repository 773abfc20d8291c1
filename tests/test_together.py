"""Several web processes, several workers, and clocks gone wrong: all of them on one database, of either kind."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from databases import WALLED, address, kept_in
from day import AT, COUNTY, LATE, REPORTS, Day, wrong
from dying import folder_in_memory, in_child, together
from torture.invariants import damage, doubled, gaps, look
from xunfang.actions.operating import trust_clock
from xunfang.errors import Conflict
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.deadlines import REPEATED

ROOT = Path(__file__).parents[1]
MONTH = timedelta(days=30)
REMINDED = (
    "SELECT name, rule, json_extract(data, '$.due'), json_extract(data, '$.to') FROM event "
    "WHERE name IN ('task.reminded', 'task.supervised', 'task.escalated', 'task.reported', 'task.fell_overdue')"
)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(ROOT), COUNTY)


@pytest.fixture(autouse=True, params=WALLED)
def both(request: pytest.FixtureRequest) -> Iterator[str]:
    with kept_in(request.param) as kind:
        yield kind


@pytest.fixture
def folder() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


def _in_day(folder: Path, rulebook: Rulebook, does: Callable[[Day], object]) -> Callable[[], None]:
    def work() -> None:
        day = Day(folder, rulebook)
        does(day)
        day.deployment.database.close()

    return work


def _reminders(folder: Path) -> Counter[tuple[str, ...]]:
    with closing(look(address(folder, "data.db"))) as reader:
        return Counter(reader.execute(REMINDED).fetchall())


def _begun(folder: Path, rulebook: Rulebook) -> None:
    def begin(day: Day) -> None:
        day.prepare()
        day.report()
        day.confirm()
        day.work(AT + timedelta(minutes=10))
        day.work(AT + timedelta(minutes=50))

    folder.mkdir()
    assert in_child(_in_day(folder, rulebook, begin)) == 0


def test_two_web_processes_take_each_report_once(folder: Path, rulebook: Rulebook) -> None:
    assert in_child(_in_day(folder, rulebook, Day.prepare)) == 0
    together(*[_in_day(folder, rulebook, Day.report)] * 3)
    with closing(look(address(folder, "data.db"))) as reader:
        assert reader.execute("SELECT count(*) FROM clue").fetchone()[0] == REPORTS
        assert [*doubled(reader), *gaps(reader), *damage(reader)] == []


def test_two_leaders_at_once_send_one_set_of_tasks(folder: Path, rulebook: Rulebook) -> None:
    def confirm(day: Day) -> None:
        with contextlib.suppress(Conflict):
            day.confirm()

    def begin(day: Day) -> None:
        day.prepare()
        day.report()

    assert in_child(_in_day(folder, rulebook, begin)) == 0
    together(*[_in_day(folder, rulebook, confirm)] * 3)
    assert in_child(_in_day(folder, rulebook, Day.confirm)) == 0
    with closing(look(address(folder, "data.db"))) as reader:
        assert [*doubled(reader), *gaps(reader)] == []


def test_three_workers_and_a_leap_of_a_month_remind_of_everything_once(folder: Path, rulebook: Rulebook) -> None:
    alone, crowded = folder / "alone", folder / "crowded"
    _begun(alone, rulebook)
    _begun(crowded, rulebook)
    moments = [AT + timedelta(hours=6 * n) for n in range(1, 4 * 30)] + [AT + MONTH]

    def day_by_day(day: Day) -> None:
        for moment in moments:
            day.work(moment)

    assert in_child(_in_day(alone, rulebook, day_by_day)) == 0
    together(*[_in_day(crowded, rulebook, lambda day: day.work(AT + MONTH))] * 3)
    told, wanted = _reminders(crowded), _reminders(alone)
    missed = {each for each in wanted if REPEATED in each[1]} - set(told)
    assert told == Counter({each: times for each, times in wanted.items() if each not in missed})
    assert missed < {each for each in wanted if REPEATED in each[1]}, "what was slept through comes once, not each time"
    assert max(_reminders(crowded).values()) <= REPORTS, "a reminder came twice"
    with closing(look(address(crowded, "data.db"))) as reader:
        assert [*doubled(reader), *gaps(reader)] == []


@pytest.mark.parametrize("wrongly", [-MONTH, -timedelta(hours=1)])
def test_a_clock_set_back_and_right_again_changes_nothing(folder: Path, rulebook: Rulebook, wrongly: timedelta) -> None:
    site = folder / "site"
    _begun(site, rulebook)
    before = _reminders(site)

    def back(day: Day) -> None:
        day.work(AT + wrongly)

    assert in_child(_in_day(site, rulebook, back)) == 0
    assert _reminders(site) == before

    def go_on(day: Day) -> None:
        day.hand_on()
        day.confirm()
        day.finish()
        day.work(AT + timedelta(hours=3))
        day.sign(AT + timedelta(hours=4))
        day.set_right(AT + timedelta(hours=5))
        day.change_people()
        day.work(LATE)
        day.sign(LATE)
        day.work(LATE)

    assert in_child(_in_day(site, rulebook, go_on)) == 0
    assert wrong(Day(site, rulebook)) == []


def test_after_a_leap_by_mistake_somebody_may_vouch_for_the_clock(folder: Path, rulebook: Rulebook) -> None:
    site = folder / "site"
    _begun(site, rulebook)
    now = AT + timedelta(hours=1)

    def leap(day: Day) -> None:
        day.work(AT + MONTH)

    assert in_child(_in_day(site, rulebook, leap)) == 0

    def vouch(day: Day) -> None:
        day.hand_on()
        day.confirm()
        day.work(now)
        assert _waiting(day, now), "the work rests while the clock seems to be set back"
        trust_clock(day.deployment, now)
        day.work(now)
        assert not _waiting(day, now)

    assert in_child(_in_day(site, rulebook, vouch)) == 0


def _waiting(day: Day, at: datetime) -> int:
    with closing(look(day.deployment.database.url)) as reader:
        query = "SELECT count(*) FROM job WHERE status = 'ready' AND run_at <= ?"
        return int(reader.execute(query, (int(at.timestamp()),)).fetchone()[0])
