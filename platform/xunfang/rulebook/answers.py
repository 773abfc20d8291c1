"""Warnings that somebody has answered in the file: `accepted = "reason #mark"` beside what the warning is about.

The mark stands for the warning and for everything written in the entry: when either changes, the warning comes again.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from xunfang.rulebook.merge import Part
from xunfang.rulebook.positions import Path

ACCEPTED = "accepted"
_ANSWERING = frozenset({"cites", "practice", "rows", "states", "outcomes", "in_force", "text", "since", "published"})
_MARK = re.compile(r"#([0-9a-f]{6})\b")


def answer(part: Part, path: Path, code: str, message: str) -> tuple[bool, str]:
    """Return whether a warning has been answered, and what to write in its entry for that."""
    entry = next(_entries(part.data, path), None)
    if entry is None:
        return False, ""
    mark = _mark(code, message, entry)
    told = str(entry.get(ACCEPTED, ""))
    if mark in _MARK.findall(told):
        return True, ""
    reason = _MARK.sub("", told).strip() or "<理由>"
    again = "内容变了，请再看一遍；仍属有意的" if _MARK.search(told) else "有意如此的"
    return False, f'{again}，在这一项中写 {ACCEPTED} = "{reason} #{mark}"，不再提醒'


def _entries(data: Any, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the tables around a place that can carry an answer, the nearest first."""
    around = [data]
    for key in path:
        inside = isinstance(around[-1], dict) or (isinstance(key, int) and isinstance(around[-1], list))
        try:
            around.append(around[-1][key] if inside else None)
        except (KeyError, IndexError, TypeError):
            break
    yield from (table for table in reversed(around) if isinstance(table, dict) and can_answer(table))


def can_answer(names: Any) -> bool:
    """Return whether a table, or the properties of its shape, is an entry that carries an answer.

    Such is what binds somebody or sorts cases, a policy document, a clause, a standard, a year of the calendar.
    """
    return not _ANSWERING.isdisjoint(names)


def _mark(code: str, message: str, entry: dict[str, Any]) -> str:
    return hashlib.sha256(f"{code} {message} {_unanswered(entry)!r}".encode(errors="surrogatepass")).hexdigest()[:6]


def _unanswered(value: Any) -> Any:
    """Return what is written without the answers in it: answering one warning leaves the others' marks as they are."""
    if isinstance(value, dict):
        return {key: _unanswered(item) for key, item in value.items() if key != ACCEPTED}
    return [_unanswered(item) for item in value] if isinstance(value, list) else value
