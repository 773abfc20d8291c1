"""Lists of departments: handed in with errors, mended, handed over, taken in as clues, undone whole; never twice."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from actions.test_duties import begin
from actions.town import MEDICAL, VILLAGE, Town, report
from databases import texts_in_clear
from sheets.books import HEADS, book, listed, number, patient
from xunfang.actions.feeds import discard, hand_in_list, hand_over, take_in, tell_columns, undo
from xunfang.actions.handling import claim
from xunfang.actions.list_workbooks import blank, with_problems
from xunfang.actions.matching import Matcher
from xunfang.casework import Delivery, Entitlement, HeadWord, ListedPerson, ListedStretch
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound
from xunfang.rules.feeds import VERDICTS
from xunfang.sheets.said import Said
from xunfang.store import (
    Case,
    Clue,
    DutyPeriod,
    Job,
    Message,
    Person,
    Submission,
    Task,
    connection,
    new_id,
    transaction,
)
from xunfang.store.reading.feeds import every_listed, listed_people
from xunfang.store.scoped import scoped

FEED, OTHER = "insured-inpatient-bills", "yearly-medical-costs"
LOST = [3, "赵铁", 3.703041990010113e17, "", "域城镇", "区第一医院", "2026-03-01", 25000]


def handed_in(town: Town, data: bytes, by: str = "doctor", owed: str = "", feed: str = FEED) -> Delivery:
    """Hand a list in and let the worker read it."""
    key, _ = hand_in_list(town.deployment, town.actor(by), feed, owed, "三月.xlsx", data, town.at)
    town.work_until()
    return town.first(Delivery, id=key)


def everybody(town: Town, delivery: Delivery) -> list[ListedPerson]:
    """Return all people of a list."""
    with connection(town.database) as reader:
        found = [person for verdict in VERDICTS for person in every_listed(reader, delivery.id, verdict)]
    return sorted(found, key=lambda person: person.n)


def people(town: Town, delivery: Delivery) -> dict[str, str]:
    """Return the verdict of each person in a list, by row of the sheet."""
    return {str(row.line): row.verdict for row in everybody(town, delivery)}


def over(town: Town, delivery: Delivery, by: str = "doctor") -> Delivery:
    hand_over(town.deployment, town.actor(by), delivery.id, delivery.version, town.at)
    return town.first(Delivery, id=delivery.id)


def taken(town: Town, data: bytes) -> Delivery:
    """Let a list be handed in, handed over and taken in."""
    delivery = over(town, handed_in(town, data))
    take_in(town.deployment, town.actor("centre"), delivery.id, delivery.version, town.at)
    town.work_until()
    return town.first(Delivery, id=delivery.id)


def test_each_row_is_checked_by_its_form_and_sorted_by_the_rules(town: Town) -> None:
    rows = (patient(1), LOST, patient(3, amount=1000), patient(4, address="外地"), patient(5, name=""), ["合计"])
    delivery = handed_in(town, listed(*rows))
    assert (delivery.status, delivery.counts) == ("checked", {"new": 1, "bad": 3, "left-out": 1})
    assert people(town, delivery) == {"1": "new", "2": "bad", "3": "left-out", "4": "bad", "5": "bad"}
    told = {row.line: row.told["problems"] for row in everybody(town, delivery)}
    assert "后几位已经丢失" in told[2][0][1]
    assert "看不出住在哪个镇（街道）" in told[4][0][1]
    assert not town.rows(Submission)


def test_the_senders_own_workbook_comes_back_with_what_is_wrong_and_is_mended(town: Town) -> None:
    delivery = handed_in(town, book({"封面": [["区医院"]], "名单": [["三月名单"], HEADS, patient(1), LOST]}))
    name, data = with_problems(town.deployment, town.actor("doctor"), delivery.id)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["名单"]
    assert (name, sheet["I2"].value, sheet["I3"].value) == ("三月-核对问题.xlsx", "核对问题", None)
    assert "设为文本" in str(sheet["I4"].value)
    sheet["C4"].value, made = number(9), io.BytesIO()
    sheet.parent.save(made)
    again = handed_in(town, made.getvalue())
    assert (again.id != delivery.id, again.counts) == (True, {"new": 2})


def test_what_is_owed_is_fulfilled_by_handing_over_and_whoever_gets_it_is_told(town: Town) -> None:
    begin(town, "2026-04-01T00:00:20")
    owed = town.first(DutyPeriod, duty=FEED, unit=MEDICAL)
    delivery = handed_in(town, listed(patient(1), LOST))
    assert delivery.owed == owed.id
    assert over(town, delivery).status == "handed"
    assert town.first(DutyPeriod, id=owed.id).status == "reported"
    assert town.first(Task, about=owed.id).status == "done"
    (told,) = town.rows(Message, unit="service-centre", kind="list")
    assert "共1人" in told.body


def test_taking_in_opens_a_clue_for_each_new_person_once(town: Town) -> None:
    delivery = taken(town, listed(*(patient(n) for n in range(1, 13)), LOST))
    assert (delivery.status, delivery.counts) == ("taken", {"new": 12, "bad": 1})
    clues, rows = town.rows(Clue), town.rows(ListedPerson, delivery=delivery.id, verdict="new")
    assert {clue.submission for clue in clues} == {row.submission for row in rows}
    assert (len(clues), len(town.rows(Case)), len(town.rows(Person))) == (12, 12, 12)
    answers = town.first(Submission, id=rows[0].submission).answers
    assert answers["residence"] == "370304102"
    assert "区第一医院" in answers["difficulty"]
    assert answers["amount"] == 30000


def test_a_job_that_is_done_twice_doubles_nothing(town: Town) -> None:
    delivery = taken(town, listed(patient(1)))
    with transaction(town.database, "") as tx:
        tx.update(Delivery, {"id": delivery.id}, {"status": "taking"})
        tx.update(Job, {"kind": "take-list"}, {"status": "ready", "ended_at": None})
    town.work_until()
    assert len(town.rows(Clue)) == 1


def test_the_same_file_is_known_again_and_the_same_rows_do_not_double(town: Town) -> None:
    data = listed(patient(1), patient(2))
    first = taken(town, data)
    assert hand_in_list(town.deployment, town.actor("doctor"), FEED, "", "又.xlsx", data, town.at) == (first.id, True)
    later = handed_in(town, listed(patient(1), patient(2), patient(2), patient(3), patient(3)))
    assert later.counts == {"open-case": 3, "new": 1, "repeated": 1}


def test_whoever_has_the_aid_already_is_left_out(town: Town) -> None:
    first = taken(town, listed(patient(1)))
    case = town.first(Case)
    held = {"programme": "medical-aid", "state": "granted", "since": date(2026, 3, 1), "decided_at": town.at}
    where = {"jurisdiction": case.jurisdiction, "residence": case.residence, "person": case.person, "unit": MEDICAL}
    with transaction(town.database, "") as tx:
        tx.insert(Entitlement(id=new_id(), **held, **where))
    later = handed_in(town, listed(patient(1), patient(2)))
    assert (later.counts, first.status) == ({"entitled": 1, "new": 1}, "taken")


def test_all_of_it_is_undone_while_nobody_acted(town: Town) -> None:
    delivery = taken(town, listed(patient(1), patient(2)))
    undo(town.deployment, town.actor("centre"), delivery.id, delivery.version, town.at)
    town.work_until()
    after = town.first(Delivery, id=delivery.id)
    assert (after.status, {case.ended_as for case in town.rows(Case)}) == ("undone", {"withdrawn"})
    assert handed_in(town, listed(patient(1), patient(2), patient(3))).counts == {"new": 3}


def test_nothing_is_undone_once_somebody_acted(town: Town) -> None:
    delivery = taken(town, listed(patient(1), patient(2)))
    town.confirm(town.rows(Case)[0].id)
    with pytest.raises(Conflict, match="已有人批示或签收"):
        undo(town.deployment, town.actor("centre"), delivery.id, delivery.version, town.at)
    assert {case.closed_at for case in town.rows(Case)} == {None}


def test_a_head_word_is_asked_about_once_and_remembered_for_this_sender_and_feed(town: Town) -> None:
    heads = [*HEADS[:5], "就诊机构", *HEADS[6:], "科室"]
    asking = handed_in(town, listed([*patient(1), "内科"], heads=heads))
    assert asking.status == "asking"
    twice = {"就诊机构": "hospital", "科室": "hospital"}
    with pytest.raises(Invalid):
        tell_columns(town.deployment, town.actor("doctor"), asking.id, asking.version, twice, town.at)
    told = {"就诊机构": "hospital", "科室": "", "别的": ""}
    tell_columns(town.deployment, town.actor("doctor"), asking.id, asking.version, told, town.at)
    town.work_until()
    assert town.first(Delivery, id=asking.id).counts == {"new": 1}
    assert {row.word: row.column for row in town.rows(HeadWord)} == {"就诊机构": "hospital", "科室": ""}
    assert handed_in(town, listed([*patient(2), "外科"], heads=heads)).status == "checked"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (listed(heads=HEADS), "表头下面没有人"),
        (book({"名单": [["今天天气很好"]]}), "没有找到表头"),
        (listed(["王福", "x"], heads=["姓名", "联系电话"]), "没有“身份证号"),
        (b"PK\x03\x04" + b"x" * 90, "已损坏"),
        (book({"一月": [HEADS, patient(1)], "二月": [HEADS, patient(2)], "三月": [HEADS]}), "“一月”、“二月”这几张"),
    ],
    ids=["empty", "no-head", "no-column", "torn", "several-sheets"],
)
def test_what_cannot_be_read_is_told_in_words(town: Town, data: bytes, words: str) -> None:
    delivery = handed_in(town, data)
    assert delivery.status == "failed"
    assert words in delivery.error


def test_a_csv_and_a_list_of_households_are_taken_like_any_other(town: Town) -> None:
    plain = "\r\n".join(",".join(map(str, row)) for row in (HEADS, patient(1)))
    assert handed_in(town, plain.encode("gb18030")).counts == {"new": 1}
    heads = [*HEADS, "成员姓名1", "成员身份证号1"]
    assert handed_in(town, listed([*patient(2), "李英", number(3)], heads=heads)).counts == {"new": 2}


def test_the_sheet_with_people_is_read_where_an_empty_one_stands_before_it(town: Town) -> None:
    data = book({"样表": [HEADS], "名单": [HEADS, patient(1)]})
    assert handed_in(town, data).counts == {"new": 1}


def test_a_name_alone_is_nobody_elses_in_another_village(town: Town) -> None:
    told, feed = town.report(), town.rulebook.feeds["online-pleas"]
    villages = [town.rulebook.divisions.name(code) for code in (VILLAGE, "370304102201")]
    addresses = [f"域城镇{name}" for name in villages] + ["域城镇"]
    known, number = town.first(Person, id=town.case(told.case).person), report()["id_number"]
    columns = {
        "name": [known.name] * 4, "id_number": [None, None, None, number], "address": [*addresses, addresses[0]],
        "occurred_on": ["2026-03-09"] * 4, "content": [f"求助{n}" for n in range(4)],
    }  # fmt: skip
    delivery = replace(handed_in(town, listed(patient(1))), feed=feed.id, unit="propaganda")
    matcher = Matcher(town.deployment, delivery, town.rulebook, town.at)
    with connection(town.database) as reader:
        found = matcher.judged(reader, Said(range(4), columns), 0)
    assert [each.verdict for each in found] == ["open-case", "new", "open-case", "open-case"]


@pytest.mark.parametrize("login", ["colleague", "doctor"])
def test_a_list_is_seen_by_its_own_unit_at_once(town: Town, login: str) -> None:
    delivery = handed_in(town, listed(patient(1)))
    with scoped(town.database, town.actor(login).scope) as reader:
        assert reader.deliveries.one(delivery.id).id == delivery.id


@pytest.mark.parametrize("login", ["centre", "teacher", "township", "leader", "admin"])
def test_nobody_else_sees_a_list_before_it_is_handed_over(town: Town, login: str) -> None:
    delivery = handed_in(town, listed(patient(1)))
    with scoped(town.database, town.actor(login).scope) as reader, pytest.raises(NotFound):
        reader.deliveries.one(delivery.id)


def test_whoever_gets_a_list_sees_it_and_no_file_of_it(town: Town) -> None:
    delivery = over(town, handed_in(town, listed(patient(1), LOST)))
    with scoped(town.database, town.actor("centre").scope) as reader:
        assert reader.deliveries.one(delivery.id).status == "handed"
    with pytest.raises(NotFound):
        with_problems(town.deployment, town.actor("centre"), delivery.id)
    with scoped(town.database, town.actor("teacher").scope) as reader, pytest.raises(NotFound):
        reader.deliveries.one(delivery.id)


def test_each_may_do_only_what_is_theirs(town: Town) -> None:
    with pytest.raises(NotAllowed):
        handed_in(town, listed(patient(1)), by="teacher")
    delivery = handed_in(town, listed(patient(1), LOST))
    for refused in (take_in, undo):
        with pytest.raises(NotAllowed):
            refused(town.deployment, town.actor("doctor"), delivery.id, delivery.version, town.at)
    handed = over(town, delivery)
    for late in (discard, hand_over):
        with pytest.raises(Conflict):
            late(town.deployment, town.actor("doctor"), handed.id, handed.version, town.at)
    with pytest.raises(NotFound):
        hand_over(town.deployment, town.actor("centre"), handed.id, handed.version, town.at)


def test_a_list_without_one_right_row_is_not_handed_over_and_can_be_taken_back(town: Town) -> None:
    delivery = handed_in(town, listed(LOST))
    with pytest.raises(Invalid, match="本期无新增"):
        over(town, delivery)
    discard(town.deployment, town.actor("doctor"), delivery.id, delivery.version, town.at)
    assert town.first(Delivery, id=delivery.id).status == "withdrawn"


def test_nothing_of_the_people_in_a_list_lies_in_clear(town: Town) -> None:
    handed_in(town, listed(patient(1, name="欧阳鹊巢", hospital="鹊巢专科医院"), LOST))
    found = texts_in_clear(town.database)
    assert not [text for text in found if any(each in text for each in ("鹊巢", number(1), "三月.xlsx", "139000"))]


def test_the_template_is_read_back_with_every_column_known(town: Town) -> None:
    for feed in town.rulebook.feeds.values():
        sheet = openpyxl.load_workbook(io.BytesIO(blank(town.rulebook, feed)))["名单"]
        assert [cell.value for cell in sheet[1]] == [heads[0] for heads in feed.columns.values()]


def test_a_claim_by_a_colleague_keeps_the_list_from_fulfilling_what_is_owed(town: Town) -> None:
    begin(town, "2026-04-01T00:00:20")
    delivery = handed_in(town, listed(patient(1)))
    task = town.first(Task, about=delivery.owed)
    claim(town.deployment, town.actor("colleague"), task.id, task.version, town.at)
    with pytest.raises(Conflict):
        over(town, delivery)


def _kept_one_by_one(town: Town, delivery: Delivery) -> None:
    """Let the people of a list stand each by themselves, as version 16 kept them."""
    found = everybody(town, delivery)
    with transaction(town.database, "") as tx:
        tx.insert_all([replace(person, digest=person.id) for person in found])
        tx.delete(ListedStretch, delivery=delivery.id)


def test_a_list_that_version_16_had_read_is_taken_in_and_undone_like_any_other(town: Town) -> None:
    delivery = handed_in(town, listed(*(patient(n) for n in range(1, 13)), LOST))
    before = people(town, delivery)
    _kept_one_by_one(town, delivery)
    assert people(town, delivery) == before
    over(town, delivery)
    handed = town.first(Delivery, id=delivery.id)
    take_in(town.deployment, town.actor("centre"), handed.id, handed.version, town.at)
    town.work_until()
    taken_in = town.first(Delivery, id=delivery.id)
    assert (taken_in.counts, len(town.rows(Clue))) == ({"new": 12, "bad": 1}, 12)
    undo(town.deployment, town.actor("centre"), taken_in.id, taken_in.version, town.at)
    town.work_until()
    assert town.first(Delivery, id=delivery.id).counts == {"undone": 12, "bad": 1, "new": 0}


def test_whoever_became_a_clue_stands_once_wherever_a_page_begins(town: Town) -> None:
    delivery = over(town, handed_in(town, listed(*(patient(n) for n in range(1, 26)))))
    take_in(town.deployment, town.actor("centre"), delivery.id, delivery.version, town.at)
    town.worker.run_next()  # the first ten
    with connection(town.database) as reader:
        alone = [person.n for person in reader.select(ListedPerson, delivery=delivery.id)]
        pages = [
            [person.n for person in listed_people(reader, delivery.id, "new", after, 7)] for after in range(-1, 25)
        ]
    assert alone == list(range(10))
    assert pages == [list(range(after + 1, 25))[:7] for after in range(-1, 25)]
    town.work_until()
    assert not town.rows(ListedStretch, delivery=delivery.id)
    assert [person.n for person in everybody(town, delivery)] == list(range(25))
