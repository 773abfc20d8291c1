"""Numbers that a rule still lacks: soft words, shares and limits left open, and limits that hold in no case."""

from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.implication import implies
from xunfang.rulebook.lint.finite import finite_columns, uncovered
from xunfang.rulebook.lint.strata import ratios
from xunfang.rulebook.model import Deadline, NoticeKind, Standard
from xunfang.worktime import LimitKind

_LOCAL = "local"


def lint(draft: Draft) -> None:
    """Note every number that a jurisdiction must set and has not, and deadlines that may have no limit at all."""
    for word, limit in draft.rules.info.soft.items():
        if limit.kind is LimitKind.LOCAL and draft.rules.info.serves:
            message = f"软性期限“{word}”须由本级定下数字，本级尚未确定"
            hint = f'请在本级 jurisdiction.toml 的 [soft] 中写明，如 {word} = "3 workdays"'
            draft.error("jurisdiction", ("soft", word), "LOCAL_NUMBER_MISSING", message, hint)
    for standard in draft.rules.info.standards.values():
        _amounts(draft, standard)
    for path, ratio in ratios(draft):
        if ratio == _LOCAL and draft.rules.info.serves:
            hint = "请在本级 duties.toml 中写明，如 sample.ratio = 0.3；全部回访写 “all”"
            message = "上级文件要求本地确定抽查比例，本级尚未确定"
            draft.error("duties", path, "LOCAL_NUMBER_MISSING", message, hint)
    for deadline in draft.rules.deadlines.values():
        _limit_for_every_case(draft, deadline)
        _rows_never_reached(draft, deadline)
    for kind in draft.rules.notices.values():
        _number_of_many_units(draft, kind)


def _amounts(draft: Draft, standard: Standard) -> None:
    """Note amounts of one day, of which only one can hold, and those of which no multiple says anything."""
    path, part = ("standards", standard.id, "since"), draft.parts["jurisdiction"]
    days = [amount.since for amount in standard.since]
    for day in sorted({day for day in days if days.count(day) > 1}):
        message = f"“{standard.label}”从 {day} 起写了两个数额，只按后写的一个"
        draft.findings.warning(part, path, "STANDARD_TWICE", message, "请删去其中一个，或者改正日期")
    for amount in standard.since:
        if amount.value <= 0:
            message = f"“{standard.label}”从 {amount.since} 起是 {amount.value:g}，与它的几倍相比没有意义"
            draft.findings.warning(part, path, "STANDARD_NOT_POSITIVE", message, "请写大于 0 的数额")


def _number_of_many_units(draft: Draft, kind: NoticeKind) -> None:
    """Units of divisions number their papers each for itself: without its name in it, two give out the same number."""
    unit = draft.rules.units.get(kind.seal)
    if unit and unit.per and kind.number and "{unit}" not in kind.number:
        message = f"由各“{unit.anywhere}”分别编号，文号却不含单位名称，不同单位会编出同一个文号"
        hint = f'写作 number = "{{unit}}{kind.number}"，{{unit}} 处填入 units.toml 的 document_word，没有写的填区划名称'
        draft.findings.warning(draft.parts["notices"], (kind.id, "number"), "NUMBER_SHARED", message, hint)


def _rows_never_reached(draft: Draft, deadline: Deadline) -> None:
    """Note rows of limits that an earlier one takes all of."""
    rows = draft.entry("deadlines", deadline.id).get("limits", ())
    for index, case in enumerate(deadline.limits[: len(rows)]):
        earlier = next((n for n, other in enumerate(deadline.limits[:index], 1) if implies(case.when, other.when)), 0)
        if earlier:
            message = f"limits 第{index + 1}行永远轮不到：凡符合它的都先符合第{earlier}行"
            path = (deadline.id, "limits", index)
            draft.error("deadlines", path, "LIMIT_SHADOWED", message, "请调整先后，或删去其中一行")


def _limit_for_every_case(draft: Draft, deadline: Deadline) -> None:
    if any(case.when == ALWAYS for case in deadline.limits):
        return
    left = [
        f"“{entry.label}”"
        for path, covered in finite_columns(case.when for case in deadline.limits)
        for entry in uncovered(draft, path, covered)
    ]
    what = f"，如{'、'.join(left[:5])}" if left else "，如未填写该项时"
    message = f"各种情形之外没有期限{what}"
    draft.error("deadlines", (deadline.id,), "LIMIT_NOT_ALWAYS", message, '补上 limit = "…"，其余情形都按它办')
