"""The same machine on a database: several counties in one installation, with accounts, acts and the worker.

`XUNFANG_MACHINE_STEPS=5000 pytest tests/machines/test_stored.py` lets it go on for longer.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from dying import folder_in_memory
from machines.invariants import wrong
from machines.machine import SERVED, Machine, rulebook_of
from machines.sight import oversights
from machines.stored import Installation, Stored
from torture.invariants import damage, doubled, gaps, look
from xunfang.actions.reminding import reconcile
from xunfang.clock import local_date
from xunfang.rules.sample import sample_moment
from xunfang.store import Event, Job, Message, ScopedReader, connection, verify_chain

STEPS = int(os.environ.get("XUNFANG_MACHINE_STEPS", "50"))
LOOKS = 0.1
READERS = 4
"""How many of each jurisdiction look at their lists in the end."""
TO_THE_END_OF_A_YEAR = timedelta(days=385)


@pytest.fixture
def folder() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


def amiss(installation: Installation, worlds: list[Stored], chance: Random) -> list[str]:
    """Return everything that is wrong with an installation, read from its tables."""
    found = [text for world in worlds for text in wrong(world)]
    found += _jobs(installation)
    if (broken := verify_chain(installation.database, installation.keys.chain)) is not None:
        found.append(f"the chain breaks at {broken}")
    if missing := reconcile(installation.deployment, installation.at):
        found.append(f"{missing} jobs were missing")
    with closing(look(installation.folder / "machine.db")) as reader:
        found += [*gaps(reader), *damage(reader), *(text for text in doubled(reader) if not _allowed(text))]
    return found + [text for world in worlds for text in _seen(world, worlds, chance)]


def _allowed(text: str) -> bool:
    """Whether what is wrong after one day's work may be so here: cases are opened again, papers signed anew."""
    return text.startswith(("twice: case.closed", "unequal: signed notices", "dispatch of case"))


def _jobs(installation: Installation) -> Iterator[str]:
    with connection(installation.database) as reader:
        for job in reader.every(Job):
            if job.last_error or job.status == "parked":
                yield f"job {job.key} is {job.status}: {job.last_error}"


def _seen(world: Stored, worlds: list[Stored], chance: Random) -> Iterator[str]:
    rows = {key: row for each in worlds for key, row in (*each.rows().items(), *each.owed().items())}
    with connection(world.database) as reader:
        messages = list(reader.every(Message))
        for account in chance.sample(world.accounts, READERS):
            table = ScopedReader(reader, world.deployment.actor(account).scope)
            here = world.rulebook.on(local_date(world.at))
            yield from oversights(table, here, rows, messages, world.at)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_stored_is_whole_on_record_and_seen_by_whom_it_concerns(folder: Path, seed: int) -> None:
    chance, rulebooks = Random(seed), [rulebook_of(name) for name in SERVED]
    begin = max(sample_moment(rulebook) for rulebook in rulebooks) + TO_THE_END_OF_A_YEAR * (seed % 2)
    installation = Installation(folder, rulebooks, begin, chance)
    worlds = [Stored(installation, rulebook, chance) for rulebook in rulebooks]
    machines = [Machine(world, seed + n, LOOKS) for n, world in enumerate(worlds)]
    try:
        for n in range(STEPS):
            if n == STEPS // 2:  # whatever is open by then lives to see a merger
                chance.choice(machines[:-1]).merge()
            chance.choice(machines).step()
        found = amiss(installation, worlds, chance)
        assert not found, "\n".join(found)
        with connection(installation.database) as reader:
            assert len(list(reader.every(Event))) > STEPS
        assert all(world.rows() for world in worlds)
    finally:
        installation.database.close()
