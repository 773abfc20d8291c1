"""Computed categories: entries of a list whose condition a person's facts meet, beside those that were declared."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from xunfang.rulebook.model import CATEGORY, IntakeForm, Rulebook
from xunfang.rules.conditions import Holds, compiled

Computing = tuple[tuple[str, tuple[tuple[str, Holds], ...]], ...]


@lru_cache(maxsize=64)
def _computing(rulebook: Rulebook) -> Computing:
    """The lists that have computed entries, each entry with its condition."""
    found = []
    for list_id, entries in rulebook.lists.items():
        computed = tuple((entry.id, compiled(entry.when)) for entry in entries.entries.values() if entry.when)
        if computed:
            found.append((list_id, computed))
    return tuple(found)


def add_categories(rulebook: Rulebook, form: IntakeForm, answers: Mapping[str, Any], facts: dict[str, Any]) -> None:
    """Add, for each list with computed entries, `computed.<list>`, and `person.<list>`: declared and computed."""
    for list_id, entries in _computing(rulebook):
        computed = [entry for entry, holds in entries if holds(facts)]
        declared = _declared(form, answers, list_id)
        facts[f"computed.{list_id}"] = computed
        facts[f"person.{list_id}"] = list(dict.fromkeys([*declared, *facts.get(f"person.{list_id}", ()), *computed]))


def add_held(facts: dict[str, Any], held: Iterable[str]) -> None:
    """Add what somebody is held to be by the registry to what forms tell of them, under both names of it."""
    told = facts.get(f"person.{CATEGORY}", ())
    whole = dict.fromkeys([*(told if isinstance(told, (list, tuple)) else [told]), *held])
    if whole:
        facts[f"person.{CATEGORY}"] = facts["person.categories"] = list(whole)


def categories_told(
    rulebook: Rulebook, form: IntakeForm, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[str]:
    """Return the categories 对象类别 that a form tells of its person: declared in it, or computed from it."""
    told = facts.get(f"person.{CATEGORY}", ())
    known = rulebook.lists[CATEGORY].entries if CATEGORY in rulebook.lists else {}
    named = [*_declared(form, answers, CATEGORY), *(told if isinstance(told, (list, tuple)) else [told])]
    return [name for name in dict.fromkeys(named) if name in known]


def _declared(form: IntakeForm, answers: Mapping[str, Any], list_id: str) -> list[str]:
    found: list[str] = []
    for field in form.fields.values():
        value = answers.get(field.name) if field.list == list_id else None
        found += value if isinstance(value, list) else [value] if value else []
    return found
