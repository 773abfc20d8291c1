"""Cases by the lines under which each is in sight: those of a place or a unit lie together there, newest first."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from peewee import JOIN, Join

from xunfang.store.reading.paging import Listing
from xunfang.store.reading.sight import CASE, IN_SIGHT
from xunfang.store.scope import Scope

_SEEN = IN_SIGHT.alias("seen")
_BY = (_SEEN.at, _SEEN.case)
Period = tuple[datetime | None, datetime | None]
EVER: Period = (None, None)


def among_seen(
    query: Any, scope: Scope, places: Sequence[str], stages: Sequence[str], found: Any, period: Period = EVER
) -> Listing:
    """Return a query of cases as a listing, newest first: of those that are found under one of the places.

    They are looked for among all that lie there, opened within a period, as many as one page looks through.
    """
    here = tuple(_lines(scope, places, stages, period))
    chosen = _SEEN.select(_SEEN.case.alias("key")).from_(Join(_SEEN, CASE, JOIN.CROSS))
    spans = (Listing(chosen.where((CASE.id == _SEEN.case) & found & line), _BY, newest_first=True) for line in here)
    all_ = (Listing(_SEEN.select(_SEEN.case.alias("key")).where(line), _BY, newest_first=True) for line in here)
    among = Listing(None, _BY, newest_first=True, spans=tuple(all_))
    by = (CASE.opened_at, CASE.id)
    return Listing(query, by, newest_first=True, spans=tuple(spans), among=among, steady=True)


def _lines(scope: Scope, places: Sequence[str], stages: Sequence[str], period: Period) -> Iterator[Any]:
    since, before = period
    for who in places:
        for stage in stages:
            line = (_SEEN.jurisdiction == scope.jurisdiction) & (_SEEN.who == who) & (_SEEN.stage == stage)
            line = line & (_SEEN.at >= since) if since else line
            yield line & (_SEEN.at < before) if before else line
