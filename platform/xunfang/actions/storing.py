"""Storing what was decided: the changes of one act, in the transaction of that act."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, get_args

from xunfang.actions.acting import Act, Look
from xunfang.actions.filling import body_hash, file_form
from xunfang.casework import Changed, Changes, Clue, Entitlement, Filled, Holding, JobWanted, Membership, Row
from xunfang.casework.changes import Readdressed, Telling
from xunfang.casework.jobs import SETTLE_VISITS
from xunfang.casework.occasions import jobs_for
from xunfang.clock import local
from xunfang.errors import Conflict
from xunfang.rules.visits import is_visiting
from xunfang.steps import reached
from xunfang.store import Account, Job, Message, cancel_jobs, job_states, new_id
from xunfang.store.findable import phone_index
from xunfang.store.numbers import keep_number

_PLACES = {kind: place for place, kind in enumerate(get_args(Row))}
"""In which order rows are written: each kind at once, and what they are about first."""


def store(act: Act, changes: Changes) -> None:
    """Write everything that an act brings about; raises Conflict when a row is no longer as it was read."""
    for filled in changes.filled:
        _file(act, filled)
    reached("changes.filed")
    for series, last in changes.numbers.items():
        keep_number(act.tx, act.actor.jurisdiction, series, local(act.at).year, last)
    act.tx.insert_all([_findable(act, row) for row in sorted(changes.new, key=lambda row: _PLACES[type(row)])])
    for changed in changes.changed:
        _change(act, changed)
    reached("changes.kept")
    act.record(changes.events)
    reached("changes.recorded")
    for cancelled in changes.cancelled:
        cancel_jobs(act.tx, act.at, **{cancelled.of: cancelled.id})
    for readdressed in changes.readdressed:
        _readdress(act, readdressed)
    _put_jobs(act, changes)
    _let_settle(act, changes)
    if wanted := jobs_for(act.rules(), changes, act.at):
        put_jobs(act, wanted)
    reached("changes.promised")
    act.messages([message for told in changes.tellings for message in _messages(act, told)])


def _findable(act: Act, row: Row) -> Row:
    """Return a row with the index by which the phone number that it tells is found; casework knows no keys."""
    if not isinstance(row, Clue):
        return row
    return replace(row, phone_index=phone_index(act.deployment.keys, str(row.told.get("phone", ""))))


def _let_settle(act: Act, changes: Changes) -> None:
    """Let it be found out anew what is owed about people who came to be, or are no more, of a category or programme."""
    rows = (*changes.new, *(changed.after for changed in changes.changed))
    people = sorted({row.person for row in rows if isinstance(row, (Holding, Entitlement, Membership))})
    if people and any(is_visiting(duty) for duty in act.rules().duties.values()):
        key = f"{SETTLE_VISITS}:{people[0]}:{new_id()}"
        act.jobs_later([act.new_job(SETTLE_VISITS, key, {"people": people}, act.at)])


def _messages(act: Act, told: Telling) -> Iterator[Message]:
    for account, key in _readers(act, told):
        about = {"case": told.case, "task": told.task, "account": account}
        yield act.new_message(told.unit, told.kind, told.title, told.body, key, **about)


def _readers(act: Act, told: Telling) -> list[tuple[str, str]]:
    """Return who reads a message ("" for a whole unit), each with a key of its own."""
    if not told.role:
        return [(told.account, told.key)]
    there = act.tx.every(Account, jurisdiction=act.actor.jurisdiction, unit=told.unit, state="active")
    meant = [account.id for account in there if told.role in account.roles]
    return [(account, f"{told.key}:{account}") for account in meant] or [("", told.key)]


def _readdress(act: Act, readdressed: Readdressed) -> None:
    for job in list(act.tx.every(Job, **{readdressed.of: readdressed.id}, status="ready")):
        payload = readdressed.payload(job.payload)
        if payload != job.payload:
            act.tx.update(Job, {"id": job.id}, {"payload": payload})


def _file(act: Act, filled: Filled) -> None:
    form = act.rules(filled.release).forms[filled.form]
    digest = body_hash(act.deployment.keys, filled.form, filled.answers)
    file_form(act, form, filled.answers, filled.submission, digest, filled.release)


def _change(act: Act, changed: Changed) -> None:
    before, after = changed.before, _findable(act, changed.after)
    different: dict[str, Any] = {
        name: value
        for name in type(after).__dataclass_fields__
        if (value := getattr(after, name)) is not (was := getattr(before, name)) and value != was
    }
    version = getattr(before, "version", None)
    where = {"id": before.id} if version is None else {"id": before.id, "version": version}
    if different and act.tx.update(type(before), where, different) != 1:
        raise Conflict("这件个案刚刚有变动，请刷新页面，看过最新情况后再办理。", "CASE_CHANGED")


def _put_jobs(act: Act, changes: Changes) -> None:
    """Put the jobs that follow; of those of what came to be just now none can have been put before."""
    new = {row.id for row in changes.new}
    if all((job.task or job.case) in new and not job.again for job in changes.jobs):
        act.jobs_later([_job(act, job) for job in changes.jobs])
    else:
        put_jobs(act, changes.jobs)


def _job(act: Act, job: JobWanted) -> Job:
    return act.new_job(job.kind, job.key, job.payload, job.run_at, job.task, job.case)


def put_jobs(act: Act, wanted: tuple[JobWanted, ...] | list[JobWanted]) -> int:
    """Put jobs for the worker, but those whose key was ever put; returns how many were amiss."""
    new = act.jobs([_job(act, job) for job in wanted])
    if new == len(wanted):
        return new
    return new + sum(_want_anew(act, job) for job in wanted) + sum(_make_ready(act, job) for job in wanted if job.again)


def jobs_amiss(look: Look, wanted: Sequence[JobWanted]) -> frozenset[str]:
    """Return the keys of those jobs that `put_jobs` would put or make ready, were they put now."""
    found = job_states(look.tx, [job.key for job in wanted])
    over = {True: ("cancelled", "done"), False: ("cancelled",)}
    return frozenset(job.key for job in wanted if job.key not in found or found[job.key] in over[job.again])


def _want_anew(act: Act, job: JobWanted) -> int:
    """Make a job ready that was cancelled, as with a case that was closed and is opened again."""
    anew = {"status": "ready", "run_at": job.run_at, "attempts": 0, "ended_at": None}
    return act.tx.update(Job, {"key": job.key, "status": "cancelled"}, anew)


def _make_ready(act: Act, job: JobWanted) -> int:
    """Make a job that was done ready once more."""
    again = {"status": "ready", "run_at": act.at, "attempts": 0, "ended_at": None}
    return act.tx.update(Job, {"key": job.key, "status": "done"}, again)
