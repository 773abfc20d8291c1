"""Opening balance: people already helped, accounts and a paper ledger brought from Excel, undone, brought again."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from actions.town import JURISDICTION, MEDICAL, TOWNSHIP, Town
from databases import texts_in_clear
from sheets.books import listed, number
from xunfang.actions.list_workbooks import blank, with_problems
from xunfang.actions.openings import bring, discard, hand_out_passwords, take_in, undo
from xunfang.actions.registry import do_to_person
from xunfang.casework import Asked, Delivery, Entitlement, Holding, Household, ListedPerson, Membership
from xunfang.errors import Conflict, NotAllowed, NotFound
from xunfang.rules.openings import CASES, HELPED, SOURCE, STAFF, openings_for, with_openings
from xunfang.store import Account, Case, Clue, Dispatch, Event, Message, Person, Submission, Task

PEOPLE = (
    "姓名",
    "身份证号",
    "镇街",
    "村居",
    "户编号",
    "与户主关系",
    "救助事项",
    "享受起始日期",
    "金额",
    "保障人口",
    "决定文号",
)
VILLAGE = "北域城村"
LEDGER = f"{CASES}clue-report"
LINES = ("受理日期", "姓名", "身份证号", "居住地", "承办单位", "办结日期", "办理结果", "困难情形")


def helped(n: int, **changes: Any) -> list[Any]:
    """Return the row of somebody already helped."""
    told: dict[str, Any] = {
        "name": f"王福{n}", "id": number(n), "town": "域城镇", "village": VILLAGE, "household": f"域{n // 3}",
        "relation": "户主" if n % 3 == 0 else "子女", "programme": "最低生活保障" if n % 3 == 0 else "",
        "since": "2024-07-01" if n % 3 == 0 else "", "amount": 630.5 if n % 3 == 0 else "",
        "members": 3 if n % 3 == 0 else "", "decision": "博民低〔2024〕7号" if n % 3 == 0 else "",
    } | changes  # fmt: skip
    return list(told.values())


def brought(town: Town, feed: str, data: bytes, by: str) -> Delivery:
    """Bring a list and let the worker read it."""
    key, _ = bring(town.deployment, town.actor(by), feed, "期初.xlsx", data, town.at)
    town.work_until()
    return town.first(Delivery, id=key)


def done(town: Town, delivery: Delivery, by: str, act: Any = take_in) -> Delivery:
    """Take a list in, or undo it, and let the worker do it."""
    act(town.deployment, town.actor(by), delivery.id, delivery.version, town.at)
    town.work_until()
    return town.first(Delivery, id=delivery.id)


def taken(town: Town, feed: str, heads: Sequence[str], *rows: Sequence[Any], by: str) -> Delivery:
    return done(town, brought(town, feed, listed(*rows, heads=heads), by), by)


def test_households_with_what_they_have_are_brought_undone_and_brought_again(town: Town) -> None:
    bad = helped(6, town="外地镇", village="某村"), helped(7, programme="最低生活保障", since="")
    checked = brought(town, HELPED, listed(*(helped(n) for n in range(6)), *bad, heads=PEOPLE), "township")
    assert (checked.status, checked.counts, town.rows(Person)) == ("checked", {"new": 6, "bad": 2}, [])
    _, data = with_problems(town.deployment, town.actor("township"), checked.id, opening=True)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["名单"]
    assert ("看不出住在哪个村" in str(sheet["L8"].value), "从哪天起" in str(sheet["L9"].value)) == (True, True)
    assert done(town, checked, "township").status == "taken"
    (one, two), held = town.rows(Household), town.rows(Entitlement)
    assert ({one.number, two.number}, len(town.rows(Membership)), len(town.rows(Person))) == ({"域0", "域1"}, 6, 6)
    assert {(row.source, row.cents, row.members, str(row.since)) for row in held} == {
        ("import", 63050, 3, "2024-07-01")
    }
    assert {row.household for row in held} == {one.id, two.id}
    assert {row.category for row in town.rows(Holding)} == {"subsistence"}
    undone = done(town, town.first(Delivery, id=checked.id), "township", undo)
    assert (undone.status, undone.counts) == ("undone", {"undone": 6, "bad": 2})
    assert all(row.withdrawn_at for row in town.rows(Entitlement))
    again = taken(
        town, HELPED, PEOPLE, *(helped(n, name="王富") if n == 5 else helped(n) for n in range(6)), by="township"
    )
    assert (again.counts, len(town.rows(Person)), len(town.rows(Household))) == ({"new": 6}, 6, 2)
    assert "王富" in {row.name for row in town.rows(Person)}
    assert len([row for row in town.rows(Membership) if row.left_on is None]) == 6


def test_members_sideways_are_one_household_that_is_given_once(town: Town) -> None:
    heads = (
        "姓名",
        "身份证号",
        "家庭住址",
        "保障类别",
        "批准时间",
        "保障金额",
        "成员姓名1",
        "成员身份证号1",
        "成员姓名2",
        "成员身份证号2",
    )
    row = [
        "李大",
        number(1),
        f"域城镇{VILLAGE}",
        "最低生活保障",
        "2025-01-01",
        900,
        "李二",
        number(2),
        "李三",
        number(3),
    ]
    delivery = taken(town, HELPED, heads, row, by="township")
    assert delivery.counts == {"new": 3}
    (home,), (given,) = town.rows(Household), town.rows(Entitlement)
    relations = [row.relation for row in town.rows(Membership, household=home.id)]
    assert (relations, given.cents, home.number) == (["head", "", ""], 90000, "户2026-1")


def test_a_household_number_is_of_one_household_in_one_place(town: Town) -> None:
    elsewhere = town.rulebook.divisions.name("370304102201")
    rows = (
        helped(0, household="1"), helped(3, household="1", village=elsewhere), helped(6, household="1"),
        helped(1, household=""), helped(4, household="2", relation="户主"),
    )  # fmt: skip
    checked = brought(town, HELPED, listed(*rows, heads=PEOPLE), "township")
    _, data = with_problems(town.deployment, town.actor("township"), checked.id, opening=True)
    told = [str(row[11].value) for row in openpyxl.load_workbook(io.BytesIO(data))["名单"].iter_rows(min_row=2)]
    assert checked.counts == {"new": 2, "bad": 3}
    for text, words in zip(told, ("None", "另一个村", "已经有一位户主", "请写明户编号", "None"), strict=True):
        assert words in text
    done(town, checked, "township")
    again = taken(
        town, HELPED, PEOPLE, helped(9, household="1", village=elsewhere), helped(12, household="1"), by="township"
    )
    assert again.counts == {"bad": 2}
    assert len(town.rows(Household)) == len(town.rows(Membership)) == 2


def test_what_two_clerks_bring_at_once_is_given_once(town: Town) -> None:
    heads, row = PEOPLE, helped(0)
    first = brought(town, HELPED, listed(row, heads=heads), "township")
    second = brought(town, HELPED, listed(helped(0, decision="博民低〔2024〕07号"), heads=heads), "leader")
    twice = brought(town, HELPED, listed(row, helped(0, amount=640), heads=heads), "township")
    assert [each.counts for each in (first, second, twice)] == [{"new": 1}, {"new": 1}, {"new": 1, "bad": 1}]
    assert done(town, first, "township").counts == {"new": 1}
    assert done(town, second, "leader").counts == {"bad": 1}
    assert len(town.rows(Entitlement)) == 1
    ledgers = [brought(town, LEDGER, listed(line(1, difficulty=f"困难{n}。"), heads=LINES), "leader") for n in "甲乙"]
    assert [done(town, each, "leader").counts for each in ledgers] == [{"new": 1}, {"bad": 1}]
    assert len(town.rows(Case)) == 1


def test_what_somebody_acted_on_stays_and_the_same_rows_do_not_double(town: Town) -> None:
    data = listed(helped(0), helped(3), heads=PEOPLE)
    first = done(town, brought(town, HELPED, data, "township"), "township")
    assert bring(town.deployment, town.actor("township"), HELPED, "又.xlsx", data, town.at) == (first.id, True)
    later = brought(town, HELPED, listed(helped(0), helped(3), helped(6), heads=PEOPLE), "township")
    assert later.counts == {"repeated": 2, "new": 1}
    person = town.first(Person, name="王福0")
    told = {"after": "男" if person.sex == "女" else "女"}
    asked = {"person": person.id, "version": person.version, "kind": "sex", "answers": told, "reason": "原登记有误"}
    do_to_person(town.deployment, Asked(verb="amend", actor=town.actor("township"), **asked), town.at)
    undone = done(town, first, "township", undo)
    assert undone.counts == {"new": 1, "undone": 1}
    (stays,) = town.rows(ListedPerson, delivery=first.id, verdict="new")
    assert "有人维护过" in stays.told["problems"][0][1]


@pytest.mark.usefixtures("cheap_passwords")
def test_accounts_are_opened_their_passwords_handed_out_once_and_withdrawn(town: Town) -> None:
    heads, clerk = ("姓名", "单位", "角色", "手机号", "用户名"), with_openings(town.rulebook).lists["opening:role"]
    unit = with_openings(town.rulebook).lists["opening:unit"].entries[f"township:{TOWNSHIP}"].label
    rows = (
        ["赵一", unit, "经办人", "13800005678", ""],
        ["钱二", unit, "经办人、信息员", "", "qian.er"],
        ["孙三", unit, "经办人、安全管理员", "", ""],
        ["测试township", unit, "经办人", "", ""],
        ["李四", "没有的局", "经办人", "", ""],
    )
    delivery = taken(town, STAFF, heads, *rows, by="admin")
    assert (delivery.counts, len(clerk.entries) > 3) == ({"new": 2, "entitled": 1, "bad": 2}, True)
    opened = {row.name: row for row in town.rows(Account) if row.must_change}
    assert (opened["钱二"].login, opened["赵一"].login, opened["赵一"].unit) == (
        "qian.er", f"township.{TOWNSHIP[6:]}.1", f"township:{TOWNSHIP}",
    )  # fmt: skip
    slips = hand_out_passwords(town.deployment, town.actor("admin"), delivery.id, town.at)
    assert {name for name, *_ in slips} == {"赵一", "钱二"}
    assert not {slip[3] for slip in slips} & set(texts_in_clear(town.database))
    with pytest.raises(NotFound, match="领取过"):
        hand_out_passwords(town.deployment, town.actor("admin"), delivery.id, town.at)
    undone = done(town, town.first(Delivery, id=delivery.id), "admin", undo)
    assert (undone.counts["undone"], [row for row in town.rows(Account) if row.must_change]) == (2, [])


def line(n: int, **changes: Any) -> list[Any]:
    """Return a line of a paper ledger."""
    told = {
        "received": "2026-03-02", "name": f"周五{n}", "id": number(50 + n), "place": f"域城镇{VILLAGE}",
        "unit": "", "closed": "", "outcome": "", "difficulty": "家中主要劳动力因病卧床，生活困难。",
    } | changes  # fmt: skip
    return list(told.values())


def test_a_paper_ledger_becomes_cases_with_the_dates_it_had(town: Town) -> None:
    wide = with_openings(town.rulebook)
    bureau = wide.lists["opening:unit"].entries[MEDICAL].label
    flow = next(flow for flow in town.rulebook.flows.values() if "clue-report" in flow.opens_on)
    outcome = next(iter(wide.lists[f"opening:outcome:{flow.id}"].entries.values())).label
    rows = line(1, unit=bureau), line(2, received="2025-11-20", closed="2025-12-01", outcome=outcome, unit=bureau)
    wrong = line(3, closed="2026-03-05"), line(4, received="2026-04-01"), line(6, place="外地")
    delivery = brought(town, LEDGER, listed(*rows, *wrong, line(5), heads=LINES), "leader")
    assert delivery.counts == {"new": 3, "bad": 3}
    delivery = done(town, delivery, "leader")
    running, waiting, ended = sorted(town.rows(Case), key=lambda case: (case.closed_at is not None, case.number))
    assert (delivery.status, str(running.opened_at)[:10], running.closed_at) == ("taken", "2026-03-02", None)
    task = town.first(Task, case=running.id, unit=MEDICAL)
    assert (task.opened_at, task.due_at is not None) == (running.opened_at, True)
    assert town.first(Dispatch, case=waiting.id).status == "proposed"
    assert (str(ended.opened_at)[:10], str(ended.closed_at)[:10]) == ("2025-11-20", "2025-12-01")
    assert (ended.archived_at, ended.outcome != "", town.rows(Task, case=ended.id)) == (town.at, True, [])
    assert "2026" in ended.number
    assert {clue.source for clue in town.rows(Clue)} == {SOURCE}
    undone = done(town, delivery, "leader", undo)
    assert (undone.counts["undone"], {case.ended_as for case in town.rows(Case)}) == (3, {"withdrawn"})


def test_nobody_is_pressed_for_what_was_late_on_paper_long_ago(town: Town) -> None:
    bureau = with_openings(town.rulebook).lists["opening:unit"].entries[MEDICAL].label
    taken(town, LEDGER, LINES, line(1, received="2025-10-09", unit=bureau), by="leader")
    (case,), task = town.rows(Case), town.first(Task, unit=MEDICAL)
    assert (task.overdue_at, task.due_at is not None) == (task.due_at, True)
    pressed = [row.kind for row in town.rows(Message, case=case.id)]
    assert set(pressed) <= {"task"}
    town.work_until(town.at + timedelta(days=40))
    assert "overdue" in {row.kind for row in town.rows(Message, task=task.id)}  # from now on, as for everybody


def test_each_kind_is_brought_by_who_may(town: Town) -> None:
    everything = openings_for(town.rulebook, {"accept", "administer", "confirm-dispatch"})
    assert {HELPED, STAFF, LEDGER} <= everything.keys()
    for key, feed in everything.items():
        assert blank(with_openings(town.rulebook), feed)[:2] == b"PK", key
    data = listed(helped(0), heads=PEOPLE)
    for by, feed in (("doctor", LEDGER), ("admin", HELPED), ("village", HELPED), ("leader", STAFF), ("admin", LEDGER)):
        with pytest.raises(NotAllowed):
            bring(town.deployment, town.actor(by), feed, "a.xlsx", data, town.at)
    delivery = brought(town, HELPED, data, "township")
    with pytest.raises(NotFound):
        discard(town.deployment, town.actor("sibling"), delivery.id, delivery.version, town.at)
    with pytest.raises(Conflict):
        discard(town.deployment, town.actor("township"), delivery.id, 9, town.at)
    assert delivery.jurisdiction == JURISDICTION
    assert (town.rows(Dispatch), town.rows(Submission)) == ([], [])
    assert {row.name for row in town.rows(Event)} >= {"opening.received", "opening.checked"}
