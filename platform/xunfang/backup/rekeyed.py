"""What lies keyed in a row and has to be made anew under other keys: indexes, hashes of what was sent, codes."""

import json
from collections.abc import Mapping
from typing import Any

from xunfang.actions.filling import body_hash
from xunfang.actions.identities import identity_mark
from xunfang.identity import CHECKS, paper_key
from xunfang.store import Keys, new_id
from xunfang.store.findable import phone_index
from xunfang.store.transplanting import Anew


def made_anew(old: Keys, new: Keys) -> Mapping[tuple[str, str], Anew]:
    """Return how each keyed column is made of a row whose envelopes are open, from under the old keys to the new."""

    def index(row: Mapping[str, Any]) -> str | None:
        return _index(row, old, new)

    def sent(row: Mapping[str, Any]) -> str:
        return _sent(row, old, new)

    return {
        ("person", "id_index"): index,
        ("person", "phone_index"): lambda row: _phone(row["sealed"], new),
        ("clue", "phone_index"): lambda row: _phone(row["told"], new),
        ("submission", "body_hash"): sent,
        ("identity", "mark"): lambda row: identity_mark(new, row["issuer"], row["name"].decode()),
        ("factor", "recovery"): lambda row: b"",  # codes of recovery are known by keyed hashes only: they are made anew
    }


def _index(row: Mapping[str, Any], old: Keys, new: Keys) -> str | None:
    """Return by what the number of a person is found; which kind of paper it is of, the old index tells."""
    if row["id_index"] is None:
        return None
    number = str(_told(row["sealed"]).get("id_number", ""))
    found = [
        key for key in (paper_key(check, number) for check in sorted(CHECKS)) if old.blind_index(key) == row["id_index"]
    ]
    return new.blind_index(found[0]) if found else new.blind_index(new_id())


def _phone(opened: bytes | None, new: Keys) -> str | None:
    """Return by what the phone number is found that a row tells."""
    return phone_index(new, str(_told(opened).get("phone", "")))


def _sent(row: Mapping[str, Any], old: Keys, new: Keys) -> str:
    """Return by what a form that is sent twice is known; one that nobody can tell any more is like no other."""
    answers = {**_told(row["answers"]), **_told(row["sealed"])}
    known = body_hash(old, row["form"], answers) == row["body_hash"]
    return body_hash(new, row["form"], answers) if known else new.keyed(new_id())


def _told(opened: bytes | None) -> dict[str, Any]:
    return dict(json.loads(opened)) if opened else {}
