"""Events 应急响应 of a scenario through the real engine: acts of those who declare them, and what is seen of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.alerts import change_level, close, declare
from xunfang.actions.deployment import Actor, Deployment
from xunfang.clock import local
from xunfang.prove.scenarios import latest, seen
from xunfang.rulebook.model import Rulebook
from xunfang.store import Alert, DutyPeriod, Event, Reader, Task, connection, new_id

_REASON = "情景"
_TOLD = ("duty.withdrawn", "duty.replaced", "duty.owed_again")


def do_alert(
    deployment: Deployment, actor: Actor, step: Mapping[str, Any], answers: Mapping[str, Any], at: datetime
) -> None:
    """Let somebody declare an event, change its level or close it, as a step says; raises what the act raises."""
    kind, level = str(step.get("alert", "")), str(step.get("level", ""))
    if step["act"] == "declare":
        begins = local(step["begins"]).isoformat() if "begins" in step else ""
        declare(deployment, actor, kind, level, step.get("places", ()), begins, _REASON, at)
        return
    with connection(deployment.database) as reader:
        alert = latest(reader.select(Alert), kind)
    if step["act"] == "change-level":
        change_level(deployment, actor, alert.id, alert.version, level, _REASON, at)
    else:
        close(deployment, actor, alert.id, alert.version, answers, _REASON, new_id(), at)


@dataclass(frozen=True, slots=True)
class Since:
    """The events there are, what was opened for them, and what is told of the rest, since the last look."""

    declared: list[Alert]
    opened: list[tuple[DutyPeriod, Task]]
    told: list[Event]

    @property
    def new(self) -> set[str]:
        """The keys of everything that is seen for the first time."""
        return {owed.id for owed, _ in self.opened} | {event.id for event in self.told}

    def seen(self, rulebook: Rulebook, at: datetime) -> dict[str, Any]:
        """Return that by the words that `expect` uses."""
        return seen.of_events(rulebook, self.declared, self.opened, self.told, at)


def events_since(reader: Reader, known: Collection[str]) -> Since:
    """Return what there is to see of events that is not known yet."""
    owed = [row for row in reader.every(DutyPeriod) if row.alert and row.status != "replaced" and row.id not in known]
    opened = [(row, task) for row in owed if (task := reader.first(Task, about=row.id))]
    told = [event for name in _TOLD for event in reader.every(Event, name=name) if event.id not in known]
    return Since(reader.select(Alert), opened, told)
