"""How often the rows of routing tables routed a case, and which units have anybody at all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.store.database import Reader
from xunfang.store.rows import model_of
from xunfang.store.tables import Account, Dispatch

DISPATCH, ACCOUNT = model_of(Dispatch), model_of(Account)
MOST = 2_000
_STATUSES = ("confirmed", "proposed")


@dataclass(frozen=True, slots=True)
class Routed:
    """How often each row routed, by state and row; of the newest dispatches only where there are more than MOST."""

    times: Mapping[tuple[str, str], int]
    dispatches: int
    staffed: frozenset[str]

    @property
    def is_most(self) -> bool:
        """Return whether there may be more dispatches than were looked at."""
        return self.dispatches >= MOST


def routed(reader: Reader, jurisdiction: str, since: datetime) -> Routed:
    """Return what the dispatches of a jurisdiction since a moment rested on, and which units have active accounts."""
    times: Counter[tuple[str, str]] = Counter()
    count = 0
    for status in _STATUSES:
        for dispatch in reader.ask_rows(Dispatch, _newest, jurisdiction, status, since):
            count += 1
            rows = {row for each in dispatch.proposed for row in each.get("routes", ())}
            times.update((dispatch.state, row) for row in rows)
    units = (row["unit"].partition(":")[0] for row in reader.ask(_staffed, jurisdiction))
    return Routed(times, count, frozenset(units))


def _newest(jurisdiction: str, status: str, since: datetime) -> Any:
    wanted = (DISPATCH.jurisdiction == jurisdiction) & (DISPATCH.status == status) & (DISPATCH.proposed_at >= since)
    return DISPATCH.select().where(wanted).order_by(DISPATCH.proposed_at.desc(), DISPATCH.id.desc()).limit(MOST // 2)


def _staffed(jurisdiction: str) -> Any:
    wanted = (ACCOUNT.jurisdiction == jurisdiction) & (ACCOUNT.state == "active")
    return ACCOUNT.select(ACCOUNT.unit).where(wanted).distinct()
