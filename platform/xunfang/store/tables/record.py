"""Events 留痕: what happened, in the order it happened, each chained to the one before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from xunfang.store.columns import Sealed
from xunfang.store.rows import table


@table(
    "event",
    key=("n",),
    unique=[("id",), ("jurisdiction", "place")],
    indexes=[("case", "n"), ("jurisdiction", "at", "n", "name", "actor"), ("task", "n")],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. `name` is `subject.past_tense`; `data` holds codes and numbers of files, `typed` what people wrote.

    `place` is where it stands in its jurisdiction's chain. See `xunfang.store.events`.
    """

    n: int
    id: str
    at: datetime
    jurisdiction: str
    name: str
    case: str
    task: str
    actor: str
    actor_name: str
    unit: str
    data: Mapping[str, Any]
    rule: str
    row: str
    cites: tuple[str, ...]
    prev: str
    hash: str
    place: int
    typed: Annotated[Mapping[str, Any], Sealed()] = field(default_factory=dict)

    @property
    def told(self) -> Mapping[str, Any]:
        """Return all that the event tells, whatever of it lies sealed."""
        return {**self.data, **self.typed}
