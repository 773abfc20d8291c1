from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.town import Town, compiled
from xunfang.rulebook.model import Rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return compiled()


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    town = Town(tmp_path, rulebook)
    yield town
    town.database.close()
