"""Meetings 会商: who belongs to one where, are enough of them present, and may the sitting decide so?"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from xunfang.rulebook.model import Meeting, Outcome, Rulebook, State, UnitRef
from xunfang.rules.units import answers_for, division_of, kind_of, unit_id

_QUORUMS = {"half": "半数以上", "two-thirds": "三分之二以上", "all": "全体"}


def is_quorate(meeting: Meeting, present: Collection[str], recused: Collection[str] = ()) -> bool:
    """Return whether enough of a meeting's members are present: "half" means 半数以上, half itself included
    (民法典第一千二百五十九条); "all" means every one.

    A meeting without a quorum sits with whoever comes; whoever is no member does not count. Members that stand aside
    回避 count neither among those present nor among those wanted; where all who came do, nobody is left to decide.
    """
    members = set(meeting.members) - set(recused)
    here = len(members & set(present))
    if recused and not here:
        return False
    if meeting.quorum == "half":
        return here * 2 >= len(members)
    if meeting.quorum == "two-thirds":
        return here * 3 >= len(members) * 2
    return here == len(members) if meeting.quorum == "all" else True


def may_decide(meeting: Meeting, decision: str, present: Collection[str], recused: Collection[str] = ()) -> bool:
    """Return whether a sitting with these members may decide so on a case."""
    return decision in meeting.decides and is_quorate(meeting, present, recused)


def quorum_words(meeting: Meeting) -> str:
    """Return how many members must come, in words; "" where anybody may sit."""
    return _QUORUMS.get(meeting.quorum, "")


def members_at(
    rulebook: Rulebook, meeting: Meeting, convener: str, places: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the unit that each member of a meeting is, where a case lies or else where the convener works."""
    home = division_of(convener)
    where = {"residence": home, "registration": home} if places is None else dict(places)
    found = {member: unit_id(rulebook, UnitRef(member), where) for member in meeting.members}
    return found | ({kind_of(convener): convener} if kind_of(convener) in found else {})


def invited_to(
    rulebook: Rulebook, meeting: Meeting, convener: str, places: Iterable[Mapping[str, str]]
) -> tuple[str, ...]:
    """Return the units that belong to a sitting, each once: those there are several of, where its cases lie."""
    each = [members_at(rulebook, meeting, convener, place) for place in places]
    alone = [members_at(rulebook, meeting, convener)] if not each else []
    found = (members[member] for member in meeting.members for members in (*each, *alone))
    return tuple(dict.fromkeys(found))


def kinds_among(units: Iterable[str]) -> frozenset[str]:
    """Return what kinds of unit there are among some."""
    return frozenset(map(kind_of, units))


def outcomes_on(state: State, decision: str) -> tuple[Outcome, ...]:
    """Return the outcomes of a state by which a decision of its meeting is carried out."""
    return tuple(
        outcome for outcome in state.outcomes.values() if decision == outcome.id or decision in outcome.on_decision
    )


def ways_of(meeting: Meeting, state: State) -> tuple[tuple[str, Outcome], ...]:
    """Return how a meeting can settle a case that stands in a state: each decision with an outcome of the state.

    What comes from a state that is none of its own is settled by an outcome alone.
    """
    if state.meeting != meeting.id:
        return tuple(("", outcome) for outcome in state.outcomes.values())
    return tuple((decision, outcome) for decision in meeting.decides for outcome in outcomes_on(state, decision))


def convened_by(rulebook: Rulebook, unit: str) -> tuple[Meeting, ...]:
    """Return the meetings that a unit convenes."""
    return tuple(meeting for meeting in rulebook.meetings.values() if answers_for(rulebook, unit, _seat(meeting, unit)))


def _seat(meeting: Meeting, unit: str) -> str:
    home = division_of(unit)
    return f"{meeting.convenes}:{home}" if home and kind_of(unit) == meeting.convenes else meeting.convenes


def attended_by(rulebook: Rulebook, unit: str) -> bool:
    """Return whether a unit convenes or belongs to any meeting."""
    kind = kind_of(unit)
    return any(kind in (meeting.convenes, *meeting.members) for meeting in rulebook.meetings.values())


def series_of(meeting: Meeting, convener: str) -> str:
    """Return the series in which the sittings of a meeting are numbered, gapless for each convener and year."""
    return f"sitting:{meeting.id}:{convener}"


def number_words(year: int, n: int) -> str:
    """Return the number of a sitting as it is spoken of."""
    return f"{year}年第{n}次"


def is_day_for(planned: date, today: date) -> bool:
    """Return whether a sitting can be called for a day: not for one that is over."""
    return planned >= today
