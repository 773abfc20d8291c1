"""The record for its auditor: newest first, page by page, within one jurisdiction, and nobody's personal data."""

from datetime import timedelta
from typing import Any

import pytest

from store.world import EAST_VILLAGE, HERE, NOW, ON_A_FILE, account, case, scope
from xunfang.errors import Refused
from xunfang.store import (
    PAGE_LENGTH,
    Database,
    NewEvent,
    Page,
    RecordFilter,
    RecordItem,
    append_event,
    scoped,
    transaction,
)
from xunfang.store.reading import record

KEY = b"k" * 32
AUDITOR = scope("centre", "", "audit")


def happen(database: Database, *names: str, **more: Any) -> None:
    with transaction(database, "") as tx:
        for name in names:
            append_event(tx, KEY, NewEvent(**{"at": NOW, "jurisdiction": HERE, "name": name, **more}))


def read(database: Database, wanted: RecordFilter | None = None, after: str = "") -> Page[RecordItem]:
    with scoped(database, AUDITOR) as table:
        return table.record(wanted or RecordFilter(), after)


def all_pages(database: Database, wanted: RecordFilter | None = None) -> tuple[list[int], int]:
    """Return the numbers of all events found, page after page, and how many pages there were."""
    found, pages, after = [], 0, ""
    while True:
        page = read(database, wanted, after)
        found += [item.event.n for item in page.items]
        pages, after = pages + 1, page.next
        if not after:
            return found, pages


def test_the_newest_come_first_and_pages_neither_skip_nor_repeat(database: Database) -> None:
    day = 3 * PAGE_LENGTH // 4
    for n in range(3):  # a later moment may have a lower number: a demonstration is played in the past
        happen(database, *["task.claimed"] * day, at=NOW - timedelta(hours=n))
    found, pages = all_pages(database)
    assert found == [n for first in (0, day, 2 * day) for n in range(first + day, first, -1)]
    assert pages == 3


def test_another_jurisdictions_events_are_not_there(database: Database) -> None:
    happen(database, "task.claimed", jurisdiction="888888-other")
    assert all_pages(database) == ([], 1)


def test_it_is_filtered_by_kind_person_and_day(database: Database) -> None:
    with transaction(database, "") as tx:
        jia = account(tx, "jia", name="王甲")
        account(tx, "elsewhere", name="王甲", unit="roads-bureau")
    happen(database, "account.signed_in", "task.claimed", actor=jia)
    happen(database, "task.claimed", at=NOW + timedelta(days=1))
    assert all_pages(database, RecordFilter(names=("task.claimed",)))[0] == [3, 2]
    for text in ("jia", "王甲"):
        assert all_pages(database, RecordFilter(account=text))[0] == [2, 1]
    assert all_pages(database, RecordFilter(names=("task.claimed",), account="jia"))[0] == [2]
    assert all_pages(database, RecordFilter(account="nobody"))[0] == []
    assert all_pages(database, RecordFilter(since=NOW + timedelta(hours=1)))[0] == [3]
    assert all_pages(database, RecordFilter(before=NOW + timedelta(hours=1)))[0] == [2, 1]


def test_what_is_rare_is_found_without_looking_through_everything_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "WINDOW", 25)
    happen(database, "person.revealed", *["task.claimed"] * 99, "person.revealed")
    found, pages = all_pages(database, RecordFilter(names=("person.revealed",)))
    assert found == [101, 1]
    assert pages == 5
    assert all_pages(database, RecordFilter(names=("task.claimed",)))[0] == list(range(100, 1, -1))


def test_a_case_is_known_by_its_number_only(database: Database) -> None:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE, "金丝雀")
    typed = {"reason": "电话13800001234找金丝雀核实，证件11010519491231002X", "number": "20260001"}
    happen(database, "person.revealed", case=made.case, data=typed)
    item = read(database).items[0]
    assert item.case_number == f"N{made.case}"
    assert item.flow == "clue"
    assert item.event.told == {"reason": "电话138****找（当事人）核实，证件110****", "number": "20260001"}
    assert "金丝雀" not in repr(item)


@pytest.mark.parametrize("name", ["task.returned", "task.transferred"])
def test_what_was_typed_in_casework_stays_in_the_case(database: Database, name: str) -> None:
    happen(database, name, data={"reason": "患尿毒症，应先办医疗救助", "to": "medical"})
    assert read(database).items[0].event.told == {"reason": record.GIVEN, "to": "medical"}


@pytest.mark.parametrize("after", ["x", "5.abc", f"5.{'9' * 30}", f"{'9' * 30}.5"])
def test_a_page_that_was_never_handed_out_is_refused(database: Database, after: str) -> None:
    with pytest.raises(Refused):
        read(database, RecordFilter(names=("task.claimed",)), after)


@ON_A_FILE
def test_it_is_read_along_an_index(database: Database) -> None:
    with transaction(database, "") as tx:
        sql, values = (
            record._EVENT.select(record._EVENT.n)
            .where(record._span(AUDITOR, RecordFilter(since=NOW)))
            .order_by(record._EVENT.at.desc(), record._EVENT.n.desc())
            .sql()
        )
        plan = " ".join(row[3] for row in tx.database.run(f"EXPLAIN QUERY PLAN {sql}", tuple(values)).fetchall())
    assert "event_jurisdiction_at_n" in plan
    assert "TEMP B-TREE" not in plan
