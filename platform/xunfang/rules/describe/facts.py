"""The facts that the engine itself knows, in words; what a form answers is named by its field instead."""

from dataclasses import replace

from xunfang.rulebook.acts import FACT_ROOTS, SEEN_FROM
from xunfang.rulebook.model import AllOf, AnyOf, Condition, Test

STANDINGS = {"granted": "享受中", "refused": "不予保障", "suspended": "已中止", "exited": "已退出"}
_SPECIAL = {
    "household.size": "家庭人口", "household.income": "家庭收入", "household.category": "家庭类别",
    "household.entitled": "家庭已享受的救助", "case.number": "个案编号", "case.opened_at": "立案时间",
    "case.due_at": "办结期限", "case.closed_at": "办结时间", "notice.number": "文号", "notice.unit": "印发单位",
    "entitlement.state": "保障状态", "clue.unit": "上报单位", "visit.unit": "走访单位", "duty.duty": "定期任务",
}  # fmt: skip
_FACTS = {
    "name": "姓名", "sex": "性别", "id_number": "身份证号", "phone": "联系电话", "birth_on": "出生日期", "age": "年龄",
    "minor": "未成年", "residence": "居住地", "registration": "户籍地", "category": "对象类别",
    "categories": "对象类别", "entitled": "已享受的救助", "size": "人口", "income": "收入", "number": "编号",
    "flow": "流程", "state": "环节", "urgency": "急难等级", "needs": "救助需求", "opened_at": "下达时间",
    "due_at": "到期时间", "closed": "办结归档", "closed_at": "办结时间", "outcome": "办理结果",
    "reported_in_time": "按时上报", "completed_in_time": "按时办结", "found_at": "发现时间", "source": "线索来源",
    "submitted_at": "上报时间", "entered_at": "录入时间", "in_time": "按时上报", "form": "填报表单",
    "unit": "承办单位", "units": "承办单位", "claimed_by": "承办人",
    "claimed_at": "签收时间", "overdue_at": "超期时间", "completed_at": "办结时间", "id": "单位", "per": "单位层级",
    "external": "系统外单位", "division": "行政区划", "kind": "文书种类", "issued_at": "印发时间", "duty": "定期任务",
    "period": "报告期", "visited_on": "走访日期", "programme": "救助事项", "since": "起始日期", "until": "终止日期",
    "amount": "金额", "board": "公示地点", "posted_on": "公示日期", "interrupted": "因异议中止",
    "objections": "收到异议件数",
    "members": "保障人数",
}  # fmt: skip


def engine_fact(path: str) -> str:
    """Return the words for a fact written with its root, such as `case.outcome`; "" for an answer."""
    root, _, leaf = path.rpartition(".")
    if root not in FACT_ROOTS or root in {"answers", "computed", "standards", "history"}:
        return ""
    return _SPECIAL.get(path) or _FACTS.get(leaf, "")


def of_subject(condition: Condition, subject: str) -> Condition:
    """Return a condition on a kind of thing with its bare facts written out: `outcome` of a case is `case.outcome`."""
    if isinstance(condition, Test):
        root = next((root for root in SEEN_FROM.get(subject, ()) if condition.path in FACT_ROOTS[root]), "")
        return replace(condition, path=f"{root}.{condition.path}") if root else condition
    parts = tuple(of_subject(part, subject) for part in condition.parts)
    return AnyOf(parts) if isinstance(condition, AnyOf) else AllOf(parts)
