"""Indicators are counted by the worker: each owner's figure is what its own cases and tasks say, and is kept once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.town import GRANTED, MEDICAL, SIBLING, TOWNSHIP, VILLAGE, Town, compiled, other_id, report
from xunfang.actions.figures import begin_counting, count_again
from xunfang.actions.jobs import JOBS
from xunfang.actions.submitting import submit
from xunfang.casework import Visit
from xunfang.desk import Readings
from xunfang.errors import NotAllowed
from xunfang.rulebook.kinds.indicators import Score
from xunfang.store import Case, Job, Person, Question, new_id, transaction
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


def counted(town: Town, indicator: str) -> dict[str, tuple[int, int]]:
    found = town.rows(Figure, indicator=indicator)
    return {row.owner: (row.part, row.whole) for row in found if row.begins_on == MARCH}


def test_every_kind_of_job_is_carried_out(counting: Town) -> None:
    assert parts(counting.deployment, counting.press, counting.now).keys() == JOBS.keys()


def test_what_was_reported_and_done_is_counted_for_who_answers_for_it(counting: Town) -> None:
    case = counting.dispatched()
    counting.report(by="sibling", residence=f"{SIBLING}011", id_number=other_id(7), name="周福")
    counting.complete("doctor", counting.task(case, MEDICAL), "granted", GRANTED)
    begin_counting(counting.deployment, counting.at)
    counting.work_until()
    assert counted(counting, "same-day-report") == {"": (2, 2), TOWNSHIP: (1, 1), SIBLING: (1, 1)}
    assert counted(counting, "feedback-on-time") == {"": (1, 1), MEDICAL: (1, 1)}
    assert [event.told["of"] for event in counting.events("figures.counted")].count("case") >= 1


def test_what_was_never_answered_counts_once_it_is_due(counting: Town) -> None:
    case = counting.dispatched()
    task = counting.task(case, MEDICAL)
    assert task.due_at is not None
    begin_counting(counting.deployment, counting.at)
    counting.work_until()
    assert counted(counting, "feedback-on-time") == {"": (0, 0)}  # counted, and there was nothing
    counting.work_until(task.due_at + timedelta(days=1))
    begin_counting(counting.deployment, counting.at)
    counting.work_until()
    assert counted(counting, "feedback-on-time") == {"": (0, 1), MEDICAL: (0, 1)}


def test_counted_again_it_is_the_same_row_and_nothing_that_is_no_more(counting: Town) -> None:
    case = counting.report().case
    begin_counting(counting.deployment, counting.at)
    counting.work_until()
    counting.later(minutes=5)
    count_again(counting.deployment, counting.actor("supervisor"), MARCH, counting.at)
    counting.report(id_number=other_id(7), name="周福")
    counting.work_until()
    assert case
    assert counted(counting, "same-day-report")[""] == (2, 2)


def test_a_visit_counts_where_it_was_made_wherever_its_person_lives_later(counting: Town) -> None:
    counting.report()
    answers = {"visited_on": "2026-03-10", "name": report()["name"], "residence": VILLAGE, "found_difficulty": False}
    submit(counting.deployment, counting.actor("village"), "visit", answers, new_id(), counting.at)
    (visit,) = counting.rows(Visit)
    with transaction(counting.database, counting.rulebook.id) as tx:
        tx.update(Person, {"id": visit.person}, {"residence": f"{SIBLING}011"})
    begin_counting(counting.deployment, counting.at)
    counting.work_until()
    assert counted(counting, "township-monthly/households_visited") == {"": (1, 1), TOWNSHIP: (1, 1)}


def test_records_of_one_person_are_counted_once_where_people_are(counting: Town) -> None:
    told = {"visited_on": "2026-03-10", "residence": VILLAGE, "found_difficulty": False}
    for n, name in enumerate(("周福", "周富", "周禄"), 7):
        counting.report(id_number=other_id(n), name=name)
        submit(counting.deployment, counting.actor("village"), "visit", {**told, "name": name}, new_id(), counting.at)
    one, other, _ = sorted(visit.person for visit in counting.rows(Visit))
    case = counting.rows(Case)[0].id
    with transaction(counting.database, counting.rulebook.id) as tx:
        base = {"jurisdiction": counting.rulebook.id, "case": case, "asked_at": counting.at, "verdict": "same"}
        tx.insert(Question(id=new_id(), person=one, other=other, **base))
    begin_counting(counting.deployment, counting.at)
    counting.work_until()
    assert counted(counting, "township-monthly/households_visited") == {"": (2, 2), TOWNSHIP: (2, 2)}


def test_once_a_minute_is_enough(counting: Town) -> None:
    for _ in range(2):
        count_again(counting.deployment, counting.actor("supervisor"), MARCH, counting.at)
    first = len(counting.rows(Job, kind="count-figures"))
    count_again(counting.deployment, counting.actor("supervisor"), MARCH, counting.at + timedelta(seconds=20))
    assert len(counting.rows(Job, kind="count-figures")) == first
    with pytest.raises(NotAllowed):
        count_again(counting.deployment, counting.actor("doctor"), MARCH, counting.at)


def test_everybody_knows_their_own_figures_and_the_whole(counting: Town) -> None:
    counting.dispatched()
    counting.report(by="sibling", residence=f"{SIBLING}011", id_number=other_id(7), name="周福")
    begin_counting(counting.deployment, counting.at)
    counting.work_until()
    for login, owners in (("township", {"", TOWNSHIP}), ("supervisor", {"", TOWNSHIP, SIBLING}), ("doctor", {""})):
        with scoped(counting.database, counting.actor(login).scope) as reader:
            found = reader.figures(MARCH, MARCH, "same-day-report")
        assert {row.owner for row in found} == owners, login


def keep(
    town: Town, owner: str, part: int, month: int = 3, *, every: str = "month", of: str = "same-day-report"
) -> None:
    """Write down that an owner had so many of ten in a period as they should be."""
    with transaction(town.database, town.rulebook.id) as tx:
        tx.insert(
            Figure(
                jurisdiction=town.rulebook.id, indicator=of, every=every, begins_on=date(2026, month, 1), owner=owner,
                part=part, whole=10, counted_at=town.at, release=town.rulebook.digest, complete=True,
            )
        )  # fmt: skip


def scored(town: Town, login: str, **until: date) -> list[tuple[int, str]]:
    found = Readings(town.deployment).counting.scores(town.actor(login), 2026, **until)
    return [(row.rank, row.whole) for table in found for row in table.rows]


def test_a_place_is_that_among_all_whoever_of_them_is_in_sight(counting: Town) -> None:
    for owner, part in ((SIBLING, 10), ("370304100", 8), (TOWNSHIP, 5)):
        keep(counting, owner, part)
    desk = Readings(counting.deployment).counting
    face = desk.indicator(counting.actor("township"), "same-day-report", MARCH, MARCH)
    assert [(row.rank, row.owner) for row in face.owners] == [(3, TOWNSHIP)]
    assert [rank for rank, _ in scored(counting, "township")] == [3]
    assert [rank for rank, _ in scored(counting, "supervisor")] == [1, 2, 3]


def test_of_what_points_are_taken_away_for_the_fewest_come_first(counting: Town) -> None:
    given = counting.rulebook.indicators["same-day-report"]
    taken = {given.id: replace(given, score=Score(-10, 0.5))}
    counting.deployment.rulebooks.current[counting.rulebook.id] = replace(counting.rulebook, indicators=taken)
    for owner, part in ((TOWNSHIP, 5), (SIBLING, 0)):
        keep(counting, owner, part)
    desk = Readings(counting.deployment).counting
    face = desk.indicator(counting.actor("supervisor"), given.id, MARCH, MARCH)
    assert [(row.rank, row.owner, row.came.points) for row in face.owners] == [(1, SIBLING, "0"), (2, TOWNSHIP, "-10")]


def test_figures_by_earlier_rules_are_counted_into_nothing(counting: Town) -> None:
    keep(counting, TOWNSHIP, 10)
    before = scored(counting, "supervisor")
    keep(counting, TOWNSHIP, 0, every="year")
    keep(counting, f"township:{TOWNSHIP}", 0)
    assert scored(counting, "supervisor") == before
    face = Readings(counting.deployment).counting.indicator(
        counting.actor("supervisor"), "same-day-report", MARCH, MARCH
    )
    assert [(row.owner, row.came.part) for row in face.owners] == [(TOWNSHIP, 10)]


def test_the_ranking_of_a_bulletin_goes_up_to_its_month(counting: Town) -> None:
    keep(counting, TOWNSHIP, 10)
    keep(counting, TOWNSHIP, 0, 4)
    told = Readings(counting.deployment).bulletins.bulletin(counting.actor("supervisor"), MARCH, counting.at)
    assert [row.whole for table in told.scores for row in table.rows] == [
        scored(counting, "supervisor", last=MARCH)[0][1]
    ]
    assert scored(counting, "supervisor")[0][1] != scored(counting, "supervisor", last=MARCH)[0][1]
