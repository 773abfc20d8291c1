"""Publications 公示: what of a case stands on a board for all to see, and who is helped now 长期公示, as posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedList:
    """Who of a village has a programme now 长期公示, as it stands on a board until another takes its place.

    `told` holds the `rows`, each with "name", "members" and "amount" as the board demands them, and `to` and `phone` of
    whom one may tell; `sha256` is its digest. `replaced_at` is None for the one that hangs now.
    """

    id: str
    jurisdiction: str
    residence: str
    programme: str
    board: str
    release: str
    told: Mapping[str, Any]
    households: int
    sha256: str
    posted_at: datetime
    replaced_at: datetime | None = None
    version: int = 1
