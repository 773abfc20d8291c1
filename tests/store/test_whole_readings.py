"""No reading stops before its end without saying so."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from store.world import CENTRE, EAST_VILLAGE, HERE, NOW, account, case, scope
from xunfang.store import (
    Database,
    Job,
    Lasting,
    Message,
    NewEvent,
    RecordFilter,
    Session,
    TooManyRows,
    Transaction,
    add_jobs,
    any_expired,
    append_event,
    connection,
    end_expired,
    end_other_sessions,
    live_session,
    new_id,
    parked_jobs,
    scoped,
    transaction,
)
from xunfang.store.database import MOST_ROWS
from xunfang.store.jobs import park_job
from xunfang.store.reading.administration import MOST_PARKED
from xunfang.store.reading.paging import PAGE_LENGTH

LASTING = Lasting(timedelta(hours=10), timedelta(minutes=30))
FEW, MANY = 3, MOST_ROWS + 3


def _messages(tx: Transaction, number: int) -> None:
    tx.insert_all_unless(
        [
            Message(id=f"{n:06}", key=f"k{n}", jurisdiction=HERE, unit="u", kind="k", title="", body="", at=NOW)
            for n in range(number)
        ],
        "key",
    )


def test_a_reading_of_more_rows_than_allowed_says_so(database: Database) -> None:
    with transaction(database, "") as tx:
        _messages(tx, MOST_ROWS)
        assert len(tx.select(Message, unit="u")) == MOST_ROWS
        _messages(tx, MOST_ROWS + 1)
        with pytest.raises(TooManyRows, match="message 超过 1000 条"):
            tx.select(Message, unit="u")
        assert [message.id for message in tx.select(Message, limit=2, unit="u")] == ["000000", "000001"]


@pytest.mark.parametrize("number", [0, FEW, MOST_ROWS, MANY, 2 * MOST_ROWS])
def test_every_row_comes_once_and_in_order_however_many_there_are(database: Database, number: int) -> None:
    with transaction(database, "") as tx:
        _messages(tx, number)
        assert [message.id for message in tx.every(Message, unit="u")] == [f"{n:06}" for n in range(number)]
        assert [*tx.every(Message, unit="elsewhere")] == []
        assert len([*tx.every(Message)]) == number


def _sessions(tx: Transaction, key: str, number: int) -> None:
    ends = NOW + timedelta(hours=10)
    for n in range(number):
        tx.insert(Session(token_hash=f"t{n}", account=key, csrf="c", created_at=NOW, last_seen_at=NOW, ends_at=ends))


def test_more_sessions_than_a_reading_takes_are_all_ended_but_ones_own(database: Database) -> None:
    with transaction(database, "") as tx:
        key = account(tx, "jia")
        _sessions(tx, key, MANY)
        assert end_other_sessions(tx, key, "t7", NOW) == MANY - 1
        assert [session.token_hash for session in tx.every(Session, ended_at=None)] == ["t7"]


def test_sessions_whose_time_is_over_are_marked_as_ended(database: Database) -> None:
    with transaction(database, "") as tx:
        _sessions(tx, account(tx, "jia"), 3)
        tx.update(Session, {"token_hash": "t1"}, {"last_seen_at": NOW + timedelta(minutes=20)})
        assert not any_expired(tx, NOW + timedelta(minutes=29), LASTING)
        later = NOW + timedelta(minutes=30)
        assert any_expired(tx, later, LASTING)
        assert end_expired(tx, later, LASTING) == 2
        assert not any_expired(tx, later, LASTING)
        assert live_session(tx, "t0", NOW, LASTING) is None, "a clock set back brings none of them to life"
        assert live_session(tx, "t1", later, LASTING)
        tx.update(Session, {"token_hash": "t1"}, {"last_seen_at": NOW + timedelta(hours=10)})
        assert end_expired(tx, NOW + timedelta(hours=10), LASTING) == 1


def test_no_session_outlives_its_limit_by_any_clock(database: Database) -> None:
    leapt = NOW + timedelta(days=60)
    with transaction(database, "") as tx:
        key = account(tx, "jia")
        begun = Session(
            token_hash="t", account=key, csrf="c", created_at=leapt, last_seen_at=leapt, ends_at=leapt + LASTING.longest
        )
        tx.insert(begun)
        assert live_session(tx, "t", leapt, LASTING)
        for moment in (NOW, NOW + timedelta(days=59), leapt - timedelta(minutes=2)):
            assert live_session(tx, "t", moment, LASTING) is None, "it was begun in the future"
        used = replace(begun, token_hash="used", created_at=NOW, last_seen_at=leapt, ends_at=leapt)
        tx.insert(used)
        assert live_session(tx, "used", NOW + timedelta(minutes=1), LASTING) is None, "it was used in the future"
        tx.insert(replace(begun, token_hash="long", created_at=NOW, last_seen_at=NOW + timedelta(hours=10)))
        late = NOW + timedelta(hours=10)
        assert live_session(tx, "long", late - timedelta(minutes=2), LASTING) is None
        assert live_session(tx, "long", late, LASTING) is None, "whatever end was written into it"


def test_a_county_sees_its_own_parked_jobs_behind_those_of_others(database: Database) -> None:
    with transaction(database, "") as tx:
        for jurisdiction, number in (("000000-other", MANY), (HERE, MOST_PARKED + 1)):
            jobs = [
                Job(id=new_id(), kind="k", key=f"{jurisdiction}{n}", payload={}, jurisdiction=jurisdiction, run_at=NOW)
                for n in range(number)
            ]
            add_jobs(tx, jobs)
        for job in tx.every(Job):
            park_job(tx, job, "停放", NOW)
        assert len(parked_jobs(tx)) == MANY + MOST_PARKED + 1
    operator = scope("centre", "", "operate")
    with scoped(database, operator) as found:
        state = found.machinery(NOW)
    assert (len(state.parked), state.more_parked) == (MOST_PARKED, True)


def test_a_case_with_more_events_than_a_reading_takes_shows_them_all(database: Database) -> None:
    with transaction(database, "") as tx:
        key = case(tx, EAST_VILLAGE).case
        for n in range(MANY):
            append_event(tx, b"k" * 32, NewEvent(at=NOW, jurisdiction=HERE, name="case.seen", case=key, data={"n": n}))
    with scoped(database, CENTRE) as found:
        assert [event.told["n"] for event in found.case_file(key).events] == [*range(MANY)]


def test_the_record_of_a_common_name_is_found_whoever_bears_it(database: Database) -> None:
    with transaction(database, "") as tx:
        keys = [account(tx, f"name-{n}", name="张伟") for n in range(2 * PAGE_LENGTH + 3)]
        for key in keys:
            append_event(tx, b"k" * 32, NewEvent(at=NOW, jurisdiction=HERE, name="task.claimed", actor=key))
    wanted = RecordFilter(account="张伟")
    with scoped(database, scope("centre", "", "audit")) as found:
        first = found.record(wanted)
        second = found.record(wanted, first.next)
        third = found.record(wanted, second.next)
    assert [len(page.items) for page in (first, second, third)] == [PAGE_LENGTH, PAGE_LENGTH, 3]


@pytest.mark.parametrize("fails", [False, True])
def test_patience_is_for_the_right_to_write_only(database: Database, fails: bool) -> None:
    asked, usual = ("PRAGMA busy_timeout", 20000) if database.dialect.mark == "?" else ("SHOW lock_timeout", "20s")
    with connection(database):
        with suppress(LookupError), transaction(database, "", 0.05):
            assert database.run(asked).fetchone()[0] == usual
            if fails:
                raise LookupError
        assert database.run(asked).fetchone()[0] == usual
