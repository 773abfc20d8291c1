"""Rolls 发放名册: drafted of what is held, fixed for good, signed by others, handed over, evened out by later lines."""

import hashlib
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from actions.roll import (
    ACCOUNT,
    FAR,
    ROSTER,
    UNIT,
    do,
    drafted,
    exits,
    grant,
    handed,
    lines,
    live_together,
    number_of,
    person,
    refused,
    staffed,
    work,
)
from actions.town import JURISDICTION, Town, compiled
from databases import texts_in_clear
from xunfang.actions import rolls
from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.registry import do_to_person
from xunfang.actions.rolls import begin_roll, open_roll_file
from xunfang.actions.storing import store
from xunfang.casework import VERBS, Amendment, Asked, DutyPeriod, File, Payee, Person, Roll, Task, advance
from xunfang.casework.permits import why_not
from xunfang.clock import parse
from xunfang.desk import Readings
from xunfang.errors import Conflict, Invalid, NotAllowed
from xunfang.store import Attachment, Case, Event, Question, connection, new_id, transaction
from xunfang.store.reading.alike import other_records


@pytest.fixture
def bureau(town: Town) -> Town:
    staffed(town)
    return town


def test_a_roll_goes_from_draft_to_whoever_pays(bureau: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolls, "PIECE", 2)
    people = [person(bureau, n, f"王{sign}", FAR if n == 2 else "370304102200") for n, sign in enumerate("甲乙丙")]
    for who in people:
        grant(bureau, who, "2026-01-01", 53000 + len(who.id))
    home = live_together(bureau, people[0], people[1])
    bureau.later(days=-6)
    other = person(bureau, 9, "王丁")  # refused, so never paid
    grant(bureau, other, "2026-01-01", state="refused")
    roll = drafted(bureau, "2026-03")
    found = lines(bureau, roll)
    assert [(line.name, line.kind, line.size, line.insured) for line in found] == [
        ("王丙", "regular", 2, 2), ("王乙", "regular", 2, 2), ("王甲", "regular", 2, 2)
    ]  # fmt: skip
    first = found[2]
    assert (first.household, first.standard, first.id_number) == (home.id, 106000, number_of(0))
    assert (first.payee, first.relation, first.account) == ("王甲之子", "长子", ACCOUNT)


def test_a_household_that_is_paid_twice_is_told_before_the_roll_is_fixed(bureau: Town) -> None:
    one, other, third, poor = (person(bureau, n, f"赵{sign}") for n, sign in enumerate("甲乙丙丁"))
    live_together(bureau, one, other)
    for who in (one, other):
        grant(bureau, who, "2026-01-01")
    grant(bureau, third, "2026-01-01")
    grant(bureau, third, "2026-01-01", programme="destitute-support")
    grant(bureau, poor, "2026-01-01", None)
    roll = drafted(bureau, "2026-03")
    told = {line.name: (line.problems, line.barred) for line in lines(bureau, roll)}
    assert told == {
        "赵甲": (("twice",), True), "赵乙": (("twice",), True), "赵丙": (("excluded",), True),
        "赵丁": (("no-amount",), True),
    }  # fmt: skip
    with refused("4行"):
        do(bureau, "drafter", "lock-roll", roll)
    desk, drafter = Readings(bureau.deployment).rolls, bureau.actor("drafter")
    grant(bureau, person(bureau, 8, "赵戊"), "2026-01-01")
    roll = do(bureau, "drafter", "redraft-roll", roll)
    work(bureau)
    roll = bureau.rows(Roll, month=roll.month)[-1]
    shown = {show: len(desk.roll(drafter, roll.id, show, "").lines) for show in ("all", "flagged", "changed", "held")}
    assert shown == {"all": 5, "flagged": 4, "changed": 0, "held": 0}
    assert desk.roll(bureau.actor("sibling"), roll.id, "all", "").lines == [], "a township sees its own people only"
    for line in [each for each in lines(bureau, roll) if each.barred][1:]:
        do(bureau, "drafter", "hold-back", roll, line=line.id, reason="待核实")
    kept = next(each for each in lines(bureau, roll) if each.barred and not each.held_back)
    do(bureau, "drafter", "hold-back", roll, line=kept.id, reason="待核实")
    do(bureau, "drafter", "let-pay", roll, line=kept.id)
    with refused("1行"):
        do(bureau, "drafter", "lock-roll", roll)
    do(bureau, "drafter", "hold-back", roll, line=kept.id, reason="待核实")
    for who, verb in (("drafter", "lock-roll"), ("checker", "review-roll"), ("chief", "sign-roll")):
        do(bureau, who, verb, roll)
    bureau.later(days=25)
    later = lines(bureau, drafted(bureau, "2026-04"))
    assert {line.barred for line in later if line.name == "赵丙"} == {True}, "what was held back stays barred"
    assert [line.kind for line in later if line.name == "赵丙"] == ["back", "regular"]


def test_one_person_of_two_records_and_who_died_are_told_before_the_roll_is_fixed(bureau: Town) -> None:
    one, other, third, dead = (person(bureau, n, f"赵{sign}") for n, sign in enumerate("甲乙丙丁"))
    for who in (one, other, third, dead):
        grant(bureau, who, "2026-01-01")
    told = {"what": "die", "field": "died", "made_at": bureau.at, "by": "account-township", "unit": UNIT}
    with transaction(bureau.database, "") as tx:
        for who, index in ((one, "same"), (other, "same"), (third, "else")):
            tx.update(Person, {"id": who.id}, {"id_index": index})
        for who, day in ((third, date(2026, 3, 1)), (dead, date(2026, 2, 28))):
            place = {"jurisdiction": JURISDICTION, "residence": who.residence}
            tx.insert(Amendment(id=new_id(), person=who.id, on=day, **told, **place))
    found = {line.name: (line.problems, line.barred) for line in lines(bureau, drafted(bureau, "2026-03"))}
    assert found == {
        "赵甲": (("double",), True), "赵乙": (("double",), True), "赵丙": ((), False), "赵丁": (("dead",), True),
    }  # fmt: skip


def test_records_that_were_told_apart_are_two_persons(bureau: Town) -> None:
    people = [person(bureau, n, f"赵{sign}") for n, sign in enumerate("甲乙")]
    bureau.report()
    asked = {"jurisdiction": JURISDICTION, "case": bureau.first(Case).id, "asked_at": bureau.at}
    with transaction(bureau.database, "") as tx:
        for who in people:
            tx.update(Person, {"id": who.id}, {"id_index": "same"})
        one, other = (who.id for who in people)
        tx.insert(Question(id=new_id(), person=one, other=other, verdict="different", **asked))
    with connection(bureau.database) as reader:
        found = [reader.find(Person, who.id) for who in people]
        assert other_records(reader, [who for who in found if who]) == {}


def test_nobody_reviews_or_signs_what_they_fixed_and_a_fixed_roll_stays(bureau: Town) -> None:
    grant(bureau, person(bureau, 1, "李甲"), "2026-01-01")
    roll = drafted(bureau, "2026-03")
    for who, verb in (("chief", "sign-roll"), ("checker", "review-roll")):
        with pytest.raises(Conflict):
            do(bureau, who, verb, roll)
    with pytest.raises(NotAllowed):
        do(bureau, "leader", "lock-roll", roll)
    do(bureau, "drafter", "lock-roll", roll)
    with pytest.raises(NotAllowed):
        do(bureau, "drafter", "review-roll", roll)
    with pytest.raises(NotAllowed):
        do(bureau, "leader", "sign-roll", roll)  # signs elsewhere
    for verb in ("hold-back", "redraft-roll", "lock-roll"):
        with pytest.raises(Conflict):
            do(bureau, "drafter", verb, roll, line=lines(bureau, roll)[0].id, reason="更改")
    back = do(bureau, "checker", "return-roll", roll, reason="人口有误")
    assert (back.status, back.reason) == ("returned", "人口有误")
    work(bureau)
    again = bureau.rows(Roll, month=roll.month)[-1]
    assert (again.turn, again.status) == (2, "drafted")
    assert [line.kind for line in lines(bureau, again)] == ["regular"], "what was given back was paid to nobody"
    assert len(lines(bureau, roll)) == 1


def test_a_month_is_drafted_once_and_the_next_one_evens_it_out(bureau: Town) -> None:
    stays, leaves, late = (person(bureau, n, f"孙{sign}") for n, sign in enumerate("甲乙丙"))
    grant(bureau, stays, "2026-01-01")
    ended = grant(bureau, leaves, "2026-01-01")
    roll = handed(bureau, "2026-03")
    with refused("已经签发"):
        drafted(bureau, "2026-03")
    exits(bureau, ended, "2026-02-15")  # decided after the roll was fixed
    grant(bureau, late, "2026-03-01")
    bureau.later(days=25)
    after = drafted(bureau, "2026-04")
    with refused("还没有签发"):
        begin_roll(bureau.deployment, bureau.actor("drafter"), ROSTER, "2026-05", bureau.at)
    told = [(line.name, line.kind, f"{line.month:%m}", line.cents, line.note) for line in lines(bureau, after)]
    assert told == [
        ("孙丙", "back", "03", 53000, ""),
        ("孙丙", "regular", "04", 53000, ""),
        ("孙乙", "taken", "03", -53000, "对2026年3月名册"),
        ("孙甲", "regular", "04", 53000, ""),
    ]
    assert lines(bureau, after)[2].refers == next(line.id for line in lines(bureau, roll) if line.name == "孙乙")


def test_what_is_signed_is_kept_and_done_is_what_was_owed(bureau: Town) -> None:
    bureau.work_until("2026-03-02T09:00:00")
    for n in range(3):
        grant(bureau, person(bureau, n, f"周{n}", FAR if n else "370304102200"), "2026-01-01", 53050)
    roll = handed(bureau, "2026-03")
    assert (roll.status, roll.households, roll.insured, roll.cents) == ("handed", 3, 6, 159150)
    data = open_roll_file(
        bureau.deployment, bureau.actor("drafter"), roll.id, "xlsx", "报财政局发放三月低保金", bureau.at
    )
    assert hashlib.sha256(data).hexdigest() == roll.xlsx
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == ["到户清册", "乡镇汇总表", "填表说明"]
    whole = [row for row in book["乡镇汇总表"].iter_rows(values_only=True) if row[0] == "合计"]
    assert whole == [("合计", 3, 6, 1591.5, 0, 0, 1591.5)]
    cells = {str(cell) for row in book["到户清册"].iter_rows(values_only=True) for cell in row}
    assert {ACCOUNT, number_of(0), "周0之子"} <= cells
    (opened,) = bureau.rows(Event, name="roll.opened")
    assert "三月低保金" in str(opened.told["reason"])
    order = bureau.press.orders[-1]
    assert order.template == "roster.html"
    assert ACCOUNT not in str(order.facts)
    assert number_of(0) not in str(order.facts)
    assert str(order.facts["roster"]["xlsx"]) == roll.xlsx  # type: ignore[index]
    assert {each.sha256 for each in bureau.rows(Attachment, submission=f"roll:{roll.id}")} == {roll.xlsx, roll.pdf}
    with pytest.raises(Invalid):
        open_roll_file(bureau.deployment, bureau.actor("drafter"), roll.id, "xlsx", "", bureau.at)
    done = do(bureau, "drafter", "pay-roll", roll, day=f"{bureau.at:%Y-%m-%d}")
    assert done.paid_on == bureau.at.date()


def test_what_is_owed_for_the_month_is_done_by_the_roll_alone(bureau: Town) -> None:
    bureau.at = parse("2026-04-01T09:00:00")
    for duty in ("subsistence-roll", "subsistence-payment"):
        with acting(bureau.deployment, machinery(JURISDICTION, "试下达"), bureau.at) as act:
            told = {"duty": duty, "unit": UNIT, "begins_on": "2026-04-01"}
            asked = Asked(verb="open-duty", actor=act.actor, payload=told)
            store(act, advance(act.rules(), File(), asked, bureau.at, new_id))
    month = {"duty": "subsistence-roll", "unit": UNIT, "begins_on": date(2026, 4, 1)}
    task = bureau.first(Task, about=bureau.first(DutyPeriod, **month).id)
    refusal = why_not(compiled(), bureau.actor("drafter"), VERBS["hand-in"], task)
    assert refusal is not None
    assert "自动办结" in refusal.message
    grant(bureau, person(bureau, 1, "吴甲"), "2026-01-01")
    roll = handed(bureau, "2026-04")
    assert bureau.first(DutyPeriod, **month).status == "reported"
    assert bureau.first(Task, id=task.id).completed_in_time
    paid = {**month, "duty": "subsistence-payment"}
    assert bureau.first(DutyPeriod, **paid).status == "owed"
    do(bureau, "drafter", "pay-roll", roll, day="2026-04-01")
    assert bureau.first(DutyPeriod, **paid).status == "reported"


def test_what_is_kept_of_accounts_lies_sealed(bureau: Town) -> None:
    who = person(bureau, 1, "郑甲", account=False)
    told = {"payee": "郑甲之子", "relation": "长子", "bank": "农村商业银行", "account": "6217 0012 3456 7890 123"}
    asked = Asked(
        verb="set-payee", actor=bureau.actor("township"), person=who.id, version=1, reason="本人要求", answers=told
    )
    do_to_person(bureau.deployment, asked, bureau.at)
    with refused("8至30位"):
        do_to_person(bureau.deployment, replace(asked, answers={**told, "account": "62A"}), bureau.at)
    do_to_person(bureau.deployment, replace(asked, answers={**told, "bank": "邮储银行"}), bureau.at)
    assert [(each.bank, each.ended_at is None) for each in bureau.rows(Payee, person=who.id)] == [
        ("农村商业银行", False), ("邮储银行", True)
    ]  # fmt: skip
    grant(bureau, who, "2026-01-01")
    drafted(bureau, "2026-03")
    clear = texts_in_clear(bureau.database)
    assert not [text for text in (ACCOUNT, "郑甲之子", number_of(1)) if text in clear]
