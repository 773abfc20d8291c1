"""A township never sees another's person, by any way there is."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from store.world import (
    CENTRE,
    COUNTY,
    DEPARTMENT,
    EAST,
    EAST_TOWN,
    EAST_VILLAGE,
    HERE,
    NOW,
    WATCH,
    WEST_TOWN,
    WEST_VILLAGE,
    Made,
    account,
    case,
    dispatch,
    message,
    scope,
    task,
)
from xunfang.errors import NotAllowed, NotFound
from xunfang.store import (
    Attachment,
    CaseFilter,
    Clue,
    Database,
    Horizon,
    Notice,
    QueueFilter,
    RecordFilter,
    Scope,
    ScopedReader,
    Submission,
    connection,
    new_id,
    scoped,
    transaction,
)

CANARY = "测试金丝雀"
HORIZON = Horizon(NOW, NOW + timedelta(hours=14), NOW + timedelta(days=3))
STRANGERS = [
    WEST_TOWN,
    DEPARTMENT,
    scope(f"village:{WEST_VILLAGE}", WEST_VILLAGE),
    scope("centre", COUNTY, "administer", jurisdiction="888888-other"),
    scope("centre", "888888", "administer", jurisdiction="888888-other"),
    scope("", ""),
    replace(WEST_TOWN, served=("999999103",)),
    replace(DEPARTMENT, served=(EAST,)),  # a unit that sees no division sees none that it serves
]


@pytest.fixture
def made(database: Database) -> Made:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE, CANARY, id_index="index")
        task(tx, made, f"township:{EAST}", due=timedelta(days=-1))
        task(tx, made, f"township:{EAST}", due=None)
        dispatch(tx, made)
        tx.insert(
            Notice(
                id="notice", key="k", jurisdiction=HERE, case=made.case, task="", kind="slip", unit="u", wanted_at=NOW
            )
        )
        for key, submission in (("photo", made.submission), ("loose", "")):
            tx.insert(
                Attachment(
                    id=key,
                    jurisdiction=HERE,
                    name=CANARY,
                    media_type="image/jpeg",
                    size=1,
                    sha256="0",
                    by="account-reporter",
                    at=NOW,
                    submission=submission,
                )
            )
        message(tx, f"township:{EAST}", CANARY)
    return made


def _lists(table: ScopedReader) -> str:
    pages = [table.queue(QueueFilter(below=below), HORIZON) for below in (False, True)]
    filters = [QueueFilter(below=True, pressing=True), QueueFilter(below=True, finished=True)]
    pages += [table.queue(wanted, HORIZON) for wanted in filters]
    others = [table.cases(CaseFilter()), table.dispatches(), table.notices(), table.reports(), table.inbox()]
    everything = [*pages, *others, table.records_with("index"), table.unread_count()]
    return repr(everything) + repr(table.queue_counts(QueueFilter(below=True), HORIZON))


ONE: list[Callable[[ScopedReader, Made], object]] = [
    lambda table, made: table.case(made.case),
    lambda table, made: table.case_file(made.case),
    lambda table, made: table.person(made.person),
    lambda table, made: table.notice("notice"),
    lambda table, made: table.submission(made.submission),
    lambda table, made: table.attachment("photo"),
    lambda table, made: table.attachment("loose"),
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda scope: f"{scope.jurisdiction}/{scope.unit}")
def test_a_stranger_sees_nothing_in_any_list(database: Database, made: Made, stranger: Scope) -> None:
    with scoped(database, stranger) as table:
        found = _lists(table)
        assert not table.sees_case(made.case)
    assert CANARY not in found
    assert made.case not in found
    assert "slip" not in found
    assert ": 1" not in found


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda scope: f"{scope.jurisdiction}/{scope.unit}")
@pytest.mark.parametrize(
    "read", ONE, ids=["case", "file", "person", "notice", "submission", "attachment", "loose attachment"]
)
def test_what_is_out_of_sight_does_not_exist(
    database: Database, made: Made, stranger: Scope, read: Callable[[ScopedReader, Made], object]
) -> None:
    with scoped(database, stranger) as table, pytest.raises(NotFound):
        read(table, made)


@pytest.mark.parametrize(
    "reader",
    [
        CENTRE,
        EAST_TOWN,
        scope(f"village:{EAST_VILLAGE}", EAST_VILLAGE),
        replace(WEST_TOWN, served=(EAST,)),
        Scope.system("test", HERE),
    ],
    ids=["centre", "township", "village", "one that serves it too", "machinery"],
)
def test_whoever_answers_for_the_place_sees_the_case(database: Database, made: Made, reader: Scope) -> None:
    with scoped(database, reader) as table:
        assert table.sees_case(made.case)
        for read in ONE[:6]:
            read(table, made)
        assert [item.person_name for item in table.cases(CaseFilter()).items] == [CANARY]
        assert [item.person_name for item in table.dispatches().items] == [CANARY]
        assert [person.name for person in table.records_with("index")] == [CANARY]


def test_a_department_sees_a_case_from_the_moment_it_has_a_task(database: Database, made: Made) -> None:
    with transaction(database, "") as tx:
        mine = task(tx, made, "roads-bureau", ended_at=NOW, status="done")
    with scoped(database, DEPARTMENT) as table:
        assert table.case(made.case).id == made.case
        assert table.person(made.person).name == CANARY
        assert table.submission(made.submission).id == made.submission
        assert table.attachment("photo").id == "photo"
        assert table.task(mine).id == mine
        others = [found.id for found in table.case_file(made.case).tasks if found.id != mine]
        for other in others:
            with pytest.raises(NotFound):
                table.task(other)


def test_who_reported_a_clue_sees_its_case_though_it_lies_elsewhere(database: Database) -> None:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE, reporter="hotline")
    with scoped(database, scope("hotline")) as table:
        assert table.case(made.case).id == made.case
        assert [item.case for item in table.reports().items] == [made.case]
    with scoped(database, scope("")) as table, pytest.raises(NotFound):
        table.case(made.case)


def test_what_a_task_was_completed_with_is_seen_with_its_case(database: Database, made: Made) -> None:
    with transaction(database, "") as tx:
        report = tx.find(Submission, made.submission)
        assert report is not None
        tx.insert(replace(report, id="feedback"))
        task(tx, made, f"township:{EAST}", answers="feedback", ended_at=NOW, status="done")
    with scoped(database, EAST_TOWN) as table:
        assert table.submission("feedback").id == "feedback"
    with scoped(database, WEST_TOWN) as table, pytest.raises(NotFound):
        table.submission("feedback")


def test_an_attachment_not_yet_sent_is_its_makers_alone(database: Database, made: Made) -> None:
    with scoped(database, scope("elsewhere", account="account-reporter")) as table:
        assert table.attachment("loose").id == "loose"
    with scoped(database, CENTRE) as table, pytest.raises(NotFound):
        table.attachment("loose")


def test_units_of_the_same_name_in_two_counties_share_nothing(database: Database, made: Made) -> None:
    with transaction(database, "") as tx:
        account(tx, "jia")
    twin = scope(f"township:{EAST}", EAST, "administer", account="account-reporter", jurisdiction="888888-other")
    with scoped(database, twin) as table:
        assert CANARY not in _lists(table)
        assert table.accounts(WATCH).items == ()
        assert table.unread_count() == 0
        with pytest.raises(NotFound):
            table.attachment("loose")
    with scoped(database, replace(twin, unit=f"village:{EAST_VILLAGE}", division=EAST_VILLAGE)) as table:
        assert table.reports().items == ()


def test_a_message_to_one_member_is_not_the_other_members(database: Database) -> None:
    with transaction(database, "") as tx:
        ours = message(tx, "centre", "to all")
        hers = message(tx, "centre", "to one", account="her")
    for reader, seen in ((scope("centre", account="her"), {ours, hers}), (scope("centre", account="him"), {ours})):
        with scoped(database, reader) as table:
            assert {item.message for item in table.inbox().items} == seen
            assert table.unread_count() == len(seen)


OFFICES: dict[str, Callable[[ScopedReader], object]] = {
    "administer": lambda table: table.accounts(WATCH),
    "operate": lambda table: table.machinery(NOW),
    "audit": lambda table: table.record(RecordFilter()),
}


@pytest.mark.parametrize("act", OFFICES)
def test_accounts_machinery_and_record_are_each_for_one_office(database: Database, act: str) -> None:
    for other in (*OFFICES, "supervise"):
        with scoped(database, scope("centre", COUNTY, other)) as table:
            if other == act:
                OFFICES[act](table)
                continue
            with pytest.raises(NotAllowed):
                OFFICES[act](table)


def test_a_prefix_that_only_looks_alike_is_not_within(database: Database) -> None:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE)
    near = scope("x", EAST[:-1] + "0")
    with scoped(database, near) as table, pytest.raises(NotFound):
        table.case(made.case)


def test_a_case_file_shows_no_secret(database: Database, made: Made) -> None:
    with connection(database) as reader:
        file = ScopedReader(reader, CENTRE).case_file(made.case)
    assert "sealed" not in {key for key in asdict(file.person) if key != "has_sealed"}
    assert all("facts" not in asdict(notice) for notice in file.notices)


def test_the_machinery_must_say_why(database: Database) -> None:
    with pytest.raises(ValueError, match="reason"):
        Scope.system("", HERE)


def test_a_report_that_joined_a_case_elsewhere_opens_no_sight_of_it(database: Database, made: Made) -> None:
    """Whoever knows somebody's number could otherwise look that person's file up by reporting it."""
    stranger = scope(f"village:{WEST_VILLAGE}", WEST_VILLAGE)
    with transaction(database, "") as tx:
        first = tx.select(Clue, case=made.case)[0]
        again = replace(tx.select(Submission, id=first.submission)[0], id=new_id(), unit=stranger.unit)
        tx.insert(again)
        tx.insert(replace(first, id=new_id(), submission=again.id, unit=stranger.unit, joined=True))
    with scoped(database, stranger) as table:
        assert not table.sees_case(made.case)
        assert [(item.case, item.in_sight) for item in table.reports().items] == [("", False)]
