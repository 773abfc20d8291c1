"""What tests of several floors use: a PostgreSQL server, started by the first test that needs it."""

from collections.abc import Iterator

import pytest

from databases import kept_in
from postgres import Server, server


@pytest.fixture(scope="session")
def server_for_all() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def postgresql(server_for_all: Server) -> Iterator[Server]:
    """A server on which databases are dropped after the test."""
    yield server_for_all
    server_for_all.drop_loose()


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let a test keep its databases in files, and once more on a server."""
    on_server = request.param == "postgresql"
    with kept_in(request.getfixturevalue("postgresql") if on_server else None):
        yield request.param
