"""One act of a demonstration's script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SUBMIT, SIGN = "submit", "sign-off"
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the script. `place` is its number within its story; the report that opens the case is number 0.

    One that is `loose`, of the year before the month, is left out where the rules no longer take it.
    """

    moment: datetime
    case: str
    place: int
    act: str
    by: str
    told: Table
    loose: bool = False
