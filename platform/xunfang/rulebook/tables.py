"""divisions.csv and calendars/*.toml: the tables that the lower floor reads, with its words put where they belong."""

import re
from collections.abc import Iterable

from xunfang.division import Division, DivisionTree
from xunfang.errors import Problem
from xunfang.rulebook.files import Files
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.merge import Part
from xunfang.rulebook.positions import Path
from xunfang.worktime import WorkCalendar, parse_year

_LINE = re.compile(r"^第(\d+)行：")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def calendar_of(parts: Iterable[Part], findings: Findings) -> WorkCalendar:
    """Return the calendar of all years whose files can be used; what is wrong with the others is noted."""
    years = {}
    for part in parts:
        try:
            year = parse_year(part.data)
            years[year.year] = year
        except ValueError as error:
            findings.error(part, _day_in(part, str(error)), "CALENDAR_WRONG", str(error).rstrip("。"))
    return WorkCalendar(years)


def _day_in(part: Part, message: str) -> Path:
    """Return where the day stands that a message speaks of, so that the administrator is sent to its line."""
    day = _DAY.search(message)
    if not day:
        return ()
    if ("workdays", day.group()) in part.origins:
        return ("workdays", day.group())
    holidays = part.data.get("holidays", {})
    found = (name for name, holiday in holidays.items() if day.group() in map(str, holiday["days"]))
    name = next(found, "")
    return ("holidays", name, "days") if name else ()


def divisions_of(files: Files, chain: Iterable[str], findings: Findings) -> DivisionTree:
    """Return the divisions of a chain of layers, each as the nearest layer names it.

    A table that cannot be read is noted with its line and left out.
    """
    found: dict[str, Division] = {}
    for layer in chain:
        path = f"workflows/{layer}/divisions.csv"
        if path in files:
            found |= {division.code: division for division in _read(path, files[path], findings)}
    return DivisionTree(found.values())


def _read(path: str, text: str, findings: Findings) -> Iterable[Division]:
    try:
        return DivisionTree.parse(text)
    except ValueError as error:
        place = _LINE.match(str(error))
        line, message = (int(place.group(1)), _LINE.sub("", str(error))) if place else (0, str(error))
        findings.problems.append(Problem(path, line, "", "DIVISIONS_WRONG", message.rstrip("。")))
        return ()
