"""What of the rules is lived 已能办理: what the running system stores, shows or prints, and does not only decide.

A kind of rule says itself whether the system lives it (`Kind.lived`). Of such a kind, what no case and no unit ever
comes to is not lived either: forms that nobody is offered, papers of meetings, duties that are drawn.
"""

from collections.abc import Callable, Iterator, Mapping

from xunfang.rulebook.fields import IntakeForm
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import CATEGORY, Duty, Entry, Flow, Programme, Rulebook, State
from xunfang.rules.duties import owed_after_returns, owed_as_it_stands, owed_in_events
from xunfang.rules.intake import SUBMITTED
from xunfang.rules.occasions import draws, falls_on_each, is_noted, is_of_cases
from xunfang.rules.visits import asks_at_once, is_about_people

Lives = Callable[[str, str], bool]
"""Whether a rule is lived, by its kind and its id; a part of it (`<flow>.<state>`) is as the whole."""


def living(rulebook: Rulebook) -> Lives:
    """Return what tells whether a rule is lived."""
    reached = _Reached(rulebook).by_kind()

    def lives(kind: str, id: str) -> bool:
        if not KINDS[kind].lived:
            return False
        known = reached.get(kind)
        return known is None or id in known or id.partition(".")[0] in known

    return lives


def _is_opened(duty: Duty) -> bool:
    waits = owed_in_events(duty) or owed_after_returns(duty) or draws(duty) or falls_on_each(duty) or is_noted(duty)
    return owed_as_it_stands(duty) or waits or is_about_people(duty) or asks_at_once(duty)


class _Reached:
    """The rules that reports, the flows they open and the duties of units come to."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.flows = _flows(rulebook)
        self.states = [state for flow in self.flows for state in flow.states.values()]
        self.tables = {state.routes_by for state in self.states if state.routes_by in rulebook.routing}
        self.rows = [row for table in sorted(self.tables) for row in rulebook.routing[table].every_row]
        opened = (duty for duty in rulebook.duties.values() if _is_opened(duty))
        self.duties = [duty for duty in opened if self.flows or not is_of_cases(duty)]

    def by_kind(self) -> Mapping[str, frozenset[str]]:
        """Return what is reached of the kinds of which not everything is."""
        return {
            "flows": frozenset(flow.id for flow in self.flows),
            "routing": frozenset({*self.tables, *(row.id for row in self.rows)}),
            "duties": frozenset(duty.id for duty in self.duties),
            "forms": frozenset(self._forms()),
            "deadlines": frozenset(self._deadlines()),
            "notices": frozenset(self._notices()),
            "lists": frozenset(self._entries()),
            "programmes": frozenset(self._given()),
        }

    def _programmes(self) -> Iterator[Programme]:
        """Yield what the flows that are reached may grant."""
        outcomes = [outcome for state in self.states for outcome in state.outcomes.values() if outcome.grants]
        chosen = any(outcome.grants.startswith("$") for outcome in outcomes)
        named = {outcome.grants for outcome in outcomes}
        yield from (each for each in self.rulebook.programmes.values() if chosen or each.id in named)

    def _given(self) -> Iterator[str]:
        for programme in self._programmes():
            yield programme.id
            yield from (f"{programme.id}.{cap.id}" for cap in programme.caps)

    def _forms(self) -> Iterator[str]:
        for flow in self.flows:
            yield from flow.opens_on
        yield from (kind.form for kind in self.rulebook.alerts.values())
        opened = {form for flow in self.flows for form in flow.opens_on}
        for feed in self.rulebook.feeds.values():
            yield feed.row_form  # by which each row of a list is checked, whatever it opens
            yield from (feed.opens,) if feed.opens in opened else ()
        yield from (item.form for items in (self.states, self.rows, self.duties) for item in items)

    def _deadlines(self) -> Iterator[str]:
        yield from (flow.case_deadline for flow in self.flows)
        yield from (item.deadline for items in (self.states, self.rows) for item in items)
        yield from (each.id for each in self.rulebook.deadlines.values() if each.until == SUBMITTED)

    def _notices(self) -> Iterator[str]:
        for holder in self._printing():
            yield from holder
        deadlines = set(self._deadlines())
        for deadline in self.rulebook.deadlines.values():
            yield from (step.notice for step in deadline.escalate if deadline.id in deadlines)

    def _printing(self) -> Iterator[tuple[str, ...]]:
        yield tuple(kind for meeting in self.rulebook.meetings.values() for kind in (meeting.minutes, meeting.record))
        yield tuple(kind.id for kind in self.rulebook.notices.values() if kind.about)
        yield from (row.prints or () for row in self.rows)
        for state in self.states:
            yield state.prints
            yield from (outcome.prints for outcome in state.outcomes.values())

    def _entries(self) -> Iterator[str]:
        """A choice lives where a form offers it, a category that is computed where people are held to be of it."""
        forms = (self.rulebook.forms[name] for name in set(self._forms()) if name in self.rulebook.forms)
        offered = {list_id for form in forms for list_id in _lists_of(form)}
        for list_id in offered & set(self.rulebook.lists):
            entries: Iterator[Entry] = iter(self.rulebook.lists[list_id].entries.values())
            kept = list_id == CATEGORY
            yield from (f"{list_id}.{entry.id}" for entry in entries if kept or entry.when is None)


def _flows(rulebook: Rulebook) -> tuple[Flow, ...]:
    """Return the flows that a report opens, and all that these start."""
    found: dict[str, Flow] = {}
    waiting = [flow.id for flow in rulebook.flows.values() if any(form in rulebook.forms for form in flow.opens_on)]
    while waiting:
        name = waiting.pop()
        if name not in found and name in rulebook.flows:
            found[name] = rulebook.flows[name]
            waiting += [started for state in found[name].states.values() for started in _started(state)]
    return tuple(found.values())


def _started(state: State) -> Iterator[str]:
    for outcome in state.outcomes.values():
        yield from outcome.starts


def _lists_of(form: IntakeForm) -> Iterator[str]:
    for field in form.fields.values():
        yield field.list
        if field.row:
            yield from _lists_of(field.row)
