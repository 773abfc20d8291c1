"""What the checks look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.deployment import Deployment
from xunfang.rulebook.model import Rulebook
from xunfang.settings import Settings


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation at a moment, and the jurisdictions that are looked at."""

    settings: Settings
    deployment: Deployment
    at: datetime
    of: tuple[str, ...]

    @property
    def rulebooks(self) -> Iterator[Rulebook]:
        """The rules in force of the jurisdictions looked at, but those that have none."""
        current = self.deployment.rulebooks.current
        return (current[name] for name in self.of if name in current)
