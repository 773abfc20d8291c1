"""What a paper rests on: the clauses that bind this act, not all those that some rule on its way cites."""

from collections.abc import Iterable

from xunfang.rulebook.model import NoticeKind, Rulebook, State


def cited_by(kind: NoticeKind, state: State | None, outcome: str, cites: Iterable[str]) -> tuple[str, ...]:
    """Return the clauses of a paper, each once: those of its kind, and those of what printed it.

    What an outcome prints rests on that outcome, what a state prints on the state. A paper that puts a duty on a unit
    (the slip it gets a task by, a supervision) rests on whatever binds that unit's task: `cites`, rows and limit.
    """
    return tuple(dict.fromkeys((*kind.basis.cites, *_of_act(kind, state, outcome, tuple(cites)))))


def leave_for_caps(rulebook: Rulebook, cites: Iterable[str]) -> tuple[str, ...]:
    """Return those clauses of a task by which it passed a cap: whatever paper tells of it rests on them too."""
    overrides = [cap.override for programme in rulebook.programmes.values() for cap in programme.caps if cap.override]
    known = {clause for override in overrides for clause in override.basis.cites}
    return tuple(clause for clause in cites if clause in known)


def _of_act(kind: NoticeKind, state: State | None, outcome: str, cites: tuple[str, ...]) -> tuple[str, ...]:
    if state is None:
        return cites
    chosen = state.outcomes.get(outcome)
    if chosen and kind.id in chosen.prints:
        return chosen.basis.cites or state.basis.cites
    if kind.to == "person" or kind.units or (kind.id in state.prints and not state.per_route):
        return state.basis.cites
    return cites
