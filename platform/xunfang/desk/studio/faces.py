"""What the pages of the studio show: change sets, their gates and edits, and the files of a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.casework import Verb
from xunfang.errors import Problem
from xunfang.rulebook.files import Files


@dataclass(frozen=True, slots=True)
class ChangeSetRow:
    """A change set in a list."""

    id: str
    title: str
    status_id: str
    status: str
    made_by: str
    made_at: datetime
    said: str  # what is to be known besides: when it takes effect, which release it became


@dataclass(frozen=True, slots=True)
class StudioPage:
    """The first page of the studio: where the rules are kept, which are in force, and the change sets there are."""

    in_force: str
    source: str
    layer: str
    above: Sequence[str]
    rows: Sequence[ChangeSetRow]
    after: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class GateFace:
    """One gate before a draft takes effect.

    `state`: "none", "passed", "failed", "void" (edited since), "waits", "stopped" (what was at it was given up).
    """

    id: str
    label: str
    state: str
    said: str
    details: Sequence[str] = ()
    at: datetime | None = None
    months: int = 0  # over how many months reports were replayed, or are being


@dataclass(frozen=True, slots=True)
class EditFace:
    """One edit, newest first."""

    id: str
    said: str
    path: str
    by: str
    at: datetime
    undone: bool


@dataclass(frozen=True, slots=True)
class CommentFace:
    """What somebody said of a change set or of a line of its sheet."""

    by: str
    at: datetime
    line: str
    text: str
    before_edits: bool


@dataclass(frozen=True, slots=True)
class FileFace:
    """A file of a draft: whose layer it belongs to, what it is called, and how it stands to the base."""

    path: str
    label: str
    own: bool
    state: str  # "", "changed", "new", "gone"


@dataclass(frozen=True, slots=True)
class LayerFaces:
    """The files of one layer of a draft."""

    layer: str
    name: str
    own: bool
    files: Sequence[FileFace]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over every page of a change set: what it is called, how it stands, and what is in force meanwhile."""

    id: str
    title: str
    status_id: str
    status: str
    version: int
    in_force: str
    base: str
    moved: bool  # the release in force is no longer the one that it is based on
    editable: bool
    digest: str


@dataclass(frozen=True, slots=True)
class ChangeSetPage:
    """One change set. `next_step` is the one thing to do now, in a sentence; `can` what the person may do to it."""

    head: Head
    why: str
    cites: Sequence[tuple[str, str]]
    reason: str
    effective_at: datetime | None
    gates: Sequence[GateFace]
    next_step: str
    can: Sequence[Verb]
    why_not_review: str
    takes_over: bool  # publishing it means that the rules are kept here from then on
    edits: Sequence[EditFace]
    undoable: str
    comments: Sequence[CommentFace]
    changed: Sequence[FileFace]
    publishing: str  # how far the worker is with it, or what came of it, where that takes more than a moment
    publishing_on: bool
    beside: Sequence[tuple[str, str, Sequence[str]]]  # other drafts that change the same files: key, title, which


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as pages work on it: its head, all its files, those of its base, and whose layer it is."""

    head: Head
    layer: str
    files: Files
    base: Files


@dataclass(frozen=True, slots=True)
class TextPage:
    """One file as text, with what a check finds in it and elsewhere."""

    head: Head
    file: FileFace
    text: str
    digest: str
    before: str | None  # what it says in the base, None for a new file
    here: Sequence[Problem]
    elsewhere: Sequence[Problem]
    warnings: Sequence[Problem]
