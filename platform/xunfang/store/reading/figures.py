"""What indicators came to, as far as somebody may know it: for their unit, what lies in their division, the whole."""

from datetime import date

from xunfang.store.database import Reader
from xunfang.store.reading.sight import is_county_wide
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Figure

FIGURE = model_of(Figure)
COUNTY = ""


def figures(reader: Reader, scope: Scope, first: date, last: date, indicator: str = "") -> list[Figure]:
    """Return the figures, in sight, of periods that begin within two days, of one indicator or of all."""
    return [row for row in every_figure(reader, scope, first, last, indicator) if is_known(scope, row.owner)]


def every_figure(reader: Reader, scope: Scope, first: date, last: date, indicator: str = "") -> list[Figure]:
    """Return the figures of everybody, by which places are told; no other owner's is to be shown."""
    here = (FIGURE.jurisdiction == scope.jurisdiction) & (FIGURE.begins_on >= first) & (FIGURE.begins_on <= last)
    found = here & (FIGURE.indicator == indicator) if indicator else here
    order = (FIGURE.indicator, FIGURE.begins_on, FIGURE.owner)
    table = table_of(Figure)
    return [table.row(**values) for values in reader.fetch(FIGURE.select().where(found).order_by(*order))]


def is_known(scope: Scope, owner: str) -> bool:
    """Return whether somebody may know what an indicator came to for an owner."""
    if owner == COUNTY or is_county_wide(scope) or owner in scope.units:
        return True
    place = owner.rpartition(":")[2]
    within = (scope.division, *scope.served, *scope.former_places) if scope.division else ()
    return place.isdigit() and place.startswith(tuple(within))
