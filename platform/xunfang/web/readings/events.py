"""Events in words: what happened, who did it, by which rule."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from xunfang.store import Event
from xunfang.web.faces import EventFace
from xunfang.web.labels import Labels
from xunfang.web.readings.details import DETAILS, units_in_words
from xunfang.web.readings.subjects import about

WORDS: Mapping[str, str] = {
    "submission.filed": "收到填报",
    "clue.submitted": "上报线索",
    "clue.joined": "新线索并入本案",
    "clue.corrected": "更正线索",
    "clue.withdrawn": "撤回线索",
    "clue.withdrawal_asked": "请求撤回线索",
    "clue.linked": "归并线索",
    "clue.split": "分开线索",
    "case.opened": "建立个案",
    "case.moved": "进入下一环节",
    "case.urgency_raised": "紧急程度提高",
    "case.due_changed": "全案期限提前",
    "task.due_changed": "任务期限提前",
    "case.waiting": "开始计期",
    "case.wait_ended": "期满",
    "case.closed": "结案",
    "case.voided": "作废个案",
    "case.archived": "归档",
    "case.reopened": "重新办理",
    "flow.started": "启动相关流程",
    "dispatch.proposed": "提出拟办意见",
    "dispatch.confirmed": "批示同意拟办意见",
    "dispatch.changed": "批示改派",
    "dispatch.sent_at_once": "不经批示，直接转办",
    "task.opened": "下达任务",
    "task.claimed": "签收",
    "task.assisted": "协办完成",
    "task.completed": "办结",
    "task.outcome_recorded": "记录办理情况",
    "task.returned": "退回",
    "task.transferred": "转办",
    "task.withdrawn": "撤回",
    "task.suspended": "中止办理，期限停止计算",
    "task.resumed": "恢复办理，期限按剩余时间重新计算",
    "task.extension_asked": "申请延期",
    "task.extended": "同意延期",
    "task.extension_refused": "不同意延期",
    "task.sent_up": "原定单位尚无可办理人员，交上级单位",
    "task.unheld": "承办单位及其上级都没有可办理人员，需要开通账号",
    "task.urged": "催办",
    "task.reminded": "到期提醒",
    "task.fell_overdue": "超过期限",
    "task.supervised": "督办",
    "task.escalated": "提级督办",
    "task.reported": "上报超期",
    "task.released": "退回待签收",
    "notice.wanted": "制作文书",
    "notice.wanted_again": "重新制作文书",
    "notice.drafted": "文书拟好，待签发",
    "notice.signed": "签发文书",
    "notice.refused": "不予签发文书",
    "notice.issued": "文书制成",
    "notice.delivered": "文书送达归档",
    "notice.voided": "文书作废",
    "notice.failed": "文书制作失败",
    "notice.withdrawn": "不再制作文书",
    "notice.opened": "打开文书",
    "notice.missing": "文书的文件缺失，没有打开",
    "notice.numbered": "编定文号",
    "person.revealed": "查看加密内容",
    "question.asked": "提出待核实的身份疑问",
    "question.answered": "核实身份疑问",
    "message.read": "阅读消息",
    "message.all_read": "阅读全部消息",
    "attachment.kept": "上传附件",
    "attachment.dropped": "清除上传后一天未提交的附件",
    "attachment.missing": "附件的文件缺失，没有打开",
    "account.created": "开通账号",
    "account.changed": "调整账号",
    "account.disabled": "停用账号",
    "account.enabled": "恢复使用账号",
    "account.password_reset": "重置密码",
    "account.mixing_refused": "给账号不能兼任的角色，被拒绝",
    "account.unlocked": "解除登录限制",
    "account.sessions_ended": "强制账号退出登录",
    "account.signed_in": "登录",
    "account.signed_out": "退出登录",
    "account.refused": "登录失败",
    "account.locked": "连续登录失败，不再让从那里登录",
    "account.password_changed": "修改密码",
    "access.refused": "打开没有权限的页面，被拒绝",
    "access.limited": "短时间内次数过多，没有执行",
    "access.missed": "按编号查找范围以外或不存在的内容，没有显示",
    "job.retried": "重新办理停放的作业",
    "jobs.reconciled": "每日核对，补上缺少的作业",
    "release.published": "发布规则",
    "release.kept": "规则文件有误，没有启用，沿用上一次发布的规则",
    "record.verified": "核验留痕",
    "clock.trusted": "确认系统时钟无误",
}
"""Every kind of event in words; one without words is shown by its name, so that nothing stays unseen."""

UNTOLD = frozenset({"notice.numbered", "message.read", "attachment.kept"})
"""Events of the record that add nothing for somebody who reads the case."""

TOLD_ALREADY = frozenset({("case.moved", "to")})

BY_RULES = frozenset({
    "dispatch.proposed", "dispatch.sent_at_once", "task.opened", "task.withdrawn", "notice.wanted",
    "case.moved", "case.waiting", "case.closed", "flow.started", "case.urgency_raised", "case.due_changed",
    "task.due_changed", "notice.withdrawn",
})  # fmt: skip
"""What nobody does: the rules bring it about when somebody acts."""

ASKING = frozenset({"notice.wanted", "notice.signed"})
"""What comes of asking for a paper, when nothing else was done."""

ACTS: Mapping[str, str] = {
    "clue.submitted": "上报", "clue.joined": "上报", "dispatch.confirmed": "批示", "dispatch.changed": "批示",
    "task.completed": "办理", "task.outcome_recorded": "办理", "task.returned": "退回", "task.transferred": "转办",
    "case.voided": "作废", "case.reopened": "重新办理", "clue.corrected": "更正", "clue.withdrawn": "撤回",
    "clue.linked": "归并", "clue.split": "分开",
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
    return event.actor_name or "系统", labels.unit(event.unit) if event.unit else ""


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
    """Return what a value is called: the unit of an account handles nothing."""
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
    before = units_in_words([unit for unit in proposed if unit and unit not in leads], labels)
    after = units_in_words([unit for unit in leads if unit not in proposed], labels)
    if before and after:
        return f"改派：由{before}改为{after}"
    return f"不再分派：{before}" if before else ""
