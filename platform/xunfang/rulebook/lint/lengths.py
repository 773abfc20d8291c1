"""How long limits are, held against one another: by the local numbers of a layer, on every day of the calendar."""

from datetime import datetime, timedelta
from functools import lru_cache

from xunfang.clock import SHANGHAI
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.softness import settled
from xunfang.worktime import LENGTHS, Limit, Office, WorkCalendar, due, parse_limit

_USUAL_YEAR = 2026


def length_of(draft: Draft, text: str, layer: str, *, above: bool) -> Limit | None:
    """Return what a limit counts by the soft words of a layer, or of those above it.

    None for one that is still to be set, or that nobody could read.
    """
    try:
        return settled(parse_limit(text), _soft_words(draft, layer, above=above)).counts
    except ValueError:
        return None


def _soft_words(draft: Draft, layer: str, *, above: bool) -> dict[str, Limit]:
    part = draft.parts["jurisdiction"]
    data = part.above(layer) if above else part.down_to(layer)
    found = {}
    for word, text in data.get("soft", {}).items():
        try:
            found[word] = parse_limit(text)
        except ValueError:
            continue
    return found


def is_longer(draft: Draft, new: Limit, old: Limit) -> bool:
    """Return whether a limit ever ends later than another, begun on any day of the last published calendar."""
    return ever_longer(new, old, draft.rules.calendar, draft.rules.info.office)


def ever_longer(new: Limit, old: Limit, calendar: WorkCalendar, office: Office) -> bool:
    """Return whether a limit ever ends later than another by a calendar and the hours of an office."""
    if new.kind is old.kind and new.kind in LENGTHS:
        return new.amount > old.amount
    return _is_longer(new, old, calendar, office)


@lru_cache(maxsize=1024)
def _is_longer(new: Limit, old: Limit, calendar: WorkCalendar, office: Office) -> bool:
    start = datetime(calendar.last_published or _USUAL_YEAR, 1, 1, 10, tzinfo=SHANGHAI)
    moments = [start + timedelta(days=day) for day in range(0, 330, 3)]
    return any(due(new, at, calendar, office).due_at > due(old, at, calendar, office).due_at for at in moments)
