"""Options that a draft takes away though they were published: cases that chose them would not know their names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from xunfang.errors import Problem, RulebookError
from xunfang.prove.examined import Examined
from xunfang.rulebook.compile import merged_parts
from xunfang.rulebook.files import Files

LISTS, FILE = "lists", "lists.toml"
_HINT = "请把它写回来，再在“清单”里停用：写明用到哪一天"
_BESIDE = 2
Lists = Mapping[str, Mapping[str, Mapping[str, Any]]]


def holding_options(found: Examined, files: Files, base: Files, layer: str) -> Examined:
    """Return what was found in a draft, and which options of its base it takes away, in whatever way it was edited."""
    taken = tuple(options_taken(files, base, layer))
    return replace(found, problems=(*found.problems, *taken)) if taken else found


def options_taken(files: Files, base: Files, layer: str) -> Iterator[Problem]:
    """Yield a problem for each option of the base that a draft has no more; what only the draft added may go."""
    if _written(files) == _written(base):
        return
    before, now = _lists(base, layer) if base else None, _lists(files, layer)
    if before is None or now is None:
        return
    for list_id, entries in before.items():
        for id in (id for id in entries if id not in now.get(list_id, {})):
            told = f"选项“{_label(entries, id)}”{_beside(entries, id)}发布过，旧个案可能选了它，不能删去"
            yield Problem(f"workflows/{layer}/{FILE}", 0, f"{list_id}.{id}", "OPTION_TAKEN_AWAY", told, _HINT)


def _written(files: Files) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.endswith(f"/{FILE}")}


def _lists(files: Files, layer: str) -> Lists | None:
    """Return the options of all lists by their ids; None where a file cannot be read, which is told by itself."""
    try:
        part = merged_parts(files, layer).get(LISTS)
    except RulebookError:
        return None
    data = part.data if part else {}
    return {id: _entries(found) for id, found in data.items() if isinstance(found, dict)}


def _entries(found: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {id: data for id, data in found.items() if isinstance(data, dict)}


def _beside(entries: Mapping[str, Mapping[str, Any]], id: str) -> str:
    """Return by which other options people know the list."""
    others = [_label(entries, other) for other in entries if other != id][:_BESIDE]
    return f"（与“{'、'.join(others)}”同在一个清单）" if others else ""


def _label(entries: Mapping[str, Mapping[str, Any]], id: str) -> str:
    return str(entries[id].get("label", id))
