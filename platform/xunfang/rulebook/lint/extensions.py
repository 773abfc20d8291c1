"""Extensions that make no limit longer. What a lower layer allows beyond those above is compared in `promises`."""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.lengths import is_longer
from xunfang.rulebook.model import Deadline, Extension
from xunfang.rulebook.positions import Path


def lint(draft: Draft) -> None:
    """Note extensions that extend nothing."""
    for deadline in draft.rules.deadlines.values():
        for path, extend in _extensions(draft, deadline):
            limits = [case.limit.counts for case in deadline.limits if case.extend is extend and case.limit.counts]
            if limits and not any(is_longer(draft, extend.to, limit) for limit in limits):
                texts = "、".join(dict.fromkeys(limit.text for limit in limits))
                message = f"延长到{extend.to.text}并不比期限{texts}长"
                hint = "to 写延长以后的全部期限，不是再加多少"
                draft.error("deadlines", (*path, "to"), "EXTENSION_NO_LONGER", message, hint)


def _extensions(draft: Draft, deadline: Deadline) -> Iterator[tuple[Path, Extension]]:
    rows = draft.entry("deadlines", deadline.id).get("limits", ())
    seen: list[Extension] = []
    for index, case in enumerate(deadline.limits):
        if case.extend and not any(case.extend is other for other in seen):
            seen.append(case.extend)
            own = index < len(rows) and "extend" in rows[index]
            yield (deadline.id, *(("limits", index) if own else ()), "extend"), case.extend
