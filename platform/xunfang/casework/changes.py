"""What an act brings about, as values: rows, events, jobs, messages. Nothing is so until somebody stores it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from xunfang.casework.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event to be recorded; who acted and when is the act's own. `data` never holds a sensitive value."""

    name: str
    case: str = ""
    task: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    row: str = ""
    cites: tuple[str, ...] = ()

    @property
    def told(self) -> Mapping[str, Any]:
        """Return all that the event tells, as that of the record does."""
        return self.data


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWanted:
    """A job for the worker; a second one of the same key is no job. `payload` holds ids only.

    `again`: one of this key that is done is made ready once more, as when a paper is wanted again.
    """

    kind: str
    key: str
    payload: Mapping[str, Any]
    run_at: datetime
    task: str = ""
    case: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A message into a unit's inbox, or that of one member of it; a second one of the same key does not come.

    With a `role` it is for those of the unit who have it, for all of it where nobody has.
    """

    unit: str
    kind: str
    title: str
    body: str
    key: str
    case: str = ""
    task: str = ""
    account: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in: its answers, cleaned, the key its sender gave it, and the release it was filled by."""

    form: str
    answers: Mapping[str, Any]
    submission: str
    release: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that was there, and what becomes of it."""

    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Whose ready jobs are no longer wanted: of a task, or of a whole case."""

    of: str  # "task" or "case"
    id: str


@dataclass(frozen=True, slots=True)
class Readdressed:
    """What is still to come of a task or a whole case goes to other units, at the moments at which it was to come."""

    of: str  # "task" or "case"
    id: str
    units: Mapping[str, str]

    def payload(self, before: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a job is to know, with the units that it names."""
        named = {"to": self.units.get(str(before.get("to")), before.get("to"))} if "to" in before else {}
        informs = [self.units.get(str(unit), unit) for unit in before.get("informs", ())]
        return {**before, **named, **({"informs": informs} if informs else {})}


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything one act brings about, each part in the order it came about. `numbers`: the last taken of each series.

    `facts` is what conditions read when a filled form was decided on.
    """

    filled: tuple[Filled, ...] = ()
    new: tuple[Row, ...] = ()
    changed: tuple[Changed, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    events: tuple[Happened, ...] = ()
    cancelled: tuple[Cancelled, ...] = ()
    readdressed: tuple[Readdressed, ...] = ()
    jobs: tuple[JobWanted, ...] = ()
    tellings: tuple[Telling, ...] = ()


def together(parts: Sequence[Changes]) -> Changes:
    """Return what several acts of one kind bring about as if it were one, to be stored at once.

    None of them may look at what another brings about, or take a number.
    """

    def all_of(name: str) -> tuple[Any, ...]:
        return tuple(chain.from_iterable(getattr(part, name) for part in parts))

    return Changes(
        filled=all_of("filled"),
        new=all_of("new"),
        changed=all_of("changed"),
        events=all_of("events"),
        cancelled=all_of("cancelled"),
        readdressed=all_of("readdressed"),
        jobs=all_of("jobs"),
        tellings=all_of("tellings"),
    )
