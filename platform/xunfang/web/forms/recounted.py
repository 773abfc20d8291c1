"""Counting a report anew while it is filled in: numbers nobody touched become the new ones, what was typed stays."""

from collections.abc import Mapping
from dataclasses import dataclass

from xunfang.web.forms.entries import Entries

WAS = "was-"
"""Before the name of a field: what it held beforehand when its page was made."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one field was filled in with, and is now; `kept` is what was typed instead, "" where nothing was."""

    field: str
    before: str
    now: str
    kept: str = ""


def recounted(typed: Entries, before: Mapping[str, str], now: Entries) -> tuple[Entries, tuple[Change, ...]]:
    """Return what a form holds once it is filled in anew, and what has changed beforehand.

    `before` is what each field held beforehand when its page was made, `now` what it is filled in with now.
    """
    entries, changes = dict(typed), list[Change]()
    for name in dict.fromkeys((*before, *now)):
        old, new, own = before.get(name, ""), _one(now, name), _one(typed, name)
        if old == new:
            continue
        untouched = own == old
        entries |= {name: (new,) if new else ()} if untouched else {}
        changes.append(Change(name, old, new, "" if untouched else own or "空"))
    return entries, tuple(changes)


def _one(entries: Entries, name: str) -> str:
    return (entries.get(name) or ("",))[0].strip()
