"""The bell over a server: heard in other processes, rung once for many commits, harmless when the server is away."""

import threading
import time
from collections.abc import Iterator

import pytest

from databases import kept_in, shared_server
from dying import in_child
from postgres import server
from xunfang.store.dialects import AddressUnusable
from xunfang.worker import Bell, FarBell, bell_at, far_bell

PATIENCE = 10.0


@pytest.fixture
def url() -> Iterator[str]:
    with kept_in("postgresql"):
        yield shared_server().database()


@pytest.fixture
def bell(url: str) -> Iterator[FarBell]:
    bell = FarBell(url)
    yield bell
    bell.close()


def _heard(bell: FarBell) -> bool:
    until = time.monotonic() + PATIENCE
    while not (heard := bell.heard()) and time.monotonic() < until:
        time.sleep(0.01)
    return heard


def test_an_address_tells_where_the_bell_hangs(tmp_path: object, url: str) -> None:
    assert isinstance(bell_at(url), FarBell)
    assert isinstance(bell_at(f"sqlite:///{tmp_path}/bell.db"), Bell)
    with pytest.raises(ValueError, match="队列地址"):
        bell_at("redis://somewhere/0")


def _until_called() -> None:
    """Wait until whatever was rung here has been called."""
    for each in threading.enumerate():
        if isinstance(each, threading.Timer):
            each.join(PATIENCE)


def test_many_rings_are_heard_as_one_in_another_process(
    bell: FarBell, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_bell, "SECONDS", 0.5)  # fifty rings take less, however busy the machine is
    assert bell.heard(), "what was rung before listening began is not known"
    assert not bell.heard()

    def ring() -> None:
        other = FarBell(url)
        for _ in range(50):
            other.ring()
        _until_called()

    assert in_child(ring) == 0
    assert _heard(bell)
    assert not bell.heard()


def test_a_forked_process_rings_on_a_connection_of_its_own(bell: FarBell) -> None:
    bell.heard()
    bell.ring()
    assert _heard(bell)

    def ring() -> None:
        bell.ring()
        _until_called()

    assert in_child(ring) == 0
    assert _heard(bell)
    bell.ring()
    assert _heard(bell), "the parent's own is still open"


def test_a_process_forked_in_the_midst_of_a_call_rings_all_the_same(bell: FarBell) -> None:
    calling, enough = threading.Event(), threading.Event()

    def call() -> None:
        calling.set()
        enough.wait(PATIENCE)

    def ring() -> None:
        bell.ring()
        _until_called()

    bell.heard()
    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(bell._calls, "call", call)
        bell.ring()
        assert calling.wait(PATIENCE)
    assert in_child(ring) == 0, "the lock was held by a thread that this child does not have"
    enough.set()
    assert _heard(bell)


def test_a_server_that_is_away_is_told_and_heard_again_when_it_is_back() -> None:
    with server() as own:
        bell = FarBell(own.database())
        assert bell.heard()
        own.kill()
        until = time.monotonic() + PATIENCE
        while not bell.note() and time.monotonic() < until:
            assert not bell.heard()
            time.sleep(0.01)
        assert "连不上" in bell.note()
        own.start()
        assert _heard(bell), "whatever was rung meanwhile is looked for"
        assert bell.note() == ""
        bell.close()


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(AddressUnusable):
        FarBell("mysql://x/y")
