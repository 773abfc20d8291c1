"""Publications 公示: written down as a case enters a state that publishes, taken down as it leaves it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts, places_of
from xunfang.casework.objections import Objection
from xunfang.casework.rows import Case, Person, Publication, Task
from xunfang.clock import local
from xunfang.rulebook.model import State
from xunfang.rules.flow import home_of
from xunfang.rules.publications import digest_of, place_of, words_of


def publish(draft: Draft, case: Case, state: State, facts: Mapping[str, Any], until: datetime | None) -> None:
    """Write down what a state publishes, frozen as it stands now; `until` is when its wait is over."""
    rulebook, person = draft.rulebook, draft.find(Person, case.person)
    flow, residence = rulebook.flows[case.flow], rulebook.divisions.follow(case.residence)
    told = words_of(
        rulebook, flow, state, person.name if person else "", facts, {**places_of(case), "residence": residence}
    )
    posted = draft.put(
        Publication(
            id=draft.new_id(),
            jurisdiction=case.jurisdiction,
            residence=case.residence,
            place=place_of(rulebook, state.publishes, residence),
            case=case.id,
            flow=case.flow,
            state=state.id,
            board=state.publishes,
            release=case.release,
            told=told,
            sha256=digest_of(told, state.publishes, draft.at, until),
            posted_at=draft.at,
            until=until,
        )
    )
    data = {"publication": posted.id, "board": posted.board, "state": state.id, "sha256": posted.sha256}
    data |= {"until": local(until).isoformat()} if until else {}
    draft.event("publication.posted", case=case.id, data=data, cites=state.basis.cites)


def take_down(draft: Draft, case: Case) -> None:
    """Take down what a case published; what comes down before its time was cut short by an objection, or otherwise."""
    for posted in _hanging(draft, case):
        _come_down(draft, posted)


def _come_down(draft: Draft, posted: Publication) -> None:
    draft.change(posted, taken_down_at=draft.at)
    data = {"publication": posted.id, "board": posted.board, "state": posted.state}
    draft.event("publication.taken_down", case=posted.case, data=data)


def publish_anew(draft: Draft, case: Case) -> None:
    """Let what a case publishes hang where the rules that it goes on by now want it; what they don't want comes down.

    Nothing else would ever take that down: it is asked for where a flow publishes.
    """
    states = draft.rulebook.flows[case.flow].states
    for posted in draft.select(Publication, case=case.id, taken_down_at=None):
        state = states.get(posted.state)
        if state is None or state.publishes != posted.board:
            _come_down(draft, posted)
            if state and state.publishes:
                publish(draft, case, state, case_facts(draft, case), posted.until)


def interrupt(draft: Draft, case: Case) -> None:
    """Note that an objection cuts short what a case publishes."""
    for posted in _hanging(draft, case):
        draft.change(posted, interrupted=True)


def lengthen(draft: Draft, case: Case, until: datetime) -> None:
    """Let what a case publishes stay until its wait is over, by the days off known now."""
    for posted in _hanging(draft, case):
        if posted.until is not None:
            draft.change(posted, until=until)


def standing_objections(draft: Draft, case: Case, state: State) -> list[Objection]:
    """Return the objections to what a state publishes now because of which nobody can be said to have objected.

    Only where the rules let an objection cut the wait short.
    """
    hanging = {row.id for row in _hanging(draft, case) if row.state == state.id} if state.interrupted_by else set()
    against = draft.objections[case.person] if hanging else ()
    return [each for each in against if each.publication in hanging and each.stands]


def note_objection(draft: Draft, posted: Publication, objection: Case) -> None:
    """Record in the case that published it that something is objected to, and tell those who look after it."""
    published = draft.case(posted.case)
    data = {"publication": posted.id, "board": posted.board, "state": posted.state, "number": objection.number}
    draft.event("publication.objected", case=published.id, data=data)
    flow = draft.rulebook.flows.get(published.flow)
    state = flow.states.get(posted.state) if flow else None
    if state is None:
        return
    body = f"对个案 {published.number} 的“{state.label}”有人提出异议，已登记为 {objection.number}，请及时核查。"
    body += "异议办结以前，公示不能记为无异议。" if state.interrupted_by else ""
    for unit in keepers(draft, published, state):
        key = f"objected:{draft.new_id()}:{unit}"
        draft.tell(unit, "objection", "公示收到异议", body, key=key, case=published.id)


def keepers(draft: Draft, case: Case, state: State) -> list[str]:
    """Return the units that look after what a case publishes: those with a task there, else where its flow begins."""
    held = dict.fromkeys(task.unit for task in draft.select(Task, case=case.id, state=state.id, ended_at=None))
    return list(held) or [home_of(draft.rulebook, draft.rulebook.flows[case.flow], places_of(case))]


def _hanging(draft: Draft, case: Case) -> list[Publication]:
    """Return what a case publishes now; of a flow that publishes nothing nobody asks."""
    flow = draft.rulebook.flows.get(case.flow)
    publishes = flow is not None and any(state.publishes for state in flow.states.values())
    return draft.select(Publication, case=case.id, taken_down_at=None) if publishes else []
