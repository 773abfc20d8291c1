"""What a person looks for, sealed into the address: a name stands in no address, and so in no log or history."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from xunfang.store import Place
from xunfang.store.sealing import SealBroken
from xunfang.web.guard import member, site


def sealed(text: str) -> str:
    """Return a text as an address may carry it, readable to this person only; "" for none."""
    envelope = site().deployment.keys.seal(text.encode(), _place()) if text else b""
    return urlsafe_b64encode(envelope).decode()


def sought(token: str) -> str:
    """Return the text that was sealed; "" for none, and for one that is altered or another person's."""
    try:
        return site().deployment.keys.open(urlsafe_b64decode(token), _place()).decode()
    except (SealBroken, binascii.Error, ValueError):
        return ""


def _place() -> Place:
    return Place("address", "find", member().account)
