"""Cases 个案: what was reported and recorded about them, what was dispatched, and what they wait for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case. `residence` decides who sees it and is never empty: where it is unknown, the code of the county stands.

    `due` explains the case's own clock as `Task.due` does. `parent` is the case that started this one's flow, or "".
    `suspended_at` is set while its clock stands still; then it has no `due_at`, and `due` knows what was left.
    `entered` says of each state when an outcome last led into it (ISO, Chinese time): a new round begins there.
    `ended_as` says how a case was closed that no outcome closed: "voided", "withdrawn" or "linked"; `closed_from` in
    which state it stood. `decided`: all that was decided, in order (`state`, `unit`, `outcome` of each); `outcome`: the
    one that led on from the last such state. `counts_from`: when its clock began, if not when it was opened.
    """

    id: str
    number: str
    jurisdiction: str
    release: str
    flow: str
    state: str
    person: str
    residence: str
    registration: str
    opened_at: datetime
    urgency: str = ""
    needs: tuple[str, ...] = ()
    due_at: datetime | None = None
    due: Mapping[str, Any] | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    parent: str = ""
    version: int = 1
    entered: Mapping[str, Any] = field(default_factory=dict)
    ended_as: str = ""
    closed_from: str = ""
    archived_at: datetime | None = None
    counts_from: datetime | None = None
    suspended_at: datetime | None = None
    decided: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What routing proposed for a case in a state, and what a person confirmed.

    `status`: "proposed", "confirmed", or "withdrawn" with its case. `unit` is where it is decided about, or would have
    been where it went out at once: what goes past people stays in their sight.
    """

    id: str
    jurisdiction: str
    case: str
    state: str
    proposed: Sequence[Mapping[str, Any]]
    proposed_at: datetime
    status: str = "proposed"
    confirmed: Sequence[Mapping[str, Any]] | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    version: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """A clue. `in_time` says of each deadline judged on arrival if it was kept; `joined`: the case was open.

    `by` is the account that handed it in. `person` is whom it was first recorded about, where it was moved into the
    case of another. `submission` is what counts of it now, see `Correction`; `receipt` is what was handed in at
    first, by which it is asked after. `withdrawn_at`: it was taken back; `asked_back_at`: when its reporter asked for
    that after somebody had acted. `told` is what its form says of the person, by use: name, phone, residence …
    `phone_index` finds the exact phone among that; the store writes it.
    """

    id: str
    jurisdiction: str
    submission: str
    case: str
    form: str
    source: str
    unit: str
    found_at: datetime | None
    entered_at: datetime
    in_time: Mapping[str, Any]
    joined: bool = False
    by: str = ""
    person: str = ""
    withdrawn_at: datetime | None = None
    asked_back_at: datetime | None = None
    receipt: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    phone_index: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A report that was corrected 更正: the submission that counted `before`, and the one that counts since.

    `fields` names what it says otherwise. `acted`: somebody had acted on the case by then.
    """

    id: str
    case: str
    clue: str
    before: str
    submission: str
    at: datetime
    fields: tuple[str, ...] = ()
    acted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An outcome that was recorded while its task went on, with the form it was told in (a submission's key)."""

    id: str
    case: str
    task: str
    state: str
    outcome: str
    submission: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A wait 公示期等 of a case in a state: it goes on by itself after `until`, unless something ended it before."""

    id: str
    case: str
    state: str
    until: datetime
    began_at: datetime
    ended_at: datetime | None = None
