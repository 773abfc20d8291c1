"""Figures of a report stand as of the end of its period: whoever joins, leaves or moves after it changes nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.roll import grant, person
from actions.town import SIBLING, TOWNSHIP, VILLAGE, Town, compiled
from xunfang.actions.figures import begin_counting
from xunfang.casework import Amendment
from xunfang.clock import parse
from xunfang.store import Case, Person, new_id, transaction
from xunfang.store.reading.settled import Days
from xunfang.store.scoped import scoped
from xunfang.store.tables import Figure
from xunfang.worker import Worker
from xunfang.worker.parts import parts

MARCH = date(2026, 3, 1)


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path, compiled())
    town.worker = Worker(town.database, parts(town.deployment, town.press, town.now), town.now)
    yield town
    town.database.close()


def counted(town: Town, figure: str) -> dict[str, int]:
    rows = town.rows(Figure, indicator=f"subsistence-statistics/{figure}", begins_on=MARCH)
    return {row.owner: row.whole for row in rows}


def count_on(town: Town, at: str) -> None:
    town.at = parse(at)
    begin_counting(town.deployment, town.at)
    town.work_until()


def test_a_stock_is_that_of_the_last_day_whenever_it_is_counted(counting: Town) -> None:
    held = [person(counting, n, name, VILLAGE, account=False) for n, name in enumerate("赵钱孙李周吴")]
    grant(counting, held[0], "2026-01-01")
    grant(counting, held[1], "2026-03-20")  # joins within the month
    grant(counting, held[2], "2026-01-01", until=date(2026, 3, 20))  # leaves within it
    grant(counting, held[3], "2026-01-01", until=date(2026, 4, 2))  # leaves after it
    grant(counting, held[4], "2026-04-01")  # joins after it
    raised = grant(counting, held[5], "2026-01-01", until=date(2026, 3, 14), cents=50_000)
    grant(counting, held[5], "2026-03-15", cents=60_000, follows=raised.id)  # goes on with another amount
    count_on(counting, "2026-03-31T22:00:00")
    assert counted(counting, "households") == {"": 4, TOWNSHIP: 4}
    move = {"field": "residence", "before": VILLAGE, "after": f"{SIBLING}011", "on": date(2026, 4, 3)}
    told = {"what": "move", "residence": VILLAGE, "by": "", "unit": f"township:{TOWNSHIP}"}
    with transaction(counting.database, counting.rulebook.id) as tx:
        tx.update(Person, {"id": held[0].id}, {"residence": f"{SIBLING}011"})
        made = {"id": new_id(), "jurisdiction": counting.rulebook.id, "person": held[0].id, "made_at": counting.at}
        tx.insert(Amendment(**made, **told, **move))
    count_on(counting, "2026-04-06T22:00:00")
    assert counted(counting, "households") == {"": 4, TOWNSHIP: 4}
    assert counted(counting, "new_households") == {"": 1, TOWNSHIP: 1}
    count_on(counting, "2026-04-30T22:00:00")
    april = counting.rows(Figure, indicator="subsistence-statistics/households", begins_on=date(2026, 4, 1))
    assert {row.owner: row.whole for row in april} == {"": 4, TOWNSHIP: 3, SIBLING: 1}


def test_a_case_is_open_at_the_end_of_the_days_up_to_that_on_which_it_is_closed(counting: Town) -> None:
    case = counting.report().case
    with transaction(counting.database, counting.rulebook.id) as tx:
        tx.update(Case, {"id": case}, {"closed_at": parse("2026-04-02T10:00:00")})
    with scoped(counting.database, counting.actor("supervisor").scope) as reader:
        for days, last in ((("2026-03-01", "2026-03-31"), date(2026, 4, 1)), (("2026-04-02", "2026-04-30"), None)):
            first, end = map(date.fromisoformat, days)
            found, _ = reader.settled("case:open", Days(counting.rulebook.id, first, end, counting.at))
            assert [each.last for each in found] == ([last] if last else [])
