"""Events 应急响应, ready to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.casework import Verb
from xunfang.desk.faces.basis import ClauseFace
from xunfang.desk.faces.casefile import EventFace, Lines


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One event: what it is, at which level, where (`places`, in words), and since and until when.

    `response` is what it is called while it is on.

    `status_id` is "ahead" of its begin, "on" or "over".
    """

    id: str
    label: str
    response: str
    level: str
    places: str
    unit: str
    begins_at: datetime
    ended_at: datetime | None
    status: str
    status_id: str


@dataclass(frozen=True, slots=True)
class AlertDutyFace:
    """What units in the reader's sight owe or owed for an event under one duty, counted by how it stands."""

    label: str
    when: str
    owed: int
    done: int
    stopped: int
    late: int


@dataclass(frozen=True, slots=True)
class AlertFace:
    """An event with all that happened. `can` holds what this person may do to it now; `form` its summary's title or "".

    `levels` are those it may be given instead (id, words). The summary is told to whoever may read it.
    """

    row: AlertRow
    version: int
    form: str
    basis: tuple[ClauseFace, ...]
    levels: tuple[tuple[str, str], ...]
    duties: tuple[AlertDutyFace, ...]
    said: tuple[Lines, ...]
    photos: tuple[str, ...]
    text: str
    events: tuple[EventFace, ...]
    can: tuple[Verb, ...]

    def offers(self, verb: str) -> bool:
        """Return whether this person may do a verb to it now."""
        return any(each.id == verb for each in self.can)


@dataclass(frozen=True, slots=True)
class AlertForm:
    """What the page needs on which an event is closed."""

    id: str
    version: int
    label: str
    level: str
    form: str
    release: str


@dataclass(frozen=True, slots=True)
class Declarable:
    """A kind of event that the reader may declare, with its levels and the places to choose from (code, name)."""

    id: str
    label: str
    levels: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]
    basis: tuple[ClauseFace, ...]
    duties: tuple[str, ...]
