"""Duty rosters that are never asked: nothing is ever urgent, another row answers first, or the desk works on paper."""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import OffHours
from xunfang.rulebook.off_hours import Closed
from xunfang.rulebook.positions import Path

URGENCY = "urgency"
"""The field by which a case is urgent (rules.urgency)."""

Rows = tuple[OffHours, ...]


def lint(draft: Draft) -> None:
    """Note who is named to answer off hours and never will."""
    for part, path, rows in _every(draft):
        if rows and not any(URGENCY in form.fields for form in draft.rules.forms.values()):
            message = "没有一张表单填报紧急程度，任何任务都不算紧急，值班的收不到告知"
            hint = f"请在线索表单中加上字段 {URGENCY}，或者删去 off_hours"
            draft.findings.warning(draft.parts[part], (*path, "off_hours"), "DUTY_NEVER_TOLD", message, hint)
        for index, row in enumerate(rows):
            here = (*path, "off_hours", index)
            _behind_others(draft, part, here, row, rows[:index])
            _on_paper(draft, part, here, row)


def _every(draft: Draft) -> Iterator[tuple[str, Path, Rows]]:
    yield "jurisdiction", (), draft.rules.info.off_hours
    for unit in draft.rules.units.values():
        yield "units", (unit.id,), unit.off_hours


def _behind_others(draft: Draft, part: str, path: Path, row: OffHours, before: Rows) -> None:
    times = row.during or tuple(Closed)
    if before and all(any(other.answers(time) for other in before) for time in times):
        message = "前面各行已包括这一行的全部时间，永远轮不到这一行"
        hint = "请调整次序，或者缩小前面各行的 during"
        draft.findings.warning(draft.parts[part], path, "DUTY_NEVER_TOLD", message, hint)


def _on_paper(draft: Draft, part: str, path: Path, row: OffHours) -> None:
    unit = draft.rules.units.get(row.unit)
    if unit and unit.external:
        message = f"“{unit.anywhere}”不使用本系统，值班时收不到告知"
        draft.findings.warning(draft.parts[part], (*path, "unit"), "DUTY_NEVER_TOLD", message, "请写使用本系统的单位")
