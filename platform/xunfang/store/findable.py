"""By which sealed values are found again: the keyed index of a phone number, however it is typed."""

from xunfang.phones import normalise_phone, phone_problem
from xunfang.store.sealing import Keys


def phone_index(keys: Keys, phone: str) -> str | None:
    """Return the index by which exactly this phone number is found, None for what is none."""
    return None if phone_problem(phone) else keys.blind_index(normalise_phone(phone), "phone")
