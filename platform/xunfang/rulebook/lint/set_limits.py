"""Limits set for one case: forms that ask for more than is allowed."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Deadline, SetBy


def lint(draft: Draft) -> None:
    """Note numbers that may be answered and do not count."""
    for deadline in draft.rules.deadlines.values():
        if deadline.set_by:
            _note_beyond(draft, deadline, deadline.set_by)


def _note_beyond(draft: Draft, deadline: Deadline, setting: SetBy) -> None:
    for form in draft.rules.forms.values():
        field = form.fields.get(setting.answer)
        most = field.schema.get("maximum") if field and field.kind != "date" else None
        if field and most is not None and most > setting.at_most.amount:
            message = (
                f"《{form.title}》的“{field.title}”可以填到 {most:g}，期限最长只到{setting.at_most.text}，多填的不算"
            )
            hint = f"请把字段的 maximum 改为 {setting.at_most.amount}，或者放宽 at_most"
            path = (deadline.id, "set_by", "at_most")
            draft.findings.warning(draft.parts["deadlines"], path, "SET_BEYOND_BOUND", message, hint)
