"""Accounts, machinery and record, for the three administrators."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.desk.faces.basis import ClauseFace
from xunfang.store.reading.staff import DeputyView


@dataclass(frozen=True, slots=True)
class LackFace:
    """A role of which every unit of a kind must have some, the first units that have too few, and how many do."""

    role: str
    kind: str
    at_least: int
    units: tuple[str, ...]
    count: int
    basis: tuple[ClauseFace, ...]


@dataclass(frozen=True, slots=True)
class AccountFace:
    """One account, for the administrator."""

    id: str
    login: str
    name: str
    unit: str
    unit_label: str
    sight: str
    sees_all: bool
    roles: tuple[str, ...]
    role_labels: tuple[str, ...]
    active: bool
    locked: bool
    version: int
    signed_in_at: datetime | None
    running: int
    locked_until: datetime | None
    bound_at: datetime | None


@dataclass(frozen=True, slots=True)
class ColleagueFace:
    """Somebody of a unit, and how many open tasks they have claimed."""

    id: str
    name: str
    role_labels: tuple[str, ...]
    claimed: int


@dataclass(frozen=True, slots=True)
class DeputyFace(DeputyView):
    """Who stands in for whom; `now`: today is one of their days."""

    now: bool


@dataclass(frozen=True, slots=True)
class StaffFace:
    """The people of a unit, and who stands in for whom, today or later."""

    colleagues: tuple[ColleagueFace, ...]
    deputies: tuple[DeputyFace, ...]

    def claimed_by(self, account: str) -> int:
        """Return how many open tasks an account has claimed."""
        return next((each.claimed for each in self.colleagues if each.id == account), 0)

    def others(self, account: str) -> tuple[ColleagueFace, ...]:
        """Return everybody of the unit but one."""
        return tuple(each for each in self.colleagues if each.id != account)

    def named_by(self, account: str) -> tuple[DeputyFace, ...]:
        """Return who stands in for an account."""
        return tuple(each for each in self.deputies if each.account == account)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One event for the auditor: its number, when, who, for which unit, what, and in which case."""

    n: int
    at: datetime
    who: str
    unit: str
    what: str
    details: tuple[str, ...]
    case_number: str


@dataclass(frozen=True, slots=True)
class JobFace:
    """One job that nobody could carry out, parked where a person sees it."""

    id: str
    kind: str
    attempts: int
    run_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class FailedPaper:
    """One paper that could not be printed: of which kind and why, and nothing of the case it belongs to."""

    id: str
    label: str
    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SystemFace:
    """How the machinery is: signs of life (name, when, note, well), what nobody could do, warnings in the rules.

    `more_parked`: there are more parked jobs than these. `clock` says what is wrong with the server's clock, if it is.
    """

    heartbeats: tuple[tuple[str, datetime | None, str, bool], ...]
    parked: tuple[JobFace, ...]
    failed: tuple[FailedPaper, ...]
    warnings: tuple[str, ...]
    more_parked: bool = False
    clock: str = ""
