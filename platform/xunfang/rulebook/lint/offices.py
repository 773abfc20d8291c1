"""Office hours are a promise too: a limit in workdays ends when the office closes, so closing later is slower.

Hours of every day, of a season and of a single unit are held against those that the layers above give, day by day.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.layers import ROOT_CODE
from xunfang.rulebook.merge import Part
from xunfang.rulebook.office_hours import EVERY_DAY
from xunfang.rulebook.positions import Path
from xunfang.worktime import Office, parse_office, parse_season

_HINT = "按工作日计的期限到下班时为止，下班越晚到期越晚；确需如此的，写明本级 office.cites"


def lint(draft: Draft) -> None:
    """Note each office that some day closes later than the layers above it allow, without a clause of its own."""
    whole, units = draft.parts["jurisdiction"], draft.parts.get("units")
    _compare(draft, whole, ("office",), draft.rules.info.office, _above(whole, ("office",)))
    for path, office in _of_units(draft) if units else ():
        if units:
            _compare(draft, units, path, office, _given_to(draft, units, path))


def _of_units(draft: Draft) -> Iterator[tuple[Path, Office]]:
    """Yield the hours that units have of their own, with the table that says so."""
    for unit in draft.rules.units.values():
        if unit.office:
            yield (unit.id, "office"), unit.office
        for each in unit.instances.values():
            if each.office:
                yield (unit.id, "instances", each.division, "office"), each.office


def _given_to(draft: Draft, units: Part, path: Path) -> Office | None:
    """Return the hours that a unit would have by the layers above those that give it its own, None for none."""
    layer = _layer_of(units, path)
    rest = _above(draft.parts["jurisdiction"], ("office",), layer)
    kind = _above(units, (path[0], "office"), layer, rest)
    return _above(units, path, "", kind or rest) or kind or rest


def _compare(draft: Draft, part: Part, path: Path, now: Office, above: Office | None) -> None:
    layer = _layer_of(part, path)
    cites = part.origins.get((*path, "cites"))
    day = next((day for day in EVERY_DAY if above and now.closes_on(day) > above.closes_on(day)), None)
    if above is None or day is None or (cites is not None and cites.layer == layer):
        return
    message = (
        f"本级{_season(now, day)}下班（{now.closes_on(day):%H:%M}）晚于上级（{above.closes_on(day):%H:%M}），"
        "期限因此更长，却没有引用自己的条款"
    )
    key = "seasons" if now.season_on(day) else "hours"
    draft.error(part.kind, (*path, key), "PROMISE_SLOWER", message, _HINT)


def _season(office: Office, day: date) -> str:
    season = office.season_on(day)
    return f"“{season.name}”" if season else ""


def _above(part: Part, path: Path, layer: str = "", rest: Office | None = None) -> Office | None:
    """Return the hours that the layers above one give at a table, None where they give none or cannot be read.

    The layer is the nearest that says anything there, where none is named. Where they give seasons alone, the `rest`
    holds on other days.
    """
    layer = layer or _layer_of(part, path)
    hours, seasons = (_said_above(part, (*path, key), layer) for key in ("hours", "seasons"))
    try:
        found = [parse_season(each["from"], each["to"], each["hours"], each.get("label", "")) for each in seasons or ()]
        if found and rest and not hours:
            return Office(rest.hours, (*found, *rest.seasons))
        return parse_office(hours, found) if hours else None
    except ValueError:
        return None


def _layer_of(part: Part, path: Path) -> str:
    """Return the nearest layer that says which hours hold at a table, "" for none."""
    layers = [part.origins[at].layer for key in ("hours", "seasons") if (at := (*path, key)) in part.origins]
    return max(layers, key=_depth, default="")


def _said_above(part: Part, path: Path, layer: str) -> Any:
    """Return what the layers above one say at a path, None where they say nothing."""
    changes = [each for each in part.overrides if each.path == path]
    if changes:
        below = [each.before for each in changes if _depth(each.origin.layer) >= _depth(layer)]
        return below[0] if below else changes[-1].after
    origin = part.origins.get(path)
    return _at(part, path) if origin and _depth(origin.layer) < _depth(layer) else None


def _at(part: Part, path: Path) -> Any:
    found: Any = part.data
    for key in path:
        found = found[key]
    return found


def _depth(layer: str) -> int:
    code = layer.partition("-")[0]
    return 0 if code == ROOT_CODE else len(code)
