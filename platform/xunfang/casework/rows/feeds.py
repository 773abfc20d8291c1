"""Lists 名单 that departments hand in 部门数据报送: each as a whole, every person in it, what columns are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A list that a unit handed in under a feed, as the file it came in; `name` is what that was called.

    `status`: "received" and being read; "asking" what a column is; "checked"; "handed" over to those in `to`; "taking",
    "taken"; "undoing", "undone"; "failed" with an `error`; "withdrawn" by its sender before it was handed over. `owed`
    is the period of a duty that it fulfils, "" for none. `head` tells where the list stands in its file: the `sheet`,
    the `first` and `last` row of the head (from 0), the `width`, the names of `columns`, `unknown` words. `counts` is
    how many there are of each verdict.
    """

    id: str
    jurisdiction: str
    residence: str
    feed: str
    unit: str
    to: tuple[str, ...]
    by: str
    name: str
    sha256: str
    size: int
    release: str
    received_at: datetime
    owed: str = ""
    status: str = "received"
    head: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    handed_at: datetime | None = None
    taken_by: str = ""
    ended_at: datetime | None = None
    version: int = 1


class Listed(NamedTuple):
    """What a list says of one person, the `n`-th, in the `line` of the sheet (from 0), and what is wrong with it.

    `problems` tells of what at which column; `cells` holds what stands where nothing could be read.
    """

    n: int
    line: int
    verdict: str
    residence: str
    answers: Mapping[str, Any]
    problems: Sequence[Sequence[str]] = ()
    cells: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStretch:
    """Some people of a list that are of one verdict, in its order, the `first` to the `last`: nothing came of them.

    `told` is an envelope that holds all of them (store/listed.py). Whoever becomes a clue becomes a `ListedPerson`,
    who goes before what stands here.
    """

    id: str
    jurisdiction: str
    delivery: str
    verdict: str
    first: int
    last: int
    count: int
    told: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """One person of a list: the `n`-th, in the `line` of the sheet (from 0). `told` holds answers and problems.

    `verdict`: "bad" has problems; "left-out" is below what the feed asks for; "entitled" has what would be given;
    "repeated" was opened by an earlier list; "open-case" is being dealt with; "listed" opens nothing; "new" is a clue,
    which has a `submission` and a `case` once it was taken. `digest` tells equal rows, `id_index` whose number it is.
    """

    id: str
    jurisdiction: str
    delivery: str
    n: int
    line: int
    verdict: str
    told: Mapping[str, Any]
    digest: str
    id_index: str = ""
    submission: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadWord:
    """What a unit calls a column of a feed, as somebody told once; `column` is "" for one that is not needed."""

    id: str
    jurisdiction: str
    unit: str
    feed: str
    word: str
    column: str
    by: str
    at: datetime
