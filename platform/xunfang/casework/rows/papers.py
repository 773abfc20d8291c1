"""Papers 文书."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


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
