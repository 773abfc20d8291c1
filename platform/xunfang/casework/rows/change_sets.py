"""Change sets 改动单: drafts of the rules of one layer, what was edited and said there, and how they were tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """A draft over any number of files of the layer of its jurisdiction, based on a release of it.

    `status`: "draft"; "submitted" to whoever reviews it; "returned" by them, with a `reason`; "approved"; "waiting" for
    the moment `effective_at`; "published", as the release `published`; "withdrawn". `digest` is that of the files as
    they were edited last: a review holds for this digest only. `source`: "studio", or "files" and "package", where the
    files were edited elsewhere. `cites` are the clauses for which the rules are changed.
    """

    id: str
    jurisdiction: str
    title: str
    why: str
    base: str
    made_at: datetime
    made_by: str
    cites: tuple[str, ...] = ()
    source: str = "studio"
    status: str = "draft"
    digest: str = ""
    submitted_at: datetime | None = None
    submitted_by: str = ""
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    reviewed_digest: str = ""
    reason: str = ""
    effective_at: datetime | None = None
    published: str = ""
    published_at: datetime | None = None
    published_by: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """A file of a change set: its text now, or that it is taken away; `base_digest` tells which text it began from."""

    id: str
    jurisdiction: str
    change_set: str
    path: str
    text: str
    gone: bool = False
    base_digest: str = ""
    edited_at: datetime
    edited_by: str
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEdit:
    """One edit of a change set, never changed: who did what to which file, in a sentence, and its text before."""

    id: str
    jurisdiction: str
    change_set: str
    at: datetime
    by: str
    path: str
    command: str
    said: str
    before: str = ""
    was_gone: bool = False
    undone: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftComment:
    """What somebody says of a change set, or of one line of its sheet."""

    id: str
    jurisdiction: str
    change_set: str
    at: datetime
    by: str
    line: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTrial:
    """How a draft of a certain digest fared at one of the gates before its review: "check", "scenarios" …"""

    id: str
    jurisdiction: str
    change_set: str
    gate: str
    digest: str
    at: datetime
    passed: bool
    said: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """Where the rules of a jurisdiction's own layer are kept: in "files", or, since somebody chose so, "studio".

    `release` is the one that the folder was the same as, `folder` what tells its files since they were looked at last.
    """

    jurisdiction: str
    source: str
    at: datetime
    by: str
    release: str = ""
    folder: str = ""
