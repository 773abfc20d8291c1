"""What the acts of a demonstration need of the one that is being played."""

from typing import Any, Protocol

from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import Case
from xunfang.demo.step import Step
from xunfang.rulebook.model import Rulebook


class Playing(Protocol):
    """What an act needs of the demonstration that is being played."""

    deployment: Deployment
    alone: Deployment
    rulebook: Rulebook

    def actor(self, step: Step) -> Actor:
        """Return whoever acts in a step."""
        ...

    def key(self, step: Step, place: int | None = None, about: str = "") -> str:
        """Return the key of what is sent in a step; the same whenever it is played."""
        ...

    def case(self, step: Step, story: str = "") -> Case:
        """Return the case that the report of a story opened or joined."""
        ...

    def rows(self, row: type[Any], **where: Any) -> list[Any]:
        """Return the rows of the jurisdiction with these values."""
        ...
