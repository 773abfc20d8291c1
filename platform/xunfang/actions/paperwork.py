"""Asking for papers: a notice is wanted in the transaction that causes it, printed by the worker after it."""

from xunfang.actions.acting import Act
from xunfang.rulebook.model import Rulebook, UnitRef
from xunfang.rules.units import division_of, unit_id
from xunfang.store import Case, Job, Notice, Task, new_id

ISSUE = "issue-notice"


def ask_for_notice(act: Act, rulebook: Rulebook, case: Case, kind: str, task: Task | None = None) -> Notice:
    """Want a paper and put the job that prints it; asked for twice for the same task, it is printed once.

    A paper that failed is wanted again.
    """
    subject = task.id if task else case.id
    key = f"{kind}:{subject}"
    known = act.tx.first(Notice, key=key)
    if known is None:
        known = _new_notice(act, rulebook, case, kind, task, key)
        act.tx.insert(known)
        cites = rulebook.notices[kind].basis.cites
        act.event("notice.wanted", case=case.id, task=known.task, data={"kind": kind}, rule=kind, cites=cites)
    elif known.status == "failed":
        act.tx.update(Notice, {"id": known.id, "status": "failed"}, {"status": "wanted", "error": ""})
        act.event("notice.wanted_again", case=case.id, task=known.task, data={"kind": kind})
    else:
        return known
    put_notice_job(act, known)
    return known


def put_notice_job(act: Act, notice: Notice) -> bool:
    """Put the job that prints a wanted notice, or make a finished one ready again; returns whether it was amiss."""
    key = f"issue:{notice.id}"
    if act.job(ISSUE, key, {"notice": notice.id}, act.at):  # of no task: a paper is owed even when its task has ended
        return True
    again = {"status": "ready", "run_at": act.at, "attempts": 0, "ended_at": None}
    return act.tx.update(Job, {"key": key, "status": "done"}, again) > 0


def _new_notice(act: Act, rulebook: Rulebook, case: Case, kind: str, task: Task | None, key: str) -> Notice:
    definition = rulebook.notices[kind]
    facts = {"residence": case.residence, "registration": case.registration}
    unit = unit_id(rulebook, UnitRef(definition.seal), facts) if definition.seal else (task.unit if task else "")
    return Notice(
        id=new_id(),
        key=key,
        jurisdiction=case.jurisdiction,
        case=case.id,
        task=task.id if task else "",
        kind=kind,
        unit=unit,
        wanted_at=act.at,
        release=case.release,
        addressee=task.unit if task and definition.to == "unit" else "",
    )


def series_of(pattern: str, unit: str) -> str:
    """Return the series a number is taken from: one for each pattern, and for each unit that exists per division."""
    return f"{pattern}@{division_of(unit)}" if division_of(unit) else pattern
