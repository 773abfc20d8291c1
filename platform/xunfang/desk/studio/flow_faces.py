"""What the pages of the flows 流程 of a draft show."""

from collections.abc import Sequence
from dataclasses import dataclass

from xunfang.desk.studio.faces import Head
from xunfang.desk.studio.flow_pictures import Picture
from xunfang.errors import Problem


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow among all. `state`: "", "changed" or "new" against the base."""

    id: str
    label: str
    sentence: str
    states: int
    own: bool
    state: str


@dataclass(frozen=True, slots=True)
class FlowsPage:
    """All flows of a draft. `problems` are why they are those of the rules in force."""

    head: Head
    problems: Sequence[Problem]
    flows: Sequence[FlowRow]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome of a state; `key` is that of the block in which it is written, "" where a layer above keeps it."""

    id: str
    label: str
    cites: Sequence[tuple[str, str]]
    to: str
    to_id: str
    sentence: str
    key: str
    state: str
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class StateRow:
    """One state; `adds` is the key of a new outcome of it, "" for one that ends the flow."""

    id: str
    label: str
    sentence: str
    cites: Sequence[tuple[str, str]]
    layer: str
    key: str
    adds: str
    state: str
    problems: Sequence[Problem]
    outcomes: Sequence[OutcomeRow]


@dataclass(frozen=True, slots=True)
class FlowPage:
    """One flow as a picture and as a table. `gone`: the states that the base has and the draft has not."""

    head: Head
    id: str
    label: str
    sentence: str
    path: str
    may: bool
    unread: str
    problems: Sequence[Problem]
    whole: str
    adds: str
    picture: Picture | None
    states: Sequence[StateRow]
    gone: Sequence[str]
