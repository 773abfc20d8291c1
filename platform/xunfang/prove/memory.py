"""Cases in memory: verbs are done to them and time passes over them, by the decisions that the engine stores."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar

from xunfang.casework import (
    Actor,
    Alert,
    Asked,
    Case,
    Changes,
    Clue,
    Draft,
    DutyPeriod,
    Entitlement,
    File,
    Happened,
    Holding,
    JobWanted,
    Membership,
    Row,
    Task,
    Telling,
    advance,
)
from xunfang.casework.duties import told_of
from xunfang.casework.facts import case_facts, person_facts
from xunfang.casework.grants import grants_in
from xunfang.casework.jobs import ALERT_DUTIES, BREACH, ISSUE, REMIND, WAIT, wait_moment
from xunfang.casework.objections import Objection, objections_among
from xunfang.casework.rows import About
from xunfang.clock import SHANGHAI, local
from xunfang.rulebook.acts import ACTS, OF_EVERY_UNIT
from xunfang.rulebook.model import Rulebook
from xunfang.rules.alerts import missing, surplus
from xunfang.rules.caps import Grant
from xunfang.rules.duties import PlannedDuty
from xunfang.rules.standing_in import Ordinary, owed_again, stood_aside
from xunfang.rules.units import kind_of

_BY_THEMSELVES = frozenset({REMIND, BREACH, WAIT, ISSUE, ALERT_DUTIES})
"""Jobs that decide something. A paper is taken to be printed well: here there is no press."""


R = TypeVar("R", bound=Row)
_PASSING = "时间经过"


class Memory:
    """Everything that came about so far: rows, filled forms, numbers, events, and the jobs that still wait."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.rows: dict[str, Row] = {}
        self.events: list[Happened] = []
        self.tellings: list[Telling] = []
        self._answers: dict[str, dict[str, object]] = {}
        self._numbers: dict[tuple[str, int], int] = {}
        self.jobs: dict[str, JobWanted] = {}
        self._ever: set[str] = set()
        self._keys = count(1)
        self._passed: datetime | None = None

    def new_id(self) -> str:
        """Return a key that sorts after all earlier ones."""
        return f"{next(self._keys):08d}"

    def person(self, *roles: str, unit: str = "somebody") -> Actor:
        """Return somebody of a unit who may do everything."""
        return Actor(f"account-{unit}", "情景", self.rulebook.id, unit, self.rulebook.code, roles, ACTS)

    def facts(self, case: Case, at: datetime) -> dict[str, Any]:
        """Return what conditions on a case read, as deciding reads it."""
        draft = self.draft_of(case, at)
        return case_facts(draft, case)

    def known_of(self, person: str, at: datetime) -> dict[str, Any]:
        """Return what the registry knows of somebody, as a report about them is decided by."""
        draft = Draft(self.rulebook, self._file((), at, person), self.person(), at, self.new_id)
        return person_facts(draft, person)

    def waiting(self) -> list[JobWanted]:
        """Return the jobs that wait for their time."""
        return list(self.jobs.values())

    def do(self, asked: Asked, at: datetime, abouts: Iterable[About]) -> Changes:
        """Let a verb be decided for these cases, duties or events, and keep what follows; a Refused keeps nothing."""
        concerned = tuple(abouts)
        cases = [about for about in concerned if isinstance(about, Case)]
        file = replace(self._file(concerned, at, asked.person), grants=self._grants(cases, at))
        changes = advance(self.rulebook, file, asked, at, self.new_id)
        self._keep(changes, at)
        return changes

    def _file(self, abouts: Iterable[About], at: datetime, person: str = "") -> File:
        whole = [one for about in abouts for one in self._family(about)]
        family = {one.id for one in whole} | {one.person for one in whole if isinstance(one, Case)} | {person} - {""}
        rows = tuple(row for row in self.rows.values() if family & {row.id, *_belongs_to(row)})
        numbers = {series: n for (series, year), n in self._numbers.items() if year == local(at).year}
        objections = Objected(self.rulebook, self.rows)
        return File(rows, self._answers, numbers, able=Appointed(self.rulebook), objections=objections)

    def _grants(self, cases: Iterable[Case], at: datetime) -> dict[str, list[Grant]]:
        """Return what was granted before to the people of these cases, where any of the rules asks."""
        if not any(programme.caps for programme in self.rulebook.programmes.values()):
            return {}
        return {person: list(self._granted(person, at)) for person in {case.person for case in cases}}

    def draft_of(self, case: Case, at: datetime) -> Draft:
        """Return a draft of a case's file that nobody keeps: for reading its facts as deciding reads them."""
        return Draft(self.rulebook, self._file([case], at), self.person(), at, self.new_id)

    def _granted(self, person: str, at: datetime) -> Iterable[Grant]:
        for case in list(self.rows.values()):
            if isinstance(case, Case) and case.person == person:
                yield from grants_in(self.draft_of(case, at), case)

    def _family(self, about: About) -> Iterable[Row]:
        yield about
        while isinstance(about, Case) and about.parent:
            parent = self.rows[about.parent]
            assert isinstance(parent, Case)
            yield (about := parent)

    def _keep(self, changes: Changes, at: datetime) -> None:
        self._answers |= {filled.submission: dict(filled.answers) for filled in changes.filled}
        self._numbers |= {(series, local(at).year): last for series, last in changes.numbers.items()}
        self.rows |= {row.id: row for row in changes.new}
        self.rows |= {changed.after.id: _kept(changed.after) for changed in changes.changed}
        self.events += changes.events
        self.tellings += changes.tellings
        for cancelled in changes.cancelled:
            gone = [key for key, job in self.jobs.items() if getattr(job, cancelled.of) == cancelled.id]
            for key in gone:
                del self.jobs[key]
            self._ever -= set(gone)  # what was cancelled may be wanted anew
        for moved in changes.readdressed:
            theirs = {key: job for key, job in self.jobs.items() if getattr(job, moved.of) == moved.id}
            self.jobs |= {key: replace(job, payload=moved.payload(job.payload)) for key, job in theirs.items()}
        new = (job for job in changes.jobs if job.again or job.key not in self._ever)
        self.jobs |= {job.key: job for job in new if job.kind in _BY_THEMSELVES}
        self._ever |= {job.key for job in changes.jobs}

    def pass_time(self, until: datetime) -> None:
        """Let everything happen that the rules do by themselves by a moment, each at its own."""
        for day in self.rulebook.divisions.changes if self._passed else ():
            morning = local(datetime.combine(day, time()))
            if self._passed and self._passed < morning <= until:
                self._carry_out(morning)
                self._follow_divisions(morning)
        self._carry_out(until)
        self._passed = max(until, self._passed or until)

    def _follow_divisions(self, at: datetime) -> None:
        for case in [row for row in self.rows.values() if isinstance(row, Case)]:
            self.do(Asked(verb="follow-division", actor=self._machine("区划调整"), case=case.id), at, [case])

    def _machine(self, reason: str) -> Actor:
        return Actor("", "系统", self.rulebook.id, "", "", (), frozenset(), reason)

    def _carry_out(self, until: datetime) -> None:
        while job := min((job for job in self.jobs.values() if job.run_at <= until), key=_order, default=None):
            del self.jobs[job.key]
            at = wait_moment(job.payload) if job.kind == WAIT else job.run_at
            if job.kind == ALERT_DUTIES:
                self._settle(at)
                continue
            task = self.rows.get(str(job.payload.get("task", "")))
            about = self.rows[task.case or task.about if isinstance(task, Task) else str(job.payload["case"])]
            assert isinstance(about, About)
            case, key = about.id if isinstance(about, Case) else "", task.id if task else ""
            self.do(
                Asked(verb=job.kind, actor=self._machine(_PASSING), case=case, task=key, payload=job.payload),
                at,
                [about],
            )

    def every(self, kind: type[R]) -> list[R]:
        """Return every row of a kind, in the order they came about."""
        return [row for row in self.rows.values() if isinstance(row, kind)]

    def _settle(self, at: datetime) -> None:
        """Open what is owed while events are on, take back what is owed no more, and look again the next day."""
        rulebook = self.rulebook.on(local(at).date())
        events, rows = self.every(Alert), [row for row in self.every(DutyPeriod) if row.alert]
        for planned in list(missing(rulebook, events, rows, at)):
            alert = self.rows[planned.alert]
            assert isinstance(alert, Alert)
            self.do(Asked(verb="open-duty", actor=self._machine(_PASSING), payload=told_of(planned)), at, [alert])
        for row in surplus(rulebook, events, [row for row in rows if row.status == "owed"], at):
            assert isinstance(row, DutyPeriod)
            task = next(task for task in self.every(Task) if task.about == row.id)
            self.do(
                Asked(verb="withdraw-duty", actor=self._machine(_PASSING), task=task.id), at, [row, *_of(row, events)]
            )
        self._settle_ordinary(rulebook, events, at)
        if any(event.ended_at is None for event in events):
            day = local(at).date() + timedelta(days=1)
            tomorrow = datetime.combine(day, datetime.min.time(), SHANGHAI)
            key = f"{ALERT_DUTIES}:{day.isoformat()}"
            self.jobs[key] = JobWanted(kind=ALERT_DUTIES, key=key, payload={}, run_at=tomorrow)

    def _settle_ordinary(self, rulebook: Rulebook, events: list[Alert], at: datetime) -> None:
        """Set aside what others stand in place of, and let be owed again what they do no more."""
        ordinary = {duty.instead_of for duty in rulebook.duties.values()}
        rows = [row for row in self.every(DutyPeriod) if row.duty in ordinary]
        tasks = {task.about: task for task in self.every(Task)}
        known = [_ordinary(row, due_at) for row in rows if (due_at := tasks[row.id].due_at)]
        for planned in list(stood_aside(rulebook, events, known, at)):
            row = next((row for row in rows if _is_of(row, planned)), None)
            if row is None:
                self.do(Asked(verb="open-duty", actor=self._machine(_PASSING), payload=told_of(planned)), at, events)
            else:
                asked = Asked(verb="replace-duty", actor=self._machine(_PASSING), task=tasks[row.id].id)
                self.do(asked, at, [row, *events])
        for again in list(owed_again(rulebook, events, known, at)):
            row = next(row for row in rows if row.id == again.id)
            self.do(Asked(verb="owe-again", actor=self._machine(_PASSING), task=tasks[row.id].id), at, [row, *events])


def _ordinary(row: DutyPeriod, due_at: datetime) -> Ordinary:
    return Ordinary(row.id, row.duty, row.unit, row.every, row.begins_on, row.status, due_at)


def _is_of(row: DutyPeriod, planned: PlannedDuty) -> bool:
    return (row.duty, row.unit, row.begins_on) == (planned.duty, planned.unit, planned.begins_on)


def _belongs_to(row: Row) -> tuple[str, ...]:
    """Return the keys of the case, duty, event or person that a row belongs to, if it belongs to any."""
    if isinstance(row, (Holding, Entitlement, Membership)):
        return (row.person,)
    return tuple(key for key in (getattr(row, "case", ""), getattr(row, "about", "")) if key)


def _of(row: DutyPeriod, events: Iterable[Alert]) -> list[Alert]:
    return [event for event in events if event.id == row.alert]


class Appointed:
    """What may be done in each unit when somebody is appointed to every role that has something to do there."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._units = rulebook.units
        self._acts = frozenset(act for role in rulebook.roles.values() for act in role.may)

    def __contains__(self, asked: object) -> bool:
        assert isinstance(asked, tuple)
        unit, act = asked
        kind = self._units.get(kind_of(unit))
        return kind is not None and act in self._acts and (not kind.may or act in {*kind.may, *OF_EVERY_UNIT})


class Objected(Mapping[str, list[Objection]]):
    """The objections to what was published of each person, found when somebody asks."""

    def __init__(self, rulebook: Rulebook, rows: Mapping[str, Row]) -> None:
        self._rulebook, self._rows = rulebook, rows

    def __getitem__(self, person: str) -> list[Objection]:
        cases = [row for row in self._rows.values() if isinstance(row, Case) and row.person == person]
        clues = [row for row in self._rows.values() if isinstance(row, Clue)]
        return objections_among(self._rulebook, cases, clues)

    def __iter__(self) -> Iterator[str]:
        return iter({row.person for row in self._rows.values() if isinstance(row, Case)})

    def __len__(self) -> int:
        return len(list(iter(self)))


def _kept(row: Row) -> Row:
    """A row that is changed is another version of it, as the store counts."""
    changed: Any = row
    kept: Row = replace(changed, version=changed.version + 1) if hasattr(row, "version") else row
    return kept


def _order(job: JobWanted) -> tuple[datetime, str]:
    return job.run_at, job.key
