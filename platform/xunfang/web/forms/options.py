"""What can be chosen in a field: entries of a list, or divisions in groups by the division above them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from xunfang.division import Division, Level
from xunfang.rulebook.model import Field, Rulebook


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading; a list without headings is one group with an empty label."""

    label: str
    options: tuple[Option, ...]


def groups_of(field: Field, rulebook: Rulebook, on: date, chosen: tuple[str, ...]) -> tuple[Group, ...]:
    """Return what can be chosen in a field on a day; a retired entry stays only where it is chosen already."""
    if field.kind == "division":
        return divisions(rulebook.on(on), field.level or Level.VILLAGE.value)
    if field.kind == "boolean":
        return (Group("", (Option("true", "是"), Option("false", "否"))),)
    if field.list in rulebook.lists:
        return (Group("", _entries(field, rulebook, on, chosen)),)
    return (Group("", tuple(Option(str(value), str(value)) for value in field.schema.get("enum", ()))),)


def _entries(field: Field, rulebook: Rulebook, on: date, chosen: tuple[str, ...]) -> tuple[Option, ...]:
    entries = rulebook.lists[field.list].entries.values()
    usable = [entry for entry in entries if entry.retired is None or entry.retired >= on or entry.id in chosen]
    return tuple(Option(entry.id, entry.label, entry.hint) for entry in usable)


@lru_cache(maxsize=64)
def divisions(rulebook: Rulebook, level: str) -> tuple[Group, ...]:
    """Return what answers for a level within the jurisdiction, grouped by the division above it."""
    found = sorted(rulebook.divisions.answering(Level(level), within=rulebook.code), key=lambda each: each.code)
    grouped = groupby(found, key=lambda each: _above(rulebook, each))
    return tuple(Group(label, tuple(Option(each.code, each.name) for each in each_of)) for label, each_of in grouped)


def _above(rulebook: Rulebook, division: Division) -> str:
    """Return the full name of the division above; empty when that is the jurisdiction itself."""
    levels = list(Level)
    parent = rulebook.divisions.ancestor(division.code, levels[levels.index(division.level) - 1])
    return "" if parent in ("", rulebook.code) else rulebook.divisions.label(parent, below=rulebook.code)
