"""The jobs that casework wants of the worker: what each is for, and when it is to be done."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from xunfang.casework import gates
from xunfang.casework.changes import JobWanted
from xunfang.casework.facts import places_of
from xunfang.casework.rows import Alert, Case, ChangeSet, Circular, Minutes, Notice, Roll, Task, Wait
from xunfang.clock import SHANGHAI, local, parse
from xunfang.rulebook.model import Deadline, Rulebook
from xunfang.rules.clocks import counts_hours
from xunfang.rules.deadlines import PlannedReminder, next_repeat, plan_reminders
from xunfang.rules.flow import home_of

REMIND = "remind"
BREACH = "record-breach"
WAIT = "end-wait"
REPLAN = "replan"
ISSUE = "issue-notice"
PRINT_LEDGER = "print-ledger"
EXPORT_LEDGER = "export-ledger"
DROP_EXPORT = "drop-export"
PRINT_MINUTES = "print-minutes"
PRINT_CIRCULAR = "print-circular"
PUBLISH_RULES = "publish-rules"
REPLAY_DRAFT = "replay-draft"
OPEN_DUTIES = "open-duties"
PLAN_VISITS = "plan-visits"
SETTLE_VISITS = "settle-visits"
ALERT_DUTIES = "alert-duties"
DRAW_SAMPLES = "draw-samples"
CASE_DUTIES = "case-duties"
FOLLOW = "follow-divisions"
COUNT = "count-figures"
READ_LIST = "read-list"
TAKE_LIST = "take-list"
UNDO_LIST = "undo-list"
DRAFT_ROLL = "draft-roll"
MAKE_ROLL = "make-roll"
RENEW_HELPED = "renew-helped"
PRINT_SHEET = "print-sheet"
TAKE_OPENING = "take-opening"
UNDO_OPENING = "undo-opening"
MOVE_CASES = "move-cases"
PRINT_CHANGES = "print-changes"


def task_jobs(task: Task, reminders: Iterable[PlannedReminder]) -> list[JobWanted]:
    """Return the reminders of a task, and the job that records a breach the moment it happens."""
    if task.due_at is None or task.role != "lead":
        return []
    due = local(task.due_at).isoformat()
    jobs = [_reminder(reminder, task, task.case, task.id) for reminder in reminders]
    breach_at, turn = task.due_at + timedelta(seconds=1), turn_of(task)
    payload = {"case": task.case, "task": task.id, "due": due, "turn": turn}
    key = f"breach:{task.id}:{due}{_turned(turn)}"
    jobs.append(JobWanted(kind=BREACH, key=key, payload=payload, run_at=breach_at, task=task.id, case=task.case))
    return jobs


def case_jobs(rulebook: Rulebook, case: Case) -> list[JobWanted]:
    """Return the reminders of a case's own clock."""
    flow = rulebook.flows[case.flow]
    if case.due_at is None or not flow.case_deadline:
        return []
    unit, due_at, since = _unit_of(rulebook, case), local(case.due_at), planned_at(case)
    deadline = rulebook.deadlines[flow.case_deadline]
    hours = counts_hours(case.due)
    reminders = plan_reminders(rulebook, deadline, due_at, unit, since, places_of(case), by_hours=hours)
    return [_reminder(reminder, case, case.id) for reminder in reminders]


def _unit_of(rulebook: Rulebook, case: Case) -> str:
    """Return the unit that the clock of a case reminds: the one with which its flow begins."""
    return home_of(rulebook, rulebook.flows[case.flow], places_of(case))


def task_repeated(
    rulebook: Rulebook, task: Task, deadline: Deadline, after: datetime, sent: int = 0
) -> list[JobWanted]:
    """Return the next reminder, after a moment, of those that come again until a task is done.

    `sent` is the number of the last one.
    """
    if task.due_at is None or task.role != "lead":
        return []
    again = next_repeat(rulebook, deadline, local(task.due_at), task.unit, after, sent)
    return [_reminder(again, task, task.case, task.id)]


def case_repeated(rulebook: Rulebook, case: Case, after: datetime, sent: int = 0) -> list[JobWanted]:
    """Return the next reminder, after a moment, of those that come again until a case is closed."""
    deadline = rulebook.deadlines.get(rulebook.flows[case.flow].case_deadline)
    if case.due_at is None or deadline is None:
        return []
    again = next_repeat(rulebook, deadline, local(case.due_at), _unit_of(rulebook, case), after, sent)
    return [_reminder(again, case, case.id)]


def planned_at(subject: Task | Case) -> datetime:
    """Return the moment at which reminders of a task or case were last planned: earlier ones are none of theirs."""
    told = subject.due or {}
    if "planned_at" in told:
        return parse(str(told["planned_at"]))
    begun_anew = subject.counts_from if isinstance(subject, Case) else None
    return begun_anew or subject.opened_at


def turn_of(subject: Task | Case) -> int:
    """Return how often a clock was stopped or moved: jobs of an earlier turn are void, even for the same due moment."""
    told = subject.due or {}
    return len(told.get("paused", ())) + len(told.get("extended", ()))


def is_current(subject: Task | Case, payload: Mapping[str, Any]) -> bool:
    """Return whether a due moment still stands as it did when a job was put for it."""
    due = local(subject.due_at).isoformat() if subject.due_at else ""
    return (due, turn_of(subject)) == (payload["due"], payload.get("turn", 0))


def _turned(turn: int) -> str:
    return f":{turn}" if turn else ""


def _reminder(reminder: PlannedReminder, subject: Task | Case, case: str, task: str = "") -> JobWanted:
    assert subject.due_at is not None
    due, turn = local(subject.due_at).isoformat(), turn_of(subject)
    payload = {
        "case": case,
        "task": task,
        "to": reminder.to,
        "kind": reminder.kind,
        "rule": reminder.rule,
        "notice": reminder.notice,
        "cites": list(reminder.cites),
        "informs": list(reminder.informs),
        "due": due,
        "turn": turn,
    }
    key = f"remind:{task or case}:{reminder.rule}:{due}{_turned(turn)}"
    return JobWanted(kind=REMIND, key=key, payload=payload, run_at=reminder.at, task=task, case=case)


def wait_job(wait: Wait) -> JobWanted:
    """Return the job that ends a wait a second after it is over."""
    until = local(wait.until).isoformat()
    payload = {"case": wait.case, "state": wait.state, "until": until}
    key, over_at = f"wait:{wait.case}:{wait.state}:{until}", wait.until + timedelta(seconds=1)
    return JobWanted(kind=WAIT, key=key, payload=payload, run_at=over_at, case=wait.case)


def later_wait_job(wait: Wait, at: datetime) -> JobWanted:
    """Return the job that looks the next morning again whether a wait can end that is over and held up."""
    morning = datetime.combine(local(at).date() + timedelta(days=1), time(), SHANGHAI)
    first = wait_job(wait)
    looked = morning.isoformat()
    return replace(first, key=f"{first.key}:{looked}", payload={**first.payload, "looked": looked}, run_at=morning)


def wait_jobs(wait: Wait, at: datetime) -> list[JobWanted]:
    """Return the jobs by which a wait that nothing ended yet ends: of one that is over, also the next that looks again.

    Where objections hold it up, the first was done long ago.
    """
    return [wait_job(wait), *([later_wait_job(wait, at)] if wait.until < at else ())]


def wait_moment(payload: Mapping[str, Any]) -> datetime:
    """Return the moment as of which a job of a wait is done, however late the worker comes to it."""
    return parse(str(payload.get("looked") or payload["until"]))


def replan_job(rulebook: Rulebook, case: Case, subject: Case | Task) -> JobWanted | None:
    """Return the job that counts the clocks of a case anew once the year a provisional one ends in is published."""
    provisional = subject.due_at is not None and bool((subject.due or {}).get("provisional"))
    if subject.due_at is None or not provisional or not rulebook.calendar.is_published(local(subject.due_at).year):
        return None
    key = f"replan:{subject.id}:{local(subject.due_at).isoformat()}:{rulebook.calendar.last_published}"
    return JobWanted(kind=REPLAN, key=key, payload={"case": case.id}, run_at=subject.opened_at, case=case.id)


def duty_replan_job(rulebook: Rulebook, task: Task) -> JobWanted | None:
    """Return the job that finds the due day of a duty anew once the year a provisional one lies in is published."""
    provisional = bool((task.due or {}).get("provisional"))
    if task.due_at is None or not provisional or not rulebook.calendar.is_published(local(task.due_at).year):
        return None
    key = f"replan:{task.id}:{local(task.due_at).isoformat()}:{rulebook.calendar.last_published}"
    return JobWanted(kind=REPLAN, key=key, payload={"task": task.id}, run_at=task.opened_at, task=task.id)


def collecting_job(task: Task, at: datetime) -> JobWanted:
    """Return the job that opens what collects a return that has come in just now or is late by now, if it may begin."""
    key = f"{OPEN_DUTIES}:{'after' if task.ended_at else 'late'}:{task.id}"
    payload = {"day": local(at).date().isoformat(), "piece": 0, "key": key}
    return JobWanted(kind=OPEN_DUTIES, key=key, payload=payload, run_at=at)


def notice_job(notice: Notice, at: datetime | None = None) -> JobWanted:
    """Return the job that prints a wanted or signed notice, at once or when it is next looked for.

    It is of no task: a paper is owed even when its task has ended.
    """
    payload = {"notice": notice.id, "case": notice.case}
    return JobWanted(kind=ISSUE, key=f"issue:{notice.id}", payload=payload, run_at=at or notice.wanted_at, again=True)


def roll_job(roll: Roll, at: datetime) -> JobWanted:
    """Return the job that drafts the lines of a roll that was begun, or makes the files of one that was signed."""
    kind = MAKE_ROLL if roll.signed_at else DRAFT_ROLL
    key = f"{kind}:{roll.id}"
    return JobWanted(kind=kind, key=key, payload={"roll": roll.id, "key": key, "piece": 0, "after": ""}, run_at=at)


def minutes_job(minutes: Minutes, at: datetime) -> JobWanted:
    """Return the job that prints the minutes of a sitting as they stand now: the draft, or what was signed."""
    key = f"{PRINT_MINUTES}:{minutes.id}:{minutes.version}:{minutes.status}"
    return JobWanted(kind=PRINT_MINUTES, key=key, payload={"minutes": minutes.id}, run_at=at)


def circular_job(circular: Circular, at: datetime) -> JobWanted:
    """Return the job that prints a circular as it stands now: the draft, or what was signed."""
    key = f"{PRINT_CIRCULAR}:{circular.id}:{circular.version}:{circular.status}"
    return JobWanted(kind=PRINT_CIRCULAR, key=key, payload={"circular": circular.id}, run_at=at)


def change_set_job(found: ChangeSet) -> JobWanted:
    """Return the job that puts an approved change set in force at the moment that was chosen for it."""
    key = f"{PUBLISH_RULES}:{found.id}:{found.version}"
    assert found.effective_at is not None
    return JobWanted(kind=PUBLISH_RULES, key=key, payload={"change_set": found.id}, run_at=found.effective_at)


def replay_job(found: ChangeSet, months: int, asked: str, at: datetime) -> JobWanted:
    """Return the job that decides the reports of past months by a draft as it stands now.

    Each time it is `asked` for it is another one, at the same moment too: what was begun before ends by itself.
    """
    payload = {"change_set": found.id, "digest": found.digest, "months": months, gates.ASKED: asked}
    return JobWanted(kind=REPLAY_DRAFT, key=f"{REPLAY_DRAFT}:{found.id}:{asked}", payload=payload, run_at=at)


def alert_job(alert: Alert, at: datetime) -> JobWanted:
    """Return the job that opens what is owed for an event as it stands now, and takes back what is owed no more.

    It is done when the event begins, or at once.
    """
    key = f"{ALERT_DUTIES}:{alert.id}:{'closed' if alert.ended_at else len(alert.steps)}"
    run_at = max(at, parse(str(alert.steps[0]["at"])))
    return JobWanted(kind=ALERT_DUTIES, key=key, payload={"key": key, "piece": 0}, run_at=run_at)
