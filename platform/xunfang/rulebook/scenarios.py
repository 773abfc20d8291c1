"""scenarios/*.toml: given, when, then, beside the rules they prove."""

import copy
from collections.abc import Mapping
from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.files import Files, UnreadableError, parse_document
from xunfang.rulebook.merge import Part, grow, merge
from xunfang.rulebook.model import Scenario
from xunfang.rulebook.shape import check_shape

BASE = "base"


def scenarios_of(files: Files, layer: str, draft: Draft) -> list[Scenario]:
    """Return a layer's own scenarios, each step's named base answers filled in; what is wrong is noted."""
    head = f"workflows/{layer}/scenarios/"
    parts = {}
    for path in sorted(files):
        if path.startswith(head):
            name = path.removeprefix(head).removesuffix(".toml")
            try:
                parts[name] = merge("scenario", name, [grow(parse_document(path, files[path]), layer)])
            except UnreadableError as error:
                draft.findings.problems.append(error.problem)
    bases = parts.pop(BASE).data if BASE in parts else {}
    return [scenario for part in parts.values() if (scenario := _scenario(part, bases, draft))]


def _scenario(part: Part, bases: Mapping[str, Any], draft: Draft) -> Scenario | None:
    check_shape(part, draft.findings)
    if part.broken:
        return None
    for clause in part.data.get("proves", ()):
        if clause not in draft.clauses:
            draft.findings.error(part, ("proves",), "CITATION_UNKNOWN", f"没有编号为“{clause}”的条款")
    steps = tuple(_step(step, bases) for step in part.data["steps"])
    file = part.origin(()).file
    return Scenario(part.name, part.data["label"], tuple(part.data.get("proves", ())), steps, file)


def _step(step: Mapping[str, Any], bases: Mapping[str, Any]) -> Mapping[str, Any]:
    filled = dict(copy.deepcopy(step))
    if base := filled.pop("base", None):
        filled["answers"] = {**copy.deepcopy(bases.get(base, {})), **filled.get("answers", {})}
    return filled
