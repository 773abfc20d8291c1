"""Cases in memory: verbs are done to them and time passes over them, by the decisions that the engine stores."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from itertools import count
from typing import Any

from xunfang.casework import Actor, Asked, Case, Changes, Draft, File, Happened, JobWanted, Row, Telling, advance
from xunfang.casework.facts import case_facts
from xunfang.casework.grants import grants_in
from xunfang.casework.jobs import BREACH, ISSUE, REMIND, WAIT
from xunfang.clock import local, parse
from xunfang.rulebook.acts import ACTS, OF_EVERY_UNIT
from xunfang.rulebook.model import Rulebook
from xunfang.rules.caps import Grant
from xunfang.rules.units import kind_of

_BY_THEMSELVES = frozenset({REMIND, BREACH, WAIT, ISSUE})
"""Jobs that decide something. A paper is taken to be printed well: here there is no press."""


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

    def waiting(self) -> list[JobWanted]:
        """Return the jobs that wait for their time."""
        return list(self.jobs.values())

    def do(self, asked: Asked, at: datetime, cases: Iterable[Case]) -> Changes:
        """Let a verb be decided for these cases, and keep what it brings about; raises Refused, and keeps nothing."""
        concerned = tuple(cases)
        file = replace(self._file(concerned, at), grants=self._grants(concerned, at))
        changes = advance(self.rulebook, file, asked, at, self.new_id)
        self._keep(changes, at)
        return changes

    def _file(self, cases: Iterable[Case], at: datetime) -> File:
        family: set[str] = set()
        for case in cases:
            family |= {one.id for one in self._family(case)}
        rows = tuple(row for row in self.rows.values() if row.id in family or getattr(row, "case", "") in family)
        numbers = {series: n for (series, year), n in self._numbers.items() if year == local(at).year}
        return File(rows, self._answers, numbers, able=Appointed(self.rulebook))

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

    def _family(self, case: Case) -> Iterable[Case]:
        yield case
        while case.parent:
            parent = self.rows[case.parent]
            assert isinstance(parent, Case)
            yield (case := parent)

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
            at = parse(str(job.payload["until"])) if job.kind == WAIT else job.run_at
            case = self.rows[str(job.payload["case"])]
            assert isinstance(case, Case)
            asked = Asked(
                verb=job.kind,
                actor=self._machine("时间经过"),
                case=case.id,
                task=str(job.payload.get("task", "")),
                payload=job.payload,
            )
            self.do(asked, at, [case])


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


def _kept(row: Row) -> Row:
    """A row that is changed is another version of it, as the store counts."""
    changed: Any = row
    kept: Row = replace(changed, version=changed.version + 1) if hasattr(row, "version") else row
    return kept


def _order(job: JobWanted) -> tuple[datetime, str]:
    return job.run_at, job.key
