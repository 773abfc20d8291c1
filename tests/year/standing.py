"""How cases stand, by the events alone: in which state, due when, decided how, and who works on them until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from year.recount import Recount, Told

_GONE = ("returned", "transferred", "withdrawn")
_TOLD_DUE = ("case.due_changed", "case.extended", "case.due_lengthened", "case.replanned", "case.limit_changed")


@dataclass(slots=True)
class OneStanding:
    """What the events told of a case: its state, its own clock (`due`, "" for none, `stopped`), what was decided."""

    state: str
    due: str = ""
    stopped: bool = False
    outcome: str = ""
    again: bool = False

    @property
    def due_at(self) -> str:
        return "" if self.stopped else self.due


@dataclass(slots=True)
class Hand:
    """Who has a task in hand, by name, "" for nobody, and since when; whether it was dispatched."""

    name: str = ""
    since: str = ""
    routed: bool = False


@dataclass
class Standing:
    """Goes through the events behind the recount."""

    recount: Recount
    cases: dict[str, OneStanding] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)  # cases whose reports all went into others

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        reading = _READINGS.get(event.name)
        if reading:
            reading(self, event)
        elif event.name in _TOLD_DUE:
            self.cases[event.case].due = _moment(event.data.get("now_due"))

    def _flow(self, case: str) -> Mapping[str, Any]:
        flow: Mapping[str, Any] = self.recount.rules.flows[self.recount.cases[case].flow]
        return flow

    # the case itself

    def opened(self, event: Told) -> None:
        flow = self.recount.rules.flows[str(event.data["flow"])]
        self.cases[event.case] = OneStanding(str(flow["start"]), _moment(event.data.get("due_at")))

    def moved(self, event: Told) -> None:
        one, outcome = self.cases[event.case], str(event.data["outcome"])
        one.state, one.again = str(event.data["to"]), False
        if self._decides(event.case, str(event.data["from"])) or not one.outcome:
            one.outcome = outcome

    def _decides(self, case: str, state: str) -> bool:
        """Whether a state decides about the case: one that can be left in a single way only carries on."""
        states = self._flow(case)["states"]
        ways = {name: _ways(name, one) for name, one in states.items()}
        return bool(states[state].get("per_route")) or ways[state] > 1 or max(ways.values()) <= 1

    def dispatched(self, event: Told) -> None:
        one, states = self.cases[event.case], self._flow(event.case)["states"]
        routing = [name for name, state in states.items() if "routes_by" in state]
        at = one.state if one.state in routing else routing[0]
        one.state, one.again = str(next(iter(states[at]["outcomes"].values()))["to"]), False

    def reopened(self, event: Told) -> None:
        one = self.cases[event.case]
        one.outcome, one.again, one.stopped = "", True, False

    def clock_set(self, event: Told) -> None:
        due = _moment(event.data.get("due_at"))
        one = self.cases[event.case]
        one.due, one.stopped = due or one.due, not due

    def clock_stopped(self, event: Told) -> None:
        self.cases[event.case].stopped = True

    def clock_resumed(self, event: Told) -> None:
        one = self.cases[event.case]
        one.due, one.stopped = _moment(event.data.get("now_due")), False

    def report_moved(self, event: Told) -> None:
        """A case that was closed because its reports had gone is open again as one comes back."""
        if "moved_to" in event.data and self.recount.cases[event.case].closed:
            self.left.add(event.case)
        elif "moved_from" in event.data and event.case in self.left:
            self.left.remove(event.case)
            self.reopened(event)

    # its tasks

    def task_opened(self, event: Told) -> None:
        self.hands[event.task] = Hand(routed=bool(event.row))
        one = self.cases.get(event.case)
        if one and one.again and event.data["role"] == "lead":
            one.state, one.again = str(event.data["state"]), False

    def in_hand(self, event: Told) -> None:
        hand = self.hands.get(event.task)
        if hand is not None and not hand.name:
            hand.name, hand.since = event.actor, event.at

    def handed_over(self, event: Told) -> None:
        self.hands[event.task].name = str(event.data["heir"])

    def released(self, event: Told) -> None:
        if event.task in self.hands:
            self.hands[event.task].name = self.hands[event.task].since = ""

    def unit_changed(self, event: Told) -> None:
        """Who has a task in hand keeps it where they went with it: to the unit that follows their own."""
        was, now = event.data["changed"].get("unit", ("", ""))
        kind, _, place = str(was).partition(":")
        if now and f"{kind}:{self.recount.rules.now(place, event.at[:10])}" != now:
            self.released(event)

    # what ledgers say of them

    def facts(self, key: str) -> dict[str, Any]:
        """Return what is known of a case and of who works on it, by the paths of the rules."""
        case, one = self.recount.cases[key], self.cases[key]
        closed = case.closed
        in_time = bool(closed and closed <= one.due_at) if one.due_at else None
        known = {"state": one.state, "due_at": one.due_at, "outcome": one.outcome, "closed": bool(closed)}
        known["completed_in_time"] = in_time
        return {f"case.{name}": value for name, value in known.items()} | {
            f"task.{name}": value for name, value in self._work(key).items()
        }

    def _work(self, key: str) -> dict[str, Any]:
        leads = [(task, self.recount.tasks[task]) for task in self.recount.of_case[key]]
        leads = [(task, one) for task, one in leads if one.role == "lead"]
        going = [(task, one) for task, one in leads if one.how not in _GONE] or leads
        routed = [(task, one) for task, one in going if self.hands[task].routed] or going
        if not routed:
            return {}
        task, last = routed[-1]
        names = [self.hands[key].name for key, _ in routed]
        return {
            "state": last.state,
            "unit": last.unit,
            "units": list(dict.fromkeys(one.unit for _, one in routed)),
            "claimed_by": list(dict.fromkeys(filter(None, names))),
            "claimed_at": self.hands[task].since,
            "due_at": last.due,
            "opened_at": last.opened,
            "completed_at": last.ended if last.how == "done" else "",
        }


def _ways(name: str, state: Mapping[str, Any]) -> int:
    """Return in how many ways a state can be left."""
    return sum(outcome["to"] != name for outcome in state.get("outcomes", {}).values())


def _moment(told: Any) -> str:
    return str(told)[:19] if told else ""


_READINGS = {
    "case.opened": Standing.opened,
    "case.moved": Standing.moved,
    "case.reopened": Standing.reopened,
    "case.clock_set": Standing.clock_set,
    "case.clock_stopped": Standing.clock_stopped,
    "case.clock_resumed": Standing.clock_resumed,
    "dispatch.confirmed": Standing.dispatched,
    "dispatch.changed": Standing.dispatched,
    "dispatch.sent_at_once": Standing.dispatched,
    "task.opened": Standing.task_opened,
    "task.claimed": Standing.in_hand,
    "task.completed": Standing.in_hand,
    "task.assisted": Standing.in_hand,
    "task.outcome_recorded": Standing.in_hand,
    "task.returned": Standing.in_hand,
    "task.transferred": Standing.in_hand,
    "task.handed_over": Standing.handed_over,
    "task.released": Standing.released,
    "task.division_changed": Standing.unit_changed,
    "clue.linked": Standing.report_moved,
}
