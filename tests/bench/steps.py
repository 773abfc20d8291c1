"""Committed steps of a case, beside SpiffWorkflow storing its state after the same steps of the same process."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from spiff import PER_LEAD, Told, spiff_steps

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import claim, complete
from xunfang.actions.submitting import submit
from xunfang.casework import Decided, Dispatch, Task
from xunfang.clock import parse
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Rulebook
from xunfang.store import Reader, connection

AT = parse("2026-09-29T10:00")
FORM = "clue-report"
MEMORY = Path("/dev/shm")
FOUND = {"visited_on": "2026-09-29", "findings": "情况属实。", "eligible": True, "programme": "medical-aid"}


def steps(
    rulebook: Rulebook,
    answers: dict[str, Any],
    seconds: float,
    opened: Callable[[Path, Rulebook], Deployment],
    numbers: list[str],
    raw_commits: Callable[[Path, float], float],
) -> None:
    """Print how many steps a second are decided and committed, with their events, jobs and messages.

    On the disk, by the clock on the wall: every commit waits for it, so that the raw commits are the ceiling of both.
    In memory, in the seconds of one core: what is decided, written and recorded costs without the disk.
    SpiffWorkflow is asked twice: loading its process for each step, as a web server must that has none in memory (ours
    reads the case for each step too), and keeping it in memory from one step to the next.
    """
    with tempfile.TemporaryDirectory() as name:
        print("committed steps of a case: confirm, and of each lead claim and complete")
        _beside_spiff(Path(name), rulebook, answers, seconds, opened, numbers, time.perf_counter)
        print(f"  raw SQLite commits of one row           {raw_commits(Path(name), seconds):>10,.0f} /s")
    if MEMORY.is_dir():
        with tempfile.TemporaryDirectory(dir=MEMORY) as name:
            print("the same steps in memory, in seconds of one core")
            _beside_spiff(Path(name), rulebook, answers, seconds, opened, numbers, time.process_time)


def _beside_spiff(
    folder: Path,
    rulebook: Rulebook,
    answers: dict[str, Any],
    seconds: float,
    opened: Callable[[Path, Rulebook], Deployment],
    numbers: list[str],
    clock: Callable[[], float],
) -> None:
    ours, told = _ours(opened(folder, rulebook), rulebook, answers, seconds, numbers, clock)
    print(f"  ours                                    {ours:>10,.0f} /s")
    for loaded, how in ((True, "loaded for each step"), (False, "kept in memory")):
        spiff = spiff_steps(folder, told, seconds, clock, loaded=loaded)
        print(f"  SpiffWorkflow, {how:<24} {spiff:>10,.0f} /s   ratio {ours / spiff:.2f}")


def _ours(
    deployment: Deployment,
    rulebook: Rulebook,
    answers: dict[str, Any],
    seconds: float,
    numbers: list[str],
    clock: Callable[[], float],
) -> tuple[float, Told]:
    """Handle one case after another, reporting them not counted; return the rate, and what was told of the last."""
    done, spent, told = 0, 0.0, None
    with connection(deployment.database) as reader:
        for number in numbers:
            report = {**answers, "id_number": number}
            case = submit(deployment, _of(rulebook, "village:1"), FORM, report, uuid4().hex, AT).case
            begun = clock()
            claimed = handled(deployment, reader, rulebook, case)
            spent += clock() - begun
            done += 1 + 2 * len(claimed)
            told = Told(
                report, {"leads_named": [task.unit for task in claimed]}, _claim(claimed[0]), FOUND, len(claimed)
            )
            if spent > seconds:
                break
    assert told is not None
    return done / spent, told


def _of(rulebook: Rulebook, unit: str, *roles: str) -> Actor:
    return Actor(f"bench-{unit}", "测速", rulebook.id, unit, rulebook.code, roles, ACTS)


def _claim(task: Task) -> dict[str, Any]:
    return {"claimed_by": f"bench-{task.unit}", "claimed_at": AT.isoformat()}


def handled(deployment: Deployment, reader: Reader, rulebook: Rulebook, case: str) -> list[Task]:
    """Confirm the dispatch of a case as proposed, claim and complete what it sends out; return those tasks."""
    dispatch = reader.first(Dispatch, case=case, status="proposed")
    assert dispatch is not None
    decided = [Decided(str(item["lead"])) for item in dispatch.proposed]
    leader = _of(rulebook, "service-centre", "leader")
    confirm_dispatch(deployment, leader, case, dispatch.version, decided, AT)
    tasks = [task for task in reader.select(Task, case=case, ended_at=None) if task.state == PER_LEAD]
    for task in tasks:
        claim(deployment, _of(rulebook, task.unit), task.id, task.version, AT)
    for task in tasks:
        key = uuid4().hex
        complete(deployment, _of(rulebook, task.unit), task.id, task.version + 1, "granted", FOUND, key, AT)
    return tasks
