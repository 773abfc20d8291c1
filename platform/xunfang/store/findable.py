"""By which sealed values are found again: the keyed index of a number, however it is typed."""

from xunfang.identity import CHECKS, paper_key
from xunfang.phones import normalise_phone, phone_problem
from xunfang.store.sealing import Keys


def phone_index(keys: Keys, phone: str) -> str | None:
    """Return the index by which exactly this phone number is found, None for what is none."""
    return None if phone_problem(phone) else keys.blind_index(normalise_phone(phone), "phone")


def paper_indexes(keys: Keys, number: str) -> tuple[str, ...]:
    """Return the indexes by which whoever has this number on a paper is found, one a kind of paper."""
    return tuple(dict.fromkeys(keys.blind_index(paper_key(check, number)) for check in sorted(CHECKS)))
