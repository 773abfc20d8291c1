"""Where a machine does what it does: cases in memory, or a whole installation on a database. The moves are the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from xunfang.casework import Actor, Asked, Case, Clue, Row, Task
from xunfang.casework.jobs import REPLAN
from xunfang.clock import local, local_date
from xunfang.division import DivisionTree
from xunfang.errors import Refused
from xunfang.prove.memory import Memory
from xunfang.rulebook.acts import OF_EVERY_UNIT, OFFICES
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample import sample_moment
from xunfang.rules.units import climb, kind_of
from xunfang.worktime import WorkCalendar


class Recorded(Protocol):
    """An event, as it was decided or as it is stored."""

    @property
    def name(self) -> str: ...

    @property
    def case(self) -> str: ...

    @property
    def task(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


class Promised(Protocol):
    """A job that waits for its time."""

    @property
    def kind(self) -> str: ...

    @property
    def case(self) -> str: ...

    @property
    def task(self) -> str: ...


class World(Protocol):
    """Cases of one jurisdiction, people who act in them, and time that passes over them."""

    rulebook: Rulebook

    @property
    def at(self) -> datetime: ...

    def rows(self) -> Mapping[str, Row]:
        """Return everything that casework has brought about, by key."""

    def waiting(self) -> Sequence[Promised]:
        """Return the jobs that wait for their time."""

    def unheld(self) -> set[str]:
        """Return the tasks of which it is on record that nobody anywhere can act on them."""

    def new_id(self) -> str: ...

    def person(self, *roles: str, unit: str) -> Actor:
        """Return somebody of a unit, or somebody else where nobody is there."""

    def sender(self, clue: Clue) -> Actor:
        """Return who handed a report in."""

    def people(self, task: Task) -> Iterable[Actor]:
        """Return everybody who can come by a task, each with the acts that rules and account give."""

    def recorded(self) -> int:
        """Return how many events there are."""

    def recorded_since(self, count: int) -> Sequence[Recorded]:
        """Return the events that came after so many."""

    def do(self, asked: Asked, cases: Iterable[Case]) -> None:
        """Do a verb; raises Refused."""

    def do_both(self, first: Asked, second: Asked, cases: Iterable[Case]) -> tuple[Refused | None, Refused | None]:
        """Let two people act who both saw what there was before; return why each was refused, or None."""

    def pass_time(self, until: datetime) -> None:
        """Let everything happen that is due by a moment."""

    def publish_days_off(self, calendar: WorkCalendar) -> None:
        """Let the days off of another year be known, and all that follows come about."""

    def change_divisions(self, divisions: DivisionTree) -> None:
        """Let divisions be known that change tomorrow, and let tomorrow begin."""


class InMemory:
    """A world in memory, in which every unit has somebody who may do all that any role may do there."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook, self.memory = rulebook, Memory(rulebook)
        self.at = sample_moment(rulebook)

    def rows(self) -> Mapping[str, Row]:
        return dict(self.memory.rows)

    def waiting(self) -> Sequence[Promised]:
        return self.memory.waiting()

    def unheld(self) -> set[str]:
        return set()

    def new_id(self) -> str:
        return self.memory.new_id()

    def person(self, *roles: str, unit: str) -> Actor:
        anybody = self.memory.person(*roles, unit=unit)
        return replace(anybody, acts=self._acts_of(unit)) if kind_of(unit) in self.rulebook.units else anybody

    def _acts_of(self, unit: str) -> frozenset[str]:
        return frozenset().union(*(_acts_in(self.rulebook, unit, role) for role in self.rulebook.roles))

    def sender(self, clue: Clue) -> Actor:
        return self.memory.person(unit=clue.by.removeprefix("account-"))

    def people(self, task: Task) -> Iterator[Actor]:
        """Yield whoever may be appointed: one for each role, in the unit and in those above."""
        for unit in climb(self.rulebook, task.unit):
            for role in self.rulebook.roles:
                acts = _acts_in(self.rulebook, unit, role)
                yield replace(self.person(role, unit=unit), account=task.claimed_by or role, acts=acts)

    def recorded(self) -> int:
        return len(self.memory.events)

    def recorded_since(self, count: int) -> Sequence[Recorded]:
        return self.memory.events[count:]

    def do(self, asked: Asked, cases: Iterable[Case]) -> None:
        self.memory.do(asked, self.at, cases)

    def do_both(self, first: Asked, second: Asked, cases: Iterable[Case]) -> tuple[Refused | None, Refused | None]:
        concerned = tuple(cases)
        return self._refusal(first, concerned), self._refusal(second, concerned)

    def _refusal(self, asked: Asked, cases: Iterable[Case]) -> Refused | None:
        try:
            self.do(asked, cases)
        except Refused as refusal:
            return refusal
        return None

    def pass_time(self, until: datetime) -> None:
        self.at = until
        self.memory.pass_time(until)

    def publish_days_off(self, calendar: WorkCalendar) -> None:
        self.rulebook = self.memory.rulebook = replace(self.rulebook, calendar=calendar)
        machine = Actor("", "系统", self.rulebook.id, "", "", (), frozenset(), "放假安排公布")
        for case in [row for row in self.rows().values() if isinstance(row, Case)]:
            self.do(Asked(verb=REPLAN, actor=machine, case=case.id), [case])

    def change_divisions(self, divisions: DivisionTree) -> None:
        self.memory.pass_time(self.at)
        self.rulebook = self.memory.rulebook = replace(self.rulebook, divisions=divisions)
        self.pass_time(tomorrow(self.at))


def tomorrow(at: datetime) -> datetime:
    """Return the moment at which the day after a moment begins."""
    return local(datetime.combine(local_date(at) + timedelta(days=1), time()))


def _acts_in(rulebook: Rulebook, unit: str, role: str) -> frozenset[str]:
    """Return what a role may do in a unit."""
    acts, kind = frozenset(rulebook.roles[role].may), rulebook.units[kind_of(unit)]
    return acts & {*kind.may, *OF_EVERY_UNIT, *OFFICES} if kind.may else acts
