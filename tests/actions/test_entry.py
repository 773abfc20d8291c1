"""Whoever guesses passwords is shut out from where they guess, and nobody else is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from actions.town import JURISDICTION, START, Town
from xunfang.access_rules import AccessRules
from xunfang.actions import signing_in
from xunfang.actions.accounts import AccountChange, NewAccount, change_account, create_account, unlock_from_console
from xunfang.actions.entry import MANY_PLACES, TURN, USUAL_FOR
from xunfang.actions.places import Place, address_mark, device_of, login_mark, marked_device
from xunfang.actions.signing_in import change_password, sign_in
from xunfang.errors import Conflict, Invalid, NotFound, NotSignedIn, Refused, TooOften
from xunfang.store import Account, Tally, transaction

pytestmark = pytest.mark.usefixtures("cheap_passwords")

PASSWORD = "Long-enough-1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(town: Town) -> str:
    new = NewAccount("zhou.an", "周安", PASSWORD, JURISDICTION, "task-force", ("security-administrator",))
    return create_account(town.deployment, town.actor("admin"), new, START)


def place(town: Town, address: str, device: str = "") -> Place:
    return Place(address_mark(town.keys, address), device)


def enter(town: Town, at: datetime, where: Place, password: str = PASSWORD, login: str = "zhou.an") -> str:
    return sign_in(town.deployment, login, password, at, place=where)


def fail(town: Town, at: datetime, where: Place, login: str = "zhou.an") -> Refused:
    with pytest.raises(Refused) as refused:
        enter(town, at, where, "Wrong-password-1", login)
    return refused.value


def test_guessing_from_elsewhere_never_locks_the_holder(town: Town, account: str) -> None:
    elsewhere, own = place(town, "203.0.113.9"), place(town, "198.51.100.7")
    for _ in range(20):
        fail(town, START, elsewhere)
    assert fail(town, START, elsewhere).code == "ACCOUNT_LOCKED"
    assert enter(town, START, own), "the security administrator is shut out by nobody"


def test_at_the_same_address_a_browser_that_was_entered_from_counts_apart(town: Town, account: str) -> None:
    gateway = place(town, "198.51.100.7")
    enter(town, START, gateway)
    known = replace(gateway, device=marked_device(town.keys, "", account))
    for _ in range(6):
        fail(town, START, gateway)
    with pytest.raises(NotSignedIn, match="暂时锁定"):
        enter(town, START, gateway)
    assert enter(town, START, known)
    for _ in range(5):
        fail(town, START, known)
    with pytest.raises(NotSignedIn, match="暂时锁定"):
        enter(town, START, known)


def test_a_browser_is_known_only_for_the_accounts_it_was_entered_with(town: Town) -> None:
    mark = marked_device(town.keys, "", "one")
    both = marked_device(town.keys, mark, "two")
    assert device_of(town.keys, both, "one") == device_of(town.keys, both, "two") == device_of(town.keys, mark, "one")
    for forged in ("", "x", "x.y", mark.replace(".", ""), f"other.{mark.split('.')[1]}", "." * 50, "甲.乙"):
        assert not device_of(town.keys, forged, "one"), forged
    assert not device_of(town.keys, mark, "two")
    many = mark
    for n in range(20):
        many = marked_device(town.keys, many, f"account-{n}")
    assert len(many) < 300
    assert device_of(town.keys, many, "account-19")


def test_tries_while_shut_out_do_not_count_on(town: Town, account: str) -> None:
    own = place(town, "198.51.100.7")
    for _ in range(5):
        fail(town, START, own)
    for minute in range(30):
        for _ in range(4):
            assert fail(town, START + minute * MINUTE, own).code == "ACCOUNT_LOCKED"
    assert "请1分钟后再试" in fail(town, START + 29 * MINUTE, own).message
    assert enter(town, START + 30 * MINUTE, own)


def test_who_goes_on_guessing_is_shut_out_longer_each_time(town: Town, account: str) -> None:
    own, at = place(town, "198.51.100.7"), START
    for minutes in (30, 60, 120, 240, 240):
        for _ in range(5):
            assert fail(town, at, own).code == "SIGN_IN_REFUSED"
        at += minutes * MINUTE
        assert fail(town, at - MINUTE, own).code == "ACCOUNT_LOCKED"
    assert enter(town, at, own)
    for _ in range(5):
        fail(town, at, own)
    assert enter(town, at + 30 * MINUTE, own), "a success forgets what was before"


@pytest.mark.parametrize("known", [True, False])
def test_many_places_make_strangers_take_turns_and_leave_the_holder_alone(
    town: Town, account: str, known: bool
) -> None:
    usual = place(town, "198.51.100.7")
    if known:
        enter(town, START, usual)
    for n in range(MANY_PLACES * 5):
        fail(town, START, place(town, f"203.0.113.{n}"))
    with pytest.raises(TooOften, match="平时登录的电脑"):
        enter(town, START, place(town, "203.0.113.200"))
    if known:
        assert enter(town, START, usual)
        assert enter(town, START, replace(place(town, "192.0.2.1"), device=marked_device(town.keys, "", account)))
    else:
        assert enter(town, START + TURN, usual), "a stranger waits for a turn, and is not locked out"


def test_one_address_that_tries_many_logins_must_wait(town: Town, account: str) -> None:
    rules = AccessRules(address_times=2)
    town.deployment = replace(town.deployment, access=rules)
    nat = place(town, "198.51.100.7")
    enter(town, START, nat)
    for n in range(10):
        fail(town, START, nat, f"nobody-{n}")
    with pytest.raises(TooOften):
        enter(town, START, nat, login="nobody-11")
    known = replace(nat, device=marked_device(town.keys, "", account))
    assert enter(town, START, known), "who entered from this browser before is not held up by a neighbour"
    assert enter(town, START, nat), "nor is who entered from this address before, from whichever browser"
    for _ in range(4):
        assert fail(town, START, nat).code == "SIGN_IN_REFUSED"
    assert fail(town, START, nat).code == "SIGN_IN_REFUSED"
    assert fail(town, START, nat).code == "ACCOUNT_LOCKED", "guessing at them is shut out as anywhere"
    assert fail(town, START + TURN, nat, "nobody-12").code == "SIGN_IN_REFUSED"
    assert fail(town, START + TURN, nat, "nobody-13").code == "ENTRY_SLOWED"


def test_a_login_that_nobody_has_is_shut_the_same_way(town: Town, account: str) -> None:
    where = place(town, "203.0.113.9")
    said = [
        [(told.message, told.code) for told in (fail(town, START, where, login) for _ in range(7))]
        for login in ("zhou.an", "nobody.here")
    ]
    assert said[0] == said[1]


def test_tries_at_once_are_not_one(town: Town, account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(signing_in, "verified", lambda stored, password: looked.append(password))
    where = place(town, "203.0.113.9")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fail(town, START, where), range(24)))
    assert len(looked) == 5


def test_the_console_unlocks(town: Town, account: str) -> None:
    own = place(town, "198.51.100.7")
    for _ in range(6):
        fail(town, START, own)
    unlock_from_console(town.deployment, "zhou.an", START)
    assert enter(town, START, own)
    assert [event.actor_name for event in town.events("account.unlocked")] == ["系统"]
    with pytest.raises(NotFound, match=r"nobody\.here"):
        unlock_from_console(town.deployment, "nobody.here", START)


def test_a_password_given_anew_opens_every_place(town: Town, account: str) -> None:
    own = place(town, "198.51.100.7")
    for _ in range(6):
        fail(town, START, own)
    change_account(town.deployment, town.actor("admin"), account, AccountChange(password="Given-by-me-3"), START)
    assert enter(town, START, own, "Given-by-me-3")


def test_a_place_shut_out_by_a_clock_that_had_leapt_is_open_when_it_is_back(town: Town, account: str) -> None:
    own = place(town, "198.51.100.7")
    for _ in range(5):
        fail(town, START + timedelta(days=60), own)
    assert enter(town, START, own)


def test_neither_logins_nor_addresses_lie_in_clear(town: Town, account: str) -> None:
    enter(town, START, place(town, "198.51.100.7"))
    fail(town, START, place(town, "203.0.113.9"), "typed-by-mistake")
    told = repr(town.rows(Tally))
    assert login_mark(town.keys, "typed-by-mistake") in told
    assert not any(text in told for text in ("198.51", "203.0", "typed-by-mistake", "zhou.an"))
    assert all(row.ends_at <= START + USUAL_FOR for row in town.rows(Tally))


@pytest.fixture
def inside(town: Town, account: str) -> Town:
    enter(town, START, place(town, "198.51.100.7"))
    return town


def test_the_old_password_is_not_guessed_inside_a_session(inside: Town, account: str) -> None:
    actor = inside.deployment.actor(inside.first(Account, id=account))
    for n in range(5):
        with pytest.raises(Invalid, match="没有修改"):
            change_password(inside.deployment, actor, f"Wrong-password-{n}", "Another-one-2", START)
    for _ in range(2):
        with pytest.raises(TooOften, match="输入原密码已达5次的上限，请3月10日14:31以后再试"):
            change_password(inside.deployment, actor, PASSWORD, "Another-one-2", START)
    assert [event.told["what"] for event in inside.events("access.limited")] == ["old-password"]
    change_password(inside.deployment, actor, PASSWORD, "Another-one-2", START + 30 * MINUTE)
    assert inside.events("account.password_changed")


def test_a_right_old_password_forgets_the_wrong_ones(inside: Town, account: str) -> None:
    actor = inside.deployment.actor(inside.first(Account, id=account))
    for n in range(4):
        with pytest.raises(Invalid):
            change_password(inside.deployment, actor, f"Wrong-password-{n}", "Another-one-2", START)
    change_password(inside.deployment, actor, PASSWORD, "Another-one-2", START)
    for n in range(5):
        with pytest.raises(Invalid):
            change_password(inside.deployment, actor, f"Wrong-password-{n}", "Third-chance-3", START)


def test_a_login_of_another_county_reads_like_any_other_that_cannot_be_had(town: Town, account: str) -> None:
    own = NewAccount("zhou.an", "周安", PASSWORD, JURISDICTION, "task-force", ("auditor",))
    said = []
    for _ in range(2):
        with pytest.raises(Conflict) as taken:
            create_account(town.deployment, town.actor("admin"), own, START)
        said.append(taken.value.message)
        with transaction(town.database, "") as tx:
            tx.update(Account, {"id": account}, {"jurisdiction": "999999-elsewhere"})
    assert said == ["用户名“zhou.an”不能使用，请换一个，如“zhou.an.2”。"] * 2
