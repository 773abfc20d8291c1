"""Where somebody comes from: an address and a browser, both known by keyed hashes only."""

from dataclasses import dataclass

from xunfang.store import Keys, new_id

MOST_MARKS = 6
"""For how many accounts one browser is remembered: an office computer is shared by a few."""

_MARK, _LONGEST_NAME = 24, 40


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody tries to enter. `address` is a keyed hash; `device` what the browser brought along."""

    address: str = ""
    device: str = ""


ANYWHERE = Place()
"""Of whom nothing is known: the console, a test."""


def address_mark(keys: Keys, address: str) -> str:
    """Return the keyed hash by which an address is counted; the address itself is kept nowhere."""
    return keys.blind_index(address, kind="address") if address else ""


def login_mark(keys: Keys, login: str) -> str:
    """Return the keyed hash by which tries on a login are counted, whether there is such an account or not."""
    return keys.blind_index(login.strip(), kind="login")


def code_mark(keys: Keys, login: str) -> str:
    """Return the keyed hash by which tries of a one-time code are counted, apart from those of the password."""
    return keys.blind_index(login.strip(), kind="login code")


def device_of(keys: Keys, device: str, account: str) -> str:
    """Return the keyed hash of a browser from which this account was entered before, "" for any other."""
    name, *marks = device.split(".")
    known = name.isalnum() and _mark(keys, name, account) in marks
    return keys.blind_index(name, kind="device") if known else ""


def marked_device(keys: Keys, device: str, account: str) -> str:
    """Return what a browser is to bring along from now on, as one from which this account was entered."""
    name, *marks = device.split(".")
    if not name.isalnum() or len(name) > _LONGEST_NAME:
        name, marks = new_id(), []
    mark = _mark(keys, name, account)
    return ".".join([name, mark, *(other for other in marks if other != mark)][: MOST_MARKS + 1])


def _mark(keys: Keys, name: str, account: str) -> str:
    return keys.blind_index(f"{name}|{account}", kind="device mark")[:_MARK]
