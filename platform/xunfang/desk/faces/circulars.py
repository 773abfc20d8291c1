"""Circulars 通报 as their pages show them: a line of the list, one by itself, and the form on which one is drafted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.casework import Verb
from xunfang.desk.faces.basis import ClauseFace
from xunfang.desk.overdue import OverdueUnit


@dataclass(frozen=True, slots=True)
class CircularRow:
    """One circular, in words; `at` is when it was issued, or drafted."""

    id: str
    version: int
    title: str
    number: str
    unit: str
    units: tuple[str, ...]
    at: datetime
    status: str
    status_id: str
    pages: int


@dataclass(frozen=True, slots=True)
class CircularFace:
    """A circular for its page: what it says, what became of it, what it corrects and what corrects it (key, number).

    `listed` are its units as they stood when it was drafted; `redrafts` and `corrects`: the person can do so now.
    """

    row: CircularRow
    label: str
    to: str
    opening: str
    demand: str
    listed: Sequence[Mapping[str, Any]]
    drafted_by: str
    signed_by: str
    signed_at: datetime | None
    sha256: str
    reason: str
    error: str
    basis: tuple[ClauseFace, ...]
    corrected: tuple[str, str]
    corrections: tuple[tuple[str, str], ...]
    ready: bool
    redrafts: bool
    corrects: bool
    can: tuple[Verb, ...]


@dataclass(frozen=True, slots=True)
class CircularForm:
    """What a circular is drafted from: what is overdue now by unit, the words it begins with, and who is named.

    `circular` and `version` are of one that is drafted anew, `corrects` and `number` of one that is put right.
    """

    label: str
    at: datetime
    units: tuple[OverdueUnit, ...]
    words: Mapping[str, str]
    chosen: Collection[str]
    circular: str = ""
    version: int = 0
    corrects: str = ""
    number: str = ""
