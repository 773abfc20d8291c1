"""The questions that pages of meetings ask: each opens a reader with the asking person's own scope."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import VERBS
from xunfang.casework.meetings import is_convener
from xunfang.casework.permits import state_of
from xunfang.desk.faces.meetings import ConvenedFace, DecideForm, OnSitting, SittingFace, SittingRow
from xunfang.desk.labels import Labels
from xunfang.desk.meetings import convened_face, on_sittings, sitting_face, sitting_row, states_of
from xunfang.desk.releases import Releases
from xunfang.desk.tasks import task_form
from xunfang.errors import NotFound
from xunfang.rulebook.model import Meeting, State
from xunfang.rules.meetings import attended_by, convened_by, ways_of
from xunfang.store.reading.meetings import Waiting
from xunfang.store.scoped import ScopedReader, scoped


@dataclass(frozen=True, slots=True)
class SittingReadings:
    """Answers what concerns meetings, within the sight of the person who asks."""

    deployment: Deployment

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def attended(self, actor: Actor) -> bool:
        """Return whether the person's unit convenes or belongs to any meeting, or sees where some are held."""
        rulebook = self._rules(actor).in_force
        return bool(rulebook.meetings) and (bool(actor.division) or attended_by(rulebook, actor.unit))

    def page(self, actor: Actor, after: str) -> tuple[Sequence[SittingRow], str]:
        """Return a page of the sittings in sight, that planned last first, and where the next begins."""
        with scoped(self.deployment.database, actor.scope) as reader:
            page = reader.meetings.page(after)
        rules = self._rules(actor)
        return [sitting_row(item, rules.labels(item.release)) for item in page.items], page.next

    def convened(self, actor: Actor) -> Sequence[ConvenedFace]:
        """Return the meetings that the person's unit convenes, with what waits for each."""
        rules = self._rules(actor)
        meetings = convened_by(rules.in_force, actor.unit) if may_call(actor) else ()
        if not meetings:
            return ()
        with scoped(self.deployment.database, actor.scope) as reader:
            return [convened_face(each, rules, self._waiting(reader, rules, actor, each.id)) for each in meetings]

    def _waiting(self, reader: ScopedReader, rules: Releases, actor: Actor, meeting: str) -> Sequence[Waiting]:
        return reader.meetings.waiting_for(actor.units, states_of(rules.in_force, meeting))

    def sitting(self, actor: Actor, sitting_id: str) -> SittingFace:
        """Return a sitting in sight; raises NotFound for any other."""
        rules = self._rules(actor)
        with scoped(self.deployment.database, actor.scope) as reader:
            stored = reader.meetings.file(sitting_id)
            may_add = is_convener(actor, stored.sitting) and stored.sitting.status in ("planned", "open")
            waiting = self._waiting(reader, rules, actor, stored.sitting.meeting) if may_add else ()
        return sitting_face(stored, rules, actor, waiting)

    def decide_form(self, actor: Actor, item_id: str) -> DecideForm:
        """Return what is needed to decide a case on a sitting that the person holds; raises NotFound for any other."""
        rules = self._rules(actor)
        with scoped(self.deployment.database, actor.scope) as reader:
            item, sitting = reader.meetings.item(item_id)
            if not is_convener(actor, sitting):
                raise NotFound()
            stored, task = reader.case_file(item.case), reader.task(item.task)
        labels, state = rules.labels(stored.case.release), state_of(rules.of(stored.case.release), task)
        meeting = labels.rulebook.meetings.get(sitting.meeting)
        if meeting is None or state is None:
            raise NotFound()
        return DecideForm(
            sitting=sitting.id,
            item=item.id,
            n=item.n,
            version=item.version,
            label=labels.meeting(sitting.meeting),
            ways=tuple(_ways(meeting, state, labels)),
            present=tuple((unit, labels.unit(unit)) for unit in sitting.present),
            task=task_form(task, stored, rules, None),
        )

    def of_case(self, actor: Actor, case_id: str) -> tuple[Sequence[OnSitting], str]:
        """Return the sittings that a case in sight is or was on, and the meeting on which the person can put it now."""
        rules = self._rules(actor)
        with scoped(self.deployment.database, actor.scope) as reader:
            case = reader.case(case_id)
            found = reader.meetings.of_case(case)
        labels = rules.labels(case.release)
        flow = labels.rulebook.flows.get(case.flow)
        state = flow.states.get(case.state) if flow else None
        free = state is not None and not any(each.status == "proposed" for each in found)
        ours = {each.id for each in convened_by(rules.in_force, actor.unit)} if may_call(actor) else set()
        meeting = state.meeting if state and free and state.meeting in ours else ""
        return list(on_sittings(found, labels)), meeting


def may_call(actor: Actor) -> bool:
    """Return whether somebody may call sittings at all: by the acts of the verb, as its address asks."""
    return not actor.acts.isdisjoint(VERBS["call-sitting"].acts)


def _ways(meeting: Meeting, state: State, labels: Labels) -> Iterator[tuple[str, str]]:
    """Yield the ways to settle a case, each by its decision and where that leads, if not all lead to the same."""
    ways = ways_of(meeting, state)
    alike = len({outcome.id for _, outcome in ways}) == 1
    for decision, outcome in ways:
        said = labels.decision(meeting.id, decision)
        led = f"{said}——{outcome.label}" if said and said != outcome.label and not alike else said or outcome.label
        yield f"{decision}:{outcome.id}", led
