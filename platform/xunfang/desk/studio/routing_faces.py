"""What the page of the routing tables shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from xunfang.desk.studio.faces import Head


@dataclass(frozen=True, slots=True)
class Mark:
    """What a check says of a row, in a word and in a sentence. `look`: "late" stops publication, "today" does not."""

    word: str
    said: str
    look: str


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One row of a routing table. Only of one's own layer it has a `key`; of others the layer's name is told."""

    id: str
    key: str
    digest: str
    whole: str
    layer: str
    when: str
    lead: str
    assist: Sequence[str]
    informs: Sequence[str]
    deadline: str
    prints: Sequence[str]
    cites: Sequence[tuple[str, str]]
    practice: str
    marks: Sequence[Mark]
    count: int | None
    first: bool = True
    last: bool = True
    place: int | None = None  # among one's own rows, None of others


@dataclass(frozen=True, slots=True)
class RouteTable:
    """One routing table; `adds` is the key of a new row, `key` that of its own block where it has one."""

    id: str
    label: str
    how: str
    key: str
    adds: str
    rows: Sequence[RouteRow]
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class RoutingPage:
    """All routing tables of a draft. `path` is its own file, "" while there is none; `counted` how many dispatches."""

    head: Head
    path: str
    may: bool
    tables: Sequence[RouteTable]
    unread: str
    counted: int
    most: bool
    problems: int
