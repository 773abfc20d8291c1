"""What belongs to cases in sight, as papers do: found with the cases where these are few, in a window otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from peewee import JOIN, Join

from xunfang.store.database import Reader
from xunfang.store.reading.paging import FEW, Page, are_few, ask_page, ask_through
from xunfang.store.reading.sight import (
    CASE,
    IN_SIGHT,
    PERSON,
    cases_in_sight,
    grounds_of_sight,
    is_county_wide,
    likely_in_sight,
    places_to_look,
)
from xunfang.store.scope import Scope


class Show(StrEnum):
    """Which cases are shown."""

    ANY = ""
    CURRENT = "current"
    OPEN = "open"
    ARCHIVED = "archived"
    VOID = "void"


STAGES: Mapping[Show, tuple[str, ...]] = {
    Show.ANY: ("open", "closed", "archived", "void", "shelved"),
    Show.CURRENT: ("open", "closed"),
    Show.OPEN: ("open",),
    Show.ARCHIVED: ("archived", "shelved"),
    Show.VOID: ("void", "shelved"),
}
"""In which stages those lie that are shown, see `CaseInSight`."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where to look for what belongs to cases in sight: at these `few` first, or at any; none are in sight but those.

    No places: all of the jurisdiction is in sight.
    """

    places: tuple[str, ...]
    few: bool


def page_of(scope: Scope, look: Look, *, narrowed: bool = False) -> Callable[..., Page[Any]]:
    """Return how to find a page of what belongs to cases in sight: of what is neither few nor all, in a WINDOW."""
    return ask_page if look.few or (is_county_wide(scope) and not narrowed) else ask_through


def of_cases(model: Any, chosen: tuple[Any, ...], scope: Scope, look: Look, show: Show) -> Any:
    """Return the query of what belongs to cases in sight, with case and person; where they are few, they come first.

    A cross join is gone through from left to right on SQLite, which cannot know that they are few.
    """
    here, living = model.case == CASE.id, CASE.person == PERSON.id
    if not look.few:
        query = model.select(*chosen).join(CASE, on=here).join(PERSON, on=living)
        query = query.where((model.jurisdiction == scope.jurisdiction) & cases_in_sight(scope))
        return query.where(likely_in_sight(model.case, look.places)) if look.places else query
    few = lines_in_sight(scope, look.places, show).distinct().alias("few")
    joined = Join(Join(Join(few, CASE, JOIN.CROSS), model, JOIN.CROSS), PERSON, JOIN.CROSS)
    return model.select(*chosen).from_(joined).where((CASE.id == few.c.case) & here & living & grounds_of_sight(scope))


def look_for(reader: Reader, scope: Scope, show: Show, *, narrowed: bool = False) -> Look:
    """Return where to look for what belongs to cases in sight: at these first, if they are few.

    Where they are many, going through everything in order soon fills a page; so it does where they are all there are,
    unless what is looked for is `narrowed`, and may be rare among them.
    """
    places, wide = places_to_look(scope), is_county_wide(scope) and not narrowed
    few = bool(places) and not wide and are_few(reader, FEW, lines_in_sight, scope, places, show)
    return Look(places if few or not is_county_wide(scope) else (), few)


def lines_in_sight(scope: Scope, places: tuple[str, ...], show: Show = Show.ANY) -> Any:
    """Return the query of the cases by the lines under which they are in sight, one for each line."""
    seen = IN_SIGHT.alias("seen")
    here = (seen.jurisdiction == scope.jurisdiction) & seen.who.in_(places) & seen.stage.in_(STAGES[show])
    return seen.select(seen.case).where(here)
