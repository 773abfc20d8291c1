"""Sittings 会议: called, opened with whoever came, each case on them decided, postponed or taken off, and closed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.handling import need_reason
from xunfang.casework.rows import AgendaItem, Sitting, Task
from xunfang.casework.verb import Asked
from xunfang.clock import local, local_date, parse
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import Meeting, Rulebook
from xunfang.rules.meetings import (
    convened_by,
    invited_to,
    is_day_for,
    is_quorate,
    kinds_among,
    number_words,
    quorum_words,
    series_of,
)
from xunfang.rules.units import answers_for, division_of, unit_label

MOST_ITEMS = 200
"""So many cases go on one sitting."""
_PLACE, _NAMES = 100, 200
OPEN_ENDED = ("planned", "open")
"""How a sitting stands on which something can still be put."""


def call(draft: Draft, asked: Asked) -> None:
    """Call a sitting of a meeting for a moment and a place, with the tasks that are to be decided on it.

    Raises NotAllowed, Invalid with every problem.
    """
    meeting = _convened(draft, asked.kind)
    if wrong := [*_wrong_terms(draft, asked)]:
        raise Invalid(wrong)
    planned, place = _moment(asked.moment), str(asked.payload.get("place", "")).strip()
    assert planned is not None
    sitting = draft.put(
        Sitting(
            id=draft.new_id(),
            jurisdiction=draft.actor.jurisdiction,
            residence=division_of(draft.actor.unit) or draft.rulebook.code,
            meeting=meeting.id,
            unit=draft.actor.unit,
            year=local(draft.at).year,
            n=draft.next_of(series_of(meeting, draft.actor.unit)),
            planned_at=planned,
            place=place,
            release=draft.rulebook.digest,
            called_at=draft.at,
            called_by=draft.actor.account,
        )
    )
    data = {**told_of(sitting), "planned_at": local(planned).isoformat()}
    draft.event("sitting.called", data=data, rule=meeting.id, cites=meeting.basis.cites)
    put_on(draft, sitting, meeting, asked.payload.get("tasks", ()))


def told_of(sitting: Sitting) -> dict[str, Any]:
    """Return by what events name a sitting."""
    return {"sitting": sitting.id, "meeting": sitting.meeting, "session": number_words(sitting.year, sitting.n)}


def _convened(draft: Draft, meeting: str) -> Meeting:
    if not meeting:
        raise Invalid([FieldProblem("kind", "请选择要召开的会议。", "FIELD_MISSING")])
    found = {each.id: each for each in convened_by(draft.rulebook, draft.actor.unit)}.get(meeting)
    if found is None:
        raise NotAllowed("这个会议不由本单位召集。")
    return found


def _wrong_terms(draft: Draft, asked: Asked) -> Iterable[FieldProblem]:
    planned, place = _moment(asked.moment), str(asked.payload.get("place", "")).strip()
    if planned is None:
        yield FieldProblem("planned", "请填写开会时间。", "FIELD_MISSING")
    elif not is_day_for(local_date(planned), local_date(draft.at)):
        yield FieldProblem("planned", "开会时间已经过去，请填今天或者以后。")
    if not place:
        yield FieldProblem("place", "请填写开会地点。", "FIELD_MISSING")
    elif len(place) > _PLACE:
        yield FieldProblem("place", f"地点最多{_PLACE}字。")


def _moment(text: str) -> datetime | None:
    try:
        return parse(text) if text else None
    except ValueError:
        return None


def put_on(draft: Draft, sitting: Sitting, meeting: Meeting, tasks: Iterable[str]) -> None:
    """Put cases on a sitting, each by the task that it is to decide; one that waits on another sitting stays there.

    Raises Conflict for one that cannot be decided there any more, Invalid for more than a sitting can take.
    """
    there = draft.select(AgendaItem, sitting=sitting.id)
    wanted = [draft.task(key) for key in dict.fromkeys(map(str, tasks))]
    if len(there) + len(wanted) > MOST_ITEMS:
        raise Invalid([FieldProblem("tasks", f"一次会议至多研究{MOST_ITEMS}件个案，其余的请另排一次会议。")])
    for n, task in enumerate(wanted, start=len(there) + 1):
        _put(draft, sitting, task, n)
    cases = [draft.case(item.case) for item in draft.select(AgendaItem, sitting=sitting.id)]
    invited = invited_to(draft.rulebook, meeting, sitting.unit, map(places_of, cases))
    draft.change(draft_sitting(draft, sitting.id), invited=tuple(dict.fromkeys((*invited, *sitting.present))))


def _put(draft: Draft, sitting: Sitting, task: Task, n: int) -> None:
    before = draft.select(AgendaItem, task=task.id)
    case = draft.case(task.case)
    if not is_for(draft.rulebook, sitting.unit, task):
        raise Conflict(f"个案 {case.number} 现在不由召集单位办理，不能列入议题。", "NOT_FOR_AGENDA")
    if task.ended_at or any(item.status == "proposed" for item in before):
        message = f"个案 {case.number} 已经办结或者已列入另一次会议，没有列入。请刷新页面。"
        raise Conflict(message, "NOT_FOR_AGENDA")
    item = AgendaItem(
        id=draft.new_id(),
        jurisdiction=sitting.jurisdiction,
        sitting=sitting.id,
        case=case.id,
        task=task.id,
        turn=len(before) + 1,
        n=n,
        put_at=draft.at,
    )
    draft.put(item)
    draft.event("sitting.item_put", case=case.id, task=task.id, data={**told_of(sitting), "item": n})


def is_for(rulebook: Rulebook, convener: str, task: Task) -> bool:
    """Return whether a task can be decided on sittings of a convener: it leads there, and no dispatch ends it."""
    state = rulebook.flows[task.flow].states.get(task.state) if task.flow in rulebook.flows else None
    leads = task.subject == "case" and task.role == "lead" and not (state and state.routes_by)
    return leads and answers_for(rulebook, convener, task.unit)


def draft_sitting(draft: Draft, key: str) -> Sitting:
    """Return a sitting that is certainly in the file, as it stands now."""
    found = draft.find(Sitting, key)
    assert found is not None
    return found


def draft_item(draft: Draft, key: str) -> AgendaItem:
    """Return an item of the agenda that is certainly in the file, as it stands now."""
    found = draft.find(AgendaItem, key)
    assert found is not None
    return found


def is_convener(actor: Actor, sitting: Sitting) -> bool:
    """Return whether a sitting is somebody's to hold: its convener's, for those who complete tasks there."""
    return sitting.unit in actor.units and "complete" in actor.acts


def convening(draft: Draft, asked: Asked, *statuses: str) -> tuple[Sitting, Meeting]:
    """Return the sitting of an act, as its convener holds it; raises NotAllowed, Conflict."""
    sitting = draft_sitting(draft, str(asked.payload["sitting"]))
    if not is_convener(draft.actor, sitting):
        raise NotAllowed("会议由召集单位组织，您不能办理。")
    if sitting.status not in statuses:
        raise Conflict("这次会议刚刚有变动，请刷新页面，看过最新情况后再办理。", "SITTING_CHANGED")
    meeting = draft.rulebook.meetings.get(sitting.meeting)
    if meeting is None:
        raise Conflict("现行规则中已没有这个会商，不能再办理。", "NOT_NOW")
    return sitting, meeting


def add(draft: Draft, asked: Asked) -> None:
    """Put more cases on a sitting that is not over."""
    sitting, meeting = convening(draft, asked, *OPEN_ENDED)
    put_on(draft, sitting, meeting, asked.payload.get("tasks", ()))


def invite(draft: Draft, asked: Asked) -> None:
    """Tell every unit that belongs to a sitting when and where it is, and what it is about."""
    sitting, meeting = convening(draft, asked, "planned")
    _drop_settled(draft, sitting)
    count = len(draft.select(AgendaItem, sitting=sitting.id, status="proposed"))
    when = f"{local(sitting.planned_at):%-m月%-d日%H:%M}"
    named = f"{meeting.label}{number_words(sitting.year, sitting.n)}会议"
    body = f"{named}定于{when}在{sitting.place}召开，研究{count}件个案。"
    for unit in sitting.invited:
        if unit != sitting.unit:
            key = f"sitting:{sitting.id}:{sitting.version}:{unit}"
            draft.tell(unit, "sitting", f"会议通知：{meeting.label}", f"{body}请在“会商”中查看议题。", key=key)
    draft.change(sitting, invited_at=draft.at)
    data = {**told_of(sitting), "units": list(sitting.invited)}
    draft.event("sitting.invited", data=data, rule=meeting.id, cites=meeting.basis.cites)


def open_sitting(draft: Draft, asked: Asked) -> None:
    """Open a sitting with whoever came 实到, by unit; raises Invalid where too few of its members did."""
    sitting, meeting = convening(draft, asked, "planned")
    present = _present(sitting, asked.payload.get("present", {}))
    if why := why_not_quorate(draft.rulebook, meeting, sitting.invited, present):
        raise Invalid([FieldProblem("present", why)], "会议没有开始。")
    _drop_settled(draft, sitting)
    draft.change(sitting, status="open", opened_at=draft.at, present=present)
    data = {**told_of(sitting), "came": len(present), "invited": len(sitting.invited)}
    draft.event("sitting.opened", data=data, rule=meeting.id, cites=meeting.basis.cites)


def _present(sitting: Sitting, told: Mapping[str, Any]) -> dict[str, str]:
    found = {unit: str(told[unit]).strip() for unit in sitting.invited if unit in told}
    if not found:
        raise Invalid([FieldProblem("present", "请勾选到会的单位。", "FIELD_MISSING")], "会议没有开始。")
    if any(len(names) > _NAMES for names in found.values()):
        raise Invalid([FieldProblem("present", f"每个单位的到会人员最多{_NAMES}字。")], "会议没有开始。")
    return found


def why_not_quorate(rulebook: Rulebook, meeting: Meeting, invited: Iterable[str], present: Iterable[str]) -> str:
    """Return why a sitting cannot begin with those present, naming who is missing; "" where it can."""
    here = set(present)
    if is_quorate(meeting, kinds_among(here)):
        return ""
    missing = "、".join(unit_label(rulebook, unit) for unit in invited if unit not in here)
    return f"到会单位不足：规定{quorum_words(meeting)}成员单位到会方可议决。未到会的有{missing}。"


def postpone(draft: Draft, asked: Asked) -> None:
    """Leave a case to a later sitting 延期, with a reason: its task waits there again."""
    sitting, _ = convening(draft, asked, *OPEN_ENDED)
    need_reason(asked.reason, "延期理由")
    end_item(draft, sitting, _proposed(draft, asked), "postponed", asked.reason)


def take_off(draft: Draft, asked: Asked) -> None:
    """Take a case off the agenda, with a reason: its task is completed as any other."""
    sitting, _ = convening(draft, asked, *OPEN_ENDED)
    need_reason(asked.reason, "撤下理由")
    end_item(draft, sitting, _proposed(draft, asked), "withdrawn", asked.reason)


def _proposed(draft: Draft, asked: Asked) -> AgendaItem:
    item = draft_item(draft, str(asked.payload["item"]))
    if item.version != asked.version or item.status != "proposed":
        raise Conflict("这一议题刚刚有变动，请刷新页面，看过最新情况后再办理。", "ITEM_CHANGED")
    return item


def end_item(draft: Draft, sitting: Sitting, item: AgendaItem, status: str, reason: str) -> None:
    """Note what became of a case on a sitting that was not decided there."""
    draft.change(item, status=status, words=reason.strip(), decided_at=draft.at)
    data = {**told_of(sitting), "item": item.n, "reason": reason.strip()}
    draft.event(f"sitting.item_{status}", case=item.case, task=item.task, data=data)


def close(draft: Draft, asked: Asked) -> None:
    """Close a sitting on which nothing is left; what was settled elsewhere meanwhile comes off the agenda."""
    sitting, meeting = convening(draft, asked, "open")
    _drop_settled(draft, sitting)
    left = draft.select(AgendaItem, sitting=sitting.id, status="proposed")
    if left:
        raise Conflict(f"还有{len(left)}件没有议决，请先逐件议决，或者延期、撤下，再结束会议。", "ITEMS_LEFT")
    draft.change(sitting, status="closed", closed_at=draft.at)
    decided = len(draft.select(AgendaItem, sitting=sitting.id, status="decided"))
    draft.event("sitting.closed", data={**told_of(sitting), "settled": decided}, rule=meeting.id)


def _drop_settled(draft: Draft, sitting: Sitting) -> None:
    for item in draft.select(AgendaItem, sitting=sitting.id, status="proposed"):
        task = draft.task(item.task)
        if task.ended_at:
            end_item(draft, sitting, item, "withdrawn", "已在会外办结" if task.status == "done" else "任务已收回")


def cancel(draft: Draft, asked: Asked) -> None:
    """Call off a sitting that has not begun, with a reason: its cases wait for another, those invited are told."""
    sitting, meeting = convening(draft, asked, "planned")
    need_reason(asked.reason, "取消理由")
    _drop_settled(draft, sitting)
    for item in draft.select(AgendaItem, sitting=sitting.id, status="proposed"):
        end_item(draft, sitting, item, "postponed", f"会议取消：{asked.reason.strip()}")
    draft.change(sitting, status="cancelled", closed_at=draft.at, reason=asked.reason.strip())
    draft.event("sitting.cancelled", data={**told_of(sitting), "reason": asked.reason.strip()}, rule=meeting.id)
    if sitting.invited_at:
        body = f"原定{local(sitting.planned_at):%-m月%-d日%H:%M}的会议取消：{asked.reason.strip()}"
        for unit in (unit for unit in sitting.invited if unit != sitting.unit):
            key = f"sitting-off:{sitting.id}:{unit}"
            draft.tell(unit, "sitting", f"会议取消：{meeting.label}", body, key=key)
