"""The words for how things stand, and how long until they are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from xunfang.clock import local, local_date
from xunfang.rules.overdue import is_overdue

if TYPE_CHECKING:
    from xunfang.worktime import WorkCalendar

ENDED_AS: dict[str, str] = {"voided": "已作废", "withdrawn": "已撤回", "linked": "已并案"}
"""How a case ended that no outcome closed."""

TASK_ROLE: dict[str, str] = {"lead": "主办", "assist": "协办", "consult": "会商"}

TASK_STATUS: dict[str, str] = {
    "open": "待签收",
    "proposed": "待批示",
    "claimed": "办理中",
    "done": "已办结",
    "returned": "已退回",
    "transferred": "已转办",
    "withdrawn": "已收回",
    "suspended": "中止",
    "on": "正在进行",
}

DUTY_STATUS: dict[str, str] = {
    "owed": "待报送",
    "owed-late": "逾期",
    "reported": "已报送",
    "reported-late": "已报送（逾期）",
    "nil": "零报告",
    "nil-late": "零报告（逾期）",
    "waived": "免报",
    "replaced": "以应急任务代替",
    "replaced-late": "以应急任务代替（逾期）",
    "visited": "已完成",
    "visited-late": "已完成（逾期）",
    "missed": "期满未完成",
    "missed-late": "期满未完成",
    "withdrawn": "已停止",
    "withdrawn-late": "已停止（逾期）",
}

OWED_THINGS = "待完成"
"""What is owed where visits, or things one by one, do it and nothing is handed in."""

ALERT_STATUS: dict[str, str] = {"ahead": "尚未开始", "on": "正在进行", "over": "已解除"}

SOON_DAYS = 2
"""A task due within so many workdays is 即将到期."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deadline stands: its bucket ("late", "today", "soon", "later", "none") and the words for it."""

    bucket: str
    words: str


def words_by_day(due_at: datetime, now: datetime, calendar: "WorkCalendar") -> str:
    """Return how long until, or since, a limit that is counted in days."""
    today, due_on = local_date(now), local_date(due_at)
    if is_overdue(due_at, now):
        days = calendar.workdays_between(due_on, today)
        return f"超期{days}个工作日" if days else "已超期"
    if due_on == today:
        return f"今日{local(due_at):%H:%M}到期"
    days = calendar.workdays_between(today, due_on)
    return f"剩余{days}个工作日" if days else "下个工作日前到期"


def words_by_hour(due_at: datetime, now: datetime) -> str:
    """Return how long until, or since, a limit that is counted in hours: rest days count like all others."""
    left = due_at - now
    if is_overdue(due_at, now):
        return f"超期{_span(-left)}"
    return f"剩余{_span(left)}"


def end_words(ended_as: str, outcome: str) -> str:
    """Return how a case ended: by an outcome, given in words, or otherwise."""
    return ENDED_AS.get(ended_as, outcome)


def stopped_words(since: datetime, uncounted: str = "") -> str:
    """Return since which day a clock stands still, or in which state whose time does not count."""
    return f"{local(since):%Y-%m-%d}起{f'为“{uncounted}”期间' if uncounted else '中止'}，不计期限"


def until_words(over_at: datetime) -> str:
    """Return until which day a wait runs that is over at a moment, such as the time of a public notice."""
    return f"{local(over_at):%Y-%m-%d}期满，自动进入下一环节"


def held_words(numbers: Iterable[str], *, found: bool) -> str:
    """Return what keeps a case from going on: objections that are not answered yet, or were found to be right."""
    told = f"对公示的异议（{'、'.join(numbers)}）"
    return f"{told}经核查成立，期满也不进入下一环节" if found else f"{told}正在核查，办结以前不进入下一环节"


def _span(time: timedelta) -> str:
    if time < HOUR:
        return f"{max(1, time // timedelta(minutes=1))}分钟"
    return f"{time // HOUR}小时" if time < 72 * HOUR else f"{time // (24 * HOUR)}天"


def today_words(now: datetime, calendar: "WorkCalendar") -> str:
    """Return the day as a desk calendar shows it, and whether the office is closed."""
    today = local_date(now)
    here = calendar.day(today)
    rest = "" if here.is_workday else "，休息日"
    return f"{today.month}月{today.day}日 星期{'一二三四五六日'[today.weekday()]}{rest}"
