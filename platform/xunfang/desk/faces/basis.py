"""A clause that binds, and a due moment with its explanation."""

from dataclasses import dataclass
from datetime import date, datetime

from xunfang.desk.wording import Standing


@dataclass(frozen=True, slots=True)
class ClauseFace:
    """A clause that makes something a duty: its document and place in one line, its words, the document's title."""

    place: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class DueFace:
    """A due moment with its explanation: the limit, the days that counted, those that did not and why.

    `changes` tells in words when its clock stood still, and how it was extended; `spans` the office time that counted.
    """

    at: datetime | None
    standing: Standing
    label: str = ""
    limit: str = ""
    counted: tuple[date, ...] = ()
    skipped: tuple[tuple[date, str], ...] = ()
    provisional: bool = False
    clauses: tuple[ClauseFace, ...] = ()
    changes: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
