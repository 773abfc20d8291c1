"""A draft: a file being worked on. What was changed so far is seen by whatever follows, as in a transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from xunfang.casework.actor import Actor
from xunfang.casework.changes import Cancelled, Changed, Changes, Filled, Happened, JobWanted, Readdressed, Telling
from xunfang.casework.file import File
from xunfang.casework.rows import About, Alert, Case, Clue, DutyPeriod, Notice, Row, Task
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook

R = TypeVar("R", bound=Row)


def numbered(pattern: str, year: int, n: int, word: str = "") -> str:
    """Return a number as its pattern writes it; `word` is what its unit is called in numbers 机关代字."""
    return pattern.replace("{unit}", word).replace("{year}", str(year)).replace("{n}", str(n))


class Draft:
    """What one act makes of a file, in memory. `new_id` makes keys that sort by the time they were made."""

    def __init__(self, rulebook: Rulebook, file: File, actor: Actor, at: datetime, new_id: Callable[[], str]) -> None:
        self.rulebook, self.actor, self.at, self.new_id = rulebook, actor, at, new_id
        self.answers: dict[str, Mapping[str, Any]] = _Later(file.answers)
        self.staffed, self.able, self.posts, self.grants = file.staffed, file.able, file.posts, file.grants
        self.objections = file.objections
        self.stead = ""  # the name of the colleague for whom the actor stands in with this act
        self._stored: dict[str, Row] = {row.id: row for row in file.rows}
        self._rows: dict[str, Row] = dict(self._stored)
        self._kinds: dict[type[Any], dict[str, None]] = {}
        self._sort_in(self._rows)
        self._later, self._asked = file.later, set[type[Any]]()
        self._numbers, self._taken = file.numbers, dict[str, int]()
        self.facts: Mapping[str, Any] = {}
        self._filled: list[Filled] = []
        self._events: list[Happened] = []
        self._jobs: dict[str, JobWanted] = {}
        self._cancelled: list[Cancelled] = []
        self._readdressed: list[Readdressed] = []
        self._tellings: list[Telling] = []

    # what is known

    def find(self, kind: type[R], key: str) -> R | None:
        """Return the row with this key, as it stands now, or None."""
        self._ask_for(kind)
        found = self._rows.get(key)
        return found if isinstance(found, kind) else None

    def select(self, kind: type[R], **where: Any) -> list[R]:
        """Return the rows with these values, as they stand now, in the order of their keys."""
        self._ask_for(kind)
        found: list[Any] = [self._rows[key] for key in self._kinds.get(kind, ())]
        for name, value in where.items():
            found = [row for row in found if getattr(row, name) == value]
        return sorted(found, key=_key) if len(found) > 1 else found

    def _ask_for(self, kind: type[Any]) -> None:
        """Take the rows of a kind into the file that nobody has asked for so far."""
        if kind not in self._asked:
            self._asked.add(kind)
            later = {row.id: row for row in self._later.get(kind, ())}
            self._stored |= later
            self._rows = later | self._rows
            self._sort_in(later)

    def _sort_in(self, rows: Mapping[str, Row]) -> None:
        """Note of which kind rows are: a file of a hundred people holds thousands."""
        for key, row in rows.items():
            self._kinds.setdefault(type(row), {})[key] = None

    def first(self, kind: type[R], **where: Any) -> R | None:
        """Return the first row with these values, or None."""
        return next(iter(self.select(kind, **where)), None)

    def case(self, key: str) -> Case:
        """Return a case that is certainly in the file, as it stands now."""
        found = self.find(Case, key)
        assert found is not None
        return found

    def task(self, key: str) -> Task:
        """Return a task that is certainly in the file, as it stands now."""
        found = self.find(Task, key)
        assert found is not None
        return found

    def about(self, task: Task) -> About:
        """Return what a task is about, certainly in the file, as it stands now."""
        found = self._rows[task.case or task.about]
        assert isinstance(found, About)
        return found

    def owed(self, task: Task) -> DutyPeriod:
        """Return the period of a duty that a task is about, certainly in the file, as it stands now."""
        found = self.about(task)
        assert isinstance(found, DutyPeriod)
        return found

    def alert(self, task: Task) -> Alert:
        """Return the event that a task is about, certainly in the file, as it stands now."""
        found = self.about(task)
        assert isinstance(found, Alert)
        return found

    def clue(self, key: str) -> Clue:
        """Return a clue that is certainly in the file, as it stands now."""
        found = self.find(Clue, key)
        assert found is not None
        return found

    def paper(self, key: str) -> Notice:
        """Return a paper that is certainly in the file, as it stands now."""
        found = self.find(Notice, key)
        assert found is not None
        return found

    # what comes about

    @contextmanager
    def by_rules(self, rulebook: Rulebook) -> Iterator[None]:
        """Let what comes about within this follow from other rules: those by which a case in the file is handled."""
        before, self.rulebook = self.rulebook, rulebook
        try:
            yield
        finally:
            self.rulebook = before

    def put(self, row: R) -> R:
        """Take a new row into the file."""
        self._rows[row.id] = row
        self._kinds.setdefault(type(row), {})[row.id] = None
        return row

    def change(self, row: R, **values: Any) -> R:
        """Change a row as it stands now; returns what became of it."""
        now: Any = self._rows[row.id]
        changed: R = replace(now, **values)
        self._rows[row.id] = changed
        return changed

    def fill(self, form: str, answers: Mapping[str, Any], submission: str, release: str) -> None:
        """Take a filled form into the file."""
        self.answers[submission] = answers
        self._filled.append(Filled(form, answers, submission, release))

    def event(
        self,
        name: str,
        *,
        case: str = "",
        task: str = "",
        data: Mapping[str, Any] | None = None,
        rule: str = "",
        row: str = "",
        cites: tuple[str, ...] = (),
    ) -> None:
        """Record what happened, and in whose stead. `data` never holds a sensitive value."""
        whole = {**(data or {}), **({"stead": self.stead} if self.stead else {})}
        happened = Happened(name=name, case=case, task=task, data=whole, rule=rule, row=row, cites=cites)
        self._events.append(happened)

    def jobs(self, jobs: Iterable[JobWanted]) -> None:
        """Want jobs of the worker."""
        for job in jobs:
            self._jobs.setdefault(job.key, job)

    def cancel(self, *, task: str = "", case: str = "") -> None:
        """Let no job of a task, or of a whole case, be done any more."""
        of = ("task", task) if task else ("case", case)
        self._jobs = {key: job for key, job in self._jobs.items() if getattr(job, of[0]) != of[1]}
        self._cancelled.append(Cancelled(*of))

    def readdress(self, units: Mapping[str, str], *, task: str = "", case: str = "") -> None:
        """Let what is still to come of a task, or of a whole case, go to other units at its own moments."""
        self._readdressed.append(Readdressed(*(("task", task) if task else ("case", case)), units))

    def tell(self, unit: str, kind: str, title: str, body: str, *, key: str, **about: str) -> None:
        """Put a message into a unit's inbox; `about`: the `case`, `task`, and the `account` or `role` that reads it."""
        self._tellings.append(Telling(unit=unit, kind=kind, title=title, body=body, key=key, **about))

    def number(self, pattern: str) -> str:
        """Return the next number of a series, such as 博救〔2026〕7号; gapless per pattern and year."""
        return numbered(pattern, local(self.at).year, self.next_of(pattern))

    def next_of(self, series: str, before: Iterable[str] = ()) -> int:
        """Return the next number of a series in the year of the act, and take it; `before`: series that it goes on."""
        n = max(self._taken.get(each, self._numbers.get(each, 0)) for each in (series, *before)) + 1
        self._taken[series] = n
        return n

    def changes(self) -> Changes:
        """Return what this draft makes of its file."""
        stored = self._stored
        return Changes(
            filled=tuple(self._filled),
            facts=self.facts,
            new=tuple(row for key, row in self._rows.items() if key not in stored),
            changed=tuple(
                Changed(stored[key], row) for key, row in self._rows.items() if key in stored and row is not stored[key]
            ),
            numbers=dict(self._taken),
            events=tuple(self._events),
            cancelled=tuple(self._cancelled),
            readdressed=tuple(self._readdressed),
            jobs=tuple(self._jobs.values()),
            tellings=tuple(self._tellings),
        )


_key = attrgetter("id")


class _Later(dict[str, Mapping[str, Any]]):
    """Answers of the file, fetched when they are asked for, and those told meanwhile."""

    def __init__(self, given: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__()
        self._given = given

    def __missing__(self, key: str) -> Mapping[str, Any]:
        found = self[key] = self._given.get(key, {})
        return found
