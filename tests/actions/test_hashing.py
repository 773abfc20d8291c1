"""Hashing passwords has a turnstile of its own, and nobody holds a transaction meanwhile."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from actions.town import JURISDICTION, MEDICAL, START, Town
from xunfang.actions import passwords, signing_in
from xunfang.actions.accounts import AccountChange, NewAccount, change_account, create_account, create_administrator
from xunfang.actions.hashing import AT_ONCE, HashingCrowded, turn
from xunfang.errors import NotSignedIn
from xunfang.store import Account

PASSWORD = "Long-enough-1"
NEW = NewAccount("zhang.min", "张敏", PASSWORD, JURISDICTION, MEDICAL, ("clerk",))


@pytest.fixture
def account(town: Town) -> str:
    return create_account(town.deployment, town.actor("admin"), NEW, START)


@pytest.fixture
def crowd() -> Iterator[threading.Event]:
    """Let as many as are let through be hashing, until the event is set."""
    begun, end = [threading.Event() for _ in range(AT_ONCE)], threading.Event()

    def hash_for_long(here: threading.Event) -> None:
        with turn():
            here.set()
            end.wait(60)

    threads = [threading.Thread(target=hash_for_long, args=(here,)) for here in begun]
    for thread, here in zip(threads, begun, strict=True):
        thread.start()
        here.wait(60)
    yield end
    end.set()
    for thread in threads:
        thread.join()


def test_who_comes_when_all_are_busy_waits_a_moment_and_is_told(crowd: threading.Event) -> None:
    with pytest.raises(HashingCrowded, match="稍等片刻"), turn(0.05):
        pass
    assert HashingCrowded.status == 503


def test_who_is_still_within_the_patience_gets_a_turn(crowd: threading.Event) -> None:
    threading.Timer(0.1, crowd.set).start()
    with turn(60):
        pass


def test_a_sign_in_in_the_crowd_counts_as_no_failure(
    town: Town, account: str, monkeypatch: pytest.MonkeyPatch, crowd: threading.Event
) -> None:
    monkeypatch.setattr(passwords, "turn", lambda: turn(0.05))
    monkeypatch.setattr(signing_in, "decoy", lambda: "")
    before = town.first(Account, id=account)
    with pytest.raises(HashingCrowded):
        signing_in.sign_in(town.deployment, NEW.login, "Wrong-password-1", START)
    assert town.first(Account, id=account) == before


def test_nothing_is_hashed_inside_a_transaction(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def turning() -> AbstractContextManager[None]:
        seen.append(not town.database.peewee.is_closed() and town.database.peewee.in_transaction())
        return turn()

    monkeypatch.setattr(passwords, "turn", turning)
    first = replace(NEW, login="li.wei", roles=("security-administrator",))
    administrator = create_administrator(town.deployment, first, START)
    made = create_account(town.deployment, town.actor("admin"), NEW, START)
    change_account(town.deployment, town.actor("admin"), made, AccountChange(password="Other-Horse-7"), START)
    signing_in.sign_in(town.deployment, "zhang.min", "Other-Horse-7", START)
    with pytest.raises(NotSignedIn):
        signing_in.sign_in(town.deployment, "nobody.here", PASSWORD, START)
    actor = town.deployment.actor(town.first(Account, id=administrator))
    signing_in.change_password(town.deployment, actor, PASSWORD, "Battery-Staple-3", START)
    assert len(seen) >= 6
    assert not any(seen)
