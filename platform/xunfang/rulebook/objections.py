"""Objections 异议 in the rules: forms that object to what hangs on a board, and outcomes that find them to be right."""

from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.fields import IntakeForm
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path


def link_objection(draft: Draft, form: IntakeForm) -> None:
    """Check a form that objects: the name of whom it is about is filled in, and who objects in a field of its own."""
    if not form.objection:
        return
    part, by = f"form:{form.id}", form.objection.get("by", "")
    if "name" not in form.person:
        message = "异议表要填公示对象的姓名，系统才知道是对谁的公示提出的"
        draft.error(part, ("x-objection",), "KEY_MISPLACED", message, "请在 x-person 里写 name")
    if by and by not in form.fields:
        message = f"x-objection 的 by 指向不存在的字段“{by}”"
        draft.error(part, ("x-objection", "by"), "NAME_UNKNOWN", message, did_you_mean(by, form.fields))


def link_upholds(draft: Draft, part: str, path: Path, flow: Any, outcome: Any) -> None:
    """Only where objections are handled can one be upheld."""
    forms = (draft.rules.forms[form] for form in flow.opens_on if form in draft.rules.forms)
    if outcome.upholds and not any(form.objection for form in forms):
        message = "这个流程不办理异议，upholds 没有作用"
        hint = '请删去 upholds；确是办理异议的，在它的表单里写 "x-objection"'
        draft.error(part, (*path, "upholds"), "KEY_MISPLACED", message, hint)
