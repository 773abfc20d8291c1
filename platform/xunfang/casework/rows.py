"""The rows of casework 个案办理: what a case, its tasks and papers are, wherever they are kept.

Plain frozen values that know nothing of a database: the store keeps them, scenarios and replay hold them in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
class Task:
    """A task. `status`: open, claimed, done, returned, transferred, withdrawn; `ended_at` is set with the last four.

    `unit` holds it; `residence` is the case's, kept here so that one index serves a queue. `due` explains `due_at`:
    limit, deadline, counted, skipped, provisional, clauses. `overdue_at` records a breach and is never taken back.
    `answers` is the key of the submission it was completed with. `sent_as` is the task as it was first sent, from
    which this one came by being transferred, or "" for that one itself; an assisting task `helps` the leads, as they
    were sent, that named its unit. `counts_from` is when its clock began, where that was not when it was opened.
    `urgent` is the case's, kept here so that urgent ones lead the queue.
    A work item that needs no case has an empty `case` and `flow`: `subject` is then of what kind it is ("duty",
    "alert"), `about` the key of what it is about, `state` the rule it is an instance of, `release` the rules it is by.
    `returned`: how often its unit had given the case back in this state when it was sent there once more.
    While it is suspended 中止 (`suspended_at`) it has no `due_at`. `extension`: the time asked for and not yet decided
    about (workdays, by whom, when). `excused`: of several units that a duty reports to, those that ask for it no more.
    """

    id: str
    case: str
    jurisdiction: str
    flow: str
    state: str
    unit: str
    residence: str
    opened_at: datetime
    role: str = "lead"
    lead_task: str = ""
    status: str = "open"
    routes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    claimed_by: str = ""
    claimed_at: datetime | None = None
    due_at: datetime | None = None
    due: Mapping[str, Any] | None = None
    outcome: str = ""
    answers: str = ""
    ended_at: datetime | None = None
    completed_in_time: bool | None = None
    overdue_at: datetime | None = None
    supervised_at: datetime | None = None
    version: int = 1
    sent_as: str = ""
    helps: tuple[str, ...] = ()
    counts_from: datetime | None = None
    suspended_at: datetime | None = None
    extension: Mapping[str, Any] | None = None
    urgent: bool = False
    subject: str = "case"
    about: str = ""
    release: str = ""
    returned: int = 0
    excused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPeriod:
    """What one unit owes under a duty 定期任务 for one period.

    `status`: "owed", "reported", "nil" 零报告, "waived" 免报, with the event it was owed for "withdrawn", or "replaced"
    while a duty of an event stands in its place; `ended_at` is set with all but the first. `every` and `begins_on` name
    the period (`every` is "" for what is owed once, from that day on), `to` the units that are reported to, each by the
    same report. `residence` is where the unit works, which decides who sees it. `answers` is the key of the submission
    that was handed in, if its duty has a form. `alert` is the event 应急响应 during which it is owed or replaced, ""
    for none, and `turn` the step of it since which it is. `receivers` is how many `to` are: lists look for one alone.
    """

    id: str
    jurisdiction: str
    duty: str
    unit: str
    to: tuple[str, ...]
    residence: str
    every: str
    begins_on: date
    release: str
    opened_at: datetime
    status: str = "owed"
    answers: str = ""
    ended_at: datetime | None = None
    version: int = 1
    alert: str = ""
    turn: int = 0
    receivers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An event 应急响应, declared for places (divisions) by a unit that works in `residence`.

    `steps` are its levels one after another, each with the moment (`at`, ISO) from which it holds; the first may lie
    ahead. `answers` is the key of the summary it was closed with, if its kind has a form for that.
    """

    id: str
    jurisdiction: str
    kind: str
    places: tuple[str, ...]
    steps: Sequence[Mapping[str, Any]]
    unit: str
    residence: str
    release: str
    declared_at: datetime
    ended_at: datetime | None = None
    answers: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """A clue. `in_time` says of each deadline judged on arrival if it was kept; `joined`: the case was open.

    `by` is the account that handed it in. `person` is whom it was first recorded about, where it was moved into the
    case of another. `submission` is what counts of it now, see `Correction`; `receipt` is what was handed in at
    first, by which it is asked after. `withdrawn_at`: it was taken back; `asked_back_at`: when its reporter asked for
    that after somebody had acted. `told` is what its form says of the person, by use: name, phone, residence …
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice. `key` names what it was printed for, so that it is never made twice; `n` is None without a number.

    `status`: "wanted"; "draft", which waits for its signature; "signed"; "issued"; "filed" once it was delivered; or
    "refused" by whoever signs, "failed" (then `error` says why), "void" though it was issued, "withdrawn" with its case
    before it was. `unit` issues it, `addressees` are the units that it goes to, none where it is for the person,
    `copies` those that it names as told of it; `deliveries` says of each that it reached (`to`, "" the person) on which
    day, how and noted by whom. `facts` are sealed, and the paper or its draft lies in the file store under `sha256`.
    `release` is whose template prints it: the case's, or a later one where that could not.
    """

    id: str
    key: str
    jurisdiction: str
    case: str
    task: str
    kind: str
    unit: str
    wanted_at: datetime
    release: str = ""
    addressees: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    series: str = ""
    year: int | None = None
    n: int | None = None
    number: str = ""
    template_digest: str = ""
    facts: bytes | None = None
    sha256: str = ""
    pages: int = 0
    issued_at: datetime | None = None
    issued_by: str = ""
    status: str = "wanted"
    error: str = ""
    version: int = 1
    signed_by: str = ""
    signed_at: datetime | None = None
    deliveries: Sequence[Mapping[str, str]] = ()


About = Case | DutyPeriod | Alert
"""What a task can be about."""

Row = Case | DutyPeriod | Alert | Dispatch | Task | Clue | Correction | Told | Wait | Notice
"""Everything that a file is made of."""
