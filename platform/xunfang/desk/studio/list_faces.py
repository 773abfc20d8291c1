"""What the pages of the option lists 字典 of a draft show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.desk.studio.faces import Head
from xunfang.desk.studio.list_uses import Uses
from xunfang.errors import Problem


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list among all. `state`: "", "changed" or "new" against the base."""

    id: str
    title: str
    options: Sequence[str]
    retired: int
    own: bool
    state: str
    uses: Uses


@dataclass(frozen=True, slots=True)
class ListsPage:
    """All lists of a draft."""

    head: Head
    unread: str
    path: str
    lists: Sequence[ListRow]


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option. `layer`: whose it is, "" for one's own; `over`: it takes the place of one of a layer above.

    `up` and `down`: by how many places its block moves to stand before, or behind, the next; 0 where it cannot.
    `stored`: in how many of the cases looked at it was chosen, None where that is not counted.
    """

    id: str
    label: str
    hint: str
    retired: date | None
    judged: str
    layer: str
    over: bool
    key: str
    digest: str
    whole: str
    state: str
    up: int
    down: int
    uses: Uses
    stored: int | None
    kept: str  # why it cannot be taken away, "" for one that can
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list with its options. `looked_at`: in how many cases it was counted what was chosen; `most`: only those."""

    head: Head
    id: str
    title: str
    path: str
    may: bool
    unread: str
    uses: Mapping[str, Sequence[str]]
    options: Sequence[OptionRow]
    secret: bool
    looked_at: int
    most: bool
    today: date
