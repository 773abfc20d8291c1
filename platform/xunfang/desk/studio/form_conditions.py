"""Conditions of a field by choosing: whatever stands before it and offers choices, each choice to be ticked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.model import Field, IntakeForm, Rulebook

_MOST = 40
"""A list of more entries is nothing to tick."""
_BETWEEN = "="


@dataclass(frozen=True, slots=True)
class Picks:
    """A field whose answers a condition may ask for: (what is posted, what it is called)."""

    title: str
    options: tuple[tuple[str, str], ...]


def picks_before(rules: Rulebook, form: IntakeForm, name: str, chosen: Collection[str] = ()) -> list[Picks]:
    """Return what stands before a field of a form, or before a column of the rows of one, and offers choices.

    An option that is retired is offered where it is `chosen`: it holds for what was answered with it.
    """
    found = []
    for each in form.fields.values():
        if each.name == name:
            break
        if options := _options(rules, each, chosen):
            found.append(Picks(each.title, options))
    return found


def _options(rules: Rulebook, field: Field, chosen: Collection[str]) -> tuple[tuple[str, str], ...]:
    if field.kind == "boolean":
        return ((f"{field.name}{_BETWEEN}true", "是"), (f"{field.name}{_BETWEEN}false", "否"))
    if field.kind not in ("choice", "choices") or field.list not in rules.lists:
        return ()
    told = [(f"{field.name}{_BETWEEN}{entry.id}", entry) for entry in rules.lists[field.list].entries.values()]
    offered = [(pick, entry) for pick, entry in told if not entry.retired or pick in chosen]
    found = tuple((pick, f"{entry.label}（停用）" if entry.retired else entry.label) for pick, entry in offered)
    return found if len(found) <= _MOST else ()


def condition_of(form: IntakeForm | None, mode: str, picks: Sequence[str]) -> dict[str, Any] | None:
    """Return the condition that was ticked: {} for always, None where it is to stay as it is."""
    if mode == "always":
        return {}
    if mode != "when" or form is None:
        return None
    chosen: dict[str, list[str]] = {}
    for pick in picks[:200]:
        name, _, value = pick.partition(_BETWEEN)
        if name in form.fields and value:
            chosen.setdefault(name, []).append(value)
    return {name: _asked(form.fields[name], values) for name, values in chosen.items()}


def _asked(field: Field, values: list[str]) -> Any:
    if field.kind == "boolean":
        return values[0] == "true"
    if field.kind == "choices":
        return {"any": values}
    return values[0] if len(values) == 1 else {"in": values}


def ticked(when: Any) -> set[str] | None:
    """Return what is ticked of a condition; None for one that no ticks can say."""
    if not isinstance(when, Mapping):
        return set()
    found: set[str] = set()
    for name, asked in when.items():
        if isinstance(asked, bool):
            found.add(f"{name}{_BETWEEN}{str(asked).lower()}")
        elif isinstance(asked, str):
            found.add(f"{name}{_BETWEEN}{asked}")
        elif isinstance(asked, Mapping) and len(asked) == 1 and isinstance(asked.get("any", asked.get("in")), list):
            found |= {f"{name}{_BETWEEN}{value}" for values in asked.values() for value in values}
        else:
            return None
    return found


def ticks_offered(when: Any, form: IntakeForm | None, picks: Sequence[Picks]) -> set[str] | None:
    """Return what is ticked of a condition; None where these ticks, saved as they stand, would say something else."""
    found = ticked(when)
    if not when:
        return found
    offered = {value for each in picks for value, _ in each.options}
    if found is None or not found <= offered:
        return None
    said = condition_of(form, "when", [pick for each in picks for pick, _ in each.options if pick in found])
    return found if _unordered(said) == _unordered(when) else None


def _unordered(when: Any) -> Any:
    if isinstance(when, list):
        return sorted(map(str, when))
    return {key: _unordered(value) for key, value in when.items()} if isinstance(when, Mapping) else when
