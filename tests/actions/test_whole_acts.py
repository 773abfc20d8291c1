"""Every act leaves an event in its own transaction; a failure in the middle leaves nothing at all."""

from collections.abc import Callable, Sequence

import pytest

from actions.town import GRANTED, HOUSING, MEDICAL, START, TOLD, Town
from xunfang.actions.accounts import NewAccount, create_account
from xunfang.actions.handling import return_task, transfer, urge
from xunfang.actions.papers import open_notice, print_notice
from xunfang.actions.reading import attach, mark_read, reveal
from xunfang.store import NewEvent, Notice, Transaction, append_events, verify_chain
from xunfang.store.rows import all_tables

EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}
Act = Callable[[Town, str], object]


def _new_account(town: Town) -> object:
    new = NewAccount("zhang.min", "张敏", "Long-enough-1", town.rulebook.id, MEDICAL, ("clerk",))
    return create_account(town.deployment, town.actor("admin"), new, town.at)


def _task_act(act: Callable[..., object], *told: str) -> Act:
    def run(town: Town, case: str) -> object:
        task = town.task(case, MEDICAL)
        return act(town.deployment, town.actor("doctor"), task.id, task.version, *told, town.at)

    return run


ACTS: dict[str, Act] = {
    "submit": lambda town, case: town.report(by="township", needs=["education"], illness=None, schooling="欠费。"),
    "submit at once": lambda town, case: town.report(by="township", needs=["charity"], illness=None, **EMERGENCY),
    "claim": lambda town, case: town.claim("doctor", town.task(case, MEDICAL)),
    "complete": lambda town, case: town.complete("doctor", town.task(case, MEDICAL)),
    "assist": lambda town, case: town.complete("township", town.task(case, "township:370304102"), "", {}),
    "return": _task_act(return_task, "参保地在外区"),
    "transfer": _task_act(transfer, HOUSING, "实为住房问题"),
    "urge": lambda town, case: urge(town.deployment, town.actor("leader"), town.task(case, MEDICAL).id, town.at),
    "reveal": lambda town, case: reveal(town.deployment, town.actor("doctor"), case, "phone", "电话核实", town.at),
    "print": lambda town, case: print_notice(town.deployment, town.actor("doctor"), case, "", "transfer-slip", town.at),
    "open": lambda town, case: open_notice(town.deployment, town.actor("doctor"), town.first(Notice).id, town.at),
    "read": lambda town, case: mark_read(town.deployment, town.actor("doctor"), town.inbox(MEDICAL)[0].id, town.at),
    "attach": lambda town, case: attach(town.deployment, town.actor("doctor"), "a.jpg", "image/jpeg", b"x", town.at),
    "create account": lambda town, case: _new_account(town),
}


@pytest.fixture
def case(town: Town) -> str:
    case = town.dispatched()
    town.work_until()
    return case


@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_an_event_that_names_its_actor(town: Town, case: str, name: str) -> None:
    before = len(town.events())
    town.later(minutes=10)
    ACTS[name](town, case)
    events = town.events()[before:]
    assert events
    assert all(event.actor.startswith("account-") and event.actor_name for event in events)
    assert {event.at for event in events} == {town.at}
    assert verify_chain(town.database, town.keys.chain) is None


def everything(town: Town) -> dict[str, list[object]]:
    return {table.name: town.rows(table.row) for table in all_tables()}


@pytest.mark.parametrize("name", ACTS)
def test_a_failure_at_any_event_leaves_nothing(
    town: Town, case: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(town)
    failures = 0
    while _dies_at(failures + 1, town, case, name, monkeypatch):
        failures += 1
        assert everything(town) == before
    assert failures >= 1
    assert everything(town) != before


def _dies_at(event: int, town: Town, case: str, name: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run an act that fails when it writes its so-manieth event; False when it has fewer and so succeeded."""
    written = iter(range(1, 1000))

    def failing(tx: Transaction, key: bytes, events: Sequence[NewEvent]) -> None:
        for each in events:
            if next(written) == event:
                raise OSError("the disk is full")
            append_events(tx, key, [each])

    with monkeypatch.context() as patched:
        patched.setattr("xunfang.actions.acting.append_events", failing)
        try:
            ACTS[name](town, case)
        except OSError:
            return True
    return False


def test_a_whole_life_of_a_case_verifies(town: Town, case: str) -> None:
    town.complete("doctor", town.task(case, MEDICAL), "granted", GRANTED)
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    town.work_until()
    assert verify_chain(town.database, town.keys.chain) is None
    assert [event.n for event in town.events()] == list(range(1, len(town.events()) + 1))
    assert town.at == START
