"""Duties that sort people by category: the categories that no duty looks after."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.finite import finite_columns, uncovered
from xunfang.rulebook.model import Duty

_SORTING = 2
"""From so many duties on, a jurisdiction sorts people by a fact, and a category left out may be an oversight."""


def lint(draft: Draft) -> None:
    """Note categories that none of the duties about persons names, where no duty is about everybody."""
    about_people = [
        duty for duty in draft.rules.duties.values() if duty.satisfied_by or duty.on == "person.category_added"
    ]
    if any(_is_for_all(duty) for duty in about_people):
        return
    conditions = [duty.for_ for duty in about_people if duty.for_ is not None]
    for path, covered in finite_columns(conditions, _SORTING):
        left = uncovered(draft, path, covered)
        if left:
            labels = "、".join(f"“{entry.label}”" for entry in left)
            message = f"{labels}没有任何走访、核查任务覆盖"
            hint = "请写入某项定期任务的 for，或确认如此"
            draft.findings.warning(draft.parts["duties"], (), "CATEGORY_UNCOVERED", message, hint)


def _is_for_all(duty: Duty) -> bool:
    return duty.for_ is None
