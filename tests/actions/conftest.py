from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from actions.town import Town, compiled
from databases import WALLED, kept_in
from xunfang.actions import passwords
from xunfang.rulebook.model import Rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return compiled()


@pytest.fixture(autouse=True, params=WALLED)
def both(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let every test of this folder run on both kinds of database."""
    with kept_in(request.param) as kind:
        yield kind


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    town = Town(tmp_path, rulebook)
    yield town
    town.database.close()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply where many passwords are tried and what it costs is not the question; test_hashing.py asks that."""
    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=1024))
