"""Duties 定期任务: handed in by those who owe them; opened, as each period begins, by the worker."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.handling import decide_and_store, sent_before
from xunfang.actions.limiting import REPORT, limited, spend
from xunfang.actions.loading import Answers, Staff, Staffed, returns_for
from xunfang.actions.reports import Prepared, prepared_report
from xunfang.actions.storing import store
from xunfang.casework import Asked, Changes, DutyPeriod, File, Row, advance
from xunfang.casework.changes import together
from xunfang.casework.duties import told_of
from xunfang.casework.happening import NOTING
from xunfang.casework.jobs import OPEN_DUTIES
from xunfang.casework.reports import Counts
from xunfang.casework.rows import About
from xunfang.clock import Now, local_date
from xunfang.rulebook.model import Rulebook
from xunfang.rules.duties import PlannedDuty, collected_for, collecting_on, collection_opens, owed_on, waits_for_returns
from xunfang.rules.units import former_units
from xunfang.store import Job, Reader, Transaction, alerts_on, connection, ended_since, new_id, owed_for
from xunfang.store.reading.duties import owed_by
from xunfang.store.reading.reported import ReportSource

PIECE = 20
"""How many are opened in one transaction, so that nobody waits for long."""
AHEAD = 2000
"""So many are found at once: finding out what is missing looks through all that is there."""
_REASON = "下达定期任务"


def hand_in(
    deployment: Deployment,
    actor: Actor,
    task_id: str,
    version: int,
    answers: Mapping[str, Any],
    text: str,
    submission_id: str,
    at: datetime,
    reasons: Mapping[str, str] | None = None,
    confirmed: tuple[str, ...] = (),
) -> None:
    """Hand in what a unit owes for a period: on the form of its duty, or in a few words where that names none.

    `reasons`: by field, why it is another number than was counted; what was counted is read as it stands now.
    `confirmed` are the contradictions which the person says are so. The same key sent again does nothing. Raises
    Invalid with every problem, Conflict when somebody was faster, NotAllowed, NotFound.
    """
    with acting(deployment, actor, at, dated=True) as act:
        task = act.scoped.task(task_id)
        about = act.about(task)
        if sent_before(act, about, task, answers, submission_id):
            return
        report = _prepared(act, about)
        counts = Counts(report.figures if report else (), reasons or {})
        asked = Asked(
            verb="hand-in",
            actor=actor,
            task=task_id,
            version=version,
            answers=answers,
            reason=text,
            submission=submission_id,
            confirmed=confirmed,
            payload={"counts": counts},
        )
        decide_and_store(act, asked, task, about)


def _prepared(act: Act, about: About) -> Prepared | None:
    source = ReportSource(act.tx, act.actor.jurisdiction)
    return prepared_report(source, act.rules(about.release), about) if isinstance(about, DutyPeriod) else None


def note_happening(
    deployment: Deployment, actor: Actor, duty: str, unit: str, day: str, reason: str, submission_id: str, at: datetime
) -> str:
    """Note that something happened on a day, by which a unit owes a report; returns the key of what is owed.

    The same key sent again does nothing. Raises NotAllowed, Invalid with every problem, TooOften.
    """
    asked = Asked(
        verb="note-happening", actor=actor, kind=duty, unit=unit, day=day, reason=reason, submission=submission_id
    )
    with limited(deployment, actor, at), acting(deployment, actor, at, dated=True) as act:
        actor.need(*NOTING)
        if act.tx.find(DutyPeriod, submission_id) is None:
            spend(act, REPORT)
            same = {"jurisdiction": actor.jurisdiction, "duty": duty, "every": ""}
            rows = tuple(row for row in act.tx.every(DutyPeriod, **same) if row.begins_on.isoformat() == day[:10])
            file = File(rows, staffed=Staffed(Staff(act)))
            store(act, advance(act.rules(), file, asked, at, new_id))
    return submission_id


def begin_duties(deployment: Deployment, at: datetime) -> None:
    """Put the job that opens what is owed for the periods of today, once for each day and release."""
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        with acting(deployment, machinery(jurisdiction, _REASON), at) as act:
            day = local_date(at).isoformat()
            key = f"{OPEN_DUTIES}:{jurisdiction}:{day}:{rulebook.digest[:16]}"
            act.jobs([act.new_job(OPEN_DUTIES, key, {"day": day, "piece": 0, "key": key}, at)])


class DutyOpening:
    """The worker's part: opens a handful of what is owed, by all or by these `units`, and puts a job for the rest."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now, units: Collection[str] | None = None) -> None:
        self.deployment, self.now, self.units = deployment, now, units
        self._ahead: dict[str, list[PlannedDuty]] = {}

    def prepare(self, job: Job) -> tuple[PlannedDuty, ...]:
        """Return what is owed for the periods of the day and not opened yet, as much as goes at once and one more.

        Much is found at once and remembered for the pieces that follow: what is opened meanwhile they leave as it is.
        """
        key, piece = str(job.payload["key"]), int(job.payload["piece"])
        found = self._ahead.get(_place(key, piece)) or self._found(job)
        left = found[PIECE:]
        self._ahead = {_place(key, piece + 1): left} if len(left) > PIECE else {}
        return tuple(found[: PIECE + 1])

    def _found(self, job: Job) -> list[PlannedDuty]:
        jurisdiction, day = job.jurisdiction, date.fromisoformat(str(job.payload["day"]))
        rulebook = self.deployment.rulebooks.of(jurisdiction).on(day)
        with connection(self.deployment.database, jurisdiction) as reader:
            missing = _missing(reader, rulebook, jurisdiction, day, self.now())
            ours = (one for one in missing if self.units is None or one.unit in self.units)
            return list(islice(ours, AHEAD))

    def finish(self, tx: Transaction, job: Job, prepared: tuple[PlannedDuty, ...]) -> None:
        """Open them; one that was opened meanwhile is left as it is."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        _open(act, prepared[:PIECE])
        if len(prepared) > PIECE:
            piece, key = int(job.payload["piece"]) + 1, str(job.payload["key"])
            payload = {"day": job.payload["day"], "piece": piece, "key": key}
            act.jobs([act.new_job(OPEN_DUTIES, f"{key}:{piece}", payload, act.at)])


def _place(key: str, piece: int) -> str:
    return f"{key}:{piece}"


def _missing(reader: Reader, rulebook: Rulebook, jurisdiction: str, day: date, at: datetime) -> Iterator[PlannedDuty]:
    """Yield what is owed and not opened yet, the nearest due first.

    What is over already is opened only for a unit that was asked before: nobody is late with what began before the
    duty came to them, and nothing is lost because the machinery stood still. What a unit owed that this one follows is
    not owed once more.
    """
    collecting = (one for one in collecting_on(rulebook, day) if _may_begin(reader, rulebook, jurisdiction, one, at))
    planned = sorted([*owed_on(rulebook, day), *collecting], key=lambda one: (_due(one), one.duty, one.unit))
    known = owed_for(reader, jurisdiction, dict.fromkeys(map(_period, planned)))
    for one in planned:
        held_by = (one.unit, *former_units(rulebook, one.unit))
        if any((one.duty, unit, *_period(one)) in known for unit in held_by):
            continue
        if _due(one) > at or _asked_before(reader, jurisdiction, one):
            yield one


def _may_begin(reader: Reader, rulebook: Rulebook, jurisdiction: str, planned: PlannedDuty, at: datetime) -> bool:
    """Return whether everything that a duty collects is in, or it has waited for that long enough.

    For a period that is over it begins only where somebody was asked for a return.
    """
    wanted = collected_for(rulebook, planned)
    if not wanted or planned.period is None:
        return False
    asked = _returns(reader, rulebook, jurisdiction, planned, wanted)
    if planned.period.last < local_date(at) and not asked:
        return False
    returns = {f"{one.unit} {one.begins_on}": asked.get(_key(one)) for one in wanted}
    return collection_opens(returns, waits_for_returns(planned, wanted), at)


def _returns(
    reader: Reader, rulebook: Rulebook, jurisdiction: str, planned: PlannedDuty, wanted: Sequence[PlannedDuty]
) -> dict[tuple[str, str, date], datetime | None]:
    """Return, of the returns wanted, when each came in that somebody was asked for; None for one that did not yet.

    Of a unit that follows others and was asked for none itself, those of them all are what it would hand in.
    """
    came = ended_since(reader, jurisdiction, wanted[0].duty, planned.begins_on)
    found = dict[tuple[str, str, date], datetime | None]()
    for one in wanted:
        own, before = _key(one), [(unit, *_period(one)) for unit in former_units(rulebook, one.unit)]
        if known := [came[key] for key in ([own] if own in came else before) if key in came]:
            in_ = [at for at in known if at]
            found[own] = max(in_) if len(in_) == len(known) else None
    return found


def _lacking(act: Act, rules: Rulebook, planned: PlannedDuty) -> list[str]:
    """Return the units whose returns are not in though what collects them begins."""
    wanted = collected_for(rules, planned) if rules.duties[planned.duty].collects else ()
    asked = _returns(act.tx, rules, act.actor.jurisdiction, planned, wanted) if wanted else {}
    return list(dict.fromkeys(one.unit for one in wanted if not asked.get(_key(one))))


def _key(planned: PlannedDuty) -> tuple[str, str, date]:
    return planned.unit, *_period(planned)


def _due(planned: PlannedDuty) -> datetime:
    assert planned.due is not None
    return planned.due.due_at


def _period(planned: PlannedDuty) -> tuple[str, date]:
    assert planned.period is not None
    return planned.period.every.value, planned.period.first


def _asked_before(reader: Reader, jurisdiction: str, planned: PlannedDuty) -> bool:
    return reader.first(DutyPeriod, jurisdiction=jurisdiction, duty=planned.duty, unit=planned.unit) is not None


def _open(act: Act, wanted: Sequence[PlannedDuty]) -> None:
    asked = {(one.duty, one.unit, *_period(one)): one for one in wanted}
    duties, units, _, days = (sorted(set(each)) for each in zip(*asked, strict=True)) if asked else ((), (), (), ())
    known = {(row.duty, row.unit, row.every, row.begins_on) for row in owed_by(act.tx, _of(act), duties, units, days)}
    missing = [one for key, one in asked.items() if key not in known]
    events, staff = alerts_on(act.tx, _of(act)), Staff(act, {one.unit for one in missing})
    store(act, together([_opening(act, events, staff, one) for one in missing]))


def _of(act: Act) -> str:
    return act.actor.jurisdiction


def _opening(act: Act, events: Sequence[Row], staff: Staff, planned: PlannedDuty) -> Changes:
    rules, (_, begins_on) = act.rules(), _period(planned)
    asked = Asked(verb="open-duty", actor=act.actor, payload=told_of(planned, _lacking(act, rules, planned)))
    returns = returns_for(act, rules, rules.duties[planned.duty], planned.unit, begins_on)
    file = File((*events, *returns), Answers(act), staffed=Staffed(staff))
    return advance(rules, file, asked, act.at, new_id)
