"""Events in words: what happened, who did it, by which rule."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from xunfang.casework import VERBS
from xunfang.clock import parse
from xunfang.store import Event
from xunfang.web.faces import EventFace
from xunfang.web.labels import Labels
from xunfang.web.readings.event_words import WORDS
from xunfang.web.readings.subjects import about
from xunfang.web.rendering import moment

WRITTEN: Mapping[str, str] = {verb.event: verb.reason_name for verb in VERBS.values() if verb.reason_name}
"""What that is called which somebody wrote, where it is no reason."""

BY_RULES = frozenset({
    "dispatch.proposed", "dispatch.sent_at_once", "task.opened", "task.withdrawn", "notice.wanted",
    "case.moved", "case.waiting", "case.closed", "flow.started", "case.urgency_raised", "case.due_changed",
    "task.due_changed",
})  # fmt: skip
"""What nobody does: the rules bring it about when somebody acts."""

ASKING = frozenset({"notice.wanted", "notice.signed"})
"""What comes of asking for a paper, when nothing else was done."""

ACTS: Mapping[str, str] = {
    "clue.submitted": "上报", "clue.joined": "上报", "dispatch.confirmed": "批示", "dispatch.changed": "批示",
    "task.completed": "办理", "task.outcome_recorded": "办理", "task.returned": "退回", "task.transferred": "转办",
}  # fmt: skip
"""The acts of a person from which the rules bring something about, as one says that it began with them."""


def acts_behind(events: Iterable[Event]) -> Mapping[int, str]:
    """Return, by number, the act of the same person at the same moment that an event of the rules follows from.

    A paper that stands alone was asked for by its person, and follows from nothing.
    """
    at_once: dict[tuple[datetime, str], list[Event]] = {}
    for event in events:
        if event.actor:
            at_once.setdefault((event.at, event.actor), []).append(event)
    return {
        event.n: _nearest_act(event, together)
        for together in at_once.values()
        for event in together
        if event.name in BY_RULES and not all(other.name in ASKING for other in together)
    }


def _nearest_act(event: Event, together: Iterable[Event]) -> str:
    acts = [other for other in together if other.name in ACTS]
    return ACTS[min(acts, key=lambda act: abs(act.n - event.n)).name] if acts else "办理"


def event_face(event: Event, labels: Labels, flow: str, act: str = "") -> EventFace:
    """Return one event for the timeline; `act` is what a person did by which the rules caused it."""
    who = "　".join(part for part in doer(event, labels, act) if part)
    return EventFace(event.at, what_happened(event, labels, flow), who, particulars(event, labels, act))


def doer(event: Event, labels: Labels, act: str = "") -> tuple[str, str]:
    """Return who did what an event tells, and of which unit: what follows from an act is done by the rules."""
    if _by_rules(event, act):
        return "系统按规则", ""
    name = event.actor_name or "系统"
    if stead := event.told.get("stead"):
        name = f"{name}（代{stead}）"
    return name, labels.unit(event.unit) if event.unit else ""


def _by_rules(event: Event, act: str) -> bool:
    asked_for = event.name == "notice.wanted" and event.actor and not act
    return event.name in BY_RULES and not asked_for


def what_happened(event: Event, labels: Labels, flow: str) -> str:
    """Return an event in words, with what it is about."""
    words = WORDS.get(event.name, event.name)
    subject = about(event, labels, flow)
    return f"{words}：{subject}" if subject else words


def particulars(event: Event, labels: Labels, act: str = "") -> tuple[str, ...]:
    """Return what else an event tells, each as "name: value", and the clauses it rests on."""
    told = [part for part in (_origin(event, labels, act), _changed_lead(event, labels)) if part]
    for key, (name, put) in DETAILS.items():
        value = event.told.get(key)
        if value not in (None, False, "", [], {}) and (event.name, key) not in TOLD_ALREADY:
            told.append(f"{_called(event, key, name)}：{put(value, labels)}")
    if event.cites:
        told.append(f"依据：{labels.in_short(event.cites)}")
    return tuple(told)


def _called(event: Event, key: str, name: str) -> str:
    """Return what a value is called: not all that is written is a reason, and an account's unit handles nothing."""
    if key == "reason":
        return WRITTEN.get(event.name, name)
    return "单位" if key == "unit" and event.name.startswith("account.") else name


def _origin(event: Event, labels: Labels, act: str) -> str:
    if not event.actor or not _by_rules(event, act):
        return ""
    unit = f"（{labels.unit(event.unit)}）" if event.unit else ""
    return f"起于：{event.actor_name}{unit}的{act or '办理'}"


def _changed_lead(event: Event, labels: Labels) -> str:
    if event.name != "dispatch.changed":
        return ""
    proposed, leads = event.told.get("proposed", ()), event.told.get("leads", ())
    before = _units([unit for unit in proposed if unit and unit not in leads], labels)
    after = _units([unit for unit in leads if unit not in proposed], labels)
    if before and after:
        return f"改派：由{before}改为{after}"
    return f"不再分派：{before}" if before else ""


def _text(value: object, _labels: Labels) -> str:
    return str(value)


def _release(value: object, _labels: Labels) -> str:
    return str(value)[:12]


def _moment(value: object, _labels: Labels) -> str:
    return moment(parse(str(value)))


def _late(_value: object, _labels: Labels) -> str:
    return "已超期"


def _urgency(value: object, labels: Labels) -> str:
    return labels.answer("urgency", str(value))


def _unit(value: object, labels: Labels) -> str:
    return labels.unit(str(value))


def _units(value: object, labels: Labels) -> str:
    return "、".join(labels.unit(str(each)) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _roles(value: object, labels: Labels) -> str:
    return "、".join(labels.role(str(each)) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _changes(value: object, labels: Labels) -> str:
    """Return what became what; an account's change of before names only what was sent."""
    if isinstance(value, Mapping):
        return "；".join(_from_to(str(each), before, after, labels) for each, (before, after) in value.items())
    return "、".join(_change(str(each))[0] for each in value) if isinstance(value, list) else str(value)


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


def _page(value: object, _labels: Labels) -> str:
    view = str(value).partition(".")[0]
    return PAGES.get(view, view)


Put = Callable[[object, Labels], str]

CHANGES: Mapping[str, tuple[str, Put]] = {
    "name": ("姓名", _text), "unit": ("单位", _unit), "roles": ("角色", _roles), "division": ("查看范围", _sight),
    "state": ("启用或停用", _text), "must_change": ("重置密码", _text), "locked_until": ("解除锁定", _text),
    "failed_count": ("解除锁定", _text),
}  # fmt: skip
"""What of an account can be changed, and how its values are told."""

ANSWERS: Mapping[str, str] = {"same": "同一人", "different": "不是同一人"}
"""How a question about two records of one number was answered."""

PAGES: Mapping[str, str] = {
    "accounts": "账号管理", "system": "系统状态", "audit": "留痕查询", "cases": "个案", "tasks": "任务",
    "photos": "照片", "staff": "代理和交接", "papers": "文书", "inbox": "收件箱", "signing": "待签发",
    "dispatch": "拟办分派", "supervision": "督办", "intake": "填报",
}  # fmt: skip
"""The pages that a role may not be let into, as the menu calls them."""

TOLD_ALREADY = frozenset({("case.moved", "to")})
UNTOLD = frozenset({"notice.numbered", "message.read", "attachment.kept"})
"""Events of the record that add nothing for somebody who reads the case."""

DETAILS: Mapping[str, tuple[str, Put]] = {
    "unit": ("承办", _unit),
    "leads": ("主办", _units),
    "to": ("送交", _unit),
    "reason": ("理由", _text),
    "because": ("原因", _text),
    "verdict": ("结论", lambda value, _: ANSWERS.get(str(value), str(value))),
    "number": ("编号", _text),
    "beside": ("起于个案", _text),
    "until": ("至", _moment),
    "was_urgency": ("原为", _urgency),
    "urgency": ("现为", _urgency),
    "workdays": ("延长工作日", _text),
    "late": ("申请时", _late),
    "since": ("中止自", _moment),
    "was_due": ("原定", _moment),
    "now_due": ("现定", _moment),
    "nobody_at": ("无人在岗而越过", _units),
    "error": ("原因", _text),
    "was": ("原签收人", _text),
    "heir": ("接手人", _text),
    "represented": ("被代理人", _text),
    "deputy": ("代理人", _text),
    "first_on": ("自", _text),
    "last_on": ("至", _text),
    "release": ("改用发布版本", _release),
    "delivered": ("送达日期", _text),
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
