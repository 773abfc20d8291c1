"""Conditions of a field by choosing: whatever stands before it and offers choices, each choice to be ticked."""

from collections.abc import Mapping, Sequence
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


def picks_before(rules: Rulebook, form: IntakeForm, name: str) -> list[Picks]:
    """Return what stands before a field of a form, or before a column of the rows of one, and offers choices."""
    found = []
    for each in form.fields.values():
        if each.name == name:
            break
        if options := _options(rules, each):
            found.append(Picks(each.title, options))
    return found


def _options(rules: Rulebook, field: Field) -> tuple[tuple[str, str], ...]:
    told: tuple[tuple[str, str], ...]
    if field.kind == "boolean":
        told = (("true", "是"), ("false", "否"))
    elif field.kind in ("choice", "choices") and field.list in rules.lists:
        told = tuple((entry.id, entry.label) for entry in rules.lists[field.list].entries.values() if not entry.retired)
    else:
        return ()
    return tuple((f"{field.name}{_BETWEEN}{value}", label) for value, label in told) if len(told) <= _MOST else ()


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
        elif isinstance(asked, Mapping) and len(asked) == 1 and set(asked) <= {"any", "in"}:
            found |= {f"{name}{_BETWEEN}{value}" for values in asked.values() for value in values}
        else:
            return None
    return found
