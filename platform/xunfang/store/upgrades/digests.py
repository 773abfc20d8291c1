"""By what every step is known again: a database notes by which it came, and is refused by code whose steps are others.

A step that was ever released is not touched any more, not even its formatting; what it lacked, a later one brings.
`python tests/store/steps.py` prints this for the step of a new version.
"""

from collections.abc import Mapping

DIGESTS: Mapping[int, str] = {
    1: "",
    2: "1d96a838e6d8f5dc",
    3: "bbdfd28d909ec9a5",
    4: "4aeb29e8d9f04f20",
    5: "c69da457bd5014ce",
    6: "c6428a11f3af6233",
    7: "20eba935ee1b8a8a",
    8: "d5ec2e03240254a9",
    9: "3d1de92cda3bf32e",
    10: "eeb9115b9cb17c3e",
    11: "c51fea6591833226",
    12: "21b661e28f498756",
    13: "7a8a3bd194f8e1a8",
    14: "1cfda53f38313a57",
    15: "a3f3c3416f286dff",
    16: "3efa58c27dadddb9",
    17: "4069d03674031057",
    18: "3844703c7242600b",
    19: "3d6c36fd65f1708b",
    20: "ec2ec1859c68724e",
}
"""Version reached → the beginning of the SHA-256 of its step and of all parts of that."""
