"""Notices 文书 and the gapless series their numbers 文号 come from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from xunfang.store.columns import References, Sealed
from xunfang.store.rows import table


@table(
    "notice",
    unique=[("key",), ("jurisdiction", "series", "year", "n")],
    indexes=[("case",), ("jurisdiction", "wanted_at", "id")],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice. `key` names what it was printed for, so that it is never made twice; `n` is None without a number.

    `status`: "wanted", "issued" or "failed" (then `error` says why). `unit` issues it, `facts` are sealed, and the
    paper lies in the file store under `sha256`.
    """

    id: str
    key: str
    jurisdiction: str
    case: Annotated[str, References("case")]
    task: str
    kind: str
    unit: str
    wanted_at: datetime
    release: str = ""
    addressee: str = ""
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
    error: Annotated[str, Sealed()] = ""
    version: int = 1


@table("number_series", key=("jurisdiction", "series", "year"))
@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeries:
    """The last number given out in one series and year."""

    jurisdiction: str
    series: str
    year: int
    n: int
