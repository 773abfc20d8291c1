"""What is seen of a case, by the words that `expect` uses."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from xunfang.casework import Alert, Case, Clue, Dispatch, DutyPeriod, Entitlement, Notice, Task
from xunfang.casework.reminding import EVENTS
from xunfang.casework.terms import terms_of_task
from xunfang.clock import parse
from xunfang.prove.looks import one_or_all
from xunfang.prove.scenarios.comparing import plain
from xunfang.rulebook.model import Rulebook
from xunfang.rules.alerts import is_on, level_of
from xunfang.rules.overdue import is_overdue


class Tells(Protocol):
    """An event, in memory or in the record."""

    @property
    def name(self) -> str:
        """What happened."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """What it tells in clear."""
        ...

    @property
    def told(self) -> Mapping[str, Any]:
        """All that it tells, whatever of it lies sealed."""
        ...


def standing(case: Case | None, tasks: Sequence[Task], at: datetime) -> dict[str, Any]:
    """Return how a case stands at a moment, whatever brought it there."""
    open_ = [task for task in tasks if task.ended_at is None]
    return {
        "state": case.state if case else "",
        "overdue": [task.unit for task in open_ if task.role == "lead" and is_overdue(task.due_at, at)],
        "assisting": [task.unit for task in open_ if task.role == "assist"],
        "case_due_at": plain(case.due_at) if case and case.due_at else "",
        "due_at": {task.unit: plain(task.due_at) for task in open_ if task.role == "lead" and task.due_at},
    }


def news(
    rulebook: Rulebook, tasks: Iterable[Task], notices: Iterable[Notice], events: Sequence[Tells]
) -> dict[str, Any]:
    """Return what came about in a case: tasks opened, papers wanted, and what the events tell.

    Who was reminded or informed is whom it was meant for, even where nobody was there and it went further up.
    """
    reminded = [event.data for event in events if event.name in EVENTS.values()]
    informed = [event.data for event in events if event.name == "case.informed"]
    waits = [event.data["until"] for event in events if event.name == "case.waiting"]
    return {
        "tasks": [_task(rulebook, task) for task in tasks],
        "printed": [notice.kind for notice in notices],
        "issued": [event.data["kind"] for event in events if event.name == "notice.issued"],
        "reminded": [{"to": _meant(data), "kind": data["kind"]} for data in reminded],
        "on_duty": [_on_duty(event.told) for event in events if event.name == "case.duty_told"],
        "withdrawn": [event.data["unit"] for event in events if event.name == "task.withdrawn"],
        "informed": [_meant(data) for data in informed],
        "started": [event.data["flow"] for event in events if event.name == "flow.started"],
        "granted": [event.told["grants"] for event in events if "grants" in event.told],
        "caps": [told for event in events for told in event.told.get("caps", ())],
        "sums": [worked_out for event in events for worked_out in event.told.get("sums", ())],
        "waits_until": plain(parse(str(waits[-1]))) if waits else "",
    }


def _on_duty(data: Mapping[str, Any]) -> dict[str, str]:
    return {"to": _meant(data), "role": data["duty_role"], "closed": data["closed"], "of": data["of"]}


def _meant(data: Mapping[str, Any]) -> str:
    return str((data["nobody_at"] or [data["to"]])[0])


def _task(rulebook: Rulebook, task: Task) -> dict[str, Any]:
    form = terms_of_task(rulebook, task).form
    seen = {"state": task.state, "unit": task.unit, "routes": list(task.routes), "form": form, "provisional": False}
    if task.due:
        seen |= {
            "deadline": task.due["deadline"],
            "due_at": plain(task.due_at),
            "counted": list(task.due["counted"]),
            "skipped": [skip["date"] for skip in task.due["skipped"]],
            "provisional": task.due["provisional"],
        }
    return seen


def of_events(
    rulebook: Rulebook,
    alerts: Iterable[Alert],
    opened: Iterable[tuple[DutyPeriod, Task]],
    events: Sequence[Tells],
    at: datetime,
) -> dict[str, Any]:
    """Return how events 应急响应 stand (`alerts`), and what came about for them since the last look."""
    on = [alert for alert in alerts if is_on(alert, at)]
    levels = {kind.id: [level_of(alert) for alert in on if alert.kind == kind.id] for kind in rulebook.alerts.values()}
    found: dict[tuple[str, str], list[DutyPeriod]] = {}
    for owed, task in opened:
        found.setdefault((owed.duty, plain(task.due_at) if task.due_at else ""), []).append(owed)
    return {
        "alerts": {id: max(at_once, key=rulebook.alerts[id].rank, default="") for id, at_once in levels.items()},
        "opened": [
            {"duty": duty, "due_at": due_at, **_of_units([owed.unit for owed in each]), "to": _to(each)}
            for (duty, due_at), each in found.items()
        ],
        "replaced": _units_by_duty(events, "duty.replaced"),
        "resumed": _units_by_duty(events, "duty.owed_again"),
        "stopped": sorted({str(event.data["duty"]) for event in events if event.name == "duty.withdrawn"}),
    }


def _of_units(units: Sequence[str]) -> dict[str, Any]:
    return {"units": len(units), "unit": units[0] if len(units) == 1 else ""}


def _to(opened: Iterable[DutyPeriod]) -> str | list[str]:
    return one_or_all(tuple(dict.fromkeys(unit for owed in opened for unit in owed.to)))


def _units_by_duty(events: Iterable[Tells], name: str) -> dict[str, int]:
    """Return for how many units something came about, by duty."""
    return dict(Counter(str(event.data["duty"]) for event in events if event.name == name))


def entitlements(rows: Iterable[Entitlement]) -> list[dict[str, Any]]:
    """Return what was decided about programmes: each state with its days, the amount in 元 where one was told."""
    return [
        {
            "programme": row.programme,
            "state": row.state,
            "since": plain(row.since),
            "until": plain(row.until) if row.until else "",
            "amount": row.cents / 100 if row.cents is not None else 0,
            "members": row.members,
        }
        for row in rows
    ]


def proposed(dispatches: Iterable[Dispatch]) -> list[dict[str, Any]]:
    """Return the proposals that wait, or the last that were made."""
    last = max(dispatches, key=lambda item: (item.status == "proposed", item.proposed_at, item.id), default=None)
    wanted = ("lead", "assist", "informs", "meeting", "routes", "cites")
    return (
        [{"informs": [], **{name: item[name] for name in wanted if name in item}} for item in last.proposed]
        if last
        else []
    )


def kept(clues: Iterable[Clue], in_time: Mapping[str, bool]) -> list[str]:
    """Return which deadlines of reporting the latest clue kept, or the form that opened no case."""
    last = max(clues, key=lambda clue: (clue.entered_at, clue.id), default=None)
    return [name for name, was in (last.in_time if last else in_time).items() if was]


def categories(rulebook: Rulebook, facts: Mapping[str, Any]) -> list[str]:
    """Return every category the facts put a person into, declared or computed."""
    lists = (facts.get(f"person.{list_id}", ()) for list_id in rulebook.lists)
    return [entry for found in lists if isinstance(found, list) for entry in found]
