"""Publications 公示: what of a case stands on a board for all to see, as it was posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a state of a case publishes on a board 公示: its words, frozen and masked as the board demands.

    `told` holds them by name ("name", "place", "matter", "programme", "amount", "members", "to", "phone"), `sha256` is
    their digest. `until` is when it comes down by itself and nobody can object any more, None where only leaving the
    state ends it; `interrupted`: an objection cut it short 中止. `place` is the division on whose board it hangs.
    """

    id: str
    jurisdiction: str
    residence: str
    place: str
    case: str
    flow: str
    state: str
    board: str
    release: str
    told: Mapping[str, str]
    sha256: str
    posted_at: datetime
    until: datetime | None = None
    taken_down_at: datetime | None = None
    interrupted: bool = False
    version: int = 1
