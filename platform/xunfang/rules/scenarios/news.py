"""What a case has brought about since a step last looked at it, and how a step sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xunfang.rules.flow import PlannedTask
from xunfang.rules.routing import Proposal
from xunfang.rules.scenarios.comparing import plain


@dataclass
class News:
    """What came about in one case since it was last looked at."""

    opened: list[PlannedTask] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    reminded: list[dict[str, Any]] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    waits_until: datetime | None = None

    def seen(self) -> dict[str, Any]:
        """Return the news by the words that `expect` uses."""
        return {
            "tasks": [_task(task) for task in self.opened],
            "printed": self.printed,
            "reminded": self.reminded,
            "started": self.started,
            "granted": self.granted,
            "waits_until": plain(self.waits_until) if self.waits_until else "",
        }


def _task(task: PlannedTask) -> dict[str, Any]:
    seen: dict[str, Any] = {"state": task.state, "unit": task.unit, "routes": list(task.routes), "provisional": False}
    if task.deadline:
        due = task.deadline.due
        seen |= {
            "deadline": task.deadline.id,
            "due_at": due.due_at,
            "counted": list(due.counted),
            "skipped": [skip.date for skip in due.skipped],
            "provisional": due.provisional,
        }
    shown: dict[str, Any] = plain(seen)
    return shown


def proposal_seen(proposal: Proposal) -> Mapping[str, Any]:
    """Return a proposal by the words that `expect` uses."""
    return {
        "lead": proposal.lead,
        "assist": list(proposal.assist),
        "meeting": proposal.meeting,
        "routes": list(proposal.routes),
        "cites": list(proposal.cites),
    }
