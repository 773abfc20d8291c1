"""The version a page was made from: an act on an older one is refused with what has happened since."""

from flask import request

from xunfang.errors import FieldProblem, Invalid, Refused


def version_given() -> int:
    """Return the version the page carried; raises Refused when it carried none."""
    text = request.form.get("version", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused("页面不完整，请刷新后再试一次。")
    return int(text)


def reason_given(longest: int = 300) -> str:
    """Return the reason that was written, without blanks around it; raises Invalid for one that would be cut short."""
    reason = request.form.get("reason", "").strip()
    if len(reason) > longest:
        told = f"理由最多{longest}字，现为{len(reason)}字，请精简后再提交。"
        raise Invalid([FieldProblem("reason", told, "REASON_TOO_LONG")], "操作没有执行。")
    return reason
