"""Sittings 会议 of meetings, in words."""

from collections.abc import Iterable, Iterator

from xunfang.actions.deployment import Actor
from xunfang.casework import Sitting
from xunfang.casework.meetings import is_convener
from xunfang.desk.faces.meetings import (
    ConvenedFace,
    ItemFace,
    OnSitting,
    SeatFace,
    SittingFace,
    SittingRow,
    WaitingFace,
)
from xunfang.desk.labels import Labels
from xunfang.desk.minutes import minutes_face
from xunfang.desk.releases import Releases
from xunfang.rulebook.model import Meeting, Rulebook
from xunfang.rules.meetings import number_words, quorum_words
from xunfang.store.reading.meetings import CaseOnSitting, OnAgenda, SittingFile, SittingItem, Waiting

STATUS = {"planned": "待开会", "open": "正在开会", "closed": "已结束", "cancelled": "已取消"}
ITEM_STATUS = {"proposed": "待议决", "decided": "已议决", "postponed": "延期", "withdrawn": "已撤下"}


def sitting_row(item: SittingItem | Sitting, labels: Labels) -> SittingRow:
    """Return one line of the list, by the names of the release it was called by."""
    return SittingRow(
        id=item.id,
        label=labels.meeting(item.meeting),
        session=number_words(item.year, item.n),
        planned_at=item.planned_at,
        unit=labels.unit(item.unit),
        status=STATUS[item.status],
        status_id=item.status,
    )


def sitting_face(stored: SittingFile, rules: Releases, actor: Actor, waiting: Iterable[Waiting]) -> SittingFace:
    """Return a sitting for its page, as this person may see and hold it."""
    sitting, labels = stored.sitting, rules.labels(stored.sitting.release)
    meeting, holds = labels.rulebook.meetings.get(sitting.meeting), is_convener(actor, sitting)
    return SittingFace(
        row=sitting_row(sitting, labels),
        place=sitting.place,
        called_by=stored.names.get(sitting.called_by, ""),
        called_at=sitting.called_at,
        invited_at=sitting.invited_at,
        opened_at=sitting.opened_at,
        closed_at=sitting.closed_at,
        reason=sitting.reason,
        seats=tuple(SeatFace(unit, labels.unit(unit), sitting.present.get(unit)) for unit in sitting.invited),
        quorum=quorum_words(meeting) if meeting else "",
        items=tuple(_item(each, sitting, rules) for each in stored.agenda),
        basis=labels.basis(meeting.basis) if meeting else (),
        holds=holds,
        waiting=tuple(waiting_face(each, rules) for each in waiting) if holds else (),
        minutes=minutes_face(stored, rules, actor),
    )


def _item(stored: OnAgenda, sitting: Sitting, rules: Releases) -> ItemFace:
    item, labels, seen = stored.item, rules.labels(stored.release), bool(stored.number)
    outcome = labels.outcome(stored.flow, stored.state, item.outcome) if item.outcome else ""
    decision = labels.decision(sitting.meeting, item.decision) if item.decision else ""
    return ItemFace(
        id=item.id,
        n=item.n,
        version=item.version,
        what=f"{labels.flow(stored.flow)}（{labels.stage(stored.flow, stored.state)}）",
        case=item.case if seen else "",
        number=stored.number,
        person=stored.person,
        status=ITEM_STATUS[item.status],
        status_id=item.status,
        decided="；".join(dict.fromkeys(filter(None, (decision, outcome)))) if seen else "",
        recused=tuple(labels.unit(unit) for unit in item.recused),
        votes=_votes(item.votes_for, item.votes_against) if seen else "",
        words=item.words if seen else "",
        decided_at=item.decided_at,
        settled=stored.ended and item.status == "proposed",
    )


def _votes(yes: int | None, no: int | None) -> str:
    told = (("赞成", yes), ("反对", no))
    return "，".join(f"{name}{n}票" for name, n in told if n is not None)


def waiting_face(item: Waiting, rules: Releases) -> WaitingFace:
    """Return a case that waits for a sitting."""
    labels = rules.labels(item.release)
    return WaitingFace(
        task=item.task,
        case=item.case,
        number=item.number,
        person=item.person or item.number,
        what=f"{labels.flow(item.flow)}（{labels.stage(item.flow, item.state)}）",
        due_at=item.due_at,
        postponed=item.postponed,
    )


def convened_face(meeting: Meeting, rules: Releases, waiting: Iterable[Waiting]) -> ConvenedFace:
    """Return a meeting for those who convene it, with what waits for it."""
    members = tuple(_member(rules.in_force, member) for member in meeting.members)
    found = tuple(waiting_face(each, rules) for each in waiting)
    return ConvenedFace(meeting.id, meeting.label, members, quorum_words(meeting), found)


def _member(rulebook: Rulebook, member: str) -> str:
    unit = rulebook.units.get(member)
    return unit.label.replace("{division}", "") if unit else member


def on_sittings(found: Iterable[CaseOnSitting], labels: Labels) -> Iterator[OnSitting]:
    """Yield on which sittings a case is or was, and what was decided there."""
    for each in found:
        decision = f"：{labels.decision(each.meeting, each.decision)}" if each.decision else ""
        label = f"{labels.meeting(each.meeting)}{number_words(each.year, each.n)}会议"
        status = f"{ITEM_STATUS[each.status]}{decision}"
        yield OnSitting(each.sitting if each.seen else "", label, each.planned_at, status, each.task)


def states_of(rulebook: Rulebook, meeting: str) -> list[tuple[str, str]]:
    """Return the states, each of a flow, that a meeting settles."""
    flows = rulebook.flows.values()
    return [(flow.id, state.id) for flow in flows for state in flow.states.values() if state.meeting == meeting]
