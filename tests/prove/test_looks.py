# ruff: noqa: DTZ001, E501 - a scenario's moments are civil time, as its file writes them
"""What a scenario may look at besides a case; and that a wrong expectation is told."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from xunfang.prove.looks import LOOKS
from xunfang.prove.scenarios import run
from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.model import Operator, Rulebook, Sample, Scenario, Stratum, Test


def look(rulebook: Rulebook, at: datetime, expect: dict[str, Any], **step: Any) -> list[str]:
    scenario = Scenario("x", "试看", (), ({"at": at, **step, "expect": expect},), "x.toml")
    return [str(failure) for failure in run(rulebook, scenario)]


NOON = datetime(2026, 4, 10, 12)
TOWN = "370304102"
RIGHT = [
    (datetime(2026, 4, 5, 9), {"owed": [{"duty": "township-monthly", "of": "township", "to": "service-centre",
        "covers": "2026年3月", "due_at": datetime(2026, 4, 5, 23, 59, 59)}]}, {}),
    (datetime(2026, 4, 6, 9), {"owed": [{}]}, {}),
    (NOON, {"owes": {}}, {"happens": "no-such-duty"}),
    (NOON, {"kept": [1]}, {"feed": "large-inpatient-bills", "rows": [{"amount": 20000}, {"amount": 19999}]}),
    (NOON, {"kept": []}, {"feed": "no-such-feed", "rows": [{"amount": 20000}]}),
    (NOON, {"drawn": 0}, {"draw": "no-such-duty", "among": 10}),
    (NOON, {"drawn": 3}, {"draw": "return-visits", "among": 3}),
    (NOON, {"drawn": ["b", "a"]}, {"draw": "return-visits", "things": [{"id": "a", "on": date(2026, 4, 1)}, {"id": "b"}]}),
    (NOON, {"measured": {}}, {"measure": "no-such-indicator"}),
    (NOON, {"measured": {"part": 1, "whole": 2, "value": 0.5}}, {"measure": "feedback-on-time", "things": [
        {"state": "handling", "completed_in_time": True}, {"state": "handling"}, {"state": "notify"}]}),
    (NOON, {"may": {"leader": ["confirm-dispatch", "approve-extension", "sign-off", "declare", "urge", "supervise", "print", "reveal"],
        "nobody": []}}, {}),
    (NOON, {"ledger": {"clue-ledger": ["case.number", "承办单位"], "no-such-ledger": []}}, {}),
    (NOON, {"asks": {"clue-report": ["needs", "illness"], "no-such-form": []}}, {}),
    (NOON, {"choices": {"need": ["medical", "housing"], "no-such-list": []}}, {}),
    (NOON, {"meets": {"joint-meeting": {"convenes": "service-centre", "quorum": "half"}, "no-such-meeting": {}}}, {}),
    (NOON, {"papers": {"transfer-slip": {"layout": "letter", "seal": "service-centre", "signed_off_by": "leader"}}}, {}),
    (NOON, {"climbs": {"service-centre": ["leading-group-office", "leading-group"]}}, {}),
    (NOON, {"strictest": {"visit": "", "no-such-form": ""}}, {"answers": {"categories": []}}),
    (NOON, {"bound": {"visit": {}, "no-such-form": {}}}, {"answers": {"categories": []}, "visits": [{"on": NOON.date()}]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "expect", "step"), RIGHT, ids=[f"{n}-{next(iter(e))}" for n, (_, e, _) in enumerate(RIGHT)]
)
def test_what_is_so_is_seen(rulebook: Rulebook, at: datetime, expect: dict[str, Any], step: dict[str, Any]) -> None:
    assert look(rulebook, at, expect, **step) == []


WRONG = [
    ({"owed": [{"duty": "township-monthly", "of": "village"}]}, {"at": datetime(2026, 4, 5, 9)}),
    ({"owed": [{"duty": "township-monthly", "of": "township"}]}, {"at": datetime(2026, 4, 6, 9)}),
    ({"kept": [1, 2]}, {"feed": "large-inpatient-bills", "rows": [{"amount": 20000}, {"amount": 19999}]}),
    ({"drawn": 1}, {"draw": "no-such-duty", "among": 10}),
    ({"drawn": ["a"]}, {"draw": "return-visits", "things": [{"id": "a"}, {"id": "b"}]}),
    ({"measured": {"value": 1.0}}, {"measure": "feedback-on-time", "things": [{"state": "handling"}]}),
    ({"may": {"village": ["accept"]}}, {}),
    ({"ledger": {"clue-ledger": ["没有这一列"]}}, {}),
    ({"asks": {"clue-report": ["no_such_field"]}}, {}),
    ({"choices": {"need": ["no-such-need"]}}, {}),
    ({"meets": {"joint-meeting": {"quorum": "all"}}}, {}),
    ({"papers": {"transfer-slip": {"layout": "minutes"}}}, {}),
    ({"strictest": {"visit": "no-such-duty"}}, {}),
    ({"bound": {"visit": {"every": "day"}}}, {"during": {"cold-wave": "red"}}),
    ({"climbs": {"service-centre": ["service-centre", "nobody"]}}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("expect", "step"), WRONG, ids=[f"{n}-{next(iter(e))}" for n, (e, _) in enumerate(WRONG)])
def test_what_is_not_so_is_told(rulebook: Rulebook, expect: dict[str, Any], step: dict[str, Any]) -> None:
    told = look(rulebook, step.get("at", NOON), expect, **{key: value for key, value in step.items() if key != "at"})
    assert len(told) == 1
    assert next(iter(expect)) in told[0]


def test_every_look_is_tried() -> None:
    tried = {next(iter(expect)) for expect, _ in WRONG} | {"owes"}
    assert set(LOOKS) - tried <= {"not_owed", "quota"}  # scenarios of counties and of the invented city look at these


def test_a_choice_retired_before_the_day_is_gone(rulebook: Rulebook) -> None:
    retired = [
        (list_id, entry.id, entry.retired)
        for list_id, entries in rulebook.lists.items()
        for entry in entries.entries.values()
        if entry.retired
    ]
    for list_id, entry, last in retired:
        assert look(rulebook, datetime.combine(last, datetime.min.time()), {"choices": {list_id: [entry]}}) == []
        assert look(rulebook, datetime(last.year + 1, 12, 31, 9), {"choices": {list_id: [entry]}})


def test_a_scenario_draws_by_what_its_things_tell_and_by_its_seed(rulebook: Rulebook) -> None:
    kin, old = (Test(path, Operator.IS, True) for path in ("person.near_relative", "seen"))
    sample = Sample("0.5", "month", 0, (Stratum(kin, "all", 0, NO_BASIS), Stratum(old, "0", 0, NO_BASIS)))
    changed = {"return-visits": replace(rulebook.duties["return-visits"], sample=sample)}
    stratified = replace(rulebook, duties=changed)
    things = [{"id": "kin", "person": {"near_relative": True}}, {"id": "seen", "seen": True}, {"id": "a"}, {"id": "b"}]
    one_of_two = {
        seed: next(
            id
            for id in "ab"
            if not look(stratified, NOON, {"drawn": ["kin", id]}, draw="return-visits", seed=seed, things=things)
        )
        for seed in map(str, range(10))
    }
    assert set(one_of_two.values()) == {"a", "b"}
    for seed, id in one_of_two.items():
        turned = look(stratified, NOON, {"drawn": [id, "kin"]}, draw="return-visits", seed=seed, things=things[::-1])
        assert turned == []


def test_facts_of_a_step_may_be_dates(rulebook: Rulebook) -> None:
    told = look(
        rulebook,
        datetime(2026, 4, 10, 9),
        {"owes": {"of": "traffic-police", "to": "service-centre", "due_at": datetime(2026, 4, 13, 17, 30)}},
        happens="traffic-accidents",
        answers={"occurred_on": date(2026, 4, 8), "residence": f"{TOWN}201"},
    )
    assert told == []
