"""Circulars 通报: papers of no case, about what units have overdue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular:
    """A circular about what is overdue. `unit` issues it, `units` are those that it names, which are told of it.

    `told` is all that it says: its words as they were typed, and by unit what was overdue when it was drafted.
    `status`: "wanted" while the draft is printed; "draft", which waits for its signature; "signed"; "issued", after
    which nothing of it changes; or "refused" by whoever signs, "withdrawn" by its unit, "failed" (then `error` says
    why). `reason` is why it was refused or withdrawn. `corrects` is the issued one that it puts right. The paper or its
    draft lies in the file store under `sha256`.
    """

    id: str
    jurisdiction: str
    residence: str
    kind: str
    unit: str
    release: str
    drafted_at: datetime
    drafted_by: str
    units: tuple[str, ...]
    told: Mapping[str, Any] = field(default_factory=dict)
    corrects: str = ""
    status: str = "wanted"
    series: str = ""
    year: int | None = None
    n: int | None = None
    number: str = ""
    sha256: str = ""
    pages: int = 0
    signed_by: str = ""
    signed_at: datetime | None = None
    issued_at: datetime | None = None
    reason: str = ""
    error: str = ""
    version: int = 1
