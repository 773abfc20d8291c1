"""Every verb, legal and illegal, over every flow of every jurisdiction, in memory, while days pass."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machines.machine import SERVED, Machine, rulebook_of
from machines.world import InMemory
from xunfang.casework import VERBS
from xunfang.division import Level, digits_of

STEPS = 40
POSTING = "500229221-heyu"
"""Where what is decided is posted after few steps."""
COUNTY = digits_of(Level.COUNTY)
TO_THE_END_OF_A_YEAR = timedelta(days=385)


def machine_in(jurisdiction: str, seed: int) -> Machine:
    """Return a machine that begins in a December, every other one in the last whose next year is not published."""
    world = InMemory(rulebook_of(jurisdiction))
    world.pass_time(world.at + TO_THE_END_OF_A_YEAR * (seed % 2))
    return Machine(world, seed)


@pytest.mark.parametrize("jurisdiction", SERVED)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_done_every_case_lies_with_somebody(jurisdiction: str, seed: int) -> None:
    machine = machine_in(jurisdiction, seed)
    for _ in range(STEPS):
        machine.step()


@pytest.mark.parametrize("jurisdiction", [name for name in SERVED if len(name.split("-")[0]) <= COUNTY])
@pytest.mark.parametrize("seed", [3, 4])
def test_the_day_of_a_merger_passes_over_whatever_is_open(jurisdiction: str, seed: int) -> None:
    machine = machine_in(jurisdiction, seed)
    machine.looks, machine.mergers = 0.2, 0
    for n in range(STEPS * 2):
        if n in (STEPS, STEPS * 3 // 2):
            machine.mergers += 1
            machine.merge()
            assert machine.merged == machine.mergers
            machine.check()
        machine.step()


NO_CASES = ("sitting", "person", "roll", "circular", "change-set")


def test_the_machine_does_every_verb() -> None:
    """But those of a duty's period alone, and of what is no case: the machine is about cases.

    tests/casework/test_duties.py, test_upkeep.py and test_circulars.py, tests/actions/test_meetings.py,
    test_rolls.py and test_drafting.py do those.
    """
    missing = {
        verb.id for verb in VERBS.values() if verb.who != "machinery" and "case" in verb.of and verb.on not in NO_CASES
    }
    missing -= objected_to(machine_in(POSTING, 0)).done
    for seed in range(60):
        machine = machine_in(SERVED[seed % len(SERVED)], seed)
        machine.looks = 0
        for _ in range(STEPS * 2 if missing else 0):
            machine.step()
        missing -= machine.done
    assert missing == set()


def objected_to(machine: Machine) -> Machine:
    """Press cases on until somebody objects to what is posted: no chance comes that far by itself."""
    flows = [
        flow for flow in machine.rulebook.flows.values() if any(each.interrupted_by for each in flow.states.values())
    ]
    machine.forms = [form for flow in flows for form in flow.opens_on]
    for _ in range(STEPS * 2):
        machine.report()
        machine.press_on()
        machine.on_case()
        if "object" in machine.done:
            break
    machine.check()
    return machine


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whoever_objects_leaves_every_case_with_somebody(seed: int) -> None:
    assert "object" in objected_to(machine_in(POSTING, seed)).done
