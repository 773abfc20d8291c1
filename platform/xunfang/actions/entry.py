"""Tries to enter: counted by account and place, so that whoever guesses is shut out and nobody else is.

A try is counted before its password is looked at, so that many at once are not one. Too many failures shut the place
they come from out of that account, longer each time; a browser from which the account was entered before is a place of
its own, and so is its usual address. Only where many places try one account, or one address many accounts, strangers
must take turns: whoever usually enters from an address is not held up by a neighbour behind it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xunfang.access_rules import AccessRules
from xunfang.actions.deployment import Deployment
from xunfang.actions.places import Place, code_mark, device_of, login_mark
from xunfang.errors import NotSignedIn, TooOften
from xunfang.store import Account, Keys, Reader, Tally, Transaction
from xunfang.store.tallies import forget_tallies, keep_tally, tally_of

PAIR, ADDRESS, LOGIN, USUAL = "entry", "entry-address", "entry-login", "usual-address"
"""Tries on one login from one place; from one address; on one login from strange places; where one is entered from."""

REMEMBERED = timedelta(days=1)
"""For how long failures count on from one to the next."""

USUAL_FOR = timedelta(days=60)
LONGEST_LOCK = 8
"""The longest that a place is shut out, in times of the first."""

MANY_PLACES = 10
"""So many times the failures that shut out one place, over all strange places, make strangers take turns."""

TURN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Try:
    """One try to enter: on which login, from which place, whether the account is used to it, and what was typed."""

    login: str
    place: str
    address: str
    known_device: bool
    usual: bool
    what: str = "密码"

    @property
    def strange(self) -> bool:
        """Whether nobody ever entered this account from there."""
        return not self.known_device and not self.usual


def try_of(
    reader: Reader, deployment: Deployment, login: str, account: Account | None, place: Place, at: datetime
) -> Try:
    """Return a try as it is counted."""
    who = login_mark(deployment.keys, login)
    device = device_of(deployment.keys, place.device, account.id) if account else ""
    usual = tally_of(reader, USUAL, who, place.address, at) is not None
    return Try(who, f"device:{device}" if device else f"address:{place.address}", place.address, bool(device), usual)


def code_try_of(one: Try, deployment: Deployment, login: str) -> Try:
    """Return a try of the one-time code by whoever made a try of the password; both are counted each by itself."""
    return replace(one, login=code_mark(deployment.keys, login), what="验证码")


def count_try(tx: Transaction, rules: AccessRules, one: Try, at: datetime) -> bool:
    """Count a try before its password is looked at; returns whether it is the last before the place is shut out.

    Raises NotSignedIn where the place is shut out already, TooOften where strangers or an address must wait; such a
    try counts nothing.
    """
    _check_open(tx, rules, one, at)
    pair = _more(tx, PAIR, one.login, one.place, at, REMEMBERED)
    last = pair.count % rules.failures == 0
    if last:
        lock = rules.locked_for * min(2 ** (pair.count // rules.failures - 1), LONGEST_LOCK)
        pair = replace(pair, until=at + lock, ends_at=at + lock + REMEMBERED, told=False)
    keep_tally(tx, pair)
    if not one.known_device:
        keep_tally(
            tx, _slowed(_more(tx, ADDRESS, "", one.address, at, rules.locked_for), rules.address_times, rules, at)
        )
    if one.strange:
        keep_tally(tx, _slowed(_more(tx, LOGIN, one.login, "", at, rules.locked_for), MANY_PLACES, rules, at))
    return last


def _more(tx: Transaction, kind: str, who: str, place: str, at: datetime, lasts: timedelta) -> Tally:
    found = tally_of(tx, kind, who, place, at)
    if found is None:
        found = Tally(kind=kind, who=who, place=place, count=0, began_at=at, ends_at=at + lasts)
    return replace(found, count=found.count + 1)


def _slowed(tally: Tally, times: int, rules: AccessRules, at: datetime) -> Tally:
    """Return a tally after which the next must wait for its turn, once there were too many."""
    return replace(tally, until=at + TURN) if tally.count >= times * rules.failures else tally


def _check_open(tx: Transaction, rules: AccessRules, one: Try, at: datetime) -> None:
    pair = tally_of(tx, PAIR, one.login, one.place, at)
    if _shut(pair, at):
        raise NotSignedIn(_locked(pair, one.what, at), "ACCOUNT_LOCKED")
    strange = tally_of(tx, LOGIN, one.login, "", at) if one.strange else None
    address = tally_of(tx, ADDRESS, "", one.address, at) if one.strange else None
    if _shut(strange, at) or _shut(address, at):
        raise TooOften("登录尝试过于频繁，请过一分钟再试。用您平时登录的电脑或手机不受影响。", "ENTRY_SLOWED")


def _shut(tally: Tally | None, at: datetime) -> bool:
    return tally is not None and tally.until is not None and at < tally.until


def _locked(pair: Tally | None, what: str, at: datetime) -> str:
    assert pair is not None
    assert pair.until is not None
    minutes = -(-(pair.until - at) // timedelta(minutes=1))
    return (
        f"连续输错{what}，从这里登录已暂时锁定，请{minutes}分钟后再试；用平时登录的电脑或手机不受影响。"
        "急用的，请安全管理员解锁。"
    )


def note_failed(tx: Transaction, one: Try, at: datetime) -> datetime | None:
    """Note that a try was wrong, and return until when its place is shut out of the login, None when it is not.

    Something is written whoever tried: a login that exists must not take longer.
    """
    pair = tally_of(tx, PAIR, one.login, one.place, at)
    if pair is None:
        return None
    keep_tally(tx, pair)
    return pair.until


def first_knock(tx: Transaction, one: Try, at: datetime) -> bool:
    """Return whether a try is the first at a door that is shut: of those that follow no more is recorded."""
    pair = tally_of(tx, PAIR, one.login, one.place, at)
    if pair is None or pair.told or not _shut(pair, at):
        return False
    keep_tally(tx, replace(pair, told=True))
    return True


def halfway(tx: Transaction, one: Try) -> None:
    """Note that a try was right and that more is asked: its failures are forgotten, its address is none the better."""
    forget_tallies(tx, kind=PAIR, who=one.login, place=one.place)


def entered(tx: Transaction, one: Try, at: datetime) -> None:
    """Note that a try was right: its failures are forgotten, it counts against nobody, its address is a usual one."""
    halfway(tx, one)
    for kind, who, place in ((ADDRESS, "", one.address), (LOGIN, one.login, "")):
        found = tally_of(tx, kind, who, place, at)
        if found is not None:
            keep_tally(tx, replace(found, count=max(0, found.count - 1)))
    keep_tally(tx, Tally(kind=USUAL, who=one.login, place=one.address, count=1, began_at=at, ends_at=at + USUAL_FOR))


def forget_tries(tx: Transaction, keys: Keys, login: str) -> None:
    """Let every place try a login again at once, its password and its code."""
    for who in (login_mark(keys, login), code_mark(keys, login)):
        for kind in (PAIR, LOGIN):
            forget_tallies(tx, kind=kind, who=who)
