"""What is grown is what acts would have left: chained, sealed for its rows, with its jobs, and never twice."""

from datetime import datetime
from typing import Any

import pytest

from scale.conftest import MANY
from scale.growing import Grown
from scale.moulds import CaseMould
from scale.seeds import NOW, Seed
from xunfang.actions import reminding
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.reminding import reconcile
from xunfang.identity import resident_id_problem
from xunfang.store import (
    OPEN_PAGE,
    Case,
    Event,
    Job,
    Message,
    Notice,
    Person,
    Submission,
    Task,
    connection,
    transaction,
    verify_chain,
)
from xunfang.store.reading.case_file import person_secrets


def test_it_says_what_grew(grown: tuple[Seed, Grown, list[CaseMould]]) -> None:
    seed, more, made_of = grown
    wanted = [made_of[n % len(made_of)] for n in range(MANY)]
    assert (more.cases, more.tasks) == (MANY, sum(mould.tasks for mould in wanted))
    with connection(seed.database, seed.rulebook.id) as reader:
        assert sum(1 for _ in reader.every(Case)) == more.rows["case"] + len(made_of) + 4  # those that started others
        assert len([task for task in reader.every(Task) if task.ended_at is None]) > more.open_tasks


def test_every_chain_holds(grown: tuple[Seed, Grown, list[CaseMould]]) -> None:
    seed, more, _ = grown
    assert more.rows["event"] > MANY
    assert verify_chain(seed.database, seed.deployment.keys.chain) is None


def test_every_row_opens_and_every_person_is_another(grown: tuple[Seed, Grown, list[CaseMould]]) -> None:
    seed, _, made_of = grown
    with connection(seed.database, seed.rulebook.id) as reader:
        people = list(reader.every(Person))
        numbers = [person_secrets(person, seed.deployment.keys).get("id_number", "") for person in people]
        for row in (Message, Event, Submission, Notice, Job):
            assert sum(1 for _ in reader.every(row)) > MANY
    told = [number for number in numbers if number]
    assert len(told) == len(set(told)) > MANY
    assert not any(resident_id_problem(number, NOW.date()) for number in told)
    index = seed.deployment.keys.blind_index
    assert all(person.id_index == index(number) for person, number in zip(people, numbers, strict=True) if number)
    assert len({mould.id_number for mould in made_of}) == len(made_of)


def test_numbers_have_no_gap_and_stand_in_what_names_them(grown: tuple[Seed, Grown, list[CaseMould]]) -> None:
    seed, _, _ = grown
    taken: dict[str, list[int]] = {}
    with connection(seed.database, seed.rulebook.id) as reader:
        for notice in reader.every(Notice):
            if notice.n is not None:
                assert f"{notice.n}号" in notice.number
                taken.setdefault(notice.series, []).append(notice.n)
        opened = [event.told for event in reader.every(Event) if event.name == "case.opened"]
        told = [each["number"] for each in opened if "number" in each]
        assert len(told) == len(set(told)) > MANY
        assert set(told) <= {case.number for case in reader.every(Case)}
    assert taken
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in taken.values())


def test_nothing_is_missing_that_the_rules_would_put(grown: tuple[Seed, Grown, list[CaseMould]]) -> None:
    seed, _, _ = grown
    assert reconcile(seed.deployment, NOW) == 0


def test_the_right_to_write_is_taken_only_for_rows_of_which_a_job_is_missing(
    grown: tuple[Seed, Grown, list[CaseMould]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, taken = grown[0], list[str]()
    held = reminding.acting

    def noted(deployment: Deployment, actor: Actor, at: datetime, *more: Any, **named: Any) -> Any:
        taken.append(actor.name)
        return held(deployment, actor, at, *more, **named)

    monkeypatch.setattr(reminding, "acting", noted)
    pieces = list(reminding.reconciling(seed.deployment, NOW))
    assert not any(pieces)
    assert len(pieces) > MANY // OPEN_PAGE
    assert taken == []
    with transaction(seed.database, seed.rulebook.id) as tx:
        lost = tx.select(Job, limit=1, status="ready", kind="remind")[0]
        tx.delete(Job, id=lost.id)
    assert sum(reminding.reconciling(seed.deployment, NOW)) == 1
    assert len(taken) == 2, "one piece, and the event that tells of it"
