"""Divisions change 区划调整: what is open on one that has ended goes on at its successor, and nobody's limit moves.

Where somebody lives is moved with the village; a unit goes with the people it was the unit of, else to the successor
that takes what nothing else decides. What has ended stays as it was recorded.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xunfang.casework.clocks import catch_breach, follow_lead
from xunfang.casework.draft import Draft
from xunfang.casework.items import kind_of
from xunfang.casework.proposals import as_data, proposal_of
from xunfang.casework.rows import About, Case, Dispatch, DutyPeriod, Notice, Task
from xunfang.casework.tasks import CONSULT, end_task, take_back
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook
from xunfang.rules.routing import Proposal
from xunfang.rules.units import division_of, follow_unit, unit_label
from xunfang.rules.units import kind_of as kind_of_unit

NOT_YET_PRINTED = ("wanted", "draft", "signed", "failed", "refused")
"""How a paper stands that goes out by the new name; one with a number keeps its unit, whose series that is of."""
_AT_WORK = ("wanted", "signed")
BECAUSE = "区划调整"
Moves = tuple[tuple[str, str], ...]
"""Where the people of a case lived and were registered, and what that is now."""


def follow_case(draft: Draft, case: Case) -> None:
    """Move what is open in a case to the successors of the divisions it stands on; nothing where none has ended."""
    moves = moves_of(draft.rulebook, case)
    papers = (each for each in draft.select(Notice, case=case.id, n=None) if each.status in NOT_YET_PRINTED)
    if case.closed_at:
        for notice in papers:
            _follow_paper(draft, notice, moves)
        return
    tasks = draft.select(Task, case=case.id, ended_at=None)
    moved = [follow_places(draft, case, moves)]
    for task in tasks:
        moved.append(_follow_task(draft, draft.case(case.id), draft.task(task.id), moves))
    for dispatch in draft.select(Dispatch, case=case.id, status="proposed"):
        moved.append(_follow_dispatch(draft, dispatch, moves))
    moved += [_follow_paper(draft, notice, moves) for notice in papers]
    if any(moved) and (units := _units_after(draft.rulebook, moves, tasks)):
        draft.readdress(units, case=case.id)


def moves_of(rulebook: Rulebook, case: Case) -> Moves:
    """Return where the person of a case lives and is registered, each with what that is on the day of the rules."""
    return tuple((place, rulebook.divisions.follow(place)) for place in (case.residence, case.registration))


def unit_after(rulebook: Rulebook, unit: str, moves: Moves) -> str:
    """Return whose something is now that was a unit's: that of its people where these moved, else its successor."""
    division = division_of(unit)
    found = rulebook.divisions.get(division)
    if found is None:
        return unit
    for before, after in moves:
        place = rulebook.divisions.ancestor(after, found.level) if before.startswith(division) else ""
        if before != after and place:
            return f"{kind_of_unit(unit)}:{place}"
    return follow_unit(rulebook, unit)


def follow_places(draft: Draft, case: Case, moves: Moves) -> bool:
    """Let a case lie where its people live now; return whether that is another place."""
    (residence, now), (registration, registered) = moves
    if (residence, registration) == (now, registered):
        return False
    data = _changed(residence=(residence, now), registration=(registration, registered))
    draft.event("case.division_changed", case=case.id, data=data)
    draft.change(case, residence=now, registration=registered)
    return True


def _changed(**pairs: tuple[Any, Any]) -> dict[str, Any]:
    """Return what was something else before, for an event: each with what it was and what it is."""
    return {"changed": {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}}


def _units_at(rulebook: Rulebook, places: Iterable[str]) -> Iterator[str]:
    """Yield every unit that is, or was, that of a place, at whatever level: whose something is, and those above."""
    for place in dict.fromkeys(places):
        for unit in rulebook.units.values():
            if unit.per and (division := rulebook.divisions.ancestor(place, unit.per)):
                yield f"{unit.id}:{division}"


def _units_after(rulebook: Rulebook, moves: Moves, tasks: Iterable[Task]) -> dict[str, str]:
    """Return by unit who follows it, of all that reminders of a case may go to."""
    places = (*(before for before, _ in moves), *(division_of(task.unit) for task in tasks))
    named = _units_at(rulebook, places)
    return {unit: after for unit in named if (after := unit_after(rulebook, unit, moves)) != unit}


# tasks


def _follow_task(draft: Draft, case: Case, task: Task, moves: Moves) -> bool:
    if task.ended_at:  # one that was asked ends with what asked it
        return False
    unit = unit_after(draft.rulebook, task.unit, moves)
    if unit == task.unit:
        if task.residence != case.residence:
            draft.change(task, residence=case.residence)
        return False
    if same := _held_already(draft, task, unit):
        _fold(draft, case, task, same, unit)
    else:
        _hand_on(draft, case, task, unit)
    return True


def _held_already(draft: Draft, task: Task, unit: str) -> Task | None:
    """Return the task that the new unit has in the same state already: one unit, one task."""
    if task.role == CONSULT:
        return None
    theirs = draft.select(Task, case=task.case, state=task.state, unit=unit, ended_at=None)
    return next((one for one in theirs if one.role == "lead" or one.role == task.role), None)


def _fold(draft: Draft, case: Case, task: Task, same: Task, unit: str) -> None:
    """Let two tasks of units that became one be one: that whose limit is over first, since both have to be kept."""
    if _over_first(task, same):
        _hand_on(draft, case, task, unit)
        task, same = same, task
    catch_breach(draft, task)
    take_back(draft, task, f"{BECAUSE}，与{unit_label(draft.rulebook, unit)}的同一项任务并为一件")
    kept = draft.change(same, routes=tuple(dict.fromkeys([*same.routes, *task.routes])), residence=case.residence)
    for assisting in draft.select(Task, lead_task=task.id, ended_at=None):
        follow_lead(draft, assisting, kept)
    _tell_folded(draft, case, task, kept)


def _over_first(task: Task, same: Task) -> bool:
    """Return whether the limit of a task is over before that of another; one that stands still is over after any."""
    if task.role != same.role or task.due_at is None:
        return False
    return same.due_at is None or task.due_at < same.due_at


def _tell_folded(draft: Draft, case: Case, gone: Task, kept: Task) -> None:
    """Tell whose task is folded into another one, and who has that now."""
    named, now = kind_of(gone).task_named(draft.rulebook, gone, case), unit_label(draft.rulebook, kept.unit)
    due = f"，应于{local(kept.due_at):%-m月%-d日 %H:%M}前办理" if kept.due_at else ""
    body = f"{BECAUSE}，{named}与{now}的同一项任务并为一件，由{now}接着办{due}；原来那一件随之收回，不用再办。"
    for unit in dict.fromkeys((kept.unit, gone.unit)):
        key = f"folded:{gone.id}:{unit}"
        draft.tell(unit, "moved", f"{BECAUSE}，任务并为一件", body, key=key, case=case.id, task=kept.id)


def _hand_on(draft: Draft, case: Case, task: Task, unit: str) -> None:
    draft.change(task, unit=unit, residence=case.residence, **_claim(draft, task, unit))
    data = {**_changed(unit=(task.unit, unit)), "state": task.state}
    draft.event("task.division_changed", case=case.id, task=task.id, data=data, cites=task.cites)
    _tell(draft, draft.task(task.id), case, task.unit)


def _claim(draft: Draft, task: Task, unit: str) -> Mapping[str, Any]:
    """Who has a task in hand keeps it where they went with it: accounts go to the unit that follows their own."""
    if not task.claimed_by or follow_unit(draft.rulebook, task.unit) == unit:
        return {}
    return {"status": "open", "claimed_by": "", "claimed_at": None}


def _tell(draft: Draft, task: Task, about: About, was: str) -> None:
    rulebook = draft.rulebook
    named = kind_of(task).task_named(rulebook, task, about)
    now = unit_label(rulebook, task.unit)
    title = f"{BECAUSE}，任务转由{now}承办"
    body = f"{BECAUSE}，{named}由{unit_label(rulebook, was)}转由{now}承办，期限不变。"
    case = about.id if isinstance(about, Case) else ""
    for unit in (task.unit, was):
        key = f"followed:{task.id}:{unit}:{task.unit}"
        draft.tell(unit, "moved", title, body, key=key, case=case, task=task.id)


# dispatch, papers


def _follow_dispatch(draft: Draft, dispatch: Dispatch, moves: Moves) -> bool:
    rulebook = draft.rulebook
    unit = unit_after(rulebook, dispatch.unit, moves)
    proposed = as_data(proposals_after(rulebook, map(proposal_of, dispatch.proposed), moves))
    if unit == dispatch.unit and proposed == [dict(item) for item in dispatch.proposed]:
        return False
    draft.change(dispatch, unit=unit, proposed=proposed)
    data = {**_changed(unit=(dispatch.unit, unit)), "leads": [item["lead"] for item in proposed]}
    draft.event("dispatch.division_changed", case=dispatch.case, data=data)
    return True


def proposals_after(rulebook: Rulebook, proposals: Iterable[Proposal], moves: Moves) -> tuple[Proposal, ...]:
    """Return what was proposed, by the units of now; those that became one lead once, by the rows of all."""
    found: dict[str, Proposal] = {}
    for item in proposals:
        lead, *rest = (unit_after(rulebook, unit, moves) for unit in (item.lead, *item.assist))
        known = found.get(lead, item._replace(lead=lead, assist=()))
        found[lead] = known._replace(
            assist=tuple(dict.fromkeys(unit for unit in (*known.assist, *rest) if unit != lead)),
            routes=tuple(dict.fromkeys((*known.routes, *item.routes))),
            cites=tuple(dict.fromkeys((*known.cites, *item.cites))),
            informs=tuple(dict.fromkeys(unit_after(rulebook, unit, moves) for unit in (*known.informs, *item.informs))),
        )
    return tuple(found.values())


def _follow_paper(draft: Draft, notice: Notice, moves: Moves) -> bool:
    rulebook = draft.rulebook
    unit = unit_after(rulebook, notice.unit, moves)
    addressees, copies = (
        tuple(dict.fromkeys(unit_after(rulebook, each, moves) for each in units))
        for units in (notice.addressees, notice.copies)
    )
    if (unit, addressees, copies) == (notice.unit, notice.addressees, notice.copies):
        return False
    draft.change(notice, unit=unit, addressees=addressees, copies=copies)
    to, told = (notice.addressees, addressees), (notice.copies, copies)
    data = {"kind": notice.kind, **_changed(unit=(notice.unit, unit), addressees=to, copies=told)}
    draft.event("notice.division_changed", case=notice.case, task=notice.task, data=data)
    return True


# duties


def follow_duty(draft: Draft, task: Task, *, known: bool, turn: int | None = None) -> None:
    """Let what a unit owes under a duty be owed by the one that follows it.

    `known`: that one has it on its books for the same period already, and nobody owes twice. `turn`: as which turn of
    the period it owes it, where that is another.
    """
    owed = draft.owed(task)
    turn = owed.turn if turn is None else turn
    unit = follow_unit(draft.rulebook, owed.unit)
    to = tuple(dict.fromkeys(follow_unit(draft.rulebook, each) for each in owed.to))
    data = {**_changed(unit=(owed.unit, unit), to=(owed.to, to)), "duty": owed.duty}
    if known and unit != owed.unit:
        end_task(draft, task, "withdrawn", outcome="waived")
        draft.change(owed, status="waived", ended_at=draft.at)
        draft.event("duty.folded", task=task.id, data=data, cites=task.cites)
    elif data["changed"]:
        task = draft.change(task, excused=_excused_after(draft.rulebook, owed, task))
        _owe(
            draft,
            task,
            draft.change(
                owed, unit=unit, to=to, receivers=len(to), residence=division_of(unit) or owed.residence, turn=turn
            ),
        )
        draft.event("duty.division_changed", task=task.id, data=data, cites=task.cites)


def _excused_after(rulebook: Rulebook, owed: DutyPeriod, task: Task) -> tuple[str, ...]:
    """Return which of those reported to ask for it no more: where several became one, only if none of them does."""
    asking = {follow_unit(rulebook, unit) for unit in owed.to if unit not in task.excused}
    excused = (follow_unit(rulebook, unit) for unit in task.excused)
    return tuple(dict.fromkeys(unit for unit in excused if unit not in asking))


def follow_alert(draft: Draft, task: Task) -> None:
    """Let an event be in the hands of the unit that follows the one which declared it; its places are those of now."""
    alert = draft.alert(task)
    unit = follow_unit(draft.rulebook, alert.unit)
    if unit == alert.unit:
        return
    moved = draft.change(alert, unit=unit, residence=division_of(unit) or alert.residence)
    draft.change(task, unit=unit, residence=moved.residence, **_claim(draft, task, unit))
    data = {**_changed(unit=(alert.unit, unit)), "kind": alert.kind}
    draft.event("alert.division_changed", task=task.id, data=data, rule=alert.kind)
    _tell(draft, draft.task(task.id), moved, alert.unit)


def _owe(draft: Draft, task: Task, owed: DutyPeriod) -> None:
    was = task.unit
    moved = draft.change(task, unit=owed.unit, residence=owed.residence, **_claim(draft, task, owed.unit))
    units = _units_at(draft.rulebook, (division_of(was),))
    draft.readdress({unit: follow_unit(draft.rulebook, unit) for unit in units}, task=task.id)
    if was != owed.unit:
        _tell(draft, moved, owed, was)
