"""Publications 公示: written down as a case enters a state that publishes, taken down as it leaves it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.rows import Case, Person, Publication
from xunfang.clock import local
from xunfang.rulebook.model import State
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
        draft.change(posted, taken_down_at=draft.at)
        data = {"publication": posted.id, "board": posted.board, "state": posted.state}
        draft.event("publication.taken_down", case=case.id, data=data)


def interrupt(draft: Draft, case: Case) -> None:
    """Note that an objection cuts short what a case publishes."""
    for posted in _hanging(draft, case):
        draft.change(posted, interrupted=True)


def lengthen(draft: Draft, case: Case, until: datetime) -> None:
    """Let what a case publishes stay until its wait is over, by the days off known now."""
    for posted in _hanging(draft, case):
        if posted.until is not None:
            draft.change(posted, until=until)


def _hanging(draft: Draft, case: Case) -> list[Publication]:
    """Return what a case publishes now; of a flow that publishes nothing nobody asks."""
    flow = draft.rulebook.flows.get(case.flow)
    publishes = flow is not None and any(state.publishes for state in flow.states.values())
    return draft.select(Publication, case=case.id, taken_down_at=None) if publishes else []
