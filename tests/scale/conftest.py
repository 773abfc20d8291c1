from collections.abc import Iterator
from pathlib import Path

import pytest

import databases
from databases import KINDS, kept_in
from scale.casting import ready
from scale.growing import Grown, ground, grow
from scale.loading import loading
from scale.moulds import CaseMould, moulds
from scale.seeds import Seed, moved, played

MANY = 1500


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Seed, Path]]:
    """A county's month, played."""
    folder = tmp_path_factory.mktemp("month")
    seed = played(folder)
    yield seed, folder
    seed.database.close()


@pytest.fixture(scope="module", params=KINDS)
def grown(
    request: pytest.FixtureRequest, month: tuple[Seed, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Seed, Grown, list[CaseMould]]]:
    """The same in a database of each kind, MANY cases grown from it."""
    with kept_in(request.param):
        first, folder = month
        there = moved(first, folder, databases.address(tmp_path_factory.mktemp("grown"), "grown.db"))
        made_of = moulds(there.database, there.deployment.keys, there.rulebook.id)
        cast_from = ready(there.database, made_of)
        soil = ground(there.database, there.rulebook.id, there.release)
        with loading(there.database):
            more = grow(there.database, there.deployment.keys, soil, cast_from, MANY)
        yield there, more, made_of
        there.database.close()
