"""Limits set for one case: forms that ask for more than is allowed, a layer that allows more than those above it."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.extensions import is_longer
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import Deadline, SetBy
from xunfang.worktime import Limit, parse_limit


def lint(draft: Draft) -> None:
    """Note numbers that may be answered and do not count, and bounds that promise less than a layer above."""
    for deadline in draft.rules.deadlines.values():
        if deadline.set_by:
            _note_beyond(draft, deadline, deadline.set_by)
            _note_slower(draft, draft.parts["deadlines"], deadline, deadline.set_by)


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


def _note_slower(draft: Draft, part: Part, deadline: Deadline, setting: SetBy) -> None:
    """Note a bound of a lower layer that is longer than what a layer above gives, without a clause of its own."""
    path = (deadline.id, "set_by", "at_most")
    layer = part.origin(path).layer
    cites = part.origins.get((*path[:-1], "cites"))
    above = _given_above(part, deadline, layer)
    if above is None or (cites is not None and cites.layer == layer) or not is_longer(draft, setting.at_most, above):
        return
    message = f"本级允许把期限定到{setting.at_most.text}，上级是{above.text}，却没有引用自己的条款"
    draft.error("deadlines", path, "PROMISE_SLOWER", message, "下级只能更快；确需放宽的，在 set_by 中写明本级 cites")


def _given_above(part: Part, deadline: Deadline, layer: str) -> Limit | None:
    """Return the longest time that the layers above one give: their own bound, or else their limit."""
    for path in ((deadline.id, "set_by", "at_most"), (deadline.id, "limit")):
        changes = [each for each in part.overrides if each.path == path and each.origin.layer == layer]
        origin = part.origins.get(path)
        text = str(changes[0].before) if changes else ""
        if not text and origin is not None and origin.layer != layer and path[-1] == "limit":
            text = str(part.data[deadline.id]["limit"])
        found = parse_limit(text) if text else None
        if found and found.is_resolved:
            return found
    return None
