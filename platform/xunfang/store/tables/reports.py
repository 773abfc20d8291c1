"""What people hand in: submissions 填报, their attachments, and the clues 线索 they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from xunfang.casework.rows import Clue, Correction
from xunfang.store.columns import References, Sealed
from xunfang.store.rows import table


@table("submission", indexes=[("jurisdiction", "unit", "at", "id")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One filled form. The sender makes its key, so a repeated send is known; `body_hash` tells it from another.

    `answers` holds what is not sensitive and is shown to those with sight, `sealed` the rest, which is only revealed;
    both lie in envelopes. `body_hash` is keyed: nobody guesses answers by it. `unit` and `division` are the sender's.
    """

    id: str
    body_hash: str
    jurisdiction: str
    release: Annotated[str, References("release")]
    form: str
    answers: Annotated[Mapping[str, Any], Sealed()]
    by: str
    unit: str
    at: datetime
    division: str = ""
    sealed: bytes | None = None


@table("attachment", indexes=[("submission",), ("sha256",)])
@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file handed in; its bytes lie in the file store. `submission` is empty until the form is sent."""

    id: str
    jurisdiction: str
    name: Annotated[str, Sealed()]
    media_type: str
    size: int
    sha256: str
    by: str
    at: datetime
    submission: str = ""


table(
    "clue",
    unique=[("submission",)],
    indexes=[
        ("case",),
        ("receipt",),
        ("jurisdiction", "unit", "entered_at", "id"),
        ("jurisdiction", "phone_index"),
        ("jurisdiction", "entered_at", "id"),
    ],
    references={"submission": "submission", "case": "case"},
    sealed=("told",),
)(Clue)

table(
    "correction",
    indexes=[("case",), ("before",)],
    references={"case": "case", "clue": "clue", "before": "submission", "submission": "submission"},
)(Correction)

__all__ = ["Attachment", "Clue", "Correction", "Submission"]
