"""Rolls 发放名册: begun for a month, fixed, reviewed, signed, handed over and paid. A fixed one is never changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.duties import done_by
from xunfang.casework.handling import need_reason
from xunfang.casework.jobs import roll_job
from xunfang.casework.rows import DutyPeriod, Roll, RollLine, Task
from xunfang.casework.verb import Asked
from xunfang.clock import local_date
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import Roster, Rulebook
from xunfang.rules.rosters import before, drafted_by, month_of, month_words, yuan
from xunfang.rules.units import division_of
from xunfang.worktime import Every

OPEN = ("drafting", "drafted", "locked", "reviewed")
"""How a roll stands that is not signed yet: of one roster and unit there is one such at most."""
VOID = ("returned", "dropped")
"""How a roll stands that counts for nothing."""
_NAMES, _REASON = 40, 300


def told_of(roll: Roll) -> dict[str, Any]:
    """Return by what events name a roll."""
    return {"roll": roll.id, "roster": roll.roster, "month": roll.month.isoformat()}


def named(rulebook: Rulebook, roll: Roll) -> str:
    """Return what a roll is called."""
    roster = rulebook.rosters.get(roll.roster)
    return f"{month_words(roll.month)}{roster.label if roster else '发放名册'}"


# who may


def is_drafter(actor: Actor, roll: Roll) -> bool:
    """Return whether a roll is somebody's to draft, fix and hand over: their unit's, for those who complete tasks."""
    return bool(actor.reason) or (roll.unit in actor.units and "complete" in actor.acts)


def is_reviewer(roster: Roster, actor: Actor, roll: Roll) -> bool:
    """Return whether somebody may review a roll: in its unit, in that role, and not whoever fixed it."""
    return roll.unit in actor.units and actor.holds(roster.reviewed_by) and actor.account != roll.locked_by


def is_signer(roster: Roster, actor: Actor, roll: Roll) -> bool:
    """Return whether somebody may sign a roll: in its unit, in that role, and not whoever fixed or reviewed it."""
    ours = roll.unit in actor.units and actor.holds(roster.signed_off_by) and "sign-off" in actor.acts
    return ours and actor.account not in (roll.locked_by, roll.reviewed_by)


def may(rulebook: Rulebook, actor: Actor, verb: str, roll: Roll) -> bool:
    """Return whether somebody may do a verb to a roll as it stands now; asked by page and act alike."""
    return why_not(rulebook, actor, verb, roll) is None


def why_not(rulebook: Rulebook, actor: Actor, verb: str, roll: Roll) -> NotAllowed | Conflict | None:
    """Return why somebody may not do a verb to a roll, None where they may."""
    roster = rulebook.rosters.get(roll.roster)
    if roster is None:
        return Conflict("现行规则中已没有这种名册，不能再办理。", "NOT_NOW")
    if not _theirs(roster, actor, verb, roll):
        return NotAllowed(_WHOSE.get(verb, "名册由起草单位办理，您不能办理。"))
    if roll.status not in _when(roster, verb):
        return Conflict("这份名册刚刚有变动，请刷新页面，看过最新情况后再办理。", "ROLL_CHANGED")
    if verb == "hand-over-roll" and not roll.xlsx:
        return Conflict("名册文件正在制作，请稍候再移交。", "NOT_NOW")
    return None


_WHOSE = {
    "review-roll": "名册由起草单位的审核岗位审核，定稿人不能审核自己的名册。",
    "sign-roll": "名册由起草单位的签发岗位签发，定稿人、审核人不能签发。",
    "return-roll": "名册由审核人或者签发人退回，您不能退回。",
}


def _theirs(roster: Roster, actor: Actor, verb: str, roll: Roll) -> bool:
    if verb == "review-roll":
        return is_reviewer(roster, actor, roll)
    if verb == "sign-roll":
        return is_signer(roster, actor, roll)
    if verb == "return-roll":
        reviews = bool(roster.reviewed_by) and roll.status == "locked" and is_reviewer(roster, actor, roll)
        return reviews or is_signer(roster, actor, roll)
    return is_drafter(actor, roll)


def _when(roster: Roster, verb: str) -> tuple[str, ...]:
    ready = ("reviewed",) if roster.reviewed_by else ("locked",)
    return {
        "hold-back": ("drafted",),
        "let-pay": ("drafted",),
        "redraft-roll": ("drafted",),
        "lock-roll": ("drafted",),
        "review-roll": ("locked",) if roster.reviewed_by else (),
        "return-roll": ("locked", "reviewed"),
        "sign-roll": ready,
        "hand-over-roll": ("signed",),
        "pay-roll": ("handed",),
    }[verb]


# what is done


def begin(draft: Draft, asked: Asked) -> None:
    """Start the roll of a month: its lines are drafted piece by piece afterwards. Raises NotAllowed, Invalid."""
    if not asked.kind:
        raise _wrong("roster", "请选择起草哪种名册。")
    roster = {each.id: each for each in drafted_by(draft.rulebook, draft.actor.unit)}.get(asked.kind)
    if roster is None:
        raise NotAllowed("这种名册不由本单位起草。")
    month = _month(draft, asked, roster)
    _begin(draft, roster, draft.actor.unit, month)


def _month(draft: Draft, asked: Asked, roster: Roster) -> date:
    """Return the month that is to be paid; raises Invalid for one that is still far, was paid, or comes too early."""
    try:
        month = date.fromisoformat(f"{asked.day[:7]}-01")
    except ValueError:
        raise _wrong("month", "请选择发放月份。") from None
    if month > before(month_of(local_date(draft.at)), -1):
        raise _wrong("month", "最早提前一个月起草。")
    live = [roll for roll in _of(draft, roster.id, draft.actor.unit) if roll.status not in VOID]
    if waiting := next((roll for roll in live if roll.status in OPEN), None):
        raise _wrong("month", f"{named(draft.rulebook, waiting)}还没有签发，签发以后再起草下一份。")
    last = max((roll.month for roll in live), default=None)
    if last and month <= last:
        text = f"{month_words(last)}的名册已经签发，以前月份的差额会自动列为补发或者更正，不用再起草。"
        raise _wrong("month", text)
    return month


def _wrong(field: str, message: str) -> Invalid:
    return Invalid([FieldProblem(field, message)], "操作没有执行。")


def _of(draft: Draft, roster: str, unit: str) -> list[Roll]:
    return draft.select(Roll, roster=roster, unit=unit)


def _begin(draft: Draft, roster: Roster, unit: str, month: date) -> None:
    known = _of(draft, roster.id, unit)
    turn = 1 + len([roll for roll in known if roll.month == month])
    counted = [roll.month for roll in known if roll.status not in VOID]
    roll = draft.put(
        Roll(
            id=draft.new_id(),
            jurisdiction=draft.actor.jurisdiction,
            residence=division_of(unit) or draft.rulebook.code,
            roster=roster.id,
            programme=roster.programme,
            unit=unit,
            month=month,
            turn=turn,
            release=draft.rulebook.digest,
            begun_at=draft.at,
            begun_by=draft.actor.account,
            first=min([*counted, month]),
        )
    )
    draft.event("roll.begun", data=told_of(roll), rule=roster.id, cites=roster.basis.cites)
    draft.jobs([roll_job(roll, draft.at)])


def _roll(draft: Draft, asked: Asked) -> tuple[Roll, Roster]:
    """Return the roll of an act, as it was seen, with its rule; raises NotAllowed, Conflict."""
    roll = draft_roll(draft, asked)
    if refusal := why_not(draft.rulebook, draft.actor, asked.verb, roll):
        raise refusal
    if roll.version != asked.version:
        raise Conflict("这份名册刚刚有变动，请刷新页面，看过最新情况后再办理。", "ROLL_CHANGED")
    return roll, draft.rulebook.rosters[roll.roster]


def draft_roll(draft: Draft, asked: Asked) -> Roll:
    """Return the roll of an act, certainly in the file."""
    roll = draft.find(Roll, str(asked.payload["roll"]))
    assert roll is not None
    return roll


def redraft(draft: Draft, asked: Asked) -> None:
    """Drop a draft and begin it anew, from what is in force now."""
    roll, roster = _roll(draft, asked)
    draft.change(roll, status="dropped", ended_at=draft.at)
    draft.event("roll.dropped", data=told_of(roll), rule=roster.id)
    _begin(draft, roster, roll.unit, roll.month)


def hold_back(draft: Draft, asked: Asked) -> None:
    """Hold a line of a draft back 暂缓发放, with a reason: it is not paid, and evened out by a later roll."""
    roll, _ = _roll(draft, asked)
    need_reason(asked.reason, "暂缓理由")
    line = _line(draft, asked, roll, held=False)
    draft.change(line, held_back=True, note=asked.reason.strip()[:_REASON])
    draft.event("roll.line_held", data={**_of_line(roll, line), "reason": asked.reason.strip()})


def let_pay(draft: Draft, asked: Asked) -> None:
    """Pay a line of a draft all the same that was held back."""
    roll, _ = _roll(draft, asked)
    line = _line(draft, asked, roll, held=True)
    draft.change(line, held_back=False, note="")
    draft.event("roll.line_let", data=_of_line(roll, line))


def _of_line(roll: Roll, line: RollLine) -> dict[str, Any]:
    """Return by what events name a line: whose payment it is, and for which month."""
    return {**told_of(roll), "line": line.id, "person": line.person, "paid_for": line.month.isoformat()}


def _line(draft: Draft, asked: Asked, roll: Roll, *, held: bool) -> RollLine:
    line = draft.find(RollLine, str(asked.payload.get("line", "")))
    if line is None or line.roll != roll.id or line.held_back is not held:
        raise Conflict("这一行刚刚有变动，请刷新页面。", "ROLL_CHANGED")
    return line


def lock(draft: Draft, asked: Asked) -> None:
    """Fix a draft 定稿: from now on it stays as it is. `payload` tells its totals; raises Invalid for what bars it."""
    roll, roster = _roll(draft, asked)
    totals: Mapping[str, int] = asked.payload["totals"]
    if barred := totals["barred"]:
        words = f"还有{barred}行不能发放（没有金额、重复享受，或者已登记去世），请先更正后重新起草，或者逐行暂缓。"
        raise _wrong("lock", words)
    sums = {name: totals[name] for name in ("households", "insured", "cents")}
    locked = draft.change(roll, status="locked", locked_at=draft.at, locked_by=draft.actor.account, **sums)
    draft.event("roll.locked", data={**told_of(roll), **sums}, rule=roster.id, cites=roster.basis.cites)
    _tell(draft, locked, roster.reviewed_by or roster.signed_off_by, "待审核" if roster.reviewed_by else "待签发")


def review(draft: Draft, asked: Asked) -> None:
    """Find a fixed roll to be in order 审核, and pass it on to be signed."""
    roll, roster = _roll(draft, asked)
    reviewed = draft.change(roll, status="reviewed", reviewed_at=draft.at, reviewed_by=draft.actor.account)
    draft.event("roll.reviewed", data=told_of(roll), rule=roster.id)
    _tell(draft, reviewed, roster.signed_off_by, "待签发")


def give_back(draft: Draft, asked: Asked) -> None:
    """Give a fixed roll back 退回, with a reason: it counts for nothing, and the month is drafted anew."""
    roll, roster = _roll(draft, asked)
    need_reason(asked.reason, "退回理由")
    draft.change(roll, status="returned", ended_at=draft.at, reason=asked.reason.strip()[:_REASON])
    draft.event("roll.returned", data={**told_of(roll), "reason": asked.reason.strip()}, rule=roster.id)
    _begin(draft, roster, roll.unit, roll.month)
    body = f"{named(draft.rulebook, roll)}被退回：{asked.reason.strip()[:_REASON]}。已按现在的保障重新起草。"
    draft.tell(roll.unit, "roll", "发放名册被退回", body, key=f"roll:{roll.id}:returned")


def sign(draft: Draft, asked: Asked) -> None:
    """Sign a roll 签发: its workbook and paper are made, to be handed over."""
    roll, roster = _roll(draft, asked)
    signed = draft.change(roll, status="signed", signed_at=draft.at, signed_by=draft.actor.account)
    draft.event("roll.signed", data=told_of(roll), rule=roster.id, cites=roster.basis.cites)
    draft.jobs([roll_job(signed, draft.at)])


def made(draft: Draft, asked: Asked) -> None:
    """Note what was made of a signed roll, by their hashes, and tell its unit that it can be handed over."""
    roll = draft_roll(draft, asked)
    hashes = {name: str(asked.payload[name]) for name in ("xlsx", "pdf")}
    draft.change(roll, **hashes)
    draft.event("roll.made", data={**told_of(roll), **hashes})
    body = f"{named(draft.rulebook, roll)}已签发，合计{yuan(roll.cents)}元，文件已经制好，请移交发放单位。"
    draft.tell(roll.unit, "roll", "发放名册待移交", body, key=f"roll:{roll.id}:made")


def hand_over(draft: Draft, asked: Asked) -> None:
    """Hand a signed roll over to whoever pays: on which day, and who took it. What was owed for the month is done."""
    roll, roster = _roll(draft, asked)
    day, receiver = _day(draft, asked, roll), asked.way.strip()
    if not receiver or len(receiver) > _NAMES:
        raise _wrong("receiver", f"请填写接收人姓名（最多{_NAMES}字）。")
    account = draft.actor.account
    draft.change(roll, status="handed", handed_on=day, handed_by=account, receiver=receiver)
    data = {**told_of(roll), "on": day.isoformat(), "unit": roster.goes_to, "xlsx": roll.xlsx, "pdf": roll.pdf}
    draft.event("roll.handed", data=data, rule=roster.id, cites=roster.basis.cites)
    _do_duty(draft, roll, roster.duty)


def pay(draft: Draft, asked: Asked) -> None:
    """Note on which day a roll was paid."""
    roll, roster = _roll(draft, asked)
    day = _day(draft, asked, roll)
    draft.change(roll, status="paid", paid_on=day)
    draft.event("roll.paid", data={**told_of(roll), "on": day.isoformat()}, rule=roster.id)
    _do_duty(draft, roll, roster.paid)


def _day(draft: Draft, asked: Asked, roll: Roll) -> date:
    try:
        day = date.fromisoformat(asked.day)
    except ValueError:
        raise _wrong("day", "请填写日期。") from None
    earliest = roll.handed_on or (local_date(roll.signed_at) if roll.signed_at else day)
    if day > local_date(draft.at) or day < earliest:
        raise _wrong("day", f"日期须在{earliest.isoformat()}和今天之间。")
    return day


def _do_duty(draft: Draft, roll: Roll, duty: str) -> None:
    """Let what the unit owes for the month be done by this roll."""
    month = {"duty": duty, "unit": roll.unit, "every": Every.MONTH.value, "begins_on": roll.month}
    for owed in draft.select(DutyPeriod, **month) if duty else ():
        if task := draft.first(Task, about=owed.id, ended_at=None):
            done_by(draft, task, told_of(roll))


def _tell(draft: Draft, roll: Roll, role: str, what: str) -> None:
    sums = f"{roll.households}户、{roll.insured}人，合计{yuan(roll.cents)}元"
    body = f"{named(draft.rulebook, roll)}：{sums}。请在“发放名册”中办理。"
    key = f"roll:{roll.id}:{roll.status}"
    draft.tell(roll.unit, "roll", f"发放名册{what}", body, key=key, role=role)


def handed_to(rulebook: Rulebook, roster: Roster) -> str:
    """Return the name of whoever pays."""
    unit = rulebook.units.get(roster.goes_to)
    return unit.anywhere if unit else "发放单位"
