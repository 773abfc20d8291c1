"""A decision as plain data: what `xunfang explain` prints and a case page shows."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from xunfang.clock import local, parse
from xunfang.rulebook.model import Rulebook
from xunfang.rules.amounts import sums
from xunfang.rules.deadlines import PlannedDeadline, PlannedReminder
from xunfang.rules.flow import PlannedTask
from xunfang.rules.intake import Decision
from xunfang.rules.routing import conditions_of
from xunfang.rules.set_limits import set_words
from xunfang.rules.units import unit_label
from xunfang.worktime import Span


def explanation(rulebook: Rulebook, decision: Decision) -> dict[str, Any]:
    """Return what follows from a submission, the proposed dispatch taken as confirmed, as JSON-ready data."""
    tasks = decision.entered.tasks if decision.entered else ()
    leads = [task for task in tasks if task.role == "lead"]
    return {
        "jurisdiction": rulebook.id,
        "rulebook": rulebook.digest,
        "valid": not decision.problems,
        "problems": [{"field": problem.field, "message": problem.message} for problem in decision.problems],
        "computed": dict(decision.computed),
        "sums": list(_sums(rulebook, decision)),
        "needs_confirmation": decision.needs_confirmation,
        "proposed": [
            {
                "routes": list(proposal.routes),
                "lead": proposal.lead,
                "assist": list(proposal.assist),
                "cites": list(proposal.cites),
            }
            for proposal in decision.proposals
        ],
        "tasks": [_task(rulebook, task) for task in leads],
        "assisting": [
            {"unit": task.unit, "unit_name": unit_label(rulebook, task.unit), "lead": task.lead}
            for task in tasks
            if task.role == "assist"
        ],
        "in_time": dict(decision.in_time or {}),
        "notices": list(decision.entered.notices) if decision.entered else [],
        "reminders": sorted(
            (_reminder(reminder) for task in leads for reminder in task.reminders), key=lambda item: item["at"]
        ),
    }


def _sums(rulebook: Rulebook, decision: Decision) -> tuple[str, ...]:
    if decision.table is None:
        return ()
    return sums(rulebook, conditions_of(decision.table, decision.proposals), decision.facts, decision.form.id)


def _task(rulebook: Rulebook, task: PlannedTask) -> dict[str, Any]:
    shown = {
        "unit": task.unit,
        "unit_name": unit_label(rulebook, task.unit),
        "state": task.state,
        "deadline": "",
        "due_at": None,
        "routes": list(task.routes),
        "cites": list(task.cites),
        "counted": [],
        "skipped": [],
        "provisional": False,
    }
    return {**shown, **due_data(task.deadline)} if task.deadline else shown


def due_data(deadline: PlannedDeadline) -> dict[str, Any]:
    """Return a deadline with its explanation as JSON-ready data; what a task stores for ever."""
    return {
        "deadline": deadline.id,
        "label": deadline.label,
        "limit": deadline.limit,
        "soft": deadline.soft,
        "due_at": local(deadline.due.due_at).isoformat(),
        "counted": [day.isoformat() for day in deadline.due.counted],
        "skipped": [{"date": skip.date.isoformat(), "reason": skip.reason} for skip in deadline.due.skipped],
        "provisional": deadline.due.provisional,
        **spans_data(deadline.due.spans),
        **({"office": dict(deadline.office)} if deadline.office else {}),
        **({"set": dict(deadline.set)} if deadline.set else {}),
        **({"within": dict(deadline.within)} if deadline.within else {}),
    }


def spans_data(spans: Iterable[Span]) -> dict[str, Any]:
    """Return the office time that counts as JSON-ready data; nothing at all for a limit that counts none."""
    found = [{"from": opens.isoformat(), "until": closes.isoformat()} for opens, closes in spans]
    return {"spans": found} if found else {}


def _reminder(reminder: PlannedReminder) -> dict[str, Any]:
    return {"at": local(reminder.at).isoformat(), "to": reminder.to, "kind": reminder.kind, "notice": reminder.notice}


_WEEKDAYS = "一二三四五六日"


def due_sentence(data: Mapping[str, Any]) -> str:
    """Return why a task is due when it is, as one Chinese sentence, from what the task stores."""
    if not data.get("counted"):
        return f"期限{data['limit']}，按{'分钟' if '分钟' in data['limit'] else '小时'}连续计算。"
    text = _counted(data)
    groups: dict[str, list[str]] = {}
    for skip in data.get("skipped", ()):
        groups.setdefault(skip["reason"], []).append(_day(skip["date"]))
    if groups:
        text += "；不计" + "、".join(f"{'、'.join(days)}（{reason}）" for reason, days in groups.items())
    text += "".join(f"；{words}" for words in (set_words(data), office_words(data), within_words(data)) if words)
    if data.get("provisional"):
        text += "。次年放假安排尚未公布，到期日为暂定"
    return text + "。"


def within_words(data: Mapping[str, Any]) -> str:
    """Return that something was cut short because the whole it is a part of is due then, "" where it was not."""
    told = data.get("within", {})
    if "was" not in told:
        return ""
    was, whole = (local(parse(told[name])) for name in ("was", "due_at"))
    return (
        f"本环节的期限原应到{was.month}月{was.day}日，“{told['label']}”须在{whole.month}月{whole.day}日"
        f"{whole:%H:%M}前完成，以此为限"
    )


def office_words(data: Mapping[str, Any]) -> str:
    """Return by whose office hours and of which season something ends, "" where all have the same all the year."""
    told = data.get("office")
    if not told:
        return ""
    season = told["season"] if told["season"].endswith("）") or not told["season"] else f"{told['season']}的"
    return f"到期日按{told['label']}{season}办公时间，{told['closes']}下班"


def _counted(data: Mapping[str, Any]) -> str:
    if "spans" in data:
        received = "收到时所在的半日不计" if "小时" not in data["limit"] else "只计办公时间"
        return f"期限{data['limit']}，{received}，计入{'、'.join(span_words(span) for span in data['spans'])}"
    days = "、".join(_day(text) for text in data["counted"])
    if "工作日" in data["limit"]:
        return f"期限{data['limit']}，收到当日不计，计入{days}"
    return f"期限{data['limit']}，至{days}"


def span_words(span: Mapping[str, str]) -> str:
    """Return a piece of office time that counts as people say it: 9月29日（周二）13:30至17:30."""
    first, last = parse(span["from"]), parse(span["until"])
    return f"{_day(local(first).date().isoformat())}{local(first):%H:%M}至{local(last):%H:%M}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"
