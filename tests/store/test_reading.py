from dataclasses import replace
from datetime import timedelta

import pytest

from store.world import (
    CENTRE,
    EAST,
    EAST_TOWN,
    EAST_VILLAGE,
    HERE,
    NOW,
    ON_A_FILE,
    WATCH,
    account,
    case,
    message,
    scope,
    task,
)
from xunfang.errors import Refused
from xunfang.store import (
    PAGE_LENGTH,
    Account,
    CaseFilter,
    Database,
    Horizon,
    Lasting,
    Nearness,
    NewEvent,
    QueueFilter,
    ReadMark,
    Session,
    Task,
    append_event,
    connection,
    current_release,
    end_sessions,
    live_session,
    publish_release,
    release_files,
    roles_in,
    scoped,
    transaction,
)
from xunfang.store.reading import inbox, queue

HORIZON = Horizon(NOW, NOW + timedelta(hours=14), NOW + timedelta(days=3))
UNIT = f"township:{EAST}"
DUES = {
    Nearness.OVERDUE: timedelta(seconds=-1),
    Nearness.TODAY: timedelta(0),
    Nearness.SOON: timedelta(hours=15),
    Nearness.LATER: timedelta(days=4),
    Nearness.UNDATED: None,
}


def test_the_queue_is_parted_by_nearness(database: Database) -> None:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE, needs=("medical",), urgency="urgent")
        keys = {nearness: task(tx, made, UNIT, due) for nearness, due in DUES.items()}
    with scoped(database, EAST_TOWN) as table:
        for nearness, key in keys.items():
            page = table.queue(QueueFilter(nearness=nearness), HORIZON)
            assert [item.task for item in page.items] == [key]
        whole = table.queue(QueueFilter(), HORIZON)
        assert [item.task for item in whole.items] == list(keys.values())
        assert table.queue_counts(QueueFilter(), HORIZON) == dict.fromkeys(Nearness, 1)
    assert (whole.items[0].needs, whole.items[0].urgency, whole.items[0].case) == (("medical",), "urgent", made.case)


def test_every_task_comes_on_exactly_one_page(database: Database) -> None:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE)
        dues = [timedelta(hours=n % 7) for n in range(PAGE_LENGTH + 20)] + [None] * (PAGE_LENGTH + 5)
        keys = [task(tx, made, UNIT, due) for due in dues]
    seen, after = [], ""
    with scoped(database, EAST_TOWN) as table:
        while True:
            page = table.queue(QueueFilter(), HORIZON, after)
            seen += [item.task for item in page.items]
            after = page.next
            if not after:
                break
    assert sorted(seen) == sorted(keys)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("after", ["x", "1.", "1.a'b", "99999999999999999999.a", "1.2.3", "--1.a", "." + "a" * 90])
def test_an_invented_page_is_refused(database: Database, after: str) -> None:
    with scoped(database, EAST_TOWN) as table, pytest.raises(Refused):
        table.queue(QueueFilter(), HORIZON, after)


def test_filters_leave_out_the_rest(database: Database) -> None:
    with transaction(database, "") as tx:
        her = account(tx, "her", UNIT)
        made = case(tx, EAST_VILLAGE, urgency="urgent")
        other = case(tx, EAST_VILLAGE, urgency="ordinary")
        mine = task(tx, made, UNIT, claimed_by=her, status="claimed")
        free = task(tx, other, UNIT)
        done = task(tx, other, UNIT, status="done", ended_at=NOW)
        bureau = task(tx, other, "roads-bureau", supervised_at=NOW)
    expected = [
        (QueueFilter(mine=True), [mine]),
        (QueueFilter(urgency="ordinary"), [free]),
        (QueueFilter(status="open"), [free]),
        (QueueFilter(finished=True), [done]),
        (QueueFilter(below=True, unit="roads-bureau"), [bureau]),
        (QueueFilter(below=True, pressing=True), [bureau]),
        (QueueFilter(state="elsewhere"), []),
        (QueueFilter(flow="clue", state="handling"), [mine, free]),
    ]
    with scoped(database, scope(UNIT, EAST, account=her)) as table:
        for wanted, keys in expected:
            found = [item.task for item in table.queue(wanted, HORIZON).items]
            assert sorted(found) == sorted(keys), wanted
        assert table.queue(QueueFilter(mine=True), HORIZON).items[0].claimed_by_name == "测试her"


def test_counts_stop_at_a_thousand(database: Database) -> None:
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE)
        for _ in range(1003):
            task(tx, made, UNIT, timedelta(days=-2))
    with scoped(database, EAST_TOWN) as table:
        assert table.queue_counts(QueueFilter(), HORIZON)[Nearness.OVERDUE] == 1000


def test_the_case_file_holds_everything(database: Database) -> None:
    with transaction(database, "") as tx:
        her = account(tx, "her", UNIT)
        made = case(tx, EAST_VILLAGE, "测试甲")
        task(tx, made, UNIT, claimed_by=her)
        for name in ("clue.submitted", "task.claimed"):
            append_event(tx, b"k", NewEvent(at=NOW, jurisdiction=HERE, name=name, case=made.case, actor=her))
    with scoped(database, EAST_TOWN) as table:
        file = table.case_file(made.case)
    assert file.person.name == "测试甲"
    assert [event.name for event in file.events] == ["clue.submitted", "task.claimed"]
    assert file.submissions[made.submission].answers == {"difficulty": "困难-测试甲"}
    assert file.names[her] == "测试her"
    assert file.clues[0].in_time == {"report": True}


def test_cases_are_found_by_name_and_state(database: Database) -> None:
    with transaction(database, "") as tx:
        first = case(tx, EAST_VILLAGE, "测试甲")
        second = case(tx, EAST_VILLAGE, "测试乙", closed_at=NOW, outcome="granted")
    with scoped(database, EAST_TOWN) as table:
        assert [item.case for item in table.cases(CaseFilter(name="测试乙")).items] == [second.case]
        assert [item.case for item in table.cases(CaseFilter(show="open")).items] == [first.case]


def test_reading_a_message_is_each_members_own(database: Database) -> None:
    with transaction(database, "") as tx:
        key = message(tx, "centre", "催办")
        tx.insert(ReadMark(account="her", message=key, read_at=NOW))
    for reader, unread in (("her", 0), ("him", 1)):
        with scoped(database, scope("centre", account=reader)) as table:
            assert table.unread_count() == unread
            assert len(table.inbox(unread_only=True).items) == unread
            assert len(table.inbox().items) == 1


def test_accounts_are_listed_without_their_secrets(database: Database) -> None:
    with transaction(database, "") as tx:
        account(tx, "jia", UNIT)
        account(tx, "yi", "centre", state="disabled")
        both = roles_in(tx, HERE, (UNIT, "centre"))
        assert {unit: len(there) for unit, there in both.items()} == {UNIT: 1, "centre": 0}
        assert [roles_in(tx, HERE, (unit,))[unit] for unit in both] == list(both.values())
    with scoped(database, CENTRE) as table:
        page = table.accounts(WATCH)
        assert [item.login for item in table.accounts(WATCH, unit="centre").items] == ["yi"]
        assert [item.login for item in table.accounts(WATCH, find="yi").items] == ["yi"]
        assert table.accounts(WATCH, find="%").items == table.accounts(WATCH, find="_").items == ()
    assert {item.login for item in page.items} == {"jia", "yi"}
    assert "argon2" not in repr(page)


def test_a_session_lasts_while_it_is_used_and_no_longer(database: Database) -> None:
    lasting = Lasting(timedelta(hours=8), timedelta(minutes=30))
    with transaction(database, "") as tx:
        key = account(tx, "jia")
        ends = NOW + timedelta(hours=8)
        tx.insert(Session(token_hash="t", account=key, csrf="c", created_at=NOW, last_seen_at=NOW, ends_at=ends))
        assert live_session(tx, "t", NOW + timedelta(minutes=29), lasting)
        assert live_session(tx, "t", NOW + lasting.idle, lasting) is None
        assert live_session(tx, "other", NOW, lasting) is None
        tx.update(Account, {"id": key}, {"state": "disabled"})
        assert live_session(tx, "t", NOW, lasting) is None
        tx.update(Account, {"id": key}, {"state": "active"})
        assert end_sessions(tx, key, NOW) == 1
        assert live_session(tx, "t", NOW, lasting) is None


def test_a_release_is_current_until_the_next(database: Database) -> None:
    with transaction(database, "") as tx:
        assert publish_release(tx, "one", HERE, {"a.toml": "甲"}, NOW)
        assert not publish_release(tx, "one", HERE, {"a.toml": "甲"}, NOW)
        assert publish_release(tx, "two", HERE, {"a.toml": "乙"}, NOW)
        found = current_release(tx, HERE)
        assert found is not None
        assert (found.id, release_files(found)) == ("two", {"a.toml": "乙"})
        assert publish_release(tx, "one", HERE, {}, NOW)
        back = current_release(tx, HERE)
        assert back is not None
        assert release_files(back) == {"a.toml": "甲"}


def test_what_is_urgent_leads_the_queue_on_every_page(database: Database) -> None:
    dues = [timedelta(hours=n % 5) for n in range(PAGE_LENGTH + 30)]
    with transaction(database, "") as tx:
        made = case(tx, EAST_VILLAGE)
        ordinary = [task(tx, made, UNIT, due) for due in dues]
        urgent = [task(tx, made, UNIT, due + timedelta(days=9)) for due in dues]
        for key in urgent:
            tx.update(Task, {"id": key}, {"urgent": True})
    seen, after = [], ""
    with scoped(database, EAST_TOWN) as table:
        while True:
            page = table.queue(QueueFilter(), HORIZON, after)
            seen += [item.task for item in page.items]
            if not (after := page.next):
                break
        overdue = table.queue(QueueFilter(nearness=Nearness.LATER), HORIZON).items
    assert len(seen) == len({*seen}) == len(ordinary) + len(urgent)
    assert {*seen[: len(urgent)]} == {*urgent}
    assert {item.task for item in overdue} <= {*urgent}


@ON_A_FILE
def test_the_queue_of_a_unit_is_found_by_its_own_index_however_much_others_owe(database: Database) -> None:
    with connection(database):
        for stage in range(3):
            (span,) = queue._stretch(EAST_TOWN, QueueFilter(), HORIZON, False, stage).spans
            query = span.query.order_by(*span.led, *span.by).limit(51)
            sql, values = database.peewee.get_sql_context().sql(query).query()
            plan = " ".join(row[3] for row in database.run(f"EXPLAIN QUERY PLAN {sql}", tuple(values)).fetchall())
            assert "task_jurisdiction_unit_" in plan
            assert "TEMP B-TREE" not in plan


@ON_A_FILE
def test_the_urgent_ones_are_found_by_an_index(database: Database) -> None:
    wanted = 'WHERE "jurisdiction" = ? AND "urgent" = 1 AND "ended_at" IS NULL AND "due_at" IS NOT NULL'
    with transaction(database, "") as tx:
        rows = tx.database.run(
            f'EXPLAIN QUERY PLAN SELECT "id" FROM "task" {wanted} ORDER BY "due_at", "id" LIMIT 51', (HERE,)
        ).fetchall()
    plan = " ".join(row[3] for row in rows)
    assert "USING COVERING INDEX" in plan
    assert "TEMP B-TREE" not in plan


@ON_A_FILE
def test_whoever_keeps_rules_finds_their_own_messages_however_many_their_unit_has(database: Database) -> None:
    keeper = replace(EAST_TOWN, acts=frozenset({"edit-rules"}))
    (listing,) = inbox._messages(keeper, unread_only=False).spans
    query = listing.query.order_by(*(each.desc() for each in listing.by)).limit(51)
    with connection(database):
        sql, values = database.peewee.get_sql_context().sql(query).query()
        plan = [row[3] for row in database.run(f"EXPLAIN QUERY PLAN {sql}", tuple(values)).fetchall()]
    assert "USING INDEX message_of_one (jurisdiction=? AND account=?)" in plan[0]
    assert not any("TEMP B-TREE" in step for step in plan)
