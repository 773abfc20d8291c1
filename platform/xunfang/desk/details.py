"""What an event tells besides, in words: each value by its name."""

from collections.abc import Callable, Mapping

from xunfang.clock import parse
from xunfang.desk.labels import Labels
from xunfang.desk.moments import moment
from xunfang.desk.wording import end_words
from xunfang.rulebook.model import CATEGORY, Closed
from xunfang.rules.describe.off_hours import CLOSED
from xunfang.rules.rosters import yuan


def _text(value: object, _labels: Labels) -> str:
    return str(value)


def _moment(value: object, _labels: Labels) -> str:
    return moment(parse(str(value)))


def _release(value: object, _labels: Labels) -> str:
    return str(value)[:12]


def _late(_value: object, _labels: Labels) -> str:
    return "已超期"


def _urgency(value: object, labels: Labels) -> str:
    return labels.answer("urgency", str(value))


def _fields(value: object, labels: Labels) -> str:
    return "、".join(labels.field(str(each)) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _ending(value: object, _labels: Labels) -> str:
    return end_words(str(value), str(value))


def _unit(value: object, labels: Labels) -> str:
    return labels.unit(str(value))


def units_in_words(value: object, labels: Labels) -> str:
    """Return units by their names."""
    return "、".join(labels.unit(str(each)) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _unit_or_units(value: object, labels: Labels) -> str:
    """Return one unit, as the record held it when only one could be reported to, or several, by name."""
    return _unit(value, labels) if isinstance(value, str) else units_in_words(value, labels)


def _sums(value: object, _labels: Labels) -> str:
    return "；".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _roles(value: object, labels: Labels) -> str:
    return "、".join(labels.role(str(each)) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _changes(value: object, labels: Labels) -> str:
    """Return what became what; an account's change of before names only what was sent."""
    if isinstance(value, Mapping):
        return "；".join(_from_to(str(each), before, after, labels) for each, (before, after) in value.items())
    return "、".join(_change(str(each))[0] for each in value) if isinstance(value, (list, tuple)) else str(value)


def _from_to(each: str, before: object, after: object, labels: Labels) -> str:
    name, put = _change(each)
    return f"{name}由“{put(before, labels)}”改为“{put(after, labels)}”"


def _change(each: str) -> tuple[str, "Put"]:
    return CHANGES.get(each, (each, _text))


def _limited(value: object, _labels: Labels) -> str:
    return LIMITED.get(str(value), str(value))


LIMITED: Mapping[str, str] = {
    "report": "提交填报", "photo": "上传照片", "reveal": "查看完整信息", "old-password": "输入原密码",
    "account": "账号", "address": "网络地址",
}  # fmt: skip
"""What is limited, and by whom it is counted."""


def _sight(value: object, labels: Labels) -> str:
    return labels.sight(str(value))


def _places(value: object, labels: Labels) -> str:
    return "、".join(labels.place(str(each)) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _categories(value: object, labels: Labels) -> str:
    return (
        "、".join(labels.entry(CATEGORY, str(each)) for each in value)
        if isinstance(value, (list, tuple))
        else str(value)
    )


def _closed(value: object, _labels: Labels) -> str:
    return CLOSED[Closed(str(value))]


def _role(value: object, labels: Labels) -> str:
    return labels.role(str(value))


def _place(value: object, labels: Labels) -> str:
    return labels.place(str(value))


def _yuan(value: object, _labels: Labels) -> str:
    return f"{yuan(int(str(value)))}元"


def _page(value: object, _labels: Labels) -> str:
    view = str(value).partition(".")[0]
    return PAGES.get(view, view)


Put = Callable[[object, Labels], str]

CHANGES: Mapping[str, tuple[str, Put]] = {
    "name": ("姓名", _text), "unit": ("单位", _unit), "roles": ("角色", _roles), "division": ("查看范围", _sight),
    "state": ("启用或停用", _text), "must_change": ("重置密码", _text), "locked_until": ("解除锁定", _text),
    "failed_count": ("解除锁定", _text), "residence": ("居住地", _place), "registration": ("户籍地", _place),
    "to": ("收报单位", _unit_or_units), "addressee": ("送达单位", _unit), "addressees": ("主送单位", units_in_words),
    "copies": ("抄送单位", units_in_words),
}  # fmt: skip
"""What of an account can be changed, or changes with divisions, and how its values are told."""

ANSWERS: Mapping[str, str] = {"same": "同一人", "different": "不是同一人", "unsure": "暂时不能确定"}
"""How a question about two records of one number was answered."""

GONE: Mapping[str, str] = {
    "died": "已去世", "moved": "已迁出本单位的辖区", "reopened": "个案已重新办理", "voided": "个案已作废",
}  # fmt: skip
"""Why something is owed no more, as pages tell it."""

PAGES: Mapping[str, str] = {
    "accounts": "账号管理", "system": "系统状态", "audit": "留痕查询", "cases": "个案",
    "people": "救助对象档案", "tasks": "任务",
    "photos": "照片", "duties": "定期任务", "staff": "代理和交接", "papers": "文书", "inbox": "收件箱",
    "alerts": "应急响应", "meetings": "会商",
    "publications": "公示", "rolls": "发放名册",
    "signing": "待签发", "circulars": "通报", "dispatch": "拟办分派", "supervision": "督办", "intake": "填报",
}  # fmt: skip
"""The pages that a role may not be let into, as the menu calls them."""

DETAILS: Mapping[str, tuple[str, Put]] = {
    "places": ("地方", _places),
    "begins": ("自", _moment),
    "unit": ("承办", _unit),
    "recused": ("回避", units_in_words),
    "leads": ("主办", units_in_words),
    "sums": ("计算", _sums),
    "categories": ("新认定为", _categories),
    "visited_on": ("走访日期", _text),
    "caps": ("上限", _sums),
    "beyond": ("超过上限，经本人同意", _sums),
    "to": ("送交", _unit),
    "left": ("仍须报", units_in_words),
    "lacking": ("尚未报来", units_in_words),
    "reason": ("理由", _text),
    "because": ("原因", _text),
    "quota": ("任务量", _text),
    "population": ("从中抽取", lambda value, _: f"共{value}个"),
    "drawn": ("抽出", lambda value, _: f"{value}个"),
    "seed": ("种子", _text),
    "digest": ("名单摘要", lambda value, _: str(value)[:16]),
    "gone": ("原因", lambda value, _: GONE.get(str(value), str(value))),
    "instead": ("怎么办", lambda value, _: "由下一个替补" if value == "next" else "没有替补的，免"),
    "was_ended_as": ("原为", _ending),
    "fields": ("更正", _fields),
    "moved_to": ("并到或分到", _text),
    "moved_from": ("来自", _text),
    "verdict": ("结论", lambda value, _: ANSWERS.get(str(value), str(value))),
    "number": ("编号", _text),
    "named": ("通报的单位", units_in_words),
    "instead_of": ("更正", _text),
    "beside": ("起于个案", _text),
    "until": ("至", _moment),
    "was_urgency": ("原为", _urgency),
    "urgency": ("现为", _urgency),
    "workdays": ("延长工作日", _text),
    "late": ("申请时", _late),
    "since": ("中止自", _moment),
    "was_due": ("原定", _moment),
    "now_due": ("现定", _moment),
    "of": ("承办", _unit),
    "closed": ("当时是", _closed),
    "duty_role": ("值班角色", _role),
    "nobody_at": ("无人在岗而越过", units_in_words),
    "error": ("原因", _text),
    "was": ("原签收人", _text),
    "heir": ("接手人", _text),
    "represented": ("被代理人", _text),
    "deputy": ("代理人", _text),
    "first_on": ("自", _text),
    "last_on": ("至", _text),
    "edition": ("版本", _text),
    "was_edition": ("原为", _text),
    "console": ("由", _text),
    "despite": ("情景不符仍发布，理由", _text),
    "release": ("改用发布版本", _release),
    "delivered": ("送达日期", _text),
    "on": ("日期", _text),
    "households": ("户数", _text),
    "insured": ("保障人口", _text),
    "cents": ("金额", _yuan),
    "way": ("送达方式", _text),
    "login": ("用户名", _text),
    "roles": ("角色", _roles),
    "changed": ("改动", _changes),
    "endpoint": ("页面", _page),
    "ended": ("退出的登录", _text),
    "what": ("事项", _limited),
    "by": ("按", _limited),
    "most": ("上限", _text),
    "count": ("数量", _text),
    "first": ("核验起于编号", _text),
    "last": ("完好至编号", _text),
    "broken": ("从此编号起不符", _text),
    "missing": ("抄录过而已不存在的编号", _text),
}
"""What of an event's data is told, and how."""
