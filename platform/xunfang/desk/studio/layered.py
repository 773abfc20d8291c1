"""One kind of rule as all layers write it together, and how it stands to the base of a draft."""

from typing import Any

from xunfang.errors import RulebookError
from xunfang.rulebook.compile import merged_parts
from xunfang.rulebook.files import Files
from xunfang.rulebook.merge import Part


def part_of(files: Files, layer: str, kind: str) -> Part | None:
    """Return a kind of rule of all layers together; None where there is none, or a file cannot be read."""
    try:
        return merged_parts(files, layer).get(kind)
    except RulebookError:
        return None


def mark(now: Any, before: Any) -> str:
    """Return how something written stands to the base: "", "changed" or "new"."""
    return "" if now == before else "changed" if before is not None else "new"
