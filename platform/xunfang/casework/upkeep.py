"""The registry kept by hand 档案维护: categories, places, data and entitlements of a person, each change told as one.

Nothing is overwritten without a trace: what was changed is written down as it was and as it is, with the reason.
"""

import re
from datetime import date, timedelta

from xunfang.casework.draft import Draft
from xunfang.casework.handling import need_reason
from xunfang.casework.holdings import goes_on
from xunfang.casework.membership import leave
from xunfang.casework.registry import HAND, hold, hold_no_more
from xunfang.casework.rows import Amendment, Case, Entitlement, Holding, Membership, Payee, Person, Task
from xunfang.casework.subjects import ENDED_BY_HAND, Registered
from xunfang.casework.verb import Asked
from xunfang.clock import local_date
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import CATEGORY, Rulebook
from xunfang.rules.entitlements import EXITED
from xunfang.rules.rosters import masked_account

DIED = "died"
MOVES = {"residence": ("residence",), "registration": ("registration",), "both": ("residence", "registration")}
"""What of somebody's places can be changed."""
PLAIN = {"name": "姓名", "sex": "性别"}
SEALED = {"id_number": "证件号码", "phone": "联系电话"}
"""What of a person can be corrected: what lies in clear, and what lies sealed."""


def wrong(field: str, message: str) -> Invalid:
    """Return the refusal of one input."""
    return Invalid([FieldProblem(field, message)], "操作没有执行。")


def person_of(draft: Draft, asked: Asked) -> Person:
    """Return the person that a verb is done to; raises Conflict where their record was changed meanwhile."""
    person = draft.find(Person, asked.person)
    assert person is not None
    if person.version != asked.version:
        raise Conflict("这份档案刚刚有变动，请刷新页面，看过最新情况后再办理。", "PERSON_CHANGED")
    return person


def day_of(draft: Draft, asked: Asked) -> date:
    """Return the day from which something is so; raises Invalid for none and for one to come."""
    try:
        day = date.fromisoformat(asked.day)
    except ValueError:
        raise wrong("day", "请填写日期。") from None
    if day > local_date(draft.at):
        raise wrong("day", "日期不能晚于今天。")
    return day


def note(
    draft: Draft,
    person: Person,
    asked: Asked,
    *,
    about: str = "",
    on: date | None = None,
    field: str = "",
    before: str = "",
    after: str = "",
    cites: tuple[str, ...] = (),
) -> None:
    """Write down what was changed of a person's registry, and record that; what was written lies sealed."""
    draft.put(
        Amendment(
            id=draft.new_id(),
            jurisdiction=person.jurisdiction,
            residence=person.residence,
            person=person.id,
            what=asked.verb,
            made_at=draft.at,
            by=draft.actor.account,
            unit=draft.actor.unit,
            about=about,
            on=on,
            field=field,
            before=before,
            after=after,
            reason=asked.reason.strip(),
            cites=cites,
        )
    )


def tell(draft: Draft, asked: Asked, name: str, person: Person, cites: tuple[str, ...] = ()) -> None:
    """Record a change of somebody's registry: of whom, and why; never what was written."""
    reason = {"reason": asked.reason.strip()} if asked.reason.strip() else {}
    draft.event(name, data={"person": person.id, **reason}, cites=cites)


# what somebody is held to be


def categorise(draft: Draft, asked: Asked) -> None:
    """Hold somebody to be of a category from a day on, by a clause; raises Invalid."""
    person, day = person_of(draft, asked), day_of(draft, asked)
    need_reason(asked.reason, "认定理由")
    if asked.kind not in _entries(draft.rulebook):
        raise wrong("kind", "请选择对象类别。")
    cites = _clause(draft, asked)
    before = [row for row in draft.select(Holding, person=person.id) if row.category == asked.kind]
    if any(row.until is None or row.until > day for row in before):
        raise wrong("kind", "这一天已经是这类对象，不用重复认定。")
    hold(draft, person, [asked.kind], HAND, since=day, cites=cites)
    note(draft, person, asked, on=day, field=CATEGORY, after=asked.kind, cites=cites)
    tell(draft, asked, "person.categorised", person, cites)


def uncategorise(draft: Draft, asked: Asked) -> None:
    """Hold somebody to be of a category no more from a day on, with a reason; raises Invalid."""
    person, day = person_of(draft, asked), day_of(draft, asked)
    need_reason(asked.reason, "取消理由")
    row = draft.find(Holding, asked.kind)
    if row is None or row.person != person.id or row.until is not None:
        raise wrong("kind", "请选择要取消的对象类别。")
    if day < row.since:
        raise wrong("day", f"不能早于认定之日（{row.since.isoformat()}）。")
    draft.change(row, until=day)
    note(draft, person, asked, about=row.id, on=day, field=CATEGORY, before=row.category, cites=_clause(draft, asked))
    tell(draft, asked, "person.uncategorised", person)


def _entries(rulebook: Rulebook) -> tuple[str, ...]:
    return tuple(rulebook.lists[CATEGORY].entries) if CATEGORY in rulebook.lists else ()


def _clause(draft: Draft, asked: Asked) -> tuple[str, ...]:
    """Return the clause that something rests on, if one was named; raises Invalid for one there is not."""
    if asked.number and asked.number not in draft.rulebook.clauses:
        raise wrong("number", "请从列表中选择条款。")
    return (asked.number,) if asked.number else ()


# where somebody lives, and who they are


def move(draft: Draft, asked: Asked) -> None:
    """Write down that somebody lives or is registered elsewhere from a day on; raises Invalid."""
    person, day = person_of(draft, asked), day_of(draft, asked)
    need_reason(asked.reason, "变更理由")
    if asked.kind not in MOVES:
        raise wrong("kind", "请选择变更什么。")
    if asked.unit not in draft.rulebook.divisions:
        raise wrong("unit", "请从列表中选择村（社区）。")
    changed = {field: asked.unit for field in MOVES[asked.kind] if asked.unit != getattr(person, field)}
    if not changed:
        raise wrong("unit", "与现在登记的一样，没有变更。")
    for field, value in changed.items():
        note(draft, person, asked, on=day, field=field, before=getattr(person, field), after=value)
    draft.change(person, **changed)
    tell(draft, asked, "person.moved", person)


def amend(draft: Draft, asked: Asked) -> None:
    """Correct what is recorded of somebody, visibly: `kind` names what, `answers` holds it as it was and as it is.

    What lies sealed comes as the new envelope with the new index, in `payload`. Raises Invalid.
    """
    person = person_of(draft, asked)
    need_reason(asked.reason, "更正理由")
    before, after = str(asked.answers.get("before", "")), str(asked.answers.get("after", "")).strip()
    if asked.kind not in {**PLAIN, **SEALED} or not after:
        raise wrong("after", "请填写更正后的内容。")
    if before == after:
        raise wrong("after", "与原来登记的一样，没有更正。")
    note(draft, person, asked, field=asked.kind, before=before, after=after)
    draft.change(person, **({asked.kind: after} if asked.kind in PLAIN else asked.payload))
    draft.event("person.amended", data={"person": person.id, "fields": [asked.kind], "reason": asked.reason.strip()})


# whose account is paid into

ACCOUNT = re.compile(r"[0-9]{8,30}")


def set_payee(draft: Draft, asked: Asked) -> None:
    """Write down whose account somebody's aid is paid into from now on; the one before stays as it was. Raises Invalid.

    Its parts come in `answers`: "payee", "relation", "bank" and "account".
    """
    person = person_of(draft, asked)
    need_reason(asked.reason, "变更理由")
    told = {name: str(asked.answers.get(name, "")).strip() for name in ("payee", "relation", "bank", "account")}
    told["account"] = re.sub(r"[\s-]", "", told["account"])
    if not told["payee"] or not told["bank"]:
        raise wrong("payee", "请填写收款人姓名和开户银行。")
    if not ACCOUNT.fullmatch(told["account"]):
        raise wrong("account", "收款账号是8至30位数字，请核对。")
    before = draft.first(Payee, person=person.id, ended_at=None)
    if before:
        draft.change(before, ended_at=draft.at)
    payee = draft.put(
        Payee(
            id=draft.new_id(),
            jurisdiction=person.jurisdiction,
            residence=person.residence,
            person=person.id,
            name=told["payee"],
            relation=told["relation"],
            bank=told["bank"],
            account=told["account"],
            told_at=draft.at,
            by=draft.actor.account,
            unit=draft.actor.unit,
        )
    )
    was, now = (payee_words(before) if before else ""), payee_words(payee)
    note(draft, person, asked, about=payee.id, field="payee", before=was, after=now)
    tell(draft, asked, "person.payee_set", person)


def payee_words(payee: Payee) -> str:
    """Return whose account something is paid into, its digits masked."""
    relation = f"（{payee.relation}）" if payee.relation else ""
    return f"{payee.name}{relation} {payee.bank} {masked_account(payee.account)}"


# what somebody holds


def end_entitlement(draft: Draft, asked: Asked) -> None:
    """End what was entered by hand or imported, from a day on; raises Invalid for what a case decided."""
    person, day = person_of(draft, asked), day_of(draft, asked)
    need_reason(asked.reason, "终止理由")
    row = draft.find(Entitlement, asked.kind)
    if row is None or row.person != person.id or not goes_on(row, day) or row.source not in ENDED_BY_HAND:
        raise wrong("kind", "请选择要终止的保障；由个案决定的，请在个案中办理。")
    if day <= row.since:
        raise wrong("day", f"须晚于开始享受之日（{row.since.isoformat()}）。")
    exit_from(draft, row, day, asked.reason.strip())
    note(draft, person, asked, about=row.id, on=day, before=row.programme)
    tell(draft, asked, "entitlement.ended", person)


def exit_from(draft: Draft, row: Entitlement, day: date, reason: str) -> None:
    """End what is held: from a day on it is held no more, which is a version of its own."""
    draft.change(row, until=max(row.since, day - timedelta(days=1)))
    draft.put(
        Entitlement(
            id=draft.new_id(),
            jurisdiction=row.jurisdiction,
            residence=row.residence,
            person=row.person,
            programme=row.programme,
            state=EXITED,
            since=day,
            decided_at=draft.at,
            unit=draft.actor.unit,
            members=row.members,
            source=HAND,
            release=draft.rulebook.digest,
            household=row.household,
            follows=row.id,
            reason=reason,
        )
    )


# the end


def die(draft: Draft, asked: Asked) -> None:
    """Write down that somebody died: what goes on ends, and whoever holds an open case of theirs is told."""
    person, day = person_of(draft, asked), day_of(draft, asked)
    need_reason(asked.reason, "消息来源")
    going = [row for row in draft.select(Entitlement, person=person.id) if goes_on(row, day)]
    for row in going:
        exit_from(draft, row, max(day + timedelta(days=1), row.since), DIED)
    held = [row.category for row in draft.select(Holding, person=person.id, until=None)]
    hold_no_more(draft, person.id, held, day)
    if membership := draft.first(Membership, person=person.id, left_on=None):
        leave(draft, membership, max(day, membership.joined_on), DIED)
    note(draft, person, asked, on=day, field=DIED, after=day.isoformat())
    told = {"person": person.id, "reason": asked.reason.strip(), "ended": [row.programme for row in going]}
    draft.event("person.died", data=told)
    _tell_holders(draft, person, day)


def _tell_holders(draft: Draft, person: Person, day: date) -> None:
    for case in draft.select(Case, person=person.id, closed_at=None):
        for task in draft.select(Task, case=case.id, ended_at=None):
            body = f"个案 {case.number} 的对象已于{day.isoformat()}去世（居住地档案登记）。请核实后按规定办结或者作废。"
            key = f"died:{person.id}:{task.id}"
            draft.tell(task.unit, "died", "个案对象已去世", body, key=key, case=case.id, task=task.id)


def bar_dead(subject: Registered) -> str:
    """Return why nothing more is written of somebody who died, "" for the living."""
    return "此人已登记去世，档案不再变更；登记有误的，请联系上级民政部门。" if subject.died else ""
