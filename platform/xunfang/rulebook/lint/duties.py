"""Duties: the categories that no duty looks after, and what nobody can hand in."""

from xunfang.rulebook.acts import OF_EVERY_UNIT
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.finite import finite_columns, uncovered
from xunfang.rulebook.model import Duty

_SORTING = 2
"""From so many duties on, a jurisdiction sorts people by a fact, and a category left out may be an oversight."""


def lint(draft: Draft) -> None:
    """Note categories that none of the duties about persons names, and duties of a period that nobody can hand in."""
    _categories_uncovered(draft)
    _duties_nobody_can_hand_in(draft)


_HANDING_IN = ("complete", "submit")
"""Acts of which one lets somebody hand in what their unit owes."""


def _duties_nobody_can_hand_in(draft: Draft) -> None:
    """Note what each unit owes for a period where no role has an act to hand it in, or the unit is given none."""
    given = {act for role in draft.rules.roles.values() for act in role.may}
    for duty in draft.rules.duties.values():
        unit = draft.rules.units.get(duty.of)
        here = given & {*unit.may, *OF_EVERY_UNIT} if unit and unit.may else given
        if duty.every and not duty.satisfied_by and here.isdisjoint(_HANDING_IN):
            message = f"定期任务“{duty.label}”谁也报送不了：没有任何角色有权限 complete 或 submit"
            hint = '请在 roles.toml 中给某个角色写上 "complete"'
            draft.findings.warning(draft.parts["duties"], (duty.id, "of"), "HOLDER_WITHOUT_VERB", message, hint)


def _categories_uncovered(draft: Draft) -> None:
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
