"""The words of the pages: what was done, how things stand, and how long until they are due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from xunfang.clock import local_date

if TYPE_CHECKING:
    from xunfang.worktime import WorkCalendar

DONE: dict[str, str] = {
    "claimed": "已签收，请在到期前办理。",
    "completed": "已办结，下一环节的承办单位已收到。",
    "returned": "已退回，分派单位会重新分派。",
    "transferred": "已转办，受办单位已收到。",
    "urged": "已催办，承办单位已收到提醒。",
    "dispatched": "已确认分派，承办单位已收到任务。",
    "printed": "文书正在制作，稍后在“文书”中打开。",
    "password": "密码已修改。",
    "account-created": "账号已开通，请把初始密码当面告知本人。",
    "account-changed": "账号已更新。",
    "read": "已标为已读。",
    "all-read": "全部消息已标为已读。",
    "retried": "作业已重新排入队列，稍后再看结果。",
}

TASK_STATUS: dict[str, tuple[str, str]] = {
    "open": ("待签收", "blue"),
    "claimed": ("办理中", ""),
    "done": ("已办结", "good"),
    "returned": ("已退回", ""),
    "transferred": ("已转办", ""),
    "withdrawn": ("已撤回", ""),
}

SOON_DAYS = 2
"""A task due within so many workdays is 即将到期."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deadline stands: its bucket ("late", "today", "soon", "later", "none") and the words for it."""

    bucket: str
    words: str


def standing(due_at: datetime | None, now: datetime, calendar: "WorkCalendar") -> Standing:
    """Return how a deadline stands at a moment; days are counted in workdays."""
    if due_at is None:
        return Standing("none", "无时限")
    today, due_on = local_date(now), local_date(due_at)
    if due_at < now:
        days = workdays_between(due_on, today, calendar)
        return Standing("late", f"超期{days}个工作日" if days else "已超期")
    if due_on == today:
        return Standing("today", "今日到期")
    days = workdays_between(today, due_on, calendar)
    return Standing("soon" if days <= SOON_DAYS else "later", f"剩余{days}个工作日" if days else "下个工作日前到期")


def workdays_between(start: date, end: date, calendar: "WorkCalendar", most: int = 800) -> int:
    """Return how many workdays lie after `start`, up to and including `end`; counting stops at `most` days."""
    span = min((end - start).days, most)
    return sum(calendar.day(start + timedelta(days=n)).is_workday for n in range(1, span + 1))
